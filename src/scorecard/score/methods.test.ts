import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judgement } from '../evaluate/judge.ts';
import type { CompiledItem, CompiledScorecard, CompiledSection } from '../scorecard.ts';
import { defaultConfidence } from '../evaluate/confidence.ts';
import { assemble } from './result.ts';

interface Given {
  /** Null: not applicable; 'unknown': could not be judged. */
  earned: number | null | 'unknown';
  possible: number;
  weight?: number;
  autoFail?: CompiledItem['autoFail'];
  certain?: boolean;
}

const text = { en: 'x', zh: 'x' };

/** A form of sections `[weight, items]` as it stands after judging. */
function form(
  method: CompiledScorecard['method'],
  sections: readonly [number, readonly Given[]][],
  deductPer: 'form' | 'section' = 'form',
) {
  const judgements = new Map<CompiledSection, Judgement[]>();
  for (const [s, [weight, given]] of sections.entries()) {
    const items = given.map((one, i): CompiledItem => ({
      id: `${s}.${i}`,
      title: text,
      why: null,
      coaching: null,
      type: 'yesno',
      weight: one.weight ?? 1,
      possible: one.possible,
      deduction: { kind: 'once', points: 1 },
      channels: null,
      severity: 'medium',
      critical: 'customer',
      autoFail: one.autoFail ?? 'none',
      manualOnly: false,
      when: null,
      naWhen: null,
      rule: { kind: 'manual' },
    }));
    judgements.set(
      { id: `${s}`, title: text, weight, items },
      given.map((one, i): Judgement => {
        const earned = typeof one.earned === 'number' ? one.earned : null;
        const verdict =
          one.earned === null
            ? 'na'
            : one.earned === 'unknown'
              ? 'unknown'
              : one.earned < one.possible
                ? 'fail'
                : 'pass';
        return {
          item: items[i]!,
          verdict,
          certain: verdict === 'fail' && one.certain !== false,
          reason: text,
          evidence: [],
          nearMisses: [],
          tree: null,
          earned,
          deducted: earned === null ? 0 : one.possible - earned,
        };
      }),
    );
  }
  const scorecard: CompiledScorecard = {
    ref: { id: 'x', version: 1, language: 'en', title: text, hash: 'h' },
    sources: [],
    models: new Map(),
    parts: [],
    path: 'x',
    passMark: 80,
    method,
    deductPer,
    confidence: defaultConfidence,
    sections: [...judgements.keys()],
    appliesTo: () => true,
  };
  return assemble(scorecard, judgements);
}

const worked: [number, Given[]][] = [
  [40, [{ earned: 1, possible: 2 }]],
  [20, [{ earned: 1, possible: 1 }]],
];

describe('the scoring methods', () => {
  it('give the worked example: 66.67 by sections, 60 pooled', () => {
    expect(form('sectionPercent', worked).score).toBeCloseTo(200 / 3, 10);
    expect(form('pooledPoints', worked).score).toBeCloseTo(60, 10);
  });

  it('deduct from 100, keep the unclamped figure, and share a clamped loss over the items', () => {
    const result = form('deductFrom100', [
      [
        1,
        [
          { earned: 0, possible: 80 },
          { earned: 20, possible: 100 },
        ],
      ],
    ]);
    expect(result).toMatchObject({ score: 0, unclamped: -60, passed: false });
    expect(result.items.map((item) => item.cost)).toEqual([50, 50]);
    const perSection = form(
      'deductFrom100',
      [
        [40, [{ earned: 0, possible: 60 }]],
        [60, [{ earned: 0, possible: 15 }]],
      ],
      'section',
    );
    expect(perSection).toMatchObject({ score: 45, unclamped: 25 });
    expect(perSection.sections.map((section) => section.score)).toEqual([0, 75]);
  });

  it('leave out what does not apply and what is unknown; where all is n/a there is no score', () => {
    const some = form('sectionPercent', [
      [
        50,
        [
          { earned: 1, possible: 1 },
          { earned: null, possible: 1 },
        ],
      ],
      [50, [{ earned: 'unknown', possible: 1 }]],
    ]);
    expect(some).toMatchObject({ score: 100, provisional: true, passed: true });
    expect(some.sections[1]!.score).toBeNull();
    expect(some.critical).toEqual([{ class: 'customer', applicable: 2, failed: 0, unknown: 1 }]);
    for (const method of ['sectionPercent', 'pooledPoints', 'deductFrom100'] as const)
      expect(form(method, [[1, [{ earned: null, possible: 1 }]]])).toMatchObject({
        score: null,
        passed: null,
        provisional: false,
        scoreBeforeAutoFail: null,
      });
  });

  it('fail a section or the form, keep the score before, and charge the trigger', () => {
    const section = form('sectionPercent', [
      [
        50,
        [
          { earned: 0, possible: 1, autoFail: 'section' },
          { earned: 1, possible: 1 },
        ],
      ],
      [50, [{ earned: 1, possible: 1 }]],
    ]);
    expect(section).toMatchObject({
      score: 50,
      scoreBeforeAutoFail: 75,
      autoFails: [{ item: '0.0', scope: 'section', confirmed: true }],
    });
    expect(section.sections[0]).toMatchObject({ score: 0, scoreBeforeAutoFail: 50 });
    expect(section.items[0]!.cost).toBe(50);
    const whole = form('sectionPercent', [
      [50, [{ earned: 0, possible: 1, autoFail: 'form' }]],
      [50, [{ earned: 1, possible: 1 }]],
    ]);
    expect(whole).toMatchObject({ score: 0, scoreBeforeAutoFail: 50 });
    expect(whole.items[0]!.cost).toBe(100);
  });

  it('do not apply an auto-fail that a person has to confirm', () => {
    const result = form('sectionPercent', [
      [50, [{ earned: 0, possible: 1, autoFail: 'form', certain: false }]],
      [50, [{ earned: 1, possible: 1 }]],
    ]);
    expect(result).toMatchObject({
      score: 50,
      provisional: true,
      autoFails: [{ item: '0.0', scope: 'form', confirmed: false }],
    });
    expect(result.items[0]!.needsConfirmation).toBe(true);
  });
});

