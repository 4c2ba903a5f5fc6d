import { describe, expect, it } from 'vitest';
import type { CompiledScorecard } from '../../scorecard.ts';
import { evaluate } from '../../evaluate.ts';
import { loadFiles, problemsIn } from '../../testing/card.ts';
import { annotationsOf, sessionOf } from '../../testing/session.ts';

const base = `id: base
version: 3
language: en
passMark: 70
lexicons:
  greeting: [good morning, hello]
  sorry: { file: words/sorry.yaml }
conditions:
  complained: { phrase: [complaint], by: customer }
sections:
  - id: opening
    title: Opening
    weight: 2
    items:
      - { id: greeting, title: Greets, expect: { phrase: $greeting, by: agent, turns: first 1 } }
      - { id: name, title: Says a name, expect: { phrase: [my name is], by: agent } }
  - id: care
    title: Care
    items:
      - { id: sorry, title: Apologises, when: complained, expect: { phrase: $sorry, by: agent, after: when } }
`;
const files = { 'base/base.yaml': base, 'base/words/sorry.yaml': 'id: sorry-en\nversion: 2\nphrases: [so sorry]\n' };
const child = (rest: string) => ({
  ...files,
  'card.yaml': `id: team\nversion: 1\nextends: base/base.yaml\n${rest}`,
});
const shape = (card: CompiledScorecard) =>
  Object.fromEntries(card.sections.map((section) => [section.id, section.items.map((item) => item.id)]));

