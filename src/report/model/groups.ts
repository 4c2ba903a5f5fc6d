import { type Localised, type SessionResult, primaryLanguage } from '../../session/index.ts';
import { channelNames, words } from '../words.ts';
import { topFailures } from './items.ts';
import { meanWithInterval, quantile, rateWithInterval, sum } from './statistics.ts';
import type { AgentRow, ConversationMeasures, GroupRow } from './types.ts';

/** Below this many scored sessions an agent is shown but not ranked. */
export const minimumToRank = 5;

/** Scores of the sessions that have one. */
export function scoresOf(sessions: readonly SessionResult[]): number[] {
  return sessions.flatMap((session) => (session.score === null ? [] : [session.score]));
}

/** Passed of those that can pass at all. */
export function passRateOf(sessions: readonly SessionResult[]) {
  const judged = sessions.filter((session) => session.passed !== null);
  return rateWithInterval(judged.filter((session) => session.passed).length, judged.length);
}

export function isHighRisk(session: SessionResult): boolean {
  return session.risk.band === 'critical' || session.risk.band === 'high';
}

/**
 * Agents to help first on top: those with enough sessions by rising mean, then the rest by name, unranked. Sessions
 * that name no agent come last.
 */
export function agentRows(sessions: readonly SessionResult[]): AgentRow[] {
  const rows = groupRows(sessions, (session) => session.agentId, asIs);
  const canRank = (row: GroupRow) => row.key !== null && (row.score?.n ?? 0) >= minimumToRank;
  const ranked = rows.filter(canRank).sort((a, b) => a.score!.mean - b.score!.mean);
  const rest = rows.filter((row) => !canRank(row));
  return [...ranked.map((row, index) => ({ ...row, rank: index + 1 })), ...rest.map((row) => ({ ...row, rank: null }))];
}

export const teamRows = (sessions: readonly SessionResult[]) => groupRows(sessions, (session) => session.team, asIs);
export const queueRows = (sessions: readonly SessionResult[]) => groupRows(sessions, (session) => session.queue, asIs);

export const channelRows = (sessions: readonly SessionResult[]) =>
  groupRows(
    sessions,
    (session) => session.channel,
    (key) => channelNames[key as SessionResult['channel']],
  );

export const languageRows = (sessions: readonly SessionResult[]) =>
  groupRows(sessions, (session) => primaryLanguage(session.language), languageName);

const asIs = (key: string): Localised => ({ en: key, zh: key });

/** `zh` → { en: 'Chinese', zh: '中文' }. */
export function languageName(tag: string): Localised {
  const name = (language: string) => new Intl.DisplayNames(language, { type: 'language' }).of(tag) ?? tag;
  return { en: name('en'), zh: name('zh-Hans') };
}

function groupRows(
  sessions: readonly SessionResult[],
  keyOf: (session: SessionResult) => string | null,
  label: (key: string) => Localised,
): GroupRow[] {
  const groups = new Map<string | null, SessionResult[]>();
  for (const session of sessions) {
    const key = keyOf(session);
    const group = groups.get(key);
    if (group) group.push(session);
    else groups.set(key, [session]);
  }
  return [...groups]
    .sort(([a], [b]) => compareKeys(a, b))
    .map(([key, members]) => ({
      key,
      label: key === null ? words.notStated : label(key),
      sessions: members.length,
      score: meanWithInterval(scoresOf(members)),
      passRate: passRateOf(members),
      autoFailed: members.filter((session) => session.autoFails.length > 0).length,
      highRisk: members.filter(isHighRisk).length,
      topFailures: topFailures(members),
    }));
}

function compareKeys(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Silence, waits, talk-over and customer sentiment, one row per channel that occurs. */
export function conversationMeasures(sessions: readonly SessionResult[]): ConversationMeasures[] {
  return (['call', 'chat', 'ticket'] as const).flatMap((channel) => {
    const members = sessions.filter((session) => session.channel === channel);
    return members.length === 0 ? [] : [measuresOf(channel, members)];
  });
}

function measuresOf(channel: SessionResult['channel'], members: readonly SessionResult[]): ConversationMeasures {
  const timed = members.filter(({ measures }) => measures.timesTrusted && (measures.durationMs ?? 0) > 0);
  const apart = timed.filter(({ measures }) => measures.overlapTrusted);
  const waits = members.flatMap(({ measures }) => measures.responses);
  const waitTimes = waits.flatMap((wait) => (wait.waitMs === null ? [] : [wait.waitMs]));
  const moods = members.flatMap(({ sentiment }) => (sentiment.customer ? [sentiment.customer] : []));
  const spoken = channel === 'call';
  return {
    channel,
    sessions: members.length,
    silenceShare: spoken ? average(timed.map(silenceShare)) : null,
    agentInterruptions: spoken
      ? average(apart.map(({ measures }) => measures.interruptions.filter((each) => each.by === 'agent').length))
      : null,
    responseP50Ms: spoken ? null : quantile(waitTimes, 0.5),
    responseP90Ms: spoken ? null : quantile(waitTimes, 0.9),
    responses: spoken ? 0 : waitTimes.length,
    unanswered: spoken ? 0 : waits.filter((wait) => wait.agentTurn === null).length,
    customerSentiment: average(moods.map((mood) => mood.mean)),
    customerEnd: average(moods.map((mood) => mood.end)),
  };
}

function silenceShare({ measures }: SessionResult): number {
  return sum(measures.silences.map((gap) => gap.endMs - gap.startMs)) / measures.durationMs!;
}

function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}
