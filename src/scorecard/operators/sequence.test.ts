import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { sessionOf } from '../testing/session.ts';

const session = sessionOf([
  ['agent', 0, 1, 'so your kettle leaks'],
  ['customer', 2, 3, 'my kettle is broken'],
  ['customer', 4, 5, 'really broken'],
  ['agent', 6, 7, 'so your kettle is broken, I will send a new one'],
]);
const steps = '{ phrase: [broken], by: customer }, { phrase: [so your], by: agent }';
const ask = (value: string) => judge(`expect: { sequence: ${value} }`, session);

describe('sequence', () => {
  it('finds steps in order and shows one place for each', async () => {
    const item = await ask(`{ steps: [${steps}, { phrase: [new one], by: agent }] }`);
    expect([item.verdict, ...item.evidence.map((one) => `${one.turn} ${one.quote}`)]).toEqual([
      'pass',
      '2 broken',
      '4 so your',
      '4 new one',
    ]);
  });

  it('takes a later hit where the first is too far from the next step', async () => {
    expect((await ask(`{ steps: [${steps}], maxGap: 1 turn }`)).evidence.map((one) => one.turn)).toEqual([3, 4]);
    expect((await ask(`{ steps: [${steps}], maxGap: 500ms }`)).reason.en).toContain(
      'was said too long after the step before',
    );
  });

  it('names the step that is missing or out of order', async () => {
    expect((await ask(`{ steps: [${steps}, { phrase: [goodbye], by: agent }] }`)).reason.en).toMatch(
      /^Step 3 of 3 is missing\. Not found in the agent's turns/,
    );
    const wrong = '{ phrase: [new one] }, { phrase: [leaks] }';
    expect(await ask(`{ steps: [${wrong}] }`)).toMatchObject({
      verdict: 'fail',
      reason: {
        en: 'Step 2 of 2 does not follow step 1: “leaks” was said before the step that it should follow.',
      },
    });
    expect((await ask(`{ steps: [${wrong}], order: any }`)).verdict).toBe('pass');
  });
});
