import { describe, expect, it } from 'vitest';
import { annotationsOf, sessionOf } from '../testing/session.ts';
import { cardOf, loadText, problemsOf } from '../testing/card.ts';
import { evaluate } from '../evaluate.ts';

const kb = (days: number) => `id: kb
version: 1
language: en
title: { en: Shop, zh: 店铺 }
hedges: [I think]
entries:
  - id: return-period
    title: { en: Return period, zh: 退货期限 }
    asks: [return it]
    statement: { en: Within ${days} days., zh: ${days} 天内。 }
    facts: [{ subject: [return it], quantity: { value: ${days}, unit: day } }]
`;
const session = sessionOf([
  ['customer', 0, 1, 'How long can I return it?'],
  ['agent', 2, 3, 'You can return it within 14 days.'],
]);
async function ask(value: string, days = 30, given = session) {
  const card = await loadText(cardOf(`forbid: { answer: ${value} }`, 'knowledge: kb.yaml'), { 'kb.yaml': kb(days) });
  return evaluate(card, given, annotationsOf(given)).items[0]!;
}

describe('answer', () => {
  it('finds a wrong answer and shows the right one', async () => {
    const item = await ask('{ is: wrong }');
    expect(item).toMatchObject({ verdict: 'fail', evidence: [{ turn: 2, operator: 'answer' }] });
    expect(item.reason.en).toContain('Right: Within 30 days.');
    expect(item.reason.zh).toContain('正确答复：30 天内。');
    expect((await ask('{ is: wrong }', 14)).verdict).toBe('pass');
    expect((await ask('{ is: correct }', 14)).verdict).toBe('fail');
    expect((await ask('{ is: [hedged, unsupported] }')).verdict).toBe('pass');
  });

  it('leaves it to a person where it is not known who spoke', async () => {
    const mono = sessionOf(
      session.turns.map((turn) => ['unknown', turn.startMs! / 1000, turn.endMs! / 1000, turn.text]),
    );
    expect((await ask('{ is: wrong }', 30, mono)).verdict).toBe('unknown');
  });

  it('reports a missing knowledge base and an unknown entry', async () => {
    const codes = async (value: string, top = 'knowledge: kb.yaml') =>
      (await problemsOf(cardOf(`forbid: { answer: ${value} }`, top), { 'kb.yaml': kb(30) })).map((one) => one.code);
    expect(await codes('{ is: wrong }', '')).toEqual(['missing-key']);
    expect(await codes('{ is: wrong, knowledge: gone.yaml }')).toEqual(['knowledge-invalid']);
    expect(await codes('{ is: wrong, about: [return-perod] }')).toEqual(['bad-value']);
    expect(await codes('{ is: wrng }')).not.toEqual([]);
  });
});
