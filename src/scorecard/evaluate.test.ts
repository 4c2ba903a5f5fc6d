import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scorecardResultSchema, type EvalNode, type Evidence, type Speaker } from '../session/index.ts';
import { assertQuoted, wordsEvidence } from './evaluate/evidence.ts';
import { SessionView } from './evaluate/view.ts';
import { evaluate } from './evaluate.ts';
import { loadScorecard } from './load/load.ts';
import { annotationsOf, sessionOf } from './testing/session.ts';

const cards = ['service.en.yaml', 'service.zh.yaml'].map((name) =>
  loadScorecard(join(import.meta.dirname, 'testing/cards', name)),
);

const piece = fc.oneof(
  fc.constantFrom(
    'thank you for calling',
    'my name is Bo',
    'arrived broken',
    'so sorry to hear',
    'full name',
    'return it within 14 days',
    '您好',
    '投訴',
    '闭嘴',
    '非常抱歉',
    'İstanbul ﬁne',
    '\u200b',
    '𠮷野家',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const turns = fc.array(
  fc.record({
    speaker: fc.constantFrom<Speaker>('agent', 'agent', 'customer', 'customer', 'unknown', 'bot'),
    text: fc.array(piece, { maxLength: 5 }).map((parts) => parts.join(' ')),
    gap: fc.integer({ min: 0, max: 20 }),
    timed: fc.boolean(),
    visibility: fc.constantFrom<'public' | 'internal'>('public', 'public', 'internal'),
  }),
  { maxLength: 9 },
);
const sessions = fc
  .tuple(turns, fc.constantFrom<'call' | 'chat' | 'ticket'>('call', 'chat', 'ticket'), fc.boolean())
  .map(([given, channel, timed]) => {
    let at = 0;
    return sessionOf(
      given.map(({ speaker, text, gap, timed: own, visibility }) => {
        at += gap;
        const known = timed || own;
        return [speaker, known ? at : null, known ? at + 1 : null, text, { visibility }];
      }),
      { channel },
    );
  });

function quotes(node: EvalNode): Evidence[] {
  return [...node.evidence, ...node.nearMisses, ...node.children.flatMap(quotes)];
}

describe('evaluate', () => {
  it('gives the same, well-formed result for the same session, and quotes only what is there', async () => {
    for (const card of await Promise.all(cards))
      fc.assert(
        fc.property(sessions, fc.double({ min: -1, max: 1, noNaN: true }), (session, score) => {
          const scores = session.turns.map((turn): [number, number] => [turn.n, score]);
          const before = JSON.stringify(session);
          const result = evaluate(card, session, annotationsOf(session, { scores }));
          expect(evaluate(card, session, annotationsOf(session, { scores }))).toEqual(result);
          expect(JSON.stringify(session)).toBe(before);
          expect(scorecardResultSchema.parse(result)).toEqual(result);
          for (const item of result.items) {
            for (const one of [...item.evidence, ...item.nearMisses, ...(item.tree ? quotes(item.tree) : [])])
              if (one.turn !== null)
                expect(session.turns[one.turn - 1]!.text.slice(one.charStart!, one.charEnd!)).toBe(one.quote);
            expect(item.reason.en).not.toMatch(/undefined|NaN|null/);
            expect(item.reason.zh.length).toBeGreaterThan(0);
          }
        }),
        { numRuns: 100 },
      );
  });

  it('refuses evidence whose words are not in the transcript', () => {
    const session = sessionOf([['agent', 0, 1, 'good morning']], { attributes: { category: 'repair' } });
    const view = new SessionView(session, annotationsOf(session));
    const good = wordsEvidence(view, 'phrase', session.turns[0]!, 0, 4);
    expect(() => assertQuoted(view, 'x', [good])).not.toThrow();
    for (const bad of [
      { quote: 'evil' },
      { charStart: 1 },
      { turn: 2 },
      { turn: null },
      { quote: '', charEnd: 0 },
      { kind: 'field' as const, turn: null },
    ])
      expect(() => assertQuoted(view, 'x', [{ ...good, ...bad }])).toThrow('Item x: phrase');
    expect(() => assertQuoted(view, 'x', [{ ...good, kind: 'field', turn: null, quote: 'repair' }])).not.toThrow();
  });
});