describe('a scorecard that extends another', () => {
  it('inherits everything but id and version, and keeps what it rests on', async () => {
    const card = await loadFiles(child(''));
    expect({ ref: { ...card.ref, hash: '' }, passMark: card.passMark, shape: shape(card) }).toEqual({
      ref: { id: 'team', version: 1, language: 'en', title: { en: 'team', zh: 'team' }, hash: '' },
      passMark: 70,
      shape: { opening: ['greeting', 'name'], care: ['sorry'] },
    });
    expect(card.parts.map(({ kind, file, id, version }) => ({ kind, file, id, version }))).toEqual([
      { kind: 'extends', file: '/cards/base/base.yaml', id: 'base', version: 3 },
      { kind: 'lexicon', file: '/cards/base/words/sorry.yaml', id: 'sorry-en', version: 2 },
    ]);
    expect(card.sources.map((source) => source.path)).toEqual([
      '/cards/card.yaml',
      '/cards/base/base.yaml',
      '/cards/base/words/sorry.yaml',
    ]);
  });

  it('changes, drops, places and adds sections and items by their ids', async () => {
    const card = await loadFiles(
      child(`passMark: 90
sections:
  - id: closing
    title: Closing
    before: care
    items: [{ id: bye, title: Says goodbye, expect: { phrase: [goodbye], by: agent, turns: last 1 } }]
  - id: opening
    weight: 5
    items:
      - { id: greeting, remove: true }
      - { id: name, weight: 4, forbid: { phrase: [my name is secret], by: agent } }
      - { id: firm, title: Names the firm, before: name, expect: { phrase: [acme], by: agent } }
  - id: care
    items: [{ id: sorry, remove: [when], expect: { phrase: $sorry, by: agent } }]
`),
    );
    expect(shape(card)).toEqual({ opening: ['firm', 'name'], closing: ['bye'], care: ['sorry'] });
    expect(Object.keys(shape(card))).toEqual(['opening', 'closing', 'care']);
    const name = card.sections[0]!.items[1]!;
    expect([card.passMark, card.sections[0]!.weight, name.weight, name.rule.kind]).toEqual([90, 5, 4, 'forbid']);
    expect(card.sections[2]!.items[0]!.when).toBeNull();
  });

  it('changes inherited lexicons by phrases, or replaces them', async () => {
    const said = async (top: string, text: string) => {
      const session = sessionOf([['agent', 0, 1, text]]);
      const card = await loadFiles(child(top));
      return evaluate(card, session, annotationsOf(session)).items[0]!.verdict;
    };
    const changed = 'lexicons: { greeting: { add: [good day], remove: [hello] } }';
    expect(await said(changed, 'Good day!')).toBe('pass');
    expect(await said(changed, 'Good morning!')).toBe('pass');
    expect(await said(changed, 'Hello!')).toBe('fail');
    expect(await said('lexicons: { greeting: [ahoy] }', 'Good morning!')).toBe('fail');
    const inFile = 'lexicons: { sorry: { add: [pardon], remove: [so sorry] }, greeting: [$sorry] }';
    expect([await said(inFile, 'Pardon me'), await said(inFile, 'So sorry')]).toEqual(['pass', 'fail']);
  });

  it('extends over several files, the last word being its own', async () => {
    const card = await loadFiles({
      ...files,
      'base/middle.yaml':
        'id: middle\nversion: 1\nextends: ./base.yaml\nlexicons: { greeting: { add: [hi], remove: [hello] } }',
      'card.yaml':
        'id: top\nversion: 1\nextends: base/middle.yaml\nlexicons: { greeting: { add: [hello], remove: [hi] } }',
    });
    const verdicts = ['Hello', 'Hi', 'Good morning'].map((text) => {
      const session = sessionOf([['agent', 0, 1, text]]);
      return evaluate(card, session, annotationsOf(session)).items[0]!.verdict;
    });
    expect(verdicts).toEqual(['pass', 'fail', 'pass']);
  });

  it('has a hash that covers its own text, the parent and the words of both', async () => {
    const hash = async (changes: Record<string, string>) => (await loadFiles({ ...child(''), ...changes })).ref.hash;
    const hashes = [
      await hash({}),
      await hash({ 'base/base.yaml': base.replace('passMark: 70', 'passMark: 71') }),
      await hash({ 'base/words/sorry.yaml': '[pardon]' }),
      await hash({ 'card.yaml': 'id: team\nversion: 2\nextends: base/base.yaml\n' }),
    ];
    expect(new Set(hashes).size).toBe(4);
    expect(await hash({ 'base/base.yaml': `# a comment\n${base}` })).toBe(hashes[0]);
  });

  it('reports each problem in the file where it was written', async () => {
    const broken = base.replace('phrase: [my name is]', 'prase: [my name is]').replace('weight: 2', 'weight: two');
    const problems = await problemsIn({
      ...child(`sections:
  - id: care
    items: [{ id: sorry, expect: { phrase: $sory, by: agnet } }]
`),
      'base/base.yaml': broken,
    });
    expect(problems.map((one) => one.at)).toEqual([
      'base/base.yaml:13:5 wrong-type',
      'base/base.yaml:16:51 unknown-operator',
      'card.yaml:6:36 unknown-lexicon',
      'card.yaml:6:51 bad-value',
    ]);
  });

  it('names ids that are not there, keys out of place and versions that do not fit', async () => {
    const problems = await problemsIn({
      ...files,
      'card.yaml': `id: team
version: 1
extends: { file: base/base.yaml, version: 2 }
lexicons: { greting: { add: [hi] } }
sections:
  - id: openin
    weight: 3
  - id: care
    items:
      - { id: greeting, weight: 2 }
      - { id: sory, remove: true }
      - { id: sorry, remove: [naWhen] }
      - { id: sorry, title: Again, manualOnly: true }
  - { id: opening, after: nowhere }
`,
    });
    expect(problems.map((one) => one.at)).toEqual([
      'card.yaml:3:34 version-mismatch',
      'card.yaml:4:13 unknown-lexicon',
      'card.yaml:6:5 unknown-id',
      'card.yaml:10:11 unknown-id',
      'card.yaml:11:11 unknown-id',
      'card.yaml:12:31 unknown-key',
      'card.yaml:13:11 duplicate-id',
      'card.yaml:14:20 unknown-id',
    ]);
    expect(problems[2]!.message).toContain('Did you mean "opening"?');
    expect(problems[3]!.message).toBe(
      'The item "greeting" stands in section "opening", not here. Change it in section "opening".',
    );
    const alone = await problemsIn({
      'card.yaml': base.replace('{ file: words/sorry.yaml }', '[sorry]').replace('weight: 2', 'remove: true'),
    });
    expect(alone).toEqual([
      {
        at: 'card.yaml:13:5 unknown-key',
        message: 'Unknown key "remove". "remove" belongs to a scorecard that extends another.',
      },
    ]);
  });

  it('refuses circles, long chains and parents that are none', async () => {
    const link = (id: string, to: string) => `id: ${id}\nversion: 1\nextends: ${to}\n`;
    const circle = await problemsIn({ 'card.yaml': link('a', 'b.yaml'), 'b.yaml': link('b', './card.yaml') });
    expect(circle).toEqual([
      {
        at: 'b.yaml:3:1 circular-reference',
        message: 'The files card.yaml → b.yaml → card.yaml extend one another in a circle.',
      },
    ]);
    expect((await problemsIn({ 'card.yaml': link('a', 'card.yaml') }))[0]!.at).toBe('card.yaml:3:1 circular-reference');
    const chain = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`c${i}.yaml`, link(`c${i}`, `c${i + 1}.yaml`)]),
    );
    expect((await problemsIn({ ...chain, 'card.yaml': link('top', 'c0.yaml') })).map((one) => one.at)).toEqual([
      'c9.yaml:3:1 yaml-unsafe',
    ]);
    expect(await problemsIn({ 'card.yaml': link('a', 'gone.yaml') })).toEqual([
      {
        at: 'card.yaml:3:1 file-unreadable',
        message: '"gone.yaml" cannot be used: There is no such file. Paths are relative to the file that names them.',
      },
    ]);
    expect((await problemsIn({ 'card.yaml': link('a', 'b.yaml'), 'b.yaml': 'language: en' }))[0]!.at).toBe(
      'b.yaml:1:1 missing-key',
    );
    expect((await problemsIn({ 'card.yaml': 'id: a\nversion: 1\nextends: [x]' })).map((one) => one.at)).toContain(
      'card.yaml:3:1 wrong-type',
    );
  });

  it('refuses another version of the language, in any file', async () => {
    const one = await loadFiles({ ...child('earwitness: 1\n') });
    expect(one.ref.id).toBe('team');
    expect(await problemsIn(child('earwitness: 2\nnonsense: true\n'))).toEqual([
      {
        at: 'card.yaml:4:1 unknown-version',
        message:
          'This file is written in version 2 of the language; this program knows version 1. Write earwitness: 1, or update the program.',
      },
    ]);
    const parent = await problemsIn({ ...child(''), 'base/base.yaml': `earwitness: next\n${base}` });
    expect(parent.map((one) => one.at)).toEqual(['base/base.yaml:1:1 unknown-version']);
  });
});

