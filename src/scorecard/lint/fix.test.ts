import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../evaluate.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';
import { loadScorecard } from '../load/load.ts';
import { planFixes } from './fix.ts';
import { reader } from './testing/lint.ts';

async function fixed(files: Record<string, string>) {
  const plan = await planFixes(['/cards/card.yaml'], { read: reader(files), history: [] });
  const after = { ...files };
  for (const { path, after: text } of plan.files) after[path.replace('/cards/', '')] = text;
  return { ...plan, after };
}

const card = (lexicons: string, rule = 'expect: { phrase: $hi, by: agent }') =>
  `id: card\nversion: 1\nlanguage: en\n${lexicons}\nsections:\n  - id: s\n    title: S\n    items:\n      - { id: a, title: A, ${rule} }\n`;

describe('--fix', () => {
  it('takes out doubles and unused lexicons, and keeps comments and layout', async () => {
    const { after, removed } = await fixed({
      'card.yaml': card(
        'lexicons:\n  # what is said first\n  hi: { file: hi.yaml, add: [good day, "Good day!", welcome] }  # words\n  old: [$older]   # gone\n  older: [x y]\n  more: { file: more.txt }',
        'expect: { any: [{ phrase: $hi }, { phrase: $more }], by: agent }',
      ),
      'hi.yaml':
        '# greetings\n- hello there # first\n- Hello, there!   # second\n\n# late\n- good evening\n- good  evening\n',
      'more.txt': 'morning\n# comment\nMorning\nnight\n',
    });
    expect(removed).toBe(6);
    expect(after['hi.yaml']).toBe('# greetings\n- hello there # first\n\n# late\n- good evening\n');
    expect(after['more.txt']).toBe('morning\n# comment\nnight\n');
    expect(after['card.yaml']).toContain(
      'lexicons:\n  # what is said first\n  hi: { file: hi.yaml, add: [good day, welcome] }  # words\n  more: { file: more.txt }\nsections:',
    );
  });

  it('leaves lists whose entries are counted or compared, and lists of which another layer takes words out', async () => {
    for (const rule of [
      'expect: { phrase: $hi, match: atLeast 2 }',
      'expect: { similar: $hi }',
      'expect: { sequence: { steps: [{ phrase: $hi, match: atLeast 2 }, { phrase: [x] }] } }',
    ])
      expect((await fixed({ 'card.yaml': card('lexicons: { hi: [hello, HELLO, hey] }', rule) })).files).toEqual([]);
    const files = {
      'card.yaml': card('lexicons: { hi: { file: hi.yaml, remove: [HELLO] } }'),
      'hi.yaml': '- hello\n- HELLO\n- Hello\n',
    };
    expect((await fixed(files)).files).toEqual([]);
  });

  it('changes no verdict, whatever the lists and the sessions, and leaves nothing to mend', async () => {
    const word = fc.constantFrom(
      'hello',
      'Hello!',
      'hello there',
      'HELLO there',
      'ok',
      'O.K.',
      'good day',
      '您好',
      '您好！',
      '謝謝',
      '谢谢',
    );
    const list = fc.array(word, { minLength: 1, maxLength: 6 });
    const said = fc.array(
      fc.tuple(fc.constantFrom('agent' as const, 'customer' as const), fc.array(word, { minLength: 1, maxLength: 3 })),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(
        list,
        list,
        list,
        fc.constantFrom('any', 'all', 'none', 'atLeast 1'),
        said,
        async (a, b, except, match, turns) => {
          const yaml = (words: readonly string[]) => `[${words.map((one) => JSON.stringify(one)).join(', ')}]`;
          const files = {
            'card.yaml': card(
              `lexicons: { hi: ${yaml(a)}, idle: ${yaml(b)} }`,
              `expect: { any: [{ phrase: $hi, match: ${match}, except: ${yaml(except)} }, { phrase: ${yaml(b)}, by: customer, minHits: 2 }] }`,
            ),
          };
          const session = sessionOf(
            turns.map(([speaker, words], i) => [speaker, i * 4, i * 4 + 3, words.join(' ')] as const),
          );
          const judged = async (texts: Record<string, string>) => {
            const loaded = await loadScorecard('/cards/card.yaml', { read: reader(texts) });
            const result = evaluate(loaded, session, annotationsOf(session));
            return [
              result.score,
              result.items.map(({ verdict, evidence }) => [verdict, evidence.map(({ turn, quote }) => [turn, quote])]),
            ];
          };
          const once = await fixed(files);
          expect(await judged(once.after)).toEqual(await judged(files));
          expect((await fixed(once.after)).files).toEqual([]);
        },
      ),
      { numRuns: 60, seed: 11 },
    );
  });

  it('finds nothing to take out of the scorecards that ship with the program', async () => {
    const rule = new URL('../../../rules/service.en.yaml', import.meta.url);
    expect(readFileSync(rule, 'utf8')).toContain('id: service-en');
    expect((await planFixes([rule.pathname])).files).toEqual([]);
  });
});
