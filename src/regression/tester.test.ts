import { describe, expect, it } from 'vitest';
import { evaluateFixture, explain, testScorecard, type TestRunner } from './tester.ts';

const card = `
id: tiny
version: 1
language: en
sections:
  - id: opening
    title: Opening
    items:
      - { id: hello, title: Says hello, expect: { phrase: hello, by: agent, time: first 10s } }
      - { id: polite, title: Stays polite, forbid: { phrase: [shut up], by: agent } }
`;

// Runs under this very runner: what is expected below holds, or the file fails.
testScorecard('a scorecard under test', card, {
  item: 'hello',
  passing: [
    [['agent', 0, 1, 'Hello, this is Anna.']],
    { name: 'late but in time', session: [['agent', 9, 10, 'hello']] },
  ],
  failing: [
    {
      session: [
        ['agent', 0, 1, 'Yes?'],
        ['agent', 12, 13, 'Hello.'],
      ],
      near: { turn: 2, at: '12s', limit: '10s' },
    },
  ],
  na: [{ item: 'polite', session: [['customer', 0, 1, 'Hello?']] }],
  unknown: [[['unknown', 0, 1, 'Hello.']]],
  cases: [
    {
      case: 'everything',
      session: { turns: [['agent', 0, 1, 'Hello.']] },
      strict: true,
      expect: { hello: 'pass', polite: 'pass', score: 100 },
    },
  ],
});

describe('testScorecard', () => {
  const collect = () => {
    const found: { name: string; run: () => Promise<void> }[] = [];
    const runner: TestRunner = { describe: (_name, body) => body(), it: (name, run) => void found.push({ name, run }) };
    return { found, runner };
  };

  it('tells in a failing test what was expected, what was found, why and where the rule stands', async () => {
    const { found, runner } = collect();
    testScorecard('t', card, { item: 'hello', passing: [[['agent', 12, 13, 'Good day.']]] }, runner);
    expect(found.map(({ name }) => name)).toEqual(['hello passes: Good day.']);
    await expect(found[0]!.run()).rejects.toThrow(
      /^hello: expected pass, got fail\n {2}.*not found.*\n(.*\n)* {2}rule .*scorecard\.yaml:9:11$/i,
    );
  });

  it('refuses what cannot be tested, with a suggestion', async () => {
    await expect(
      evaluateFixture(card, { case: 'c', session: { turns: [['agent', 'Hi']] }, expect: { helo: 'pass' } }),
    ).rejects.toThrow('c: The scorecard tiny has no item "helo". Did you mean "hello"?');
    expect(() => testScorecard('nothing', card, {}, collect().runner)).toThrow('give passing, failing');
    expect(() => testScorecard('no item', card, { passing: [[['agent', 'Hi']]] }, collect().runner)).toThrow(
      'needs an item',
    );
  });

  it('runs one case for other runners', async () => {
    const result = await evaluateFixture(card, {
      case: 'c',
      session: { turns: [['agent', 0, 1, 'Shut up.']] },
      expect: { polite: 'pass' },
    });
    expect([result.status, result.verdicts]).toEqual(['failed', { hello: 'fail', polite: 'fail' }]);
    expect(explain(result, 'zh')).toContain('polite: 期望 通过, 实际 不通过');
  });
});
