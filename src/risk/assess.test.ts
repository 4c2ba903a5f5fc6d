import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Evidence, type ItemResult, type Risk, riskSchema, type Verdict } from '../session/index.ts';
import { assessRisk } from './assess.ts';
import { conversation, evidence, item, scorecardOf } from './testing/build.ts';
import { baseRate, bandOf, type ReasonCode, weights } from './weights.ts';

const polite = () =>
  conversation([
    ['agent', 'Thank you for calling, how can I help?', 0.2],
    ['customer', 'I would like to return my kettle.', 0],
    ['agent', 'You have 30 days for that.', 0],
    ['customer', 'Great, thank you.', 0.5],
  ]);
const codes = ({ reasons }: Risk) => reasons.map(({ code }) => code);
const assess = (
  { session, annotations } = polite(),
  items: ItemResult[] | null = [item('greeting'), item('identity', { critical: 'compliance' })],
) => assessRisk({ session, annotations, scorecard: items && scorecardOf(items), notices: [] });

describe('risk', () => {
  it('of a perfect session is the base rate, low, without reasons', () => {
    expect(assess()).toEqual({
      probability: baseRate,
      band: 'low',
      reasons: [],
      model: { id: 'earwitness-risk', version: '1', calibrated: false },
    });
    expect(assess(polite(), null).band).toBe('low');
  });

  it('of an angry customer with a wrong answer is critical, with exact quotes', () => {
    const angry = conversation([
      ['agent', 'You have 14 days to return it.', 0],
      ['customer', 'This is unacceptable, I will call my lawyer!', -0.9],
      ['agent', 'That is not my problem.', -0.8],
      ['customer', 'I want to make a complaint.', -0.8],
    ]);
    angry.annotations.measures.responses.push({ customerTurn: 4, agentTurn: null, waitMs: null });
    const wrong = evidence('answer', '14 days');
    const risk = assess(angry, [
      item('no-wrong-answer', { verdict: 'fail', critical: 'customer', autoFail: 'form', evidence: [wrong] }),
      item('greeting'),
    ]);
    riskSchema.parse(risk);
    expect(risk.band).toBe('critical');
    expect(codes(risk).sort()).toEqual([
      'agent-tone',
      'auto-fail',
      'critical-customer',
      'customer-complaint',
      'customer-threat',
      'failed-items',
      'low-score',
      'negative-end',
      'sentiment-end',
      'sentiment-run',
      'unanswered-end',
      'wrong-answer',
    ]);
    for (const { evidence: proofs } of risk.reasons)
      for (const { turn, charStart, charEnd, quote } of proofs)
        if (turn !== null) expect(angry.session.turns[turn - 1]!.text.slice(charStart!, charEnd!)).toBe(quote);
    const threat = risk.reasons.find(({ code }) => code === 'customer-threat');
    expect(threat?.evidence.map(({ turn, quote, startMs }) => [turn, quote, startMs])).toEqual([
      [2, 'my lawyer', 10_000],
    ]);
  });

  it('of a wrong answer given politely is high; of one critical failure, medium', () => {
    const wrong = item('no-wrong-answer', {
      verdict: 'fail',
      critical: 'customer',
      autoFail: 'form',
      evidence: [evidence('answer')],
    });
    const others = Array.from({ length: 9 }, (_, i) => item(`item-${i}`));
    expect(assess(polite(), [wrong, ...others]).band).toBe('high');
    for (const critical of ['customer', 'compliance', 'business'] as const)
      expect(assess(polite(), [item('identity', { verdict: 'fail', critical }), ...others]).band).toBe('medium');
    expect(assess(polite(), [item('survey', { verdict: 'fail', severity: 'low' }), ...others]).band).toBe('low');
  });

  it.each<[ReasonCode, () => Risk]>([
    ['low-survey', () => assess({ ...polite(), session: { ...polite().session, attributes: { csat: 1 } } })],
    [
      'low-confidence',
      () => {
        const { session, annotations } = polite();
        return assess({ session: { ...session, transcript: { ...session.transcript, confidence: 0.5 } }, annotations });
      },
    ],
    ['not-transcribed', () => assess(conversation([], { channel: 'call' }), null)],
    ['unknown-items', () => assess(polite(), [item('interruptions', { verdict: 'unknown' }), item('greeting')])],
    [
      'long-silence',
      () => {
        const call = polite();
        call.annotations.measures.silences.push({
          startMs: 5000,
          endMs: 35_000,
          previousTurn: 3,
          nextTurn: 4,
          hold: false,
        });
        return assess({ ...call, session: { ...call.session, channel: 'call' } });
      },
    ],
    [
      'long-hold',
      () => {
        const call = polite();
        call.annotations.measures.silences.push({
          startMs: 0,
          endMs: 200_000,
          previousTurn: 3,
          nextTurn: 4,
          hold: true,
        });
        return assess({ ...call, session: { ...call.session, channel: 'call' } });
      },
    ],
    [
      'long-wait',
      () => {
        const chat = polite();
        chat.annotations.measures.responses.push({ customerTurn: 2, agentTurn: 3, waitMs: 600_000 });
        return assess(chat);
      },
    ],
    [
      'sentiment-swing',
      () =>
        assess(
          conversation([
            ['customer', 'Lovely.', 0.8],
            ['customer', 'Oh no.', -0.5],
            ['customer', 'Fine.', 0.6],
          ]),
        ),
    ],
    [
      'sentiment-trend',
      () =>
        assess(
          conversation([
            ['customer', 'Hi.', 0.3],
            ['customer', 'Hm.', -0.1],
            ['customer', 'Bad.', -0.6],
          ]),
        ),
    ],
  ])('names %s as a reason, in both languages', (code, make) => {
    const risk = make();
    const reason = risk.reasons.find((candidate) => candidate.code === code);
    expect(reason?.title.en).toMatch(/[a-z]/);
    expect(reason?.title.zh).toMatch(/\p{Script=Han}/u);
    expect(risk.probability).toBeGreaterThan(baseRate);
  });

  it('counts initial ring tone, announced music and quiet before the end as no dead air', () => {
    const call = polite();
    call.annotations.measures.silences.push(
      { startMs: 0, endMs: 60_000, previousTurn: null, nextTurn: 1, hold: false },
      { startMs: 90_000, endMs: 130_000, previousTurn: 4, nextTurn: null, hold: false },
      { startMs: 70_000, endMs: 100_000, previousTurn: 2, nextTurn: 3, hold: true },
    );
    expect(codes(assess({ ...call, session: { ...call.session, channel: 'call' } }))).toEqual([]);
  });

  it('says that an unclear result needs a person, but not loudly', () => {
    const unknown = Array.from({ length: 6 }, (_, i) => item(`item-${i}`, { verdict: 'unknown' }));
    expect(assess(polite(), [...unknown, item('greeting')]).band).toBe('low');
  });

  it('has bands that meet', () => {
    expect([0, 0.199, 0.2, 0.499, 0.5, 0.749, 0.75, 1].map(bandOf)).toEqual([
      'low', 'low', 'medium', 'medium', 'high', 'high', 'critical', 'critical',
    ]); // prettier-ignore
    expect(Math.min(...Object.values(weights))).toBeGreaterThan(0);
  });
});

