import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, foldText } from './fold.ts';

const pieces = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.constantFrom(
    'ﬁ',
    '½',
    '㎏',
    'ß',
    'İ',
    'ｶﾞ',
    'é',
    'e\u0301',
    '한',
    '\u1112\u1161\u11ab',
    '\u3131\u314f',
    '萬',
    '　',
    '“',
    '—',
  ),
  fc.constantFrom(
    '😀',
    '👩‍🚒',
    '\u200b',
    '\ufeff',
    'Ａ',
    '１',
    '著',
    '𠮷',
    '\ud83d',
    '\udc00',
    'ﷺ',
    'Σ',
    'ς',
    '客 服',
    'ŉ',
    '…',
  ),
);
const texts = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(''));

describe('fold', () => {
  it('brings width, case, quotes, dashes and traditional characters to one form', () => {
    expect(foldText('ＡＢＣ１２３　Ｉ’ｍ “Fine”—Ｏｋ')).toBe('abc123 i\'m "fine"-ok');
    expect(foldText('請問您貴姓？退貨運費由誰承擔，裏面著涼妳')).toBe('请问您贵姓?退货运费由谁承担,里面着凉你');
    expect(foldText('ﬁt Straße ½ İ')).toBe('fit strasse 1⁄2 i̇');
  });

  it('removes characters that hide words', () => {
    expect(foldText('免\u200b费 fr\u00adee \u202eabc')).toBe('免费 free abc');
  });

  it('maps expansions and contractions to the characters they came from', () => {
    const folded = fold('xﬁ y');
    expect(folded.text).toBe('xfi y');
    expect([1, 2].map((i) => folded.span(i, i + 1))).toEqual([
      { start: 1, end: 2 },
      { start: 1, end: 2 },
    ]);
    const composed = fold('cafe\u0301!');
    expect(composed.text).toBe('café!');
    expect(composed.span(3, 4)).toEqual({ start: 3, end: 5 });
    expect(fold('a😀b').span(1, 3)).toEqual({ start: 1, end: 3 });
  });

  it('drops white space between Chinese characters only when asked', () => {
    expect(fold('您 好 VIP 客 户 12 天', { joinCjk: true }).text).toBe('您好 vip 客户 12 天');
    expect(fold('您 好').text).toBe('您 好');
    const joined = fold('您 好', { joinCjk: true });
    expect(joined.span(0, 2)).toEqual({ start: 0, end: 3 });
  });

  it('is stable: folding a folded text changes nothing', () => {
    fc.assert(
      fc.property(texts, (text) => foldText(foldText(text)) === foldText(text)),
      { numRuns: 2000 },
    );
  });

  it('has a monotone map whose spans lie in the original and cover all that was not dropped', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, joinCjk) => {
        const folded = fold(text, { joinCjk });
        expect(folded.starts).toHaveLength(folded.text.length);
        let covered = 0;
        for (let i = 0; i < folded.text.length; i++) {
          const start = folded.starts[i]!;
          const end = folded.ends[i]!;
          expect(start < end && end <= text.length).toBe(true);
          if (i > 0) expect(start >= folded.starts[i - 1]! && end >= folded.ends[i - 1]!).toBe(true);
          // Whatever lies between two mapped spans folds to nothing (or to the white space that was dropped).
          if (start > covered) expect(foldText(text.slice(covered, start)).trim()).toBe('');
          covered = Math.max(covered, end);
        }
        expect(foldText(text.slice(covered)).trim()).toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  it('maps a folded span back to words that fold to that span', () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(), (text, a, b) => {
        const folded = fold(text);
        const n = folded.text.length;
        if (n === 0) return;
        let start = Math.min(a % n, b % n);
        let end = Math.max(a % n, b % n) + 1;
        // Widen to whole clusters: half of an expansion has no original of its own.
        while (start > 0 && folded.starts[start - 1] === folded.starts[start]) start--;
        while (end < n && folded.starts[end] === folded.starts[end - 1]) end++;
        expect(foldText(folded.quote(start, end))).toBe(folded.text.slice(start, end));
      }),
      { numRuns: 2000 },
    );
  });
});
