import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from './pattern.ts';
import { compilePhrases, hesitations, isSearchable } from './phrases.ts';
import { tokenise } from './tokens.ts';
import type { PhraseSpec, SoundMode } from './types.ts';

const quotes = (phrase: string | PhraseSpec, text: string) =>
  compilePhrases([typeof phrase === 'string' ? { text: phrase } : phrase])
    .find(text)
    .map((hit) => hit.quote);

describe('compilePhrases', () => {
  it('gives offsets into the original', () => {
    const text = '“Good  Morning”，您貴姓？';
    expect(compilePhrases([{ text: 'good morning' }, { text: '您贵姓' }]).find(text)).toEqual([
      { phrase: 0, start: 1, end: 14, quote: 'Good  Morning', substitutions: [] },
      { phrase: 1, start: 16, end: 19, quote: '您貴姓', substitutions: [] },
    ]);
  });

  it('matches whole words of Latin scripts and any characters of Chinese', () => {
    expect(quotes('hi', 'this is high')).toEqual([]);
    expect(quotes('hi', 'Hi, there')).toEqual(['Hi']);
    expect(quotes('退货', '我要退货了')).toEqual(['退货']);
    expect(quotes('vip', '尊敬的VIP客户')).toEqual(['VIP']);
  });

  it('tolerates punctuation, white space and hesitations between words', () => {
    expect(quotes('thank you for calling', 'Thank you -- um, you know, for,\n calling!')).toEqual([
      'Thank you -- um, you know, for,\n calling',
    ]);
    expect(quotes('请您稍等', '请您 呃，那个 稍、等')).toEqual(['请您 呃，那个 稍、等']);
    expect(quotes('i understand', 'I I understand')).toEqual(['I understand']);
    expect(quotes('may i have', 'may may i i i have')).toEqual(['may i i i have']);
    expect(quotes('thank you', 'thank the you')).toEqual([]);
  });

  it('still finds phrases that hold hesitation words themselves', () => {
    expect(quotes('嗯好的', '嗯呃好的')).toEqual(['嗯呃好的']);
    expect(quotes('那个', '嗯那个')).toEqual(['那个']);
  });

  it('treats contractions and number spellings as equal', () => {
    expect(quotes('i am sorry', "I'm sorry")).toEqual(["I'm sorry"]);
    expect(quotes("don't worry", 'do not worry')).toEqual(['do not worry']);
    expect(quotes('30 days', 'thirty days, 30-days, 130 days')).toEqual(['thirty days', '30-days']);
    expect(quotes('30天', '三十天或３０天，一百三十天')).toEqual(['三十天', '３０天']);
  });

  it('takes * for one word or up to four Chinese characters', () => {
    expect(quotes('may i have your * name', 'May I have your full name?')).toEqual(['May I have your full name']);
    expect(quotes('may i have your * name', 'may i have your first and last name')).toEqual([]);
    expect(quotes('我是*为您服务', '我是小王为您服务')).toEqual(['我是小王为您服务']);
    expect(quotes('我是*为您服务', '我是客服一二三四号小王为您服务')).toEqual([]);
  });

  it('takes maxGap other words between words, never inside a Chinese word', () => {
    expect(quotes({ text: 'return within', maxGap: 2 }, 'return the item within 30 days')).toEqual([
      'return the item within',
    ]);
    expect(quotes({ text: 'return within', maxGap: 1 }, 'return the item within')).toEqual([]);
    expect(quotes({ text: '核对身份', maxGap: 4 }, '核对一下您的身份')).toEqual(['核对一下您的身份']);
    expect(quotes({ text: '身份', maxGap: 3 }, '身体的份量')).toEqual([]);
    expect(quotes({ text: '上门', maxGap: 3 }, '晚上去买门票')).toEqual([]);
  });

  it('takes the tightest match and never overlaps hits of one phrase', () => {
    expect(quotes({ text: 'a b', maxGap: 3 }, 'a a x b b')).toEqual(['a x b']);
    expect(quotes('哈哈', '哈哈哈哈哈')).toEqual(['哈哈', '哈哈']);
  });

  it('hears homophones and says what it heard', () => {
    const find = (spec: PhraseSpec, text: string) => compilePhrases([spec]).find(text);
    expect(find({ text: '工号', sound: 'homophone' }, '我的公号是1008')).toEqual([
      {
        phrase: 0,
        start: 2,
        end: 4,
        quote: '公号',
        substitutions: [{ start: 2, end: 3, heard: '公', expected: '工' }],
      },
    ]);
    expect(find({ text: '工号', sound: 'homophone' }, '我的工号')[0]!.substitutions).toEqual([]);
    expect(quotes('工号', '我的公号')).toEqual([]);
    // 共 has the fourth tone.
    expect(quotes({ text: '工号', sound: 'homophone' }, '共号')).toEqual([]);
    expect(quotes({ text: '工号', sound: 'homophone', ignoreTones: true }, '共号')).toEqual(['共号']);
    expect(quotes({ text: '是', sound: 'homophone' }, '事')).toEqual([]);
  });

  it('hears near words of recognised speech, within bounds', () => {
    const near = (text: string): PhraseSpec => ({ text, sound: 'near' });
    expect(quotes(near('verify your account'), 'verify your acount')).toEqual(['verify your acount']);
    expect(quotes(near('confirm your address'), 'conform your address')).toEqual(['conform your address']);
    expect(quotes(near('date of birth'), 'data of birth')).toEqual(['data of birth']);
    expect(quotes(near('can you'), 'car you')).toEqual([]);
    expect(quotes(near('how may i help'), 'how may i held')).toEqual([]);
    expect(quotes(near('account number'), 'amount member')).toEqual([]);
    expect(quotes(near('核实身份'), '核四身份')).toEqual(['核四身份']);
    expect(quotes(near('十天内退货'), '四天内退货')).toEqual([]);
    expect(quotes(near('请稍等一下'), '请稍等以下')).toEqual(['请稍等以下']);
  });

  it('never matches what holds no word', () => {
    expect(['', '*', ' ?! ', '* *'].map(isSearchable)).toEqual([false, false, false, false]);
    expect(isSearchable('嗯')).toBe(true);
    expect(
      compilePhrases([{ text: '*' }, { text: 'ok' }])
        .find('okay * ok')
        .map((hit) => hit.phrase),
    ).toEqual([1, 1]);
  });

  it('quotes exactly, for any text', () => {
    const matcher = compilePhrases([
      { text: 'e' },
      { text: '* a', maxGap: 2 },
      { text: '一' },
      { text: '工号', sound: 'near' },
    ]);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        for (const hit of matcher.find(text)) {
          expect(hit.quote).toBe(text.slice(hit.start, hit.end));
          expect(hit.quote).not.toBe('');
        }
      }),
    );
  });
});

