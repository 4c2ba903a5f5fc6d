import { describe, expect, it } from 'vitest';
import { cardOf, loadText, problemsOf } from '../testing/card.ts';

const rule = (choices: string, holds: string, more = '') =>
  cardOf(`expect: { judge: { question: 是否说明了原因？, choices: ${choices}, holds: ${holds} }${more} }`);
const codes = async (card: string) => (await problemsOf(card)).map((one) => [one.code, one.hint]);

describe('judge, as it is written', () => {
  it('refuses a question that no answer can decide', async () => {
    expect(await codes(rule('{ yes: a }', '[yes]'))).toEqual([
      ['bad-value', 'Example: choices: { yes: a reason is given, no: no reason is given }.'],
      ['bad-value', null],
    ]);
    expect(await codes(rule('{ yes: a, no: b }', '[yes, no]'))).toEqual([['bad-value', null]]);
    expect((await codes(rule('{ yes: a, no: b }', '[yess]')))[0]![1]).toContain('Did you mean "yes"?');
    expect((await codes(rule('{ yes: a, no: b }', '[yes]', ', quantifier: all')))[0]![0]).toBe('misplaced-key');
  });

  it('makes the prompt part of the scorecard', async () => {
    const card = await loadText(rule('{ 是: 说明了, 否: 没有说明 }', '[是]', ', by: agent'));
    expect([...card.models]).toEqual([['judge', '1']]);
  });
});
