import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { sessionOf } from '../testing/session.ts';

const english = sessionOf([
  ['agent', 0, 4, 'I am afraid a refund is, um, just impossible here.'],
  ['customer', 5, 6, 'Impossible? So no refund.'],
  ['agent', 7, 9, 'A refund of the whole price of that order is impossible.'],
]);
const chinese = sessionOf(
  [
    ['agent', 0, 4, '退款目前不支援的'],
    ['customer', 5, 6, '不支持退款吗'],
    ['agent', 7, 9, '退款这件事情我们这边不支持'],
  ],
  { language: 'zh' },
);
/** The session as if only its n-th turn had been said. */
const only = (session: typeof english, n: number) =>
  sessionOf([['agent', 0, 4, session.turns[n - 1]!.text]], { language: session.language });
const ask = (session: typeof english, condition: string, key = 'expect') => judge(`${key}: ${condition}`, session);
const quotes = async (session: typeof english, condition: string) =>
  (await ask(session, condition)).evidence.map((one) => one.quote);

describe('near', () => {
  it('finds terms close to one another in either order, and leaves hesitations out of the count', async () => {
    expect(await quotes(english, '{ near: { terms: [[refund], [impossible]], maxGap: 2 } }')).toEqual([
      'refund is, um, just impossible',
      'Impossible? So no refund',
    ]);
    expect(await quotes(chinese, '{ near: { terms: [退款, 不支持], maxGap: 2 } }')).toEqual(['不支持退款']);
    expect(await quotes(chinese, '{ near: { terms: [退款, [不支持, 不支援]], maxGap: 2 } }')).toEqual([
      '退款目前不支援',
      '不支持退款',
    ]);
  });

  it('keeps to an order where told to', async () => {
    const terms = 'terms: [refund, impossible], ordered: true';
    expect(await quotes(english, `{ near: { ${terms} } }`)).toEqual(['refund is, um, just impossible']);
    const item = await ask(only(english, 2), `{ near: { ${terms} } }`);
    expect(item.verdict).toBe('fail');
    expect(item.nearMisses).toMatchObject([
      { quote: 'Impossible? So no refund', note: { en: 'in another order than asked for', zh: '顺序与要求不符' } },
    ]);
  });

  it('says how far apart the words were', async () => {
    const item = await ask(only(english, 3), '{ near: { terms: [refund, impossible] } }');
    expect(item.nearMisses).toMatchObject([
      {
        turn: 1,
        quote: 'refund of the whole price of that order is impossible',
        measured: 8,
        threshold: 3,
        unit: 'word',
        note: { en: '8 words apart, at most 3', zh: '相隔 8 个词，最多 3 个' },
      },
    ]);
    expect(item.reason.en).toContain('8 words apart, at most 3');
    const zh = await ask(only(chinese, 3), '{ near: { terms: [退款, 不支持] } }');
    expect(zh.nearMisses).toMatchObject([
      { measured: 8, unit: 'character', note: { en: '8 characters apart, at most 3', zh: '相隔 8 个字，最多 3 个' } },
    ]);
    expect(zh.reason.zh).toContain('相隔 8 个字');
  });

  it('does not count what stands inside a phrase of notIn', async () => {
    const condition = '{ near: { terms: [refund, impossible], notIn: [no refund] } }';
    const item = await ask(only(english, 2), condition);
    expect(item.verdict).toBe('fail');
    expect(item.nearMisses[0]!.note!.en).toBe('without “refund” beside it');
    expect((await ask(only(english, 2), condition, 'forbid')).verdict).toBe('pass');
  });

  it('takes three terms, lexicons, and the words of two turns as one text', async () => {
    const top = 'lexicons: { pay: [refund, money back] }';
    const three = '{ near: { terms: [[afraid], $pay, [impossible]] } }';
    expect((await judge(`expect: ${three}`, english, undefined, top)).evidence[0]!.quote).toBe(
      'afraid a refund is, um, just impossible',
    );
    const split = sessionOf([
      ['agent', 0, 1, 'about the refund'],
      ['agent', 1, 2, 'impossible, sorry'],
    ]);
    expect((await ask(split, '{ near: { terms: [refund, impossible] } }')).verdict).toBe('fail');
    expect((await ask(split, '{ near: { terms: [refund, impossible] }, unit: joined }')).verdict).toBe('pass');
  });

  it('finds what a plain search finds', async () => {
    const word = fc.constantFrom('a', 'b', 'c', 'x', 'y');
    // A word said twice in a row is a stammer and takes no room.
    const talk = fc.array(word, { maxLength: 10 }).map((words) => words.filter((one, at) => one !== words[at - 1]));
    await fc.assert(
      fc.asyncProperty(talk, fc.nat(3), fc.boolean(), async (words, maxGap, ordered) => {
        const session = sessionOf([['agent', 0, 1, words.join(' ')]]);
        const item = await ask(session, `{ near: { terms: [a, b, c], maxGap: ${maxGap}, ordered: ${ordered} } }`);
        const places = words.flatMap((one, at) => ('abc'.includes(one) ? [at] : []));
        const holds = places.some((i) =>
          places.some((j) =>
            places.some((k) => {
              if (!(i < j && j < k) || j - i - 1 > maxGap || k - j - 1 > maxGap) return false;
              const said = words[i]! + words[j]! + words[k]!;
              return ordered ? said === 'abc' : [...said].sort().join('') === 'abc';
            }),
          ),
        );
        expect(item.verdict).toBe(holds ? 'pass' : 'fail');
      }),
      { numRuns: 60 },
    );
  });
});
