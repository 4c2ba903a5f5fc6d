import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type CompiledScorecard, loadScorecard, ScorecardProblems, Variants } from '../../scorecard/index.ts';
import { generateMutants, type GenerateOptions } from './generate.ts';
import { defaultKinds, mutantKinds } from './mutant.ts';
import { cardPath, filesOf, loadCard } from './testing/cards.ts';

const options: GenerateOptions = { kinds: defaultKinds, seed: 1, words: 4, only: null };
const shipped = (name: string) => fileURLToPath(new URL(`../../../rules/${name}`, import.meta.url));

const card = (item: string, top = '') =>
  `id: test\nversion: 1\nlanguage: en\n${top}sections:\n  - id: s\n    title: S\n    items:\n      - id: it\n        title: It\n${item
    .split('\n')
    .map((line) => `        ${line}`)
    .join('\n')}\n`;

async function changes(item: string, top = '', more: Partial<GenerateOptions> = {}): Promise<string[]> {
  const { mutants } = generateMutants(await loadCard({ 'card.yaml': card(item, top) }), { ...options, ...more });
  return mutants.map((one) => `${one.kind}: ${one.change}`);
}

describe('what is changed', () => {
  it('times, speakers and sound of a phrase', async () => {
    expect(await changes('expect: { phrase: [full name], sound: near, by: agent, time: first 10s }')).toEqual([
      'logic: expect → forbid',
      'scope: by: agent → customer',
      'scope: drop by',
      'scope: time: first 10s → first 8s',
      'scope: time: first 10s → first 12s',
      'scope: drop time',
      'option: sound: near → exact',
    ]);
  });

  it('the limit itself, one millisecond off, only when asked for', async () => {
    expect(await changes('expect: { response: { which: first, within: 30s } }', '', { kinds: ['boundary'] })).toEqual([
      'boundary: within: 30s → 29999ms',
      'boundary: within: 30s → 30001ms',
    ]);
  });

  it('windows, and which hit they are opened at', async () => {
    const item = 'when: { phrase: [broke] }\nexpect: { phrase: [sorry], by: agent, after: when, within: 2 turns }';
    expect((await changes(item)).filter((one) => one.startsWith('scope'))).toEqual([
      'scope: by: agent → customer',
      'scope: drop by',
      'scope: within: 2 turns → 1 turns',
      'scope: within: 2 turns → 3 turns',
      'scope: drop within',
      'scope: after → before',
      'scope: after → around',
      'scope: hit: any → each',
    ]);
  });

  it('connectives, negations, conditions and sentences over their names', async () => {
    const top = 'conditions:\n  a: { phrase: [one] }\n  b: { phrase: [two] }\n';
    expect(await changes("expect: { any: [{ not: a }, 'a && !b'] }\nnaWhen: b", top)).toEqual([
      'logic: expect → forbid',
      'logic: drop naWhen',
      'logic: any → all',
      'logic: drop the 1st of 2',
      'logic: drop "a && !b"',
      'logic: drop not',
      'logic: a && !b → a || !b',
      'logic: drop ! in a && !b',
      'logic: a && !b → a',
      'logic: a && !b → !b',
    ]);
  });

  it('limits, their direction and the edge', async () => {
    const item = 'forbid: { sentiment: { of: mean, below: -0.3, minTurns: 3 }, by: customer }';
    expect(await changes(item)).toEqual([
      'logic: forbid → expect',
      'scope: by: customer → agent',
      'scope: drop by',
      'option: of: mean → min',
      'option: of: mean → end',
      'threshold: below: -0.3 → -0.4',
      'threshold: below: -0.3 → -0.2',
      'comparison: below → above',
      'comparison: below → atMost',
      'threshold: minTurns: 3 → 2',
      'threshold: minTurns: 3 → 4',
    ]);
  });

  it('what an item is worth, only when asked for', async () => {
    const item = 'weight: 3\nautoFail: form\nexpect: { phrase: [one] }';
    expect(await changes(item, 'passMark: 80\n', { kinds: ['scoring'] })).toEqual([
      'scoring: weight: 3 → 2',
      'scoring: weight: 3 → 4',
      'scoring: drop autoFail',
      'scoring: passMark: 80 → 64',
      'scoring: passMark: 80 → 96',
    ]);
  });

  it('channels, never titles, reasons or coaching', async () => {
    const item = 'channels: [call, chat]\nwhy: Within 10 seconds\ncoaching: first 2 turns\nexpect: { phrase: [one] }';
    expect(await changes(item)).toEqual([
      'logic: expect → forbid',
      'channel: drop "call"',
      'channel: drop "chat"',
      'channel: drop channels',
    ]);
  });
});

