import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sessionOf } from '../testing/session.ts';
import { cardOf, loadText, problemsOf } from '../testing/card.ts';
import { loadScorecard } from './load.ts';
import { fragmentsJsonSchema, lexiconJsonSchema, scorecardJsonSchema } from './jsonSchema.ts';

const place = (problem: { line: number; column: number; code: string }) =>
  `${problem.line}:${problem.column} ${problem.code}`;

describe('a scorecard with mistakes', () => {
  it('is told all of them at once, each at its place', async () => {
    const problems = await problemsOf(`id: test
version: 1
language: en
passmark: 80
lexicons:
  greeting: [good morning]
  empty: []
sections:
  - id: opening
    title: Opening
    wieght: 3
    items:
      - id: a
        title: A
        expect: { prase: $greeting, by: agent }
      - id: b
        title: B
        expect: { phrase: $greting, by: agnet, time: first 10 seconds }
      - id: a
        title: C
        expect: { phrase: [hello], regex: hello }
      - id: d
        title: D
      - id: e
        title: E
        forbid: { silence: { min: 10 } }
      - id: f
        title: F
        expect: { regex: '(?=x)', truns: first 2 }
      - id: g
        title: G
        severity: hgih
        expect: { phrase: [sorry], after: when }
      - id: h
        title: H
        forbid: late && nmaed
conditions:
  named: { phrase: [my name is] }
  late: { duration: { above: 5 minuts } }
`);
    expect(problems.map(place)).toEqual([
      '4:1 unknown-key',
      '7:3 empty-lexicon',
      '11:5 unknown-key',
      '15:19 unknown-operator',
      '18:19 unknown-lexicon',
      '18:37 bad-value',
      '18:48 bad-value',
      '19:9 duplicate-id',
      '21:36 two-operators',
      '22:9 no-rule',
      '26:30 wrong-type',
      '29:19 bad-pattern',
      '29:35 unknown-key',
      '32:9 bad-value',
      '33:36 no-anchor',
      '36:9 unknown-condition',
      '39:23 bad-value',
    ]);
    expect(
      problems
        .map((one) => one.hint)
        .filter((hint) => hint?.startsWith('Did you mean'))
        .map((hint) => /"(.+?)"/.exec(hint!)![1]),
    ).toEqual(['passMark', 'weight', 'phrase', '$greeting', 'agent', '10s', 'turns', 'high', 'named']);
    for (const problem of problems)
      expect(`${problem.message} ${problem.hint ?? ''}`).toMatch(/Example|Did you mean|Give each|id of its own|Join/);
  });

  it('finds misplaced keys, missing anchors and circles', async () => {
    const anchors = await problemsOf(
      cardOf(`when: { meta: { path: queue, eq: x } }\nexpect: { phrase: [sorry], after: when, within: 2 }`),
    );
    expect(anchors.map((one) => one.code)).toEqual(['no-anchor', 'bad-value']);
    const turns = await problemsOf(cardOf('forbid: { silence: { min: 5s }, turns: first 2 }\nperHit: 3'));
    expect(turns.map((one) => one.code)).toEqual(['misplaced-key', 'misplaced-key', 'missing-key']);
    const circles = await problemsOf(
      cardOf(
        'expect: { phrase: $a }\nnaWhen: x',
        'lexicons: { a: [$b], b: [$a, hello] }\nconditions: { x: y || y, y: "!x" }',
      ),
    );
    expect(new Set(circles.map((one) => one.code))).toEqual(new Set(['circular-reference']));
  });

  it('reports a lexicon file at its own lines and a missing one where it is named', async () => {
    const problems = await problemsOf(
      cardOf('expect: { phrase: [$a, $b] }', 'lexicons: { a: { file: a.yaml }, b: { file: gone.yaml } }'),
      { 'a.yaml': '- hello\n- "?!"\n- $none\n' },
    );
    expect(problems.map((one) => `${one.file}:${place(one)}`)).toEqual([
      'a.yaml:2:3 bad-value',
      'a.yaml:3:3 unknown-lexicon',
      'card.yaml:4:39 file-unreadable',
    ]);
  });

  it('refuses what would blow up', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`),
    ].join('\n');
    expect((await problemsOf(bomb)).map((one) => one.code)).toEqual(['yaml-unsafe']);
    expect((await problemsOf(`a: ${'['.repeat(20_000)}`)).map((one) => one.code)).toEqual(['yaml-unsafe']);
    expect((await problemsOf(`${'- '.repeat(20_000)}x`)).map((one) => one.code)).toEqual(['yaml-unsafe']);
    const deep = `${'{ not: '.repeat(45)}{ phrase: [x] }${' }'.repeat(45)}`;
    expect((await problemsOf(cardOf(`expect: ${deep}`))).map((one) => one.code)).toEqual(['yaml-unsafe']);
    expect((await problemsOf(`# ${'x'.repeat(4_100_000)}`)).map((one) => one.code)).toEqual(['file-too-large']);
    const wide = Array.from({ length: 24 }, (_, i) => `c${i}: c${i + 1} && c${i + 1}`).join(', ');
    expect(
      (await problemsOf(cardOf('expect: c0', `conditions: { ${wide}, c24: { phrase: [x] } }`))).map((one) => one.code),
    ).toContain('yaml-unsafe');
    expect((await problemsOf('id: [')).map((one) => one.code)).toContain('yaml-syntax');
    expect((await problemsOf('')).length).toBeGreaterThan(0);
  });

  it('names a file that is not there', async () => {
    await expect(loadScorecard(join(await mkdtemp(join(tmpdir(), 'none-')), 'x.yaml'))).rejects.toMatchObject({
      code: 'path-not-found',
    });
  });
});

