import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { operators } from './operators/registry.ts';
import { cardOf, loadFiles, loadText } from './testing/card.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/reference/scorecard-language.md'), 'utf8');
const kb = `id: kb
version: 1
language: en
title: { en: k, zh: k }
entries: [{ id: a, title: { en: A, zh: A }, asks: [return], statement: { en: S, zh: S }, right: [thirty days] }]`;
const files = { 'knowledge/shop.en.yaml': kb, 'lexicons/complaint.en.yaml': '- broken' };
const names = [
  'greeting',
  'complaint',
  'empathy',
  'identity',
  'jargon',
  'rude',
  'closing',
  'restate',
  'ask',
  'problem',
  'hold',
];
const lexicons = `lexicons: { ${names.map((name) => `${name}: [word ${name}]`).join(', ')} }`;
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);
const inline = [...page.matchAll(/`(\{ (\w+): .*?\})`(?=[ ,;.]|$)/gm)]
  .filter((match) => operators.has(match[2]!))
  .map((match) => match[1]!);

describe('the page about the language', () => {
  it('opens with a scorecard that loads', async () => {
    expect((await loadText(blocks[0]!, files)).sections[0]!.items[0]!.id).toBe('empathy-after-complaint');
  });

  it('shows items and scopes that load', async () => {
    const items = (parse(blocks[1]!) as object[]).map((item) => `- ${JSON.stringify(item)}`);
    await loadText(
      `id: x\nversion: 1\nlanguage: en\n${lexicons}\nsections: [{ id: s, title: S, items: [${items.map((item) => item.slice(2)).join(', ')}] }]`,
    );
    for (const line of blocks[2]!.trim().split('\n')) await loadText(cardOf(line, lexicons));
    expect(items).toHaveLength(5);
  });

  it('shows lexicons, shared names and a scorecard that extends another, which load together', async () => {
    const [lexicons, lexiconFile, use, library, extending] = blocks.slice(3);
    const parent = `id: base
version: 3
language: en
${lexicons}
${use}
sections:
  - id: opening
    title: Opening
    items:
      - { id: greeting, title: T, expect: { phrase: $greeting } }
      - { id: identity, title: T, when: complained, expect: { fragment: said-early, with: { what: $identity } } }
  - { id: care, title: Care, items: [{ id: c, title: T, forbid: { phrase: [$complaint, $refund, $empathy] } }] }
`;
    const card = await loadFiles({
      'card.yaml': extending!,
      'service.en.yaml': parent,
      'fragments/common.en.yaml': library!,
      'lexicons/complaint.en.yaml': lexiconFile!,
      'lexicons/brands.txt': 'acme\n',
      'lexicons/refund.txt': 'refund\nreturn\n',
      'lexicons/anger.en.yaml': '[angry]',
      'lexicons/empathy.en.yaml': 'id: e\nversion: 2\nphrases: [sorry]',
    });
    expect(card.sections.map((section) => [section.id, section.items.map((item) => item.id)])).toEqual([
      ['opening', ['says-firm', 'identity']],
      ['care', ['c']],
    ]);
  });

  it('shows every operator, and each example loads', async () => {
    for (const example of inline)
      await loadText(
        cardOf(`expect: ${stringify(parse(example), { collectionStyle: 'flow', lineWidth: 0 }).trim()}`, lexicons),
        files,
      );
    const shown = new Set(inline.flatMap((example) => Object.keys(parse(example) as object)));
    expect([...operators.keys()].filter((name) => !shown.has(name))).toEqual([]);
  });
});

const design = '../shared/design/example.scorecard.yaml';

describe.skipIf(!existsSync(design))("the design's example", () => {
  it('loads but for the operator that is not there yet', async () => {
    const text = readFileSync(design, 'utf8').replace(/, \{ similar: \[.*?\] \}/, '');
    const card = await loadText(text, {
      'lexicons/complaint.en.yaml': '- broken',
      'lexicons/empathy.en.yaml': '- sorry',
      'knowledge/shop.en.yaml': kb,
    });
    expect(card.sections.flatMap((section) => section.items.map((item) => item.id))).toEqual([
      'greeting',
      'identity-within-10s',
      'empathy-after-complaint',
      'no-interruptions',
      'first-reply-30s',
      'no-wrong-answer',
    ]);
  });
});