const fragments = `id: common
version: 4
lexicons:
  identity: [date of birth]
conditions:
  asked: { phrase: $identity, by: agent }
fragments:
  said-early:
    params: { what: , limit: 10s }
    condition: { phrase: <what>, by: agent, time: first <limit> }
  one-of:
    params: [words]
    condition: { any: [{ phrase: [<words>, as well] }, { regex: 'nothing like <words>' }] }
`;
const using = (items: string, top = '', library = fragments) => ({
  'shared/common.yaml': library,
  'card.yaml': `id: card\nversion: 1\nlanguage: en\nuse: [shared/common.yaml]\n${top}\nsections:\n  - id: s\n    title: S\n    items:\n${items
    .split('\n')
    .map((line, i) => `      - { id: i${i}, title: T, ${line} }`)
    .join('\n')}\n`,
});

describe('fragments and shared names', () => {
  it('fills the places of a fragment, wherever a condition may stand', async () => {
    const card = await loadFiles(
      using(
        `expect: { fragment: said-early, with: { what: $identity, limit: 5s } }
expect: { fragment: said-early, with: { what: [date of birth, account number] } }
forbid: { fragment: one-of, with: { words: [never, not ever] }, by: agent }
when: asked, expect: { all: [{ fragment: said-early, with: { what: hello } }, asked] }`,
      ),
    );
    const session = sessionOf([
      ['agent', 0, 2, 'Hello there.'],
      ['customer', 3, 4, 'Never mind.'],
      ['agent', 6, 8, 'Your date of birth?'],
    ]);
    const result = evaluate(card, session, annotationsOf(session));
    expect(result.items.map((item) => item.verdict)).toEqual(['fail', 'pass', 'pass', 'pass']);
    expect(result.items[0]!.nearMisses[0]!.note!.en).toBe('said at 6 s, limit 5 s');
    expect(card.parts).toMatchObject([{ kind: 'use', id: 'common', version: 4 }]);
  });

  it('lets a window around a fragment ask the whole of it', async () => {
    const card = await loadFiles(
      using(
        'expect: { fragment: one-of, with: { words: sorry }, by: agent, after: { phrase: [broken], by: customer }, within: 1 turns }',
      ),
    );
    const verdict = (last: string) => {
      const session = sessionOf([
        ['agent', 0, 1, 'Sorry?'],
        ['customer', 2, 3, 'It is broken.'],
        ['agent', 4, 5, last],
      ]);
      return evaluate(card, session, annotationsOf(session)).items[0]!.verdict;
    };
    expect([verdict('I am sorry.'), verdict('So what?')]).toEqual(['pass', 'fail']);
  });

  it('reports what is wrong with an argument where it is given, and with a fragment where it is written', async () => {
    const problems = await problemsIn(
      using(
        `expect: { fragment: said-early, with: { what: $identy, limit: 10 } }
expect: { fragment: said-erly, with: { what: x } }
expect: { fragment: said-early, with: { waht: x } }
expect: { fragment: broken }`,
        '',
        `${fragments}  broken: { condition: { phrase: [x], by: agnet } }\n`,
      ),
    );
    expect(problems.map((one) => one.at)).toEqual([
      'card.yaml:10:69 unknown-lexicon',
      'card.yaml:10:84 bad-value',
      'card.yaml:11:39 unknown-fragment',
      'card.yaml:12:29 missing-key',
      'card.yaml:12:69 unknown-parameter',
      'shared/common.yaml:14:39 bad-value',
    ]);
  });

  it('puts its own names over shared ones, and refuses one name from two files', async () => {
    const card = await loadFiles(using('expect: asked', 'lexicons: { identity: [account number] }'));
    const session = sessionOf([['agent', 0, 1, 'Your account number?']]);
    expect(evaluate(card, session, annotationsOf(session)).items[0]!.verdict).toBe('pass');
    const doubled = using('expect: asked');
    doubled['card.yaml'] = doubled['card.yaml'].replace('[shared/common.yaml]', '[shared/common.yaml, other.yaml]');
    expect(await problemsIn({ ...doubled, 'other.yaml': 'lexicons:\n  identity: [x]\n' })).toMatchObject([
      { at: 'other.yaml:2:3 duplicate-id' },
    ]);
  });

  it('reads files that use files, once each, and refuses circles', async () => {
    const nested = using('expect: { all: [asked, deeper] }', '', `use: [deep.yaml, ./deep.yaml]\n${fragments}`);
    const deep = 'conditions: { deeper: { phrase: [deep] } }';
    expect((await loadFiles({ ...nested, 'shared/deep.yaml': deep })).parts.map((part) => part.file)).toEqual([
      '/cards/shared/common.yaml',
      '/cards/shared/deep.yaml',
    ]);
    const circle = await problemsIn({ ...nested, 'shared/deep.yaml': `use: [common.yaml]\n${deep}` });
    expect(circle).toEqual([
      {
        at: 'shared/deep.yaml:1:7 circular-reference',
        message: 'The files shared/common.yaml → shared/deep.yaml → shared/common.yaml use one another in a circle.',
      },
    ]);
    const unknown = await problemsIn(using('expect: asked', '', `${fragments}wieght: 3\nsections: []\n`));
    expect(unknown.map((one) => one.at)).toEqual([
      'shared/common.yaml:14:1 unknown-key',
      'shared/common.yaml:15:1 unknown-key',
    ]);
  });

  it('bounds what fragments expand to', async () => {
    const circle = 'fragments: { a: { condition: { not: { fragment: b } } }, b: { condition: { fragment: a } } }';
    expect((await problemsIn(using('expect: { fragment: a }', '', circle))).map((one) => one.at)).toEqual([
      'shared/common.yaml:1:63 circular-reference',
    ]);
    const steps = Array.from({ length: 30 }, (_, i) => i);
    const doubling = (condition: (i: number) => string, last: string) =>
      `fragments:\n${steps.map((i) => `  f${i}: { params: [x], condition: ${condition(i)} }`).join('\n')}\n  f30: { params: [x], condition: ${last} }\n`;
    const bombs: [condition: string, x: string][] = [
      [doubling((i) => `{ fragment: f${i + 1}, with: { x: [<x>, <x>] } }`, '{ phrase: <x> }'), '[a, b]'],
      [doubling((i) => `{ fragment: f${i + 1}, with: { x: <x><x> } }`, '{ phrase: <x> }'), 'ab'],
    ];
    for (const [bomb, x] of bombs) {
      const problems = await problemsIn(using(`expect: { fragment: f0, with: { x: ${x} } }`, '', bomb));
      expect(problems.map((one) => one.at.split(' ')[1])).toEqual(['yaml-unsafe']);
    }
  });
});