describe('a sound scorecard', () => {
  const card = cardOf('expect: { phrase: $g }', 'lexicons: { g: { file: g.yaml } }');

  it('has a hash of its content: not of its writing, but of its lexicons', async () => {
    const hash = async (text: string, lexicon: string) => (await loadText(text, { 'g.yaml': lexicon })).ref.hash;
    const base = await hash(card, '[hello]');
    expect(base).toMatch(/^[0-9a-f]{64}$/);
    expect(await hash(`# a comment\n${card}`, '- hello\n')).toBe(base);
    expect(await hash(card, '[hallo]')).not.toBe(base);
    expect(await hash(card.replace('version: 1', 'version: 2'), '[hello]')).not.toBe(base);
  });

  it('applies by language, channel, queue and attributes', async () => {
    const card = await loadText(
      cardOf(
        'expect: { phrase: [x] }',
        'channels: [call]\nappliesTo: { queue: [repairs, returns], attributes: { tier: gold } }',
      ),
    );
    const fits = { queue: 'repairs', attributes: { tier: 'gold' }, language: 'en-GB' };
    expect(card.appliesTo(sessionOf([], fits))).toBe(true);
    for (const other of [
      { queue: 'sales' },
      { queue: null },
      { attributes: {} },
      { language: 'zh' },
      { channel: 'chat' as const },
    ])
      expect(card.appliesTo(sessionOf([], { ...fits, ...other }))).toBe(false);
  });

  it('satisfies the published JSON Schema, which refuses what the loader refuses', () => {
    const lexicon = new Ajv2020({ strict: false }).compile(lexiconJsonSchema());
    expect([['a'], { id: 'a', version: 1, include: ['b.txt'] }, { phrase: ['a'] }].map((one) => lexicon(one))).toEqual([
      true,
      true,
      false,
    ]);
    const shared = new Ajv2020({ strict: false }).compile(fragmentsJsonSchema());
    expect(shared({ id: 'a', version: 1, conditions: { a: { phrase: ['x'] } } })).toBe(true);
    expect(shared({ sections: [] })).toBe(false);
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(scorecardJsonSchema());
    for (const name of ['service.en.yaml', 'service.zh.yaml'])
      expect(
        validate(parse(readFileSync(join(import.meta.dirname, '../testing/cards', name), 'utf8'))) || validate.errors,
      ).toBe(true);
    expect(validate(parse(cardOf('expect: { prase: [x] }')))).toBe(false);
    expect(validate(parse(cardOf('expect: { silence: { min: 5 } }')))).toBe(false);
    const extending = `id: a\nversion: 1\nextends: b.yaml\nuse: [c.yaml]\nlexicons: { x: { add: [y] } }
fragments: { f: { params: { what: , limit: 10s }, condition: { phrase: <what>, time: first <limit> } } }
sections: [{ id: s, after: t, items: [{ id: i, remove: true }, { id: j, expect: { fragment: f, with: { what: $x } } }] }]`;
    expect(validate(parse(extending)) || validate.errors).toBe(true);
    expect(validate(parse(extending.replace('extends: b.yaml', 'language: en')))).toBe(false);
    expect(validate(parse(cardOf('remove: true\nexpect: { phrase: [x] }')))).toBe(false);
  });
});

describe('files from elsewhere', () => {
  it('reads through the given reader and keeps every text with its hash', async () => {
    const texts: Record<string, string> = {
      '/cards/a.yaml': cardOf('expect: { phrase: $hello }', 'lexicons: { hello: { file: words.yaml } }'),
      '/cards/words.yaml': '- good morning\n',
    };
    const card = await loadScorecard('/cards/a.yaml', {
      read: (path) =>
        path in texts ? Promise.resolve(texts[path]!) : Promise.reject(new Error(`${path} was not expected`)),
    });
    expect(card.sources.map(({ path, text }) => [path, text])).toEqual(Object.entries(texts));
    expect(card.sources[1]!.sha256).toBe('e563cc4fe3d4d94d52cce8ac6f7746fe536681d07e20598b462a612cd1faa7bc');
  });
});
