import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exampleCard } from './check.ts';
import { findScorecards } from './discover.ts';
import { parseLedger } from './ledger.ts';
import { lintScorecards } from './lint.ts';
import { buildChecks, checkCodes, checks } from './registry.ts';
import { lintFiles, placesOf } from './testing/lint.ts';

describe('the registry of checks', () => {
  it('has a file for every check and refuses gaps, doubles and strangers', () => {
    const files = readdirSync(new URL('checks', import.meta.url)).map((name) => name.replace(/\.ts$/, ''));
    const helpers = ['bands', 'logic', 'unused'];
    expect(files.filter((name) => !helpers.includes(name)).sort()).toEqual([...checkCodes].sort());
    const [first, ...rest] = checks;
    expect(() => buildChecks(checkCodes, rest)).toThrow('"always-true" is promised');
    expect(() => buildChecks(checkCodes, [...checks, first!])).toThrow('Two checks');
    expect(() => buildChecks([], [first!])).toThrow('not among the codes');
  });
});

describe('the examples of the reference pages', () => {
  it.each(checks.map((check) => ({ code: check.code, check })))('$code', async ({ check }) => {
    const history = check.example.published ? parseLedger(check.example.published, 'published.json') : [];
    const lint = (text: string) => lintFiles({ 'card.yaml': exampleCard(text) }, { history });
    const [failing, passing] = [await lint(check.example.failing), await lint(check.example.passing)];
    // What else an example shows is not its point, but no example may be broken.
    expect(failing.cards.length + passing.cards.length).toBe(2);
    expect(failing.findings.filter(({ code }) => code === check.code).map(({ severity }) => severity)).toEqual(
      expect.arrayContaining([check.severity]),
    );
    expect(passing.findings.filter(({ code }) => code === check.code || code === 'never-true')).toEqual([]);
    for (const { message, hint } of failing.findings) {
      expect(message.zh).toMatch(/\p{Script=Han}.*。$/u);
      expect(message.en).toMatch(/\.$/);
      expect(`${hint?.en}`).toMatch(/\.$/);
    }
  });
});

describe('lint', () => {
  it('tells problems of several scorecards at once, in order, each finding of a shared file once', async () => {
    const card = (id: string, more = '') =>
      `id: ${id}\nversion: 1\nlanguage: en\nlexicons: { hi: { file: hi.yaml } }\nsections:\n  - id: s\n    title: { en: S, zh: S }\n    items:\n      - { id: a, title: { en: A, zh: A }, why: { en: W, zh: W }, coaching: { en: C, zh: C }, ${more}expect: { phrase: $hi, by: agent } }\n      - { id: z, title: { en: Z, zh: Z }, why: { en: W, zh: W }, coaching: { en: C, zh: C }, expect: { phrase: [good bye], by: agent } }\n`;
    const files = {
      'b.yaml': card('b'),
      'a.yaml': card('a', 'wieght: 2, '),
      'c.yaml': card('c', 'weight: 0, '),
      'hi.yaml': '- hello there\n- Hello, there!\n',
    };
    const { findings, cards } = await lintFiles(files, {}, ['c.yaml', 'b.yaml', 'a.yaml']);
    expect(placesOf(findings)).toEqual([
      'a.yaml:9:94 unknown-key',
      'c.yaml:9:94 no-weight',
      'hi.yaml:2:3 duplicate-phrase',
    ]);
    expect(findings[0]?.hint?.en).toContain('"weight"');
    expect(cards.map(({ ref }) => ref.id)).toEqual(['c', 'b']);
  });

  it('tells what is inherited at the place where it is written, and no name that another scorecard uses', async () => {
    const files = {
      'base.yaml':
        'id: base\nversion: 1\nlanguage: en\nlexicons: { hi: [hello], bye: [good bye] }\nsections:\n  - id: s\n    title: S\n    items:\n      - { id: a, title: A, weight: 0, expect: { phrase: $hi, by: agent } }\n      - { id: c, title: C, expect: { phrase: [yes], by: agent } }\n',
      'card.yaml':
        'id: card\nversion: 1\nextends: base.yaml\nsections:\n  - id: s\n    items:\n      - { id: b, title: B, expect: { phrase: $bye, by: agent } }\n',
    };
    const codes = async (...names: string[]) =>
      placesOf((await lintFiles(files, {}, names)).findings).filter((one) => !one.endsWith('missing-text'));
    expect(await codes('base.yaml')).toEqual(['base.yaml:4:26 unused-lexicon', 'base.yaml:9:28 no-weight']);
    expect(await codes('base.yaml', 'card.yaml')).toEqual(['base.yaml:9:28 no-weight']);
    expect(await codes('card.yaml')).toEqual(['base.yaml:9:28 no-weight']);
  });

  it('finds nothing to mend in the scorecards that ship with the program', async () => {
    const rules = fileURLToPath(new URL('../../../rules', import.meta.url));
    const { scorecards } = await findScorecards([rules]);
    const { cards, findings } = await lintScorecards(scorecards);
    expect(cards).toHaveLength(scorecards.length);
    expect(scorecards.length).toBeGreaterThanOrEqual(2);
    const shown = findings
      .filter(({ severity }) => severity !== 'info')
      .map(
        ({ file, line, column, code, message }) =>
          `${file.slice(rules.length + 1)}:${line}:${column} ${code} ${message.en}`,
      );
    expect(shown).toEqual([]);
  });
});