describe('what comes to the same', () => {
  it.each([
    [
      'a phrase that holds another one',
      'expect: { phrase: [good morning, good morning to you] }',
      'drop "good morning to you"',
    ],
    [
      'a phrase that stands there twice',
      'expect: { phrase: [Good morning, good morning!, hello] }',
      'drop "good morning!"',
    ],
    ['a Chinese phrase that holds another one', 'expect: { phrase: [您好, 您好先生] }', 'drop "您好先生"'],
    ['all of one', 'expect: { all: [{ phrase: [one] }] }', 'all → any'],
    ['a key that says what holds anyway', 'expect: { phrase: [one], unit: turn, visibility: public }', 'drop unit'],
    [
      'a scope that stands around it already',
      'expect: { any: [{ phrase: [a], by: agent }, { phrase: [b] }], by: agent }',
      '',
    ],
    ['each reply and the slowest', 'expect: { response: { which: max, within: 30s } }', 'which: max → each'],
  ])('is left out: %s', async (_, item, change) => {
    const found = await changes(item);
    if (change === '') expect(found.filter((one) => one === 'scope: drop by')).toHaveLength(1);
    else expect(found.map((one) => one.slice(one.indexOf(': ') + 2))).not.toContain(change);
  });

  it('and what no item uses: nothing could notice', async () => {
    const top = 'lexicons:\n  used: [one, two]\n  idle: [three, four]\nconditions:\n  idle: { phrase: [five, six] }\n';
    const found = await changes('expect: { phrase: $used }', top);
    expect(found.filter((one) => one.startsWith('words'))).toEqual(['words: drop "one"', 'words: drop "two"']);
  });
});

describe('words of lexicons', () => {
  const files = (phrases: readonly string[]) => ({
    'card.yaml': card('expect: { phrase: $long }', 'lexicons:\n  long: { file: lexicons/long.yaml }\n'),
    'lexicons/long.yaml': `id: long\nversion: 1\nphrases:\n${phrases.map((one) => `  - ${one}\n`).join('')}`,
  });
  const many = Array.from({ length: 60 }, (_, i) => `phrase number ${String.fromCharCode(97 + (i % 26))}${i}`);

  it('are drawn by the seed, in bounded number', async () => {
    const loaded = await loadCard(files(many));
    const drawn = (seed: number) =>
      generateMutants(loaded, { ...options, kinds: ['words'], seed }).mutants.map((one) => one.change);
    expect(drawn(1)).toHaveLength(4);
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });

  it('are changed where they stand, in the file of the lexicon', async () => {
    const { mutants } = generateMutants(await loadCard(files(['good morning', 'thank you for calling'])), options);
    const words = mutants.filter(({ kind }) => kind === 'words');
    expect(
      words.map(({ file, line, change, before, after }) => [file.split('/').at(-1), line, change, before, after]),
    ).toEqual([
      ['long.yaml', 4, 'drop "good morning"', '  - good morning', ''],
      ['long.yaml', 5, 'drop "thank you for calling"', '  - thank you for calling', ''],
      ['long.yaml', 5, '"thank you for calling" → "thank you for"', '  - thank you for calling', '  - thank you for'],
    ]);
  });
});