/** The same semantics, written plainly: try every start, every way to read on, keep the tightest, then the earliest. */
function naive(phrases: readonly PhraseSpec[], text: string): string[] {
  const tokens = tokenise(text);
  const { skips } = hesitations(tokens);
  return phrases.flatMap((spec, index) => {
    const pattern = compilePattern(spec);
    if (!pattern) return [];
    const ends = (element: number, at: number, gapLeft: number, first: boolean): number[] => {
      if (element === pattern.elements.length) return [at];
      const found: number[] = [];
      const wanted = pattern.elements[element]!;
      const token = tokens[at];
      const nextGap = pattern.gaps[element + 1] ?? 0;
      if (token && (wanted.any ? token.kind !== 'character' : token.key === wanted.key))
        found.push(...ends(element + 1, at + 1, nextGap, false));
      if (token?.kind === 'character' && wanted.any)
        for (let n = 1; n <= 4 && tokens[at + n - 1]?.kind === 'character'; n++)
          found.push(...ends(element + 1, at + n, nextGap, false));
      if (!first) {
        for (const to of skips[at] ?? []) found.push(...ends(element, to, gapLeft, false));
        if (token && gapLeft > 0) found.push(...ends(element, at + 1, gapLeft - 1, false));
      }
      return found;
    };
    const spans = tokens.flatMap((_, from) => ends(0, from, 0, true).map((to) => ({ from, to })));
    const tight = spans.filter(
      (span) => !spans.some((o) => o.from >= span.from && o.to <= span.to && o.to - o.from < span.to - span.from),
    );
    const kept: string[] = [];
    let end = 0;
    for (const span of tight.sort((a, b) => a.to - b.to)) {
      if (span.from < end) continue;
      end = span.to;
      kept.push(`${index}:${tokens[span.from]!.start}-${tokens[span.to - 1]!.end}`);
    }
    return kept;
  });
}

describe('the automaton', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'um', '退', '货', '嗯', '那', '个', '三', '3', '*', 'you', 'know', ',');
  const phrase = fc.record({
    text: fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' ')),
    maxGap: fc.constantFrom(0, 0, 1, 2),
  });

  it('finds exactly what a naive search finds', () => {
    fc.assert(
      fc.property(
        fc.array(phrase, { minLength: 1, maxLength: 6 }),
        fc.array(word, { maxLength: 14 }).map((words) => words.join(' ')),
        (phrases, text) => {
          const found = compilePhrases(phrases)
            .find(text)
            .map((hit) => `${hit.phrase}:${hit.start}-${hit.end}`);
          expect(found.sort()).toEqual(naive(phrases, text).sort());
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('the quick look before the search', () => {
  const word = fc.constantFrom(
    ...['I’m', "can't", 'cant', 'am', 'not', 'THIRTY', 'one', '30', '1,000', 'hundred', 'and', 'a', 'per', 'cent', '%'],
    ...['e', 'mail', 'email', 'Okay', 'ok', 'refund', 'refunds', 'refound', 'um', 'you', 'know', 'x1', 'Anna’s', "'"],
    ...[
      '工',
      '公',
      '号',
      '好',
      '行',
      '银',
      '重',
      '一',
      '不',
      '百',
      '分',
      '之',
      '三',
      '十',
      '嗯',
      '那',
      '个',
      '國',
      '国',
      '，',
    ],
  );
  const text = (maxLength: number) =>
    fc
      .array(fc.tuple(word, fc.constantFrom(' ', '', ', ', '。', '-')), { minLength: 1, maxLength })
      .map((parts) => parts.flat().join(''));
  const phrase = fc.record({
    text: text(4),
    maxGap: fc.constantFrom(0, 0, 1),
    sound: fc.constantFrom<SoundMode>('exact', 'near', 'homophone'),
    ignoreTones: fc.boolean(),
  });

  it('never changes what is found: a far-away character that it does not know makes no difference', () => {
    fc.assert(
      fc.property(fc.array(phrase, { minLength: 1, maxLength: 5 }), text(12), (phrases, given) => {
        const matcher = compilePhrases(phrases);
        expect(matcher.find(given)).toEqual(matcher.find(`${given} ǆ`));
      }),
      { numRuns: 3000 },
    );
  });
});
