import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { sessionOf } from '../testing/session.ts';

describe('what a supervisor reads', () => {
  it('tells a missing answer to several complaints once and counts the rest', async () => {
    const session = sessionOf([
      ['customer', 0, 2, 'It is broken.'],
      ['agent', 3, 4, 'Which model?'],
      ['customer', 5, 8, 'The blue one. It is unacceptable.'],
      ['agent', 9, 10, 'I see.'],
      ['customer', 11, 12, 'Broken again!'],
      ['agent', 13, 14, 'Yes.'],
    ]);
    const item = await judge(
      'when: { phrase: [broken, unacceptable], by: customer }\nexpect: { phrase: sorry, by: agent, after: when, within: 1 turn }',
      session,
    );
    expect(item.verdict).toBe('fail');
    expect(item.reason.en.match(/Not found/g)).toHaveLength(1);
    expect(item.reason.en).toContain('The same at 2 other places.');
    expect(item.reason.zh).toContain('另有 2 处情况相同。');
  });

  it('does not show a resemblance to forbidden words where none were said', async () => {
    const session = sessionOf([['agent', 0, 2, 'I will call you back about the idioms.']]);
    const held = await judge('forbid: { phrase: [idiot, backend], by: agent }', session);
    expect([held.verdict, held.nearMisses]).toEqual(['pass', []]);
    const missing = await judge('expect: { phrase: call you back shortly, by: agent }', session);
    expect([missing.verdict, missing.nearMisses.length]).toEqual(['fail', 1]);
  });
});
