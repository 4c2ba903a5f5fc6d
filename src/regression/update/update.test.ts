import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnnotator } from '../../annotate/index.ts';
import { loadScorecard } from '../../scorecard/index.ts';
import { readFixture } from '../fixtures/read.ts';
import { prepareCases } from '../run/prepare.ts';
import { runCases } from '../run/run.ts';
import { cardEn } from '../testing/run.ts';
import { diffLines } from './diff.ts';
import { editsOf, updateFixture } from './update.ts';

const card = await loadScorecard('/card.yaml', { read: () => Promise.resolve(cardEn) });
const annotator = createAnnotator();

function run(text: string) {
  const { cases, problems } = readFixture('f.yaml', text);
  expect(problems).toEqual([]);
  return runCases(card, prepareCases(cases, { annotator, language: 'en' }));
}

const update = (text: string) =>
  updateFixture(
    text,
    run(text).map((one) => ({ at: one.at, edits: editsOf(one), verdicts: one.verdicts })),
  );

const session = `session:
  turns:
    - [agent, 0, 2, 'Hello there.']   # kept
    - [agent, 12.4, 15, "May I have your name? What nonsense."]`;

describe('updateFixture', () => {
  it('touches the values that change and nothing else', () => {
    const before = `# 顶部注释
scorecard: desk-en
case: late   # why
${session}
expect:
  greeting: fail # was wrong
  identity: { verdict: pass, near: { turn: 1, at: 3s,  limit: 10s } }
  polite:
    verdict: pass

    evidence: { quote: 'shut up' } # the words
    points: 1
  score: 12
  risk: { atLeast: critical }
`;
    const after = update(before);
    expect(diffLines(before, after)).toEqual([
      '@@ 9 @@',
      '  expect:',
      '-   greeting: fail # was wrong',
      '-   identity: { verdict: pass, near: { turn: 1, at: 3s,  limit: 10s } }',
      '+   greeting: pass # was wrong',
      '+   identity: { verdict: fail, near: { turn: 2, at: 12.4s,  limit: 10s } }',
      '    polite:',
      '@@ 12 @@',
      '    polite:',
      '-     verdict: pass',
      '+     verdict: fail',
      '@@ 14 @@',
      '  ',
      "-     evidence: { quote: 'shut up' } # the words",
      '-     points: 1',
      '-   score: 12',
      '-   risk: { atLeast: critical }',
      '+     evidence: { quote: nonsense } # the words',
      '+     points: 0.6',
      expect.stringMatching(/^\+ {3}score: \d+/),
      expect.stringMatching(/^\+ {3}risk: \{ atLeast: \w+ \}$/),
    ]);
    expect(run(after).map(({ status }) => status)).toEqual(['passed']);
  });

  it('takes out what is no longer there and names what a strict case left out', () => {
    const before = `scorecard: desk-en\ncases:\n  - case: a\n    strict: true\n    session: { turns: [[agent, 0, 1, 'Hello, your name?']] }\n    expect:\n      greeting: { verdict: pass, near: { turn: 1 } }\n      identity: pass\n`;
    expect(update(before)).toBe(
      before.replace('{ verdict: pass, near: { turn: 1 } }', '{ verdict: pass }') + '      polite: pass\n',
    );
  });

  it('a second time changes nothing, and then the run passes', () => {
    const verdict = fc.constantFrom('pass', 'fail', 'unknown', 'na');
    const pattern = fc.record(
      {
        turn: fc.integer({ min: 1, max: 3 }),
        at: fc.constantFrom('3s', '12.4s'),
        quote: fc.constantFrom('your', "it's", 'nonsense'),
        limit: fc.constantFrom('10s', '20s'),
      },
      { requiredKeys: [] },
    );
    const item = fc.oneof(
      verdict,
      fc.record(
        {
          verdict,
          near: fc.oneof(pattern, fc.array(pattern, { minLength: 1, maxLength: 2 })),
          evidence: pattern,
          points: fc.constantFrom(0, 1),
        },
        { requiredKeys: [] },
      ),
    );
    const expectation = fc.record(
      {
        greeting: item,
        identity: item,
        polite: item,
        tone: verdict,
        score: fc.oneof(
          fc.integer({ min: 0, max: 100 }),
          fc.record(
            { atLeast: fc.integer({ min: 0, max: 100 }), atMost: fc.integer({ min: 0, max: 100 }) },
            { requiredKeys: [] },
          ),
        ),
        passed: fc.boolean(),
        provisional: fc.boolean(),
        risk: fc.oneof(
          fc.constantFrom('low', 'high'),
          fc.record(
            { atLeast: fc.constantFrom('low', 'critical'), atMost: fc.constantFrom('low', 'high') },
            { requiredKeys: [] },
          ),
        ),
      },
      { requiredKeys: [] },
    );
    const flow = (value: unknown): string =>
      typeof value === 'object' && value !== null
        ? Array.isArray(value)
          ? `[${value.map(flow).join(', ')}]`
          : `{ ${Object.entries(value)
              .map(([key, one]) => `${key}: ${flow(one)}`)
              .join(', ')} }`
        : JSON.stringify(value);
    const block = (value: Record<string, unknown>, indent: string): string =>
      Object.entries(value)
        .map(([key, one]) =>
          typeof one === 'object' && one !== null && !Array.isArray(one) && Object.keys(one).length > 0
            ? `${indent}${key}: # ${key}\n${block(one as Record<string, unknown>, `${indent}  `)}`
            : `${indent}${key}: ${flow(one)} # ${key}\n`,
        )
        .join('');
    fc.assert(
      fc.property(expectation, fc.boolean(), fc.boolean(), (wanted, asBlock, strict) => {
        const written =
          Object.keys(wanted).length === 0 || !asBlock
            ? `expect: ${flow(wanted)}\n`
            : `expect:\n${block(wanted, '  ')}`;
        const text = `scorecard: desk-en\ncase: c # c\n${strict ? 'strict: true\n' : ''}${session}\n${written}# end\n`;
        const once = update(text);
        expect(update(once)).toBe(once);
        expect(run(once).flatMap(({ assertions }) => assertions.filter(({ pass }) => !pass))).toEqual([]);
        expect(once).toContain('# end');
      }),
      { numRuns: 60 },
    );
  });
});
