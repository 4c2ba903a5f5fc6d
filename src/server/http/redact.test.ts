import { describe, expect, it } from 'vitest';
import type { Evidence, SessionResult, SessionSummary } from '../../session/index.ts';
import { redactResult, redactSummary, redactText } from './redact.ts';

const text = 'My number is 13800138000, mail me at mei.lin@example.com please';
const start = text.indexOf('1380');
const evidence: Evidence = {
  kind: 'words',
  turn: 1,
  startMs: 0,
  endMs: 10,
  charStart: start,
  charEnd: start + 11,
  quote: '13800138000',
  operator: 'entity',
  measured: null,
  threshold: null,
  unit: null,
  note: { en: 'said “13800138000”', zh: '说了“13800138000”' },
};
const result = {
  id: 'S-20260101-138001',
  customerId: 'mei.lin@example.com',
  attributes: { code: '13800138000', nested: [{ card: '4111 1111 1111 1111' }], phone: 13800138000 },
  turns: [
    {
      n: 1,
      speaker: 'customer',
      startMs: 0,
      endMs: 10,
      text,
      visibility: 'public',
      author: 'mei.lin@example.com',
      words: text.split(' ').map((word) => ({ text: word, startMs: 0, endMs: 1 })),
    },
    { n: 2, speaker: 'agent', startMs: 11, endMs: 12, text: 'Thank you, order 42.', visibility: 'public' },
  ],
  items: [{ id: 'a', reason: { en: 'Quote: mei.lin@example.com', zh: '' }, evidence: [evidence], nearMisses: [] }],
  source: { path: 'calls/13800138000_a.wav', entry: null },
  pins: { transcriptHash: '13800138000'.repeat(5) },
} as unknown as SessionResult;

describe('redactResult', () => {
  const shown = redactResult(result);

  it('leaves no address or number anywhere, and every offset what it was', () => {
    const words = JSON.stringify({ ...shown, pins: null });
    for (const secret of ['13800138000', 'mei.lin', '4111']) expect(words).not.toContain(secret);
    expect(shown.turns[0]!.text).toBe('My number is ***********, mail me at ***.***@*******.*** please');
    const quote = shown.items[0]!.evidence[0]!;
    expect(shown.turns[0]!.text.slice(quote.charStart!, quote.charEnd!)).toBe(quote.quote);
    expect(shown.turns[0]!.words!.map((word) => word.text).join(' ')).toBe(shown.turns[0]!.text);
  });

  it('leaves alone what names no person', () => {
    expect(shown.turns[1]).toEqual(result.turns[1]);
    expect([shown.id, shown.pins]).toEqual([result.id, result.pins]);
  });

  it('masks what a message quotes of a turn even where the quote alone says nothing', () => {
    const cut = redactResult({
      ...result,
      items: [{ ...result.items[0], reason: { en: 'x13800138000y', zh: '' } }],
    } as SessionResult);
    expect(cut.items[0]!.reason.en).toBe('x***********y');
  });

  it('does not change the result that it is given', () => {
    expect(result.turns[0]!.text).toBe(text);
  });
});

describe('redactSummary and redactText', () => {
  it('mask the customer and the reason', () => {
    const summary = { customerId: '13800138000', reason: { en: 'call 13800138000', zh: '好' } } as SessionSummary;
    expect(redactSummary(summary)).toEqual({ customerId: '***********', reason: { en: 'call ***********', zh: '好' } });
    expect(redactText('card 4111 1111 1111 1111, id 11010519491231002X')).not.toMatch(/\d/);
  });
});