const given: fc.Arbitrary<Given> = fc
  .record({
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    possible: fc.integer({ min: 1, max: 40 }),
    weight: fc.integer({ min: 1, max: 9 }),
    state: fc.constantFrom('scored', 'scored', 'scored', 'na', 'unknown'),
    autoFail: fc.constantFrom<CompiledItem['autoFail']>('none', 'none', 'none', 'section', 'form'),
    certain: fc.boolean(),
  })
  .map(({ share, state, possible, ...rest }) => ({
    ...rest,
    possible,
    earned: state === 'na' ? null : state === 'unknown' ? 'unknown' : share > 0.6 ? possible : share * possible,
  }));
const forms = fc.tuple(
  fc.constantFrom<CompiledScorecard['method']>('sectionPercent', 'pooledPoints', 'deductFrom100'),
  fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.array(given, { minLength: 1, maxLength: 5 })), {
    minLength: 1,
    maxLength: 4,
  }),
  fc.constantFrom<'form' | 'section'>('form', 'section'),
);

describe('laws of scoring', () => {
  it('scores lie between 0 and 100, and what the items cost is what is missing to 100', () => {
    fc.assert(
      fc.property(forms, ([method, sections, per]) => {
        const result = form(method, sections, per);
        for (const score of [result.score, result.scoreBeforeAutoFail, ...result.sections.map((one) => one.score)])
          if (score !== null) expect(score >= 0 && score <= 100).toBe(true);
        const cost = result.items.reduce((sum, item) => sum + item.cost, 0);
        if (result.score !== null) expect(cost).toBeCloseTo(100 - result.score, 6);
        expect(result.score === null).toBe(result.items.every((item) => item.earned === null));
      }),
    );
  });

  it('an item that does not apply changes nothing', () => {
    fc.assert(
      fc.property(forms, fc.nat(3), fc.integer({ min: 1, max: 9 }), ([method, sections, per], at, weight) => {
        const before = form(method, sections, per);
        const target = at % sections.length;
        const more = sections.map(([w, items], s): [number, Given[]] => [
          w,
          s === target ? [...items, { earned: null, possible: 7, weight }] : [...items],
        ]);
        const after = form(method, more, per);
        expect({ ...after, items: after.items.filter((item) => item.verdict !== 'na'), critical: [] }).toEqual({
          ...before,
          items: before.items.filter((item) => item.verdict !== 'na'),
          critical: [],
        });
      }),
    );
  });

  it('a better answer never lowers the score before auto-fails', () => {
    fc.assert(
      fc.property(forms, ([method, sections, per]) => {
        const before = form(method, sections, per).scoreBeforeAutoFail;
        const better = sections.map(([w, items]): [number, Given[]] => [
          w,
          items.map((one) => (typeof one.earned === 'number' ? { ...one, earned: one.possible } : one)),
        ]);
        const after = form(method, better, per).scoreBeforeAutoFail;
        if (before !== null) expect(after! - before).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });
});
