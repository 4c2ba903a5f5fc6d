import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EarwitnessError, type EvalNode, type Evidence, type Session, type Verdict } from '../session/index.ts';
import { evaluate } from './evaluate.ts';
import { operators } from './operators/registry.ts';
import { cardText, conditions, items, loadSound, sessions } from './testing/arbitrary.ts';
import { loadFiles } from './testing/card.ts';

/** What came of loading: a hash, or the problems told. Anything else thrown is a defect and fails the test. */
async function outcomeOf(text: string): Promise<string> {
  try {
    return (await loadFiles({ 'card.yaml': text })).ref.hash;
  } catch (error) {
    if (!(error instanceof EarwitnessError)) throw error;
    expect(error.message).not.toContain('[object Object]');
    return error.message;
  }
}

async function twice(text: string): Promise<void> {
  expect(await outcomeOf(text)).toBe(await outcomeOf(text));
}

const yamlish = fc
  .array(
    fc.constantFrom(
      ...[
        'id: ',
        'version: 1',
        'sections:',
        '- ',
        '  ',
        '\n',
        '{ ',
        ' }',
        '[',
        ']',
        ': ',
        ', ',
        '"',
        "'",
        '&a ',
        '*a',
        '!x ',
        '<<: *a',
      ],
      ...[
        'phrase: ',
        'expect: ',
        'all: ',
        'not: ',
        'extends: card.yaml',
        'use: [card.yaml]',
        'lexicons: ',
        'fragments: ',
        'with: ',
        '<x>',
      ],
      ...[
        '$a',
        '|',
        '>',
        '\t',
        '\r\n',
        '\u0000',
        '\ufeff',
        '.nan',
        '1e999',
        '0x7f',
        '~',
        '? ',
        '---',
        '%YAML 1.1',
        '#',
        '\u2028',
        '\ud800',
      ],
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

const shipped = ['service.en.yaml', 'service.zh.yaml'].map((name) =>
  readFileSync(join(import.meta.dirname, 'testing/cards', name), 'utf8'),
);

/** A real scorecard with a few stretches cut out, doubled or replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(...shipped),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.integer({ min: 0, max: 30 }),
        put: fc.oneof(yamlish, fc.constantFrom('', 'DOUBLE'), fc.string({ unit: 'binary', maxLength: 4 })),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce((now, { at, length, put }) => {
      const from = Math.floor(at * now.length);
      const cut = now.slice(from, from + length);
      return now.slice(0, from) + (put === 'DOUBLE' ? cut + cut : put) + now.slice(from + length);
    }, text),
  );

/** Any value in place of a scorecard or of any part of one. */
const misshapen = fc
  .tuple(
    items(),
    fc.jsonValue(),
    fc.constantFrom('sections', 'lexicons', 'conditions', 'fragments', 'extends', 'use', 'title', 'item'),
  )
  .map(([item, value, key]) =>
    key === 'item' ? cardText([{ ...item, expect: value }]) : cardText([item], { [key]: value }),
  );

describe('the loader, whatever it is given', () => {
  it.each([
    ['text that looks like YAML', yamlish, 100],
    ['any text', fc.string({ unit: 'binary', maxLength: 200 }), 50],
    ['real scorecards with mistakes', mutated, 20],
    ['values of the wrong shape', misshapen, 20],
  ] as const)('answers %s with a scorecard or with problems, twice the same', async (_, texts, numRuns) => {
    await fc.assert(fc.asyncProperty<[string]>(texts, twice), { numRuns, seed: 7 });
  });

  it('makes something of most well-typed scorecards, of every operator', async () => {
    const sample = fc.sample(items(), { numRuns: 120, seed: 11 });
    const loaded = await loadSound(sample);
    expect(loaded!.kept.length).toBeGreaterThan(sample.length / 2);
    const kept = JSON.stringify(loaded!.kept);
    expect([...operators.keys()].filter((name) => !kept.includes(`"${name}":`))).toEqual([]);
  });
});

function evidenceOf(node: EvalNode): Evidence[] {
  return [...node.evidence, ...node.nearMisses, ...node.children.flatMap(evidenceOf)];
}

/** Quotes that are not at the place that they name. */
function misquoted(session: Session, evidence: readonly Evidence[]): Evidence[] {
  return evidence.filter(({ turn, charStart, charEnd, quote }) => {
    if (turn === null) return charStart !== null || charEnd !== null;
    return session.turns[turn - 1]?.text.slice(charStart ?? 0, charEnd ?? 0) !== quote;
  });
}

describe('the evaluator, whatever was said', () => {
  it('gives every session the same result twice, with quotes that are really there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(items(), { minLength: 1, maxLength: 5 }),
        sessions(),
        async (given, { session, annotations }) => {
          const loaded = await loadSound(given);
          if (!loaded) return;
          const before = structuredClone({ session, annotations });
          const result = evaluate(loaded.card, session, annotations);
          expect(evaluate(loaded.card, session, annotations)).toEqual(result);
          expect({ session, annotations }).toEqual(before);
          for (const item of result.items) {
            const evidence = [...item.evidence, ...item.nearMisses, ...(item.tree ? evidenceOf(item.tree) : [])];
            expect(misquoted(session, evidence)).toEqual([]);
            expect(item.reason.en.length * item.reason.zh.length).toBeGreaterThan(0);
          }
          expect(result.score ?? 0).toBeGreaterThanOrEqual(0);
          expect(result.score ?? 0).toBeLessThanOrEqual(100);
        },
      ),
      { numRuns: 20, seed: 3 },
    );
  });

  it('obeys the laws of three-valued logic', async () => {
    const condition = conditions();
    await fc.assert(
      fc.asyncProperty(condition, condition, sessions(), async (a, b, { session, annotations }) => {
        const laws: [unknown, unknown][] = [
          [{ not: { not: a } }, a],
          [{ not: { all: [a, b] } }, { any: [{ not: a }, { not: b }] }],
          [{ not: { any: [a, b] } }, { all: [{ not: a }, { not: b }] }],
          [{ atLeast: 1, of: [a, b] }, { any: [a, b] }],
          [{ atLeast: 2, of: [a, b] }, { all: [a, b] }],
          [{ all: [a, b] }, { all: [b, a] }],
          [{ any: [a, a] }, a],
        ];
        const loaded = await loadSound(laws.flat().map((expect) => ({ expect })));
        if (loaded?.kept.length !== laws.length * 2) return;
        const verdicts = evaluate(loaded.card, session, annotations).items.map((item) => item.verdict);
        const pairs = laws.map((law, i): [unknown, Verdict, Verdict] => [law, verdicts[2 * i]!, verdicts[2 * i + 1]!]);
        expect(pairs.filter(([, left, right]) => left !== right)).toEqual([]);
      }),
      { numRuns: 20, seed: 5 },
    );
  });
});
