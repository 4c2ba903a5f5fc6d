import type { BatchResult, CriticalClass, ErrorCode, Evidence, Problem, SessionResult } from '../../session/index.ts';
import { answer } from './answers.ts';
import {
  agentRows,
  channelRows,
  conversationMeasures,
  isHighRisk,
  languageRows,
  minimumToRank,
  passRateOf,
  queueRows,
  scoresOf,
  teamRows,
} from './groups.ts';
import { itemRows } from './items.ts';
import { meanWithInterval, rateWithInterval } from './statistics.ts';
import type {
  Coverage,
  CriticalAccuracy,
  Headline,
  HighRiskSession,
  ProblemGroup,
  ReportModel,
  ScorecardUse,
} from './types.ts';

/**
 * Every figure of a report, computed from the batch alone: no clock, no files, no rounding. What each figure means is
 * docs/reference/report.md.
 */
export function buildReportModel(batch: BatchResult): ReportModel {
  const { sessions } = batch;
  const headline = headlineOf(batch);
  const items = itemRows(sessions);
  const agents = agentRows(sessions);
  return {
    title: batch.title,
    engine: batch.engine,
    generatedAt: batch.generatedAt,
    inputs: batch.inputs,
    period: periodOf(sessions),
    headline,
    answers: answer(headline, items, agents),
    highRisk: highRiskOf(sessions),
    items,
    minimumToRank,
    agents,
    teams: teamRows(sessions),
    queues: queueRows(sessions),
    channels: channelRows(sessions),
    languages: languageRows(sessions),
    measures: conversationMeasures(sessions),
    recogniser: batch.recogniser,
    scorecards: batch.scorecards.map((scorecard) => scorecardUse(scorecard, sessions)),
  };
}

function headlineOf(batch: BatchResult): Headline {
  const { sessions } = batch;
  const autoFailed = sessions.filter((session) => session.autoFails.length > 0);
  const marks = new Set(
    sessions.flatMap(({ passMark, score }) => (score === null || passMark === null ? [] : [passMark])),
  );
  const before = sessions.flatMap(({ scoreBeforeAutoFail, score }) => scoreBeforeAutoFail ?? score ?? []);
  return {
    score: meanWithInterval(scoresOf(sessions)),
    scoreBeforeAutoFail: meanWithInterval(before),
    passRate: passRateOf(sessions),
    passMark: marks.size === 1 ? [...marks][0]! : null,
    autoFailed: autoFailed.length,
    autoFailsUnconfirmed: autoFailed.filter(({ autoFails }) => autoFails.every((each) => !each.confirmed)).length,
    critical: (['customer', 'business', 'compliance'] as const).map((each) => criticalAccuracy(each, sessions)),
    bands: {
      critical: countBand(sessions, 'critical'),
      high: countBand(sessions, 'high'),
      medium: countBand(sessions, 'medium'),
      low: countBand(sessions, 'low'),
    },
    coverage: coverageOf(batch),
  };
}

function countBand(sessions: readonly SessionResult[], band: SessionResult['risk']['band']): number {
  return sessions.filter((session) => session.risk.band === band).length;
}

function criticalAccuracy(critical: CriticalClass, sessions: readonly SessionResult[]): CriticalAccuracy {
  let passed = 0;
  let failed = 0;
  let unknown = 0;
  const affected = new Set<string>();
  for (const session of sessions) {
    for (const item of session.items) {
      if (item.critical !== critical) continue;
      if (item.verdict === 'pass') passed++;
      if (item.verdict === 'unknown') unknown++;
      if (item.verdict === 'fail') {
        failed++;
        affected.add(session.id);
      }
    }
  }
  const judged = passed + failed;
  const accuracy = rateWithInterval(passed, judged);
  return { class: critical, judged, failed, unknown, sessions: affected.size, accuracy };
}

function coverageOf({ sessions, failures }: BatchResult): Coverage {
  const scored = sessions.filter((session) => session.score !== null);
  return {
    found: sessions.length + failures.length,
    inspected: sessions.length,
    scored: scored.length,
    unscored: sessions.length - scored.length,
    provisional: sessions.filter((session) => session.provisional).length,
    failed: failures.length,
    failures: groupProblems(failures),
    notices: groupProblems(sessions.flatMap((session) => session.notices)),
  };
}

/** Most frequent first; equal counts in order of first appearance. */
function groupProblems(problems: readonly Problem[]): ProblemGroup[] {
  const groups = new Map<ErrorCode, Problem[]>();
  for (const problem of problems) {
    const group = groups.get(problem.code);
    if (group) group.push(problem);
    else groups.set(problem.code, [problem]);
  }
  return [...groups]
    .map(([code, members]) => ({ code, n: members.length, problems: members }))
    .sort((a, b) => b.n - a.n);
}

function highRiskOf(sessions: readonly SessionResult[]): HighRiskSession[] {
  return sessions
    .filter(isHighRisk)
    .sort((a, b) => b.risk.probability - a.risk.probability)
    .map((session) => ({
      id: session.id,
      channel: session.channel,
      agentId: session.agentId,
      queue: session.queue,
      source: session.source,
      band: session.risk.band,
      probability: session.risk.probability,
      score: session.score,
      autoFailed: session.autoFails.length > 0,
      reasons: [...session.risk.reasons]
        .sort((a, b) => b.share - a.share)
        .map(({ code, title, item, share, evidence }) => ({ code, title, item, share, evidence: strongest(evidence) })),
    }));
}

/** Words prove more than a measure; among equals the first. */
function strongest(evidence: readonly Evidence[]): Evidence | null {
  return evidence.find((each) => each.quote !== '') ?? evidence[0] ?? null;
}

function periodOf(sessions: readonly SessionResult[]): { from: string; to: string } | null {
  let from: string | null = null;
  let to: string | null = null;
  for (const { startedAt } of sessions) {
    if (startedAt === null || Number.isNaN(Date.parse(startedAt))) continue;
    if (from === null || Date.parse(startedAt) < Date.parse(from)) from = startedAt;
    if (to === null || Date.parse(startedAt) > Date.parse(to)) to = startedAt;
  }
  return from === null || to === null ? null : { from, to };
}

function scorecardUse(scorecard: BatchResult['scorecards'][number], sessions: readonly SessionResult[]): ScorecardUse {
  return {
    ...scorecard,
    shortHash: scorecard.hash.slice(0, 12),
    sessions: sessions.filter((session) => session.scorecard?.hash === scorecard.hash).length,
  };
}