describe('laws', () => {
  const items: fc.Arbitrary<Partial<ItemResult>[]> = fc.array(
    fc.record({
      verdict: fc.constantFrom<Verdict>('pass', 'fail', 'unknown', 'na'),
      weight: fc.integer({ min: 1, max: 5 }),
      severity: fc.constantFrom<ItemResult['severity']>('low', 'medium', 'high'),
      critical: fc.constantFrom<ItemResult['critical']>(null, 'customer', 'business', 'compliance'),
      autoFail: fc.constantFrom<ItemResult['autoFail']>('none', 'none', 'section', 'form'),
      needsConfirmation: fc.boolean(),
      evidence: fc.constantFrom<Evidence[]>([], [evidence('answer')], [evidence('phrase')]),
    }),
    { minLength: 1, maxLength: 14 },
  );
  const build = (parts: Partial<ItemResult>[]) => parts.map((part, i) => item(`item-${i}`, part));

  it('a further failure never lowers the risk, whatever the item was before', () => {
    fc.assert(
      fc.property(items, fc.nat(), (parts, index) => {
        const before = build(parts);
        const at = index % before.length;
        const after = before.map((one, i) => (i === at ? { ...one, verdict: 'fail' as const } : one));
        expect(assess(polite(), after).probability).toBeGreaterThanOrEqual(
          assess(polite(), before).probability - 1e-12,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('shares add to 1, fall, and belong to a probability between the base rate and 1', () => {
    fc.assert(
      fc.property(items, (parts) => {
        const risk = assess(polite(), build(parts));
        const shares = risk.reasons.map(({ share }) => share);
        expect(risk.probability).toBeGreaterThanOrEqual(baseRate);
        expect(risk.probability).toBeLessThan(1);
        expect(shares).toEqual([...shares].sort((a, b) => b - a));
        if (shares.length > 0) expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }),
    );
  });
});
