import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuantities } from './quantities.ts';
import { compareQuantity, type QuantityFact } from './quantity-compare.ts';

const read = (text: string) =>
  parseQuantities(text).map((q) => {
    const size = q.low === q.high ? String(q.value) : `${q.low}…${q.high}`;
    return `${q.quote} = ${size} ${q.unit}${q.currency ? ` ${q.currency}` : ''}${q.bound === 'exact' ? '' : ` ${q.bound}`}`;
  });

describe('parseQuantities', () => {
  it.each([
    ['30 days, thirty days and ３０ days', ['30 days = 30 day', 'thirty days = 30 day', '３０ days = 30 day']],
    ['a 30-day return window', ['30-day = 30 day']],
    ['twenty-one days or 24 months', ['twenty-one days = 21 day', '24 months = 24 month']],
    ['nineteen point nine percent', ['nineteen point nine percent = 19.9 percent']],
    ['5 to 7 business days', ['5 to 7 business days = 5…7 businessDay']],
    ['between five and seven working days', ['five and seven working days = 5…7 businessDay']],
    ['5-7 days, 3–5 weeks', ['5-7 days = 5…7 day', '3–5 weeks = 3…5 week']],
    ['within 48 hours', ['48 hours = 48 hour atMost']],
    ['no later than 10 days', ['10 days = 10 day atMost']],
    ['at least two weeks, about 3 months', ['two weeks = 2 week atLeast', '3 months = 3 month about']],
    ['half an hour, an hour and a half', ['half an hour = 0.5 hour', 'an hour and a half = 1.5 hour']],
    ['two and a half years', ['two and a half years = 2.5 year']],
    ['within a week, 8 hours a day', ['a week = 1 week atMost', '8 hours = 8 hour']],
    ['a couple of days, a few days', ['a couple of days = 2 day', 'a few days = null day']],
    [
      '$15, 15 dollars, fifteen bucks',
      ['$15 = 15 money USD', '15 dollars = 15 money USD', 'fifteen bucks = 15 money USD'],
    ],
    ['15% or 15 percent', ['15% = 15 percent', '15 percent = 15 percent']],
    ['from 8 am to 8 p.m.', ['8 am to 8 p.m = 480…1200 clock']],
    ['at 8:30 pm, 20:00', ['8:30 pm = 1230 clock', '20:00 = 1200 clock']],
    ['2 hours to 3 days', ['2 hours = 2 hour', '3 days = 3 day']],
    ['one of our colleagues', ['one = 1 null']],
  ])('reads English: %s', (text, expected) => expect(read(text)).toEqual(expected));

  it.each([
    ['三十天，30天，３０天', ['三十天 = 30 day', '30天 = 30 day', '３０天 = 30 day']],
    ['5到7个工作日', ['5到7个工作日 = 5…7 businessDay']],
    [
      '三至五天，三五天，3、5天，3~5天',
      ['三至五天 = 3…5 day', '三五天 = 3…5 day', '3、5天 = 3…5 day', '3~5天 = 3…5 day'],
    ],
    ['两三百元，三四十天', ['两三百元 = 200…300 money CNY', '三四十天 = 30…40 day']],
    ['两百五十块钱，两百五', ['两百五十块钱 = 250 money CNY', '两百五 = 250 null']],
    [
      '半天，半个月，一个半小时，两天半',
      ['半天 = 0.5 day', '半个月 = 0.5 month', '一个半小时 = 1.5 hour', '两天半 = 2.5 day'],
    ],
    ['几天，十几天，30多天', ['几天 = null day', '十几天 = null day', '30多天 = null day']],
    ['７天以内，不超过30天，至少三个月', ['７天 = 7 day atMost', '30天 = 30 day atMost', '三个月 = 3 month atLeast']],
    ['一周左右', ['一周 = 1 week about']],
    ['百分之五，5%', ['百分之五 = 5 percent', '5% = 5 percent']],
    ['早上8点到晚上8点', ['早上8点到晚上8点 = 480…1200 clock']],
    ['8点到20点，晚上八点半', ['8点到20点 = 480…1200 clock', '晚上八点半 = 1230 clock']],
    ['周一,周三', ['一 = 1 null', '三 = 3 null']],
    ['三点五天', ['三点五天 = 3.5 day']],
    ['5月30日，2026年', ['5 = 5 null', '30 = 30 null', '2026 = 2026 null']],
    ['請在兩年內聯繫', ['兩年 = 2 year atMost']],
    ['15美元', ['15美元 = 15 money USD']],
  ])('reads Chinese: %s', (text, expected) => expect(read(text)).toEqual(expected));

  it('spans the bounding words too, and quotes exactly', () => {
    expect(parseQuantities('Yes, within 48 hours.')).toEqual([
      {
        value: 48,
        low: 48,
        high: 48,
        unit: 'hour',
        currency: null,
        bound: 'atMost',
        halfDay: false,
        start: 12,
        end: 20,
        outer: { start: 5, end: 20 },
        quote: '48 hours',
      },
    ]);
    fc.assert(
      fc.property(
        fc
          .array(
            fc.constantFrom(
              '三',
              '5',
              '十',
              '天',
              '到',
              ' to ',
              'a ',
              'half ',
              ':',
              '点',
              '百',
              '$',
              '%',
              'days',
              '\u0301',
              '😀',
            ),
          )
          .map((p) => p.join('')),
        (text) => {
          let end = 0;
          for (const quantity of parseQuantities(text)) {
            expect(quantity.quote).toBe(text.slice(quantity.start, quantity.end));
            expect(quantity.start >= end && quantity.end > quantity.start).toBe(true);
            end = quantity.end;
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('reads every whole number alike in digits and in Chinese', () => {
    const digits = '零一二三四五六七八九';
    const chinese = (n: number): string => {
      if (n < 10) return digits[n]!;
      if (n < 100) return `${n < 20 ? '' : digits[Math.floor(n / 10)]!}十${n % 10 ? digits[n % 10]! : ''}`;
      const rest = n % 100;
      if (rest === 0) return `${digits[Math.floor(n / 100)]!}百`;
      return `${digits[Math.floor(n / 100)]!}百${rest < 10 ? `零${digits[rest]!}` : `${rest < 20 ? '一' : ''}${chinese(rest)}`}`;
    };
    for (let n = 1; n < 1000; n++) expect([n, parseQuantities(`${chinese(n)}天`)[0]?.value]).toEqual([n, n]);
  });
});

describe('compareQuantity', () => {
  const compare = (said: string, fact: QuantityFact) => compareQuantity(parseQuantities(said)[0]!, fact);
  const days30: QuantityFact = { low: 30, high: 30, unit: 'day' };
  const bank: QuantityFact = { low: 5, high: 7, unit: 'businessDay' };

  it.each([
    ['30 days', 'same'],
    ['within thirty days', 'same'],
    ['a 14 day window', 'different'],
    ['a month', 'incomparable'],
    ['within a month', 'inside'],
    ['4 weeks', 'different'],
    ['720 hours', 'same'],
    ['at least 14 days', 'inside'],
    ['more than 60 days', 'different'],
    ['about 32 days', 'inside'],
    ['20 to 40 days', 'different'],
    ['15 dollars', 'incomparable'],
  ] as const)('30 days against “%s”: %s', (said, expected) => {
    const quantity = parseQuantities(said)[0];
    expect(quantity ? compareQuantity(quantity, days30) : 'incomparable').toBe(expected);
  });

  it.each([
    ['5 to 7 business days', 'same'],
    ['7 business days', 'inside'],
    ['within 7 business days', 'inside'],
    ['10 business days', 'different'],
    ['5 to 7 days', 'inside'],
    ['within a week', 'inside'],
    ['2 weeks', 'different'],
    ['3 days', 'different'],
    ['3到5个工作日', 'different'],
    ['五至七个工作日', 'same'],
  ] as const)('5 to 7 business days against “%s”: %s', (said, expected) => expect(compare(said, bank)).toBe(expected));

  it('converts units, currencies and halves of the day', () => {
    expect(compare('24 months', { low: 2, high: 2, unit: 'year' })).toBe('same');
    expect(compare('2 days', { low: 48, high: 48, unit: 'hour' })).toBe('same');
    expect(compare('15 dollars', { low: 15, high: 15, unit: 'money', currency: 'CNY' })).toBe('incomparable');
    expect(compare('$15', { low: 15, high: 15, unit: 'money', currency: 'USD' })).toBe('same');
    const hours: QuantityFact = { low: 480, high: 1200, unit: 'clock' };
    expect(compare('8 am to 8 pm', hours)).toBe('same');
    expect(compare('早上8点到晚上8点', hours)).toBe('same');
    expect(compare('9 am to 6 pm', hours)).toBe('different');
    expect(compare('8 pm', hours)).toBe('inside');
    expect(compare('10 pm', hours)).toBe('different');
  });
});
