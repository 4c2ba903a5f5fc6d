import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate, loadScorecard } from './index.ts';
import { annotationsOf, sessionOf } from './testing/session.ts';

const card = (name: string) => loadScorecard(join(import.meta.dirname, 'testing/cards', name));

const lateIdentity = sessionOf([
  ['agent', 0, 2.7, 'Thank you for calling Acme, my name is Anna, how can I help?'],
  ['customer', 3.2, 8.6, 'My order arrived broken, this is the second time.'],
  ['agent', 9, 11.6, 'I am so sorry to hear that, I will put it right.'],
  ['agent', 12.4, 15, 'May I have your full name and date of birth please?'],
]);

describe('the English scorecard', () => {
  it('fails an identity check asked too late, with the second and the limit', async () => {
    const result = evaluate(await card('service.en.yaml'), lateIdentity, annotationsOf(lateIdentity));
    expect(Object.fromEntries(result.items.map((item) => [item.id, item.verdict]))).toEqual({
      greeting: 'pass',
      'identity-within-10s': 'fail',
      'empathy-after-complaint': 'pass',
      'no-interruptions': 'pass',
      'no-dead-air': 'pass',
      'first-reply-30s': 'na',
      'ticket-fields-complete': 'na',
      'no-wrong-answer': 'pass',
      'need-restated': 'fail',
    });
    const identity = result.items[1]!;
    expect(identity.nearMisses[0]).toEqual({
      kind: 'words',
      turn: 4,
      startMs: 12400,
      endMs: 15000,
      charStart: 16,
      charEnd: 25,
      quote: 'full name',
      operator: 'phrase',
      measured: 12400,
      threshold: 10000,
      unit: 'ms',
      note: { en: 'said at 12.4 s, limit 10 s', zh: '在第 12.4 秒说出，时限 10 秒' },
    });
    expect(identity.reason.en).toBe(
      "Not found in the agent's turns, in the first 10 s (2 searched): “full name”, “date of birth”, “account number”, “verify your identity”. Closest: “full name” at 00:12.4, said at 12.4 s, limit 10 s.",
    );
    expect(result.items[2]!.evidence.map(({ turn, quote }) => ({ turn, quote }))).toEqual([
      { turn: 3, quote: 'so sorry to hear' },
    ]);
    expect(result.critical).toEqual([
      { class: 'customer', applicable: 1, failed: 0, unknown: 0 },
      { class: 'compliance', applicable: 1, failed: 1, unknown: 0 },
    ]);
    // Opening 1/3 at 25, care 3/3 at 40, accuracy 1/2 at 35.
    expect(result.score).toBeCloseTo(25 / 3 + 40 + 17.5, 10);
    expect(result).toMatchObject({ passed: false, provisional: false, autoFails: [] });
  });

  it('fails the form on a wrong answer and keeps the score before', async () => {
    const session = sessionOf([
      ['agent', 0, 2, 'Thank you for calling, this is Anna, may I have your full name?'],
      ['customer', 3, 6, 'It is Bo Li. How long can I return it?'],
      ['agent', 7, 10, 'You can return it within 14 days.'],
    ]);
    const result = evaluate(await card('service.en.yaml'), session, annotationsOf(session));
    const wrong = result.items.find((item) => item.id === 'no-wrong-answer')!;
    expect(wrong).toMatchObject({ verdict: 'fail', needsConfirmation: false, cost: 100 });
    expect(wrong.evidence[0]!.turn).toBe(3);
    expect(result).toMatchObject({
      score: 0,
      passed: false,
      autoFails: [{ item: 'no-wrong-answer', scope: 'form', confirmed: true }],
    });
    expect(result.scoreBeforeAutoFail).toBeCloseTo((100 * 65) / 100, 10);
  });

  it('judges a ticket by its fields and an unanswered one as not n/a', async () => {
    const session = sessionOf([['customer', 0, 0, 'The kettle does not work.']], {
      channel: 'ticket',
      attributes: { category: 'repair', priority: '' },
    });
    const result = evaluate(await card('service.en.yaml'), session, annotationsOf(session));
    const fields = result.items.find((item) => item.id === 'ticket-fields-complete')!;
    expect(fields).toMatchObject({ verdict: 'fail', reason: { en: 'Not filled in: “priority”, “orderNumber”.' } });
    const empathy = result.items.find((item) => item.id === 'empathy-after-complaint')!;
    expect(empathy.verdict).toBe('fail');
    expect(empathy.evidence.map((one) => one.quote)).toEqual(['does not work']);
  });
});

describe('the Chinese scorecard', () => {
  it('deducts from 100 and fails the form on a forbidden phrase', async () => {
    const session = sessionOf(
      [
        ['agent', 0, 2, '您好，很高興為您服務。'],
        ['customer', 3, 5, '你们的空调坏了，太差了！'],
        ['agent', 6, 8, '爱买不买。'],
        ['agent', 9, 9.9, '请问您的姓名？'],
      ],
      { language: 'zh' },
    );
    const result = evaluate(await card('service.zh.yaml'), session, annotationsOf(session));
    expect(result.items.map((item) => [item.id, item.verdict, item.earned])).toEqual([
      ['greeting', 'pass', 5],
      ['identity-within-10s', 'pass', 10],
      ['empathy-after-complaint', 'fail', 0],
      ['no-forbidden-words', 'fail', 40],
      ['closing-thanks', 'fail', 0],
    ]);
    expect(result).toMatchObject({ scoreBeforeAutoFail: 65, unclamped: 65, score: 0 });
    expect(result.items[3]!.reason.zh).toBe('客服在 00:06.0 说：“爱买不买”。');
  });
});
