import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';

const english = sessionOf([
  ['agent', 0, 4, 'one two three four five six seven eight nine ten'],
  ['customer', 4, 5, 'yes'],
  ['agent', 6, 10, 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen'],
]);
const chinese = sessionOf(
  [
    ['agent', 0, 4, '您好，请问有什么可以帮您的吗？OK'],
    ['customer', 4, 10, '我要退货'],
  ],
  { language: 'zh' },
);
const verdict = async (condition: string, session = english) =>
  (await judge(`expect: { ${condition} }`, session)).verdict;

describe('speechRate', () => {
  it('counts words a minute, average or of a turn', async () => {
    expect(await verdict('speechRate: { atLeast: 180, atMost: 180 }, by: agent')).toBe('pass');
    expect(await verdict('speechRate: { of: turn, above: 200 }, by: agent')).toBe('pass');
    expect(await verdict('speechRate: { of: turn, above: 210 }, by: agent')).toBe('fail');
    expect(await verdict('speechRate: { of: turn, above: 160 }, by: agent, turns: first 1')).toBe('fail');
  });

  it('counts characters a minute in Chinese, a foreign word as one', async () => {
    expect(await verdict('speechRate: { atLeast: 210, atMost: 210 }, by: agent', chinese)).toBe('pass');
    expect((await judge('forbid: { speechRate: { above: 200 }, by: agent }', chinese)).reason).toEqual({
      en: 'The agent spoke 210 characters a minute over 4 s of speech (condition > 200).',
      zh: '客服平均语速 210 字/分钟（共说话 4 秒）（条件 > 200）。',
    });
  });

  it('can be an anchor: what follows a turn that was too fast', async () => {
    const item = await judge(
      'expect: { phrase: [ten], by: agent, after: { speechRate: { of: turn, above: 140 }, by: agent }, hit: 1, within: 2 turns }',
      english,
    );
    expect([item.verdict, item.evidence[0]?.turn]).toEqual(['pass', 3]);
  });

  it('does not judge short speech, and shows the nearest turns where none holds', async () => {
    expect(await verdict('speechRate: { atMost: 500 }, by: customer')).toBe('na');
    expect(await verdict('speechRate: { atMost: 500, minLength: 1s }, by: customer')).toBe('pass');
    const item = await judge('expect: { speechRate: { of: turn, above: 300 }, by: agent }', english);
    expect(item.nearMisses.map(({ turn, measured }) => [turn, measured])).toEqual([
      [3, 210],
      [1, 150],
    ]);
  });

  it('is unknown where it depends on who spoke, or when', async () => {
    const mixed = sessionOf([
      ['agent', 0, 4, 'one two three'],
      ['unknown', 5, 9, 'one two three four five six seven eight nine ten'],
    ]);
    expect(await verdict('speechRate: { of: turn, above: 140 }, by: agent', mixed)).toBe('unknown');
    expect(await verdict('speechRate: { of: turn, above: 160 }, by: agent', mixed)).toBe('fail');
    expect(await verdict('speechRate: { above: 10 }, by: agent', mixed)).toBe('unknown');
    const untrusted = annotationsOf(english, { measures: { timesTrusted: false } });
    expect((await judge('expect: { speechRate: { above: 10 } }', english, untrusted)).verdict).toBe('unknown');
  });
});