describe.each(['service.en.yaml', 'service.zh.yaml'])('laws, on %s', (name) => {
  const path = shipped(name);
  const all = { ...options, kinds: mutantKinds, words: 6 };
  const opened = Variants.of(path);
  const generated = opened.then(({ card: loaded }) => generateMutants(loaded, all));

  it('the same options and seed give the same list, with ids of their own', async () => {
    const { mutants } = await generated;
    const again = generateMutants((await opened).card, all).mutants;
    expect(again).toEqual(mutants);
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
    expect(mutants.length).toBeGreaterThan(200);
  });

  it('a mutant is its file with one edit, and its content is what that file parses into', async () => {
    const { mutants, sources } = await generated;
    fc.assert(
      fc.property(fc.constantFrom(...mutants), (mutant) => {
        const source = sources.find((one) => one.path === mutant.file)!;
        const { start, end, text } = mutant.edit;
        const edited = source.edited(mutant.edit);
        expect(edited).toBe(source.text.slice(0, start) + text + source.text.slice(end));
        expect(edited).not.toBe(source.text);
        expect(parse(edited)).toEqual(source.mutated(mutant.edit));
        expect(source.mutated(mutant.edit)).not.toEqual(source.value);
      }),
      { numRuns: 30 },
    );
  });

  it('a mutant loads as a variant exactly if it loads from its text, and leaves other items as they are', async () => {
    const variants = await opened;
    const { mutants, sources } = await generated;
    const texts = new Map(variants.card.sources.map((source) => [source.path, source.text]));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...mutants), async (mutant) => {
        const source = sources.find((one) => one.path === mutant.file)!;
        const read = (at: string) => Promise.resolve(at === mutant.file ? source.edited(mutant.edit) : texts.get(at)!);
        const fromText = await sound(() => loadScorecard(path, { read }));
        const contents = new Map([[mutant.file, source.mutated(mutant.edit)]]);
        const varied = await sound(() => variants.vary(contents, new Set(mutant.items)));
        expect(varied === null).toBe(fromText === null);
        if (!fromText || !varied) return;
        expect(fromText.ref.hash).not.toBe(variants.card.ref.hash);
        expect(shapeOf(varied)).toEqual(shapeOf(fromText));
        const before = variants.card.sections.flatMap(({ items }) => items);
        const after = varied.sections.flatMap(({ items }) => items);
        for (const [i, item] of before.entries()) if (!mutant.items.includes(item.id)) expect(after[i]).toBe(item);
      }),
      { numRuns: 5 },
    );
  });
});

it('no change at all keeps the content hash', async () => {
  const path = shipped('service.en.yaml');
  const loaded = await loadScorecard(path);
  const again = await loadScorecard(path, { read: (file) => readFile(file, 'utf8') });
  expect(again.ref.hash).toBe(loaded.ref.hash);
});

it('reports what is no scorecard, so that it is not counted', async () => {
  const files = { 'card.yaml': card('expect: { phrase: [one], minHits: 1 }') };
  const variants = await Variants.of(cardPath, filesOf(files));
  const { mutants, sources } = generateMutants(variants.card, options);
  const zero = mutants.find((one) => one.change === 'minHits: 1 → 0')!;
  const contents = new Map([[zero.file, sources[0]!.mutated(zero.edit)]]);
  await expect(variants.vary(contents, new Set(zero.items))).rejects.toThrow(ScorecardProblems);
});

async function sound(load: () => Promise<CompiledScorecard>): Promise<CompiledScorecard | null> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof ScorecardProblems) return null;
    throw error;
  }
}

/** A compiled scorecard without its functions, files and hash. */
function shapeOf({ sections, passMark, method, confidence }: CompiledScorecard): unknown {
  return JSON.parse(JSON.stringify({ sections, passMark, method, confidence })) as unknown;
}
