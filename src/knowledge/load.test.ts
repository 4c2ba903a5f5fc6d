import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EarwitnessError } from '../session/index.ts';
import { KnowledgeError, loadKnowledge, parseKnowledge } from './load.ts';

function problemsOf(text: string): string[] {
  try {
    parseKnowledge(text, 'k.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(KnowledgeError);
    return (error as KnowledgeError).problems.map((problem) => `${problem.path} ${problem.message}`);
  }
  return [];
}

describe('loadKnowledge', () => {
  it('pins id, version and content hash', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'knowledge-')), 'k.yaml');
    const text = `id: k
version: 3
language: en
title: { en: K, zh: K }
entries:
  - { id: a, title: { en: A, zh: A }, asks: [a], statement: { en: A., zh: A。 }, right: [yes sir] }
`;
    await writeFile(path, text);
    const kb = await loadKnowledge(path);
    expect(kb.ref).toEqual({
      id: 'k',
      version: 3,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    await writeFile(path, `${text}# changed\n`);
    expect((await loadKnowledge(path)).ref.hash).not.toBe(kb.ref.hash);
  });

  it('says where nothing is', async () => {
    await expect(loadKnowledge('/nowhere/k.yaml')).rejects.toMatchObject({
      problem: { code: 'path-not-found', path: '/nowhere/k.yaml' },
    });
    await expect(loadKnowledge('/nowhere/k.yaml')).rejects.toBeInstanceOf(EarwitnessError);
  });

  it('lists all problems at once, each with its place', () => {
    expect(
      problemsOf(`id: k
version: 0
language: en
title: { en: K, zh: K }
colour: red
entries:
  - id: Big
    title: { en: A, zh: A }
    asks: []
    statement: { en: A., zh: A。 }
    facts:
      - subject: [a]
        quantity: { low: 7, high: 5, unit: day }
      - subject: [a]
        quantity: { value: 7, unit: parsec }
`),
    ).toEqual([
      expect.stringMatching(/^k\.yaml:2:10 version: /),
      expect.stringMatching(/^k\.yaml:7:9 entries\.0\.id: use small letters/),
      expect.stringMatching(/^k\.yaml:9:11 entries\.0\.asks: /),
      expect.stringMatching(/^k\.yaml:13:19 entries\.0\.facts\.0\.quantity: give exactly one of/),
      expect.stringMatching(/^k\.yaml:15:37 entries\.0\.facts\.1\.quantity\.unit: /),
      expect.stringMatching(/^k\.yaml:1:1 unknown key colour/),
    ]);
  });

  it('finds ids used twice and phrases without a word', () => {
    expect(
      problemsOf(`id: k
version: 1
language: en
title: { en: K, zh: K }
hedges: ['?!']
entries:
  - { id: a, title: { en: A, zh: A }, asks: [a, '*'], statement: { en: A., zh: A。 }, right: [b] }
  - { id: a, title: { en: A, zh: A }, asks: [a], statement: { en: A., zh: A。 }, right: [b] }
`),
    ).toEqual([
      'k.yaml:5:10 “?!” holds no word to look for',
      'k.yaml:7:49 “*” holds no word to look for',
      'k.yaml:8:11 the id a is used twice',
    ]);
  });

  it('reports broken YAML by line', () => {
    expect(problemsOf('id: [\nversion: 1')[0]).toMatch(/^k\.yaml:\d+:\d+ /);
    expect(problemsOf('just words')).toHaveLength(1);
  });
});

describe('the shipped knowledge bases', () => {
  it('speak of the same entries in both languages', async () => {
    const [en, zh] = await Promise.all(
      ['en', 'zh'].map((language) => loadKnowledge(`rules/knowledge/shop.${language}.yaml`)),
    );
    expect(zh!.entries.map((entry) => entry.id)).toEqual(en!.entries.map((entry) => entry.id));
    const amounts = (kb: typeof en) =>
      kb!.entries.map((entry) => entry.facts.map(({ quantity: { low, high, unit } }) => ({ low, high, unit })));
    expect(amounts(zh)).toEqual(amounts(en));
  });
});
