import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { sessionOf } from '../testing/session.ts';

const chat = sessionOf(
  [
    ['customer', 0, 0, 'hello, where is it?'],
    ['system', 1, 1, 'we will be with you', { auto: true }],
    ['agent', 20, 20, 'looking'],
    ['customer', 30, 30, 'any news'],
    ['agent', 130, 130, 'it is on its way'],
    ['customer', 140, 140, 'ok, thank you!'],
  ],
  { channel: 'chat' },
);
const ask = (value: string, session = chat) => judge(`expect: { response: ${value} }`, session);

describe('response', () => {
  it('measures the first, each, the average and the slowest reply', async () => {
    const verdicts = await Promise.all(
      [
        '{ within: 20s }',
        '{ within: 19s }',
        '{ which: each, within: 100s }',
        '{ which: each, within: 99s }',
        '{ which: average, within: 60s }',
        '{ which: average, within: 59s }',
        '{ which: max, within: 99s }',
      ].map(async (value) => (await ask(value)).verdict),
    );
    expect(verdicts).toEqual(['pass', 'fail', 'pass', 'fail', 'pass', 'fail', 'fail']);
  });

  it('says how long which message waited', async () => {
    const item = await ask('{ which: each, within: 60s }');
    expect(item.reason.en).toMatch(/^The customer waited 1 min 40 s for a reply to “any news”, limit 1 min 00 s\./);
    expect(item.nearMisses).toMatchObject([{ turn: 4, measured: 100_000, threshold: 60_000, unit: 'ms' }]);
  });

  it('fails a message that was never answered, but not a courtesy', async () => {
    const left = sessionOf(
      [
        ['customer', 0, 0, 'hello?'],
        ['agent', 5, 5, 'hi'],
        ['customer', 9, 9, 'thanks, but where is my refund?'],
      ],
      { channel: 'chat' },
    );
    expect(await ask('{ which: each, within: 60s }', left)).toMatchObject({
      verdict: 'fail',
      reason: { en: expect.stringContaining('was never answered by a person') as string },
    });
    const only = sessionOf(
      [
        ['customer', 0, 0, '谢谢！'],
        ['agent', 5, 5, '不客气'],
      ],
      { channel: 'chat', language: 'zh' },
    );
    expect((await ask('{ which: each, within: 2s }', only)).verdict).toBe('fail');
    expect(
      (await ask('{ within: 30s }', sessionOf([['customer', 0, 0, '好的，谢谢']], { channel: 'chat' }))).verdict,
    ).toBe('na');
  });

  it('judges a message without words, such as a picture', async () => {
    const picture = sessionOf(
      [
        ['customer', 0, 0, ''],
        ['agent', 50, 50, 'thanks'],
      ],
      { channel: 'chat' },
    );
    expect((await ask('{ within: 30s }', picture)).nearMisses).toMatchObject([
      { kind: 'measure', turn: 1, quote: '', measured: 50_000 },
    ]);
  });
});

describe('response in working time', () => {
  const night = sessionOf(
    [
      ['customer', 0, 0, '洗衣机坏了'],
      ['agent', 15 * 3600 + 1800, 15 * 3600 + 1800, '马上为您安排'],
    ],
    { channel: 'ticket', startedAt: '2026-03-02T17:30:00+08:00' },
  );
  const calendar = 'calendar: { zone: Asia/Shanghai, hours: 09:00-18:00 }';

  it('counts the hours in which somebody was there', async () => {
    expect((await ask(`{ within: 30min, ${calendar} }`, night)).verdict).toBe('pass');
    expect(await ask(`{ within: 29min, ${calendar} }`, night)).toMatchObject({
      verdict: 'fail',
      reason: {
        en: expect.stringContaining('“洗衣机坏了”, limit 29 min 00 s of working time.') as string,
        zh: expect.stringContaining('对“洗衣机坏了”的回复，时限 29 分 00 秒（工作时间）。') as string,
      },
    });
    expect((await ask('{ within: 30min }', night)).verdict).toBe('fail');
  });

  it('is unknown where the session has no date', async () => {
    const item = await ask(`{ within: 30min, ${calendar} }`, { ...night, startedAt: null });
    expect([item.verdict, item.reason.en]).toEqual(['unknown', expect.stringContaining('does not say when')]);
  });
});
