import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchResultSchema } from '../../session/index.ts';
import { sampleBatch } from '../testing/sample-batch.ts';
import { buildReportModel } from './model.ts';

const batch = sampleBatch();
const model = buildReportModel(batch);
const near = (value: number) => expect.closeTo(value, 4) as number;

describe('buildReportModel', () => {
  it('is computed from a batch that the shared vocabulary accepts', () => {
    expect(batchResultSchema.parse(batch)).toEqual(batch);
  });

  it('computes the headline', () => {
    const { coverage, ...headline } = model.headline;
    // Scores: 0 0 71.667 85×4 100×7 (auto-fails 55 and 85 before), one session without a scorecard.
    expect(headline).toEqual({
      score: { mean: near(79.4048), halfWidth: near(20.1063), low: near(59.2985), high: near(99.5111), n: 14 },
      scoreBeforeAutoFail: {
        mean: near(89.4048),
        halfWidth: near(7.8142),
        low: near(81.5905),
        high: near(97.219),
        n: 14,
      },
      passRate: { count: 11, n: 14, rate: near(0.7857), low: near(0.5241), high: near(0.9243) },
      passMark: 80,
      autoFailed: 2,
      autoFailsUnconfirmed: 1,
      critical: [
        {
          class: 'customer',
          judged: 14,
          failed: 2,
          unknown: 0,
          sessions: 2,
          accuracy: { count: 12, n: 14, rate: near(0.8571), low: near(0.6006), high: near(0.9599) },
        },
        {
          class: 'business',
          judged: 1,
          failed: 1,
          unknown: 0,
          sessions: 1,
          accuracy: { count: 0, n: 1, rate: 0, low: 0, high: near(0.7935) },
        },
        {
          class: 'compliance',
          judged: 19,
          failed: 3,
          unknown: 0,
          sessions: 3,
          accuracy: { count: 16, n: 19, rate: near(0.8421), low: near(0.6243), high: near(0.9448) },
        },
      ],
      bands: { critical: 1, high: 3, medium: 3, low: 8 },
    });
    expect({
      ...coverage,
      failures: coverage.failures.map(({ code, n }) => [code, n]),
      notices: coverage.notices.map(({ code, n }) => [code, n]),
    }).toEqual({
      found: 17,
      inspected: 15,
      scored: 14,
      unscored: 1,
      provisional: 1,
      failed: 2,
      failures: [
        ['audio-no-samples', 1],
        ['json-invalid', 1],
      ],
      notices: [
        ['audio-mono', 1],
        ['scorecard-missing', 1],
      ],
    });
  });

  it('orders items by what they cost, auto-fails included', () => {
    const [first] = model.items;
    // 2 × 10 points by weight; auto-fails took the remaining 55 and 85 points of those sessions.
    expect(first).toEqual({
      id: 'no-wrong-answer',
      title: { en: 'No wrong answer', zh: '无错误答复' },
      section: 'accuracy',
      sectionTitle: { en: 'Right answers', zh: '业务准确' },
      coaching: { en: 'Read the period from the knowledge base before naming it.', zh: '涉及时限先查知识库再答复。' },
      why: null,
      critical: 'customer',
      autoFail: 'form',
      passed: 12,
      failed: 2,
      unknown: 0,
      na: 0,
      applicable: 14,
      failRate: { count: 2, n: 14, rate: near(0.1429), low: near(0.0401), high: near(0.3994) },
      cost: near(160),
      autoFailCost: near(140),
      costPerSession: near(160 / 14),
      costShare: near(160 / 288.3333),
      cumulativeShare: near(160 / 288.3333),
    });
    expect(model.items.slice(0, 6).map(({ id, cost, failed, unknown, na }) => [id, cost, failed, unknown, na])).toEqual(
      [
        ['no-wrong-answer', near(160), 2, 0, 0],
        ['identity-within-10s', near(30), 3, 0, 0],
        ['first-reply-30s', near(30), 2, 0, 0],
        ['no-dead-air', near(15), 1, 0, 0],
        ['no-hedged-answer', near(10), 2, 0, 9],
        ['first-reply-4h', near(7.5), 1, 0, 0],
      ],
    );
    expect(model.items.find((item) => item.id === 'hold-announced')).toMatchObject({
      passed: 1,
      failed: 0,
      unknown: 1,
      na: 3,
      failRate: { n: 1 },
    });
  });

  it('accounts for every lost point', () => {
    const lost = batch.sessions.reduce((total, { score }) => total + (score === null ? 0 : 100 - score), 0);
    expect(model.items.reduce((total, item) => total + item.cost, 0)).toBeCloseTo(lost, 6);
    expect(model.items.at(-1)!.cumulativeShare).toBeCloseTo(1, 9);
  });

  it('ranks agents with enough sessions, lowest first, and no others', () => {
    expect(
      model.agents.map(({ key, rank, sessions, score, highRisk, autoFailed }) => [
        key,
        rank,
        sessions,
        score?.mean ?? null,
        highRisk,
        autoFailed,
      ]),
    ).toEqual([
      ['Agent 17', 1, 6, near(78.3333), 1, 1],
      ['坐席 08', 2, 6, near(80.8333), 2, 1],
      ['Agent 23', null, 2, near(78.3333), 1, 0],
      [null, null, 1, null, 0, 0],
    ]);
    expect(model.agents[0]!.topFailures.map(({ id, failed, judged, cost }) => [id, failed, judged, cost])).toEqual([
      ['no-wrong-answer', 1, 6, near(65)],
      ['first-reply-30s', 1, 3, near(15)],
      ['identity-within-10s', 1, 2, near(10)],
    ]);
  });

  it('groups by queue, channel and language', () => {
    const rows = (groups: typeof model.queues) =>
      groups.map(({ label, sessions, passRate }) => [label.zh, sessions, passRate?.count ?? null]);
    expect(rows(model.channels)).toEqual([
      ['电话', 5, 3],
      ['在线', 8, 7],
      ['工单', 2, 1],
    ]);
    expect(rows(model.languages)).toEqual([
      ['英语', 8, 6],
      ['法语', 1, null],
      ['中文', 6, 5],
    ]);
    expect(rows(model.queues).at(-1)).toEqual(['未注明', 1, null]);
    expect(rows(model.teams)).toEqual([
      ['North', 8, 6],
      ['华东', 6, 5],
      ['未注明', 1, null],
    ]);
  });

  it('lists high-risk sessions by probability with reasons by share and their words', () => {
    expect(model.highRisk.map(({ id, probability }) => [id, probability])).toEqual([
      ['A-1042', 0.93],
      ['D-402', 0.71],
      ['C-2001', 0.64],
      ['A-1044', 0.52],
    ]);
    expect(model.highRisk[0]!.reasons.map(({ share, evidence }) => [share, evidence?.quote])).toEqual([
      [0.41, 'within 14 days of delivery'],
      [0.31, 'I will call my lawyer'],
      [0.19, 'Nobody ever helps me at your company'],
      [0.09, 'May I have your full name'],
    ]);
  });

  it('measures conversations per channel', () => {
    expect(model.measures).toEqual([
      {
        channel: 'call',
        sessions: 5,
        silenceShare: near(0.1209),
        agentInterruptions: 0.75,
        responseP50Ms: null,
        responseP90Ms: null,
        responses: 0,
        unanswered: 0,
        customerSentiment: near(-0.1297),
        customerEnd: near(-0.136),
      },
      expect.objectContaining({
        channel: 'chat',
        responseP50Ms: 19_000,
        responseP90Ms: 48_500,
        responses: 16,
        unanswered: 0,
      }),
      expect.objectContaining({ channel: 'ticket', responseP50Ms: 22_200_000, responses: 1, unanswered: 2 }),
    ]);
  });

  it('says which scorecards judged how many sessions', () => {
    expect(model.scorecards.map(({ id, version, shortHash, sessions }) => [id, version, shortHash, sessions])).toEqual([
      ['service-en', 3, batch.scorecards[0]!.hash.slice(0, 12), 8],
      ['service-zh', 2, batch.scorecards[1]!.hash.slice(0, 12), 6],
    ]);
    expect(model.period).toEqual({ from: '2025-11-17T16:20:00+01:00', to: '2025-11-18T13:40:00+01:00' });
  });

  it('answers the four questions in both languages', () => {
    expect(model.answers).toEqual({
      good: {
        en: '11 of 14 sessions pass (pass mark 80); 2 auto-failed. Mean score 79.4 ±20.1.',
        zh: '14 个会话中 11 个合格（合格线 80 分），其中 2 个一票否决。平均分 79.4 ±20.1。',
      },
      where: {
        en: 'No wrong answer (−11.4 points per session, fails 2/14); Confirms identity within 10 seconds (−2.1 points per session, fails 3/5); First human reply within 30 s (−2.1 points per session, fails 2/8).',
        zh: '无错误答复（每会话 −11.4 分，不合格 2/14）；10 秒内确认客户身份（每会话 −2.1 分，不合格 3/5）；30 秒内首次响应（每会话 −2.1 分，不合格 2/8）。',
      },
      whom: {
        en: 'None of the 2 ranked agents lies clearly below the mean of all.',
        zh: '参与排名的 2 名坐席中，没有明显低于总体平均的。',
      },
      change: {
        en: 'Read the period from the knowledge base before naming it. The three costliest items carry 76 % of all points lost.',
        zh: '涉及时限先查知识库再答复。失分最多的 3 项占全部失分的 76 %。',
      },
    });
  });

  it('names an agent only when the whole interval lies below the mean of all', () => {
    const scores: [string, number[]][] = [
      ['low', [50, 52, 51, 49, 50]],
      ['high', [95, 96, 94, 97, 95]],
    ];
    const template = batch.sessions.find((session) => session.id === 'A-1043')!;
    const sessions = scores.flatMap(([agentId, values]) =>
      values.map((score, index) => ({ ...template, id: `${agentId}${index}`, agentId, score })),
    );
    expect(buildReportModel({ ...batch, sessions }).answers.whom).toEqual({
      en: 'low: 50.4 ±1.4 (n 5).',
      zh: 'low：50.4 ±1.4（n 5）。',
    });
  });

  it('says so when nothing could be scored', () => {
    const empty = buildReportModel({ ...batch, sessions: [], recogniser: null });
    expect(empty.headline).toMatchObject({
      score: null,
      passRate: null,
      passMark: null,
      coverage: { found: 2, inspected: 0 },
    });
    expect(empty.answers.good).toEqual({
      en: 'Nothing could be scored: 0 sessions inspected, 2 failed.',
      zh: '没有可评分的会话：已质检 0 个，失败 2 个。',
    });
    expect([empty.items, empty.agents, empty.highRisk, empty.period]).toEqual([[], [], [], null]);
  });

  it('does not depend on the order of sessions', () => {
    const figures = (sessions: typeof batch.sessions) => {
      const { headline, agents, highRisk } = buildReportModel({ ...batch, sessions });
      return JSON.stringify([
        headline.passRate,
        headline.critical,
        headline.bands,
        agents.map((a) => [a.key, a.rank]),
        highRisk.map((r) => r.id),
      ]);
    };
    fc.assert(
      fc.property(fc.shuffledSubarray(batch.sessions, { minLength: batch.sessions.length }), (sessions) => {
        expect(figures(sessions)).toBe(figures(batch.sessions));
      }),
      { numRuns: 30 },
    );
  });
});
