import { describe, expect, it } from 'vitest';
import { similarityModels } from '../../text/index.ts';
import { cardOf, judge, judgeAll, loadText } from '../testing/card.ts';
import { sessionOf } from '../testing/session.ts';

const english = sessionOf([
  ['customer', 0, 2, 'My parcel is late.'],
  ['agent', 3, 6, 'Let me see. I apologise for the inconvenience this caused.'],
  ['agent', 7, 8, 'The driver will come tomorrow.'],
]);
const chinese = sessionOf(
  [
    ['customer', 0, 2, '我很着急'],
    ['agent', 3, 6, '您好。我非常明白您现在的感受。请稍等。'],
  ],
  { language: 'zh' },
);

describe('similar', () => {
  it('finds the same in other words and quotes the sentence', async () => {
    const item = await judge('expect: { similar: [sorry for the trouble, hello], by: agent }', english);
    expect(item.verdict).toBe('pass');
    expect(item.evidence).toMatchObject([
      { turn: 2, quote: 'I apologise for the inconvenience this caused', unit: 'similarity', threshold: 0.8 },
    ]);
    const zh = await judge('expect: { similar: [我理解您的心情], by: agent }', chinese);
    expect([zh.verdict, zh.evidence[0]?.quote]).toEqual(['pass', '我非常明白您现在的感受']);
    expect(zh.reason.zh).toMatch(/^“我非常明白您现在的感受”意思相近：与“我理解您的心情”相似度 0\.\d+，要求 0\.8。$/);
  });

  it('shows the nearest sentence with its figure where nothing is near enough', async () => {
    const item = await judge('expect: { similar: [the driver comes on Monday], threshold: 0.95, by: agent }', english);
    expect(item.verdict).toBe('fail');
    expect(item.nearMisses).toMatchObject([{ turn: 3, quote: 'The driver will come tomorrow', threshold: 0.95 }]);
    expect(item.nearMisses[0]!.measured).toBeGreaterThan(0.4);
    expect(item.reason.en).toMatch(/Closest: “The driver will come tomorrow” at 00:07\.0, 0\.\d+ like/);
  });

  it('is an opinion: no auto-fail without a person', async () => {
    const rule = (condition: string) => cardOf(`autoFail: form\nforbid: ${condition}`);
    const soft = await judgeAll(rule('{ similar: [sorry for the trouble], by: agent }'), english);
    expect([soft.items[0]!.verdict, soft.items[0]!.needsConfirmation, soft.provisional]).toEqual(['fail', true, true]);
    const hard = await judgeAll(rule('{ phrase: [apologise], by: agent }'), english);
    expect([hard.items[0]!.needsConfirmation, hard.score]).toEqual([false, 0]);
  });

  it('does not know where the speaker is not known, and is n/a where nobody spoke', async () => {
    const nobody = sessionOf([['unknown', 0, 1, 'sorry for the trouble']]);
    expect((await judge('expect: { similar: [sorry for the trouble], by: agent }', nobody)).verdict).toBe('unknown');
    const silent = sessionOf([['customer', 0, 1, 'hello']]);
    expect((await judge('expect: { similar: [sorry], by: agent }', silent)).verdict).toBe('fail');
    expect((await judge('forbid: { similar: [sorry], by: agent }', silent)).verdict).toBe('na');
  });

  it('makes the model part of the scorecard, and leaves others as they were', async () => {
    const [model] = similarityModels;
    const card = await loadText(cardOf('expect: { similar: [sorry] }'));
    expect([...card.models]).toEqual([['similar:lexical', `${model!.version}:${model!.hash}`]]);
    expect((await loadText(cardOf('expect: { phrase: [sorry] }'))).models.size).toBe(0);
    const named = await loadText(cardOf('expect: { similar: [sorry], model: lexical }'));
    expect(named.ref.hash).not.toBe(card.ref.hash);
  });
});
