import { parse, stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { cardOf, loadText } from '../testing/card.ts';
import { buildRegistry, operatorNames, operators } from './registry.ts';

const kb = `id: kb
version: 1
language: en
title: { en: k, zh: k }
entries: [{ id: a, title: { en: A, zh: A }, asks: [return], statement: { en: S, zh: S }, right: [thirty days] }]`;

describe('the registry of operators', () => {
  it('refuses a gap, a double and a stranger', () => {
    const all = [...operators.values()];
    expect(() => buildRegistry([...operatorNames, 'shout'], all)).toThrow('promises the operator "shout"');
    expect(() => buildRegistry(operatorNames, [...all, all[0]!])).toThrow('Two operators are named "phrase"');
    expect(() => buildRegistry(['regex'], all)).toThrow('not among the names');
  });

  it.each([...operators.values()])('$name shows an example that loads', async ({ example, name }) => {
    const condition = parse(example) as Record<string, unknown>;
    expect(Object.keys(condition)).toContain(name);
    const lexicons = 'lexicons: { greeting: [hello], hold: [hold on], problem: [broken], restate: [so your] }';
    const card = await loadText(
      cardOf(
        `expect: ${stringify(condition, { flowCollectionPadding: true, collectionStyle: 'flow', lineWidth: 0 }).trim()}`,
        lexicons,
      ),
      {
        'knowledge/shop.en.yaml': kb,
      },
    );
    expect(card.sections[0]!.items).toHaveLength(1);
  });
});
