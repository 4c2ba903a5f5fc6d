import { describe, expect, it } from 'vitest';
import { conversation } from './testing/build.ts';
import { findThreats } from './threats.ts';

const found = (text: string, speaker: 'agent' | 'customer' = 'customer') =>
  findThreats(conversation([[speaker, text]]).session).map(({ kind, charStart, charEnd }) => [
    kind,
    text.slice(charStart, charEnd),
  ]);

describe('threats and complaints', () => {
  it.each([
    ['My Lawyer will hear of this.', [['authority', 'My Lawyer']]],
    ['I’ll see you in court', [['authority', 'see you in court']]],
    ['Then please cancel my account.', [['leave', 'cancel my account']]],
    ['I will never buy anything from you again', [['leave', 'never buy anything from you again']]],
    ['You will get a one-star review', [['public', 'one-star review']]],
    ['I want to make a complaint', [['complaint', 'complaint']]],
    ["If you don't pay I will go to the press", [['public', 'go to the press']]],
    [
      '我要打12315投诉',
      [
        ['authority', '12315'],
        ['complaint', '投诉'],
      ],
    ],
    [
      '再不处理我就投诉到消协',
      [
        ['complaint', '投诉'],
        ['authority', '消协'],
      ],
    ],
    [
      '我會找律師，還要曝光你們',
      [
        ['authority', '找律師'],
        ['public', '曝光'],
      ],
    ],
    ['不得不投诉你们', [['complaint', '投诉']]],
    [
      '帮我注销账户，以后再也不买了',
      [
        ['leave', '注销账户'],
        ['leave', '再也不买'],
      ],
    ],
  ])('hears "%s"', (text, hits) => {
    expect(found(text)).toEqual(hits);
  });

  it.each([
    "I don't want to make a complaint, just a question.",
    'I am not going to call a lawyer about a kettle.',
    'My son studies law in Lawyersville.',
    'Can I cancel my order?',
    '我不是要投诉，就问一下',
    '没有投诉的意思',
    '我在抖音上买的',
    '订单号是4123159',
  ])('does not hear one in "%s"', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('listens to the customer only', () => {
    expect(found('You can make a complaint with the ombudsman.', 'agent')).toEqual([]);
  });
});
