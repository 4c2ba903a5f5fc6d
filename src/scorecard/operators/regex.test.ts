import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { sessionOf } from '../testing/session.ts';

const session = sessionOf([
  ['agent', 0, 2, 'Good day, This Is Anna; order ＡＢ１２３４'],
  ['agent', 3, 4, 'this is not right'],
]);
const ask = (condition: string) => judge(`expect: ${condition}`, session);

describe('regex', () => {
  it('matches without regard to case and width and quotes the original', async () => {
    expect((await ask("{ regex: '[A-Z]{2}\\d{4}' }")).evidence.map((one) => one.quote)).toEqual(['ＡＢ１２３４']);
    expect(
      (await ask("{ regex: '\\b(my name is|this is) \\w+', turns: first 1 }")).evidence.map((one) => one.quote),
    ).toEqual(['This Is Anna']);
  });

  it('takes a pattern as an exception within the unit', async () => {
    expect((await ask("{ regex: 'this is \\w+', except: 'not right', turns: last 1 }")).verdict).toBe('fail');
    expect((await ask("{ regex: 'this is \\w+', except: 'not right' }")).evidence).toHaveLength(1);
  });

  it('says where the pattern does match, when it is out of scope', async () => {
    expect((await ask("{ regex: 'right', turns: first 1 }")).nearMisses).toMatchObject([
      { turn: 2, measured: 2, threshold: 1, unit: 'turn' },
    ]);
  });

  it('cannot be made to hang', async () => {
    const hostile = sessionOf([['agent', 0, 1, `${'a'.repeat(20_000)}!`]]);
    expect((await judge("expect: { regex: '(a+)+$' }", hostile)).verdict).toBe('fail');
  });
});
