import { describe, expect, it } from 'vitest';
import { operators } from '../src/scorecard/index.ts';
import { runExample } from './operator-docs/example.ts';

const examples = [...operators.values()].flatMap(({ name, examples: given }) =>
  given.map((example) => ({ name, example, title: example.title.en })),
);

describe('the examples of the reference pages', () => {
  it('are there for every operator, in both languages, with different verdicts', () => {
    const poor = [...operators.values()]
      .filter(({ examples: given }) => {
        const languages = new Set(given.map(({ session }) => session.language));
        const verdicts = new Set(given.map(({ verdict }) => verdict));
        return languages.size < 2 || verdicts.size < 2;
      })
      .map(({ name }) => name);
    expect(poor).toEqual([]);
  });

  it.each(examples)('$name: $title', async ({ example }) => {
    const item = await runExample(example);
    expect({ verdict: item.verdict, reason: item.reason[example.session.language] }).toEqual({
      verdict: example.verdict,
      reason: example.reason,
    });
  });
});
