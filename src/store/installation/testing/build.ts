import { randomUUID } from 'node:crypto';
import {
  type BatchSettings,
  type Evidence,
  type FinishedSession,
  packResult,
  type Problem,
  type Session,
  type SessionResult,
  sessionResultSchema,
} from '../../../session/index.ts';
import type { NewAccount, NewSession, Store } from '../store.ts';

/** Builders of what a store keeps; whole and valid, so that what comes back can be compared as a whole. */

export const settings: BatchSettings = {
  language: null,
  scorecards: [],
  priority: 5,
  agentChannel: 'left',
  recogniser: 'auto',
};

export const account = (more: Partial<NewAccount> = {}): NewAccount => ({
  login: `user-${randomUUID()}`,
  name: '王小明',
  role: 'reviewer',
  teams: ['north'],
  agentId: null,
  mayReadRaw: false,
  language: 'zh',
  passwordHash: '$argon2id$v=19$x',
  external: null,
  ...more,
});

export const problem = (more: Partial<Problem> = {}): Problem => ({
  path: 'calls/a.wav',
  code: 'audio-decode-failed',
  message: 'cannot be decoded',
  hint: null,
  ...more,
});

export const batch = (store: Store, team: string | null = null, title = 'March') =>
  store.batches.create({ title, team, createdBy: 'tester', settings });

const said = '我的卡号是 secret-words，请马上处理';

export function session(more: Partial<Session> = {}): Session {
  return {
    id: 's1',
    channel: 'chat',
    language: 'zh',
    agentId: 'agent-1',
    customerId: 'customer-1',
    team: null,
    queue: 'orders',
    startedAt: '2026-03-02T10:00:00.000Z',
    attributes: { subject: 'secret-words in the subject' },
    recording: null,
    transcript: { origin: 'written', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
    turns: [
      { n: 1, speaker: 'customer', startMs: 0, endMs: 0, text: said, visibility: 'public', author: 'secret-words' },
      { n: 2, speaker: 'agent', startMs: 5_000, endMs: 5_000, text: '您好', visibility: 'public' },
    ],
    ...more,
  };
}

export function waiting(batchId: string, key: string, more: Partial<NewSession> & { about?: Partial<Session> } = {}) {
  const { about, ...rest } = more;
  return {
    key,
    batchId,
    fileId: `file-of-${batchId}`,
    state: 'waiting',
    session: session({ id: `id-${key}`, ...about }),
    source: { path: 'upload/secret-name.json', entry: null },
    notices: [],
    recordingSha256: null,
    channelRoles: null,
    ...rest,
  } satisfies NewSession;
}

const quoted: Evidence = {
  kind: 'words',
  turn: 1,
  startMs: 0,
  endMs: 0,
  charStart: 6,
  charEnd: 18,
  quote: 'secret-words',
  operator: 'phrase',
  measured: null,
  threshold: null,
  unit: null,
  note: { en: 'says secret-words', zh: '说 secret-words' },
};

export interface Verdicts {
  score?: number | null;
  passed?: boolean | null;
  provisional?: boolean;
  autoFails?: number;
  probability?: number;
  band?: 'critical' | 'high' | 'medium' | 'low';
  scorecardId?: string | null;
  items?: FinishedSession['items'];
}

/** The whole result of a session, as the pipeline returns it; the words of its evidence can be looked for. */
export function resultOf({ session, source, notices }: NewSession, verdicts: Verdicts = {}): SessionResult {
  const { score = 80, passed = true, provisional = false, probability = 0.2, band = 'low' } = verdicts;
  const { items = [{ id: 'greeting', verdict: 'pass', cost: 0 }], scorecardId = 'card' } = verdicts;
  const zh = (text: string) => ({ en: text, zh: text });
  const scorecard = { id: scorecardId ?? '', version: 3, language: 'zh', title: zh('Card'), hash: 'c'.repeat(64) };
  return sessionResultSchema.parse({
    ...session,
    source,
    notices,
    scorecard: scorecardId === null ? null : scorecard,
    method: 'pooledPoints',
    passMark: 75,
    score,
    scoreBeforeAutoFail: score,
    unclamped: null,
    passed,
    provisional,
    autoFails: Array.from({ length: verdicts.autoFails ?? 0 }, () => ({ item: 'x', scope: 'form', confirmed: true })),
    critical: [],
    sections: [{ id: 'a', title: zh('A'), weight: 1, score, scoreBeforeAutoFail: score }],
    items: items.map(({ id, verdict, cost }) => ({
      ...{ id, section: 'a', title: zh(id), why: null, coaching: null, type: 'yesno', verdict, cost },
      ...{ earned: null, possible: 1, weight: 1, severity: 'low', critical: null, autoFail: 'none' },
      ...{ needsConfirmation: false, manualOnly: false, reason: zh('“secret-words” was said') },
      ...{ evidence: [quoted], nearMisses: [quoted] },
      tree: {
        ...{ op: 'phrase', truth: 'true', message: zh('found secret-words'), evidence: [quoted] },
        ...{ nearMisses: [], children: [] },
      },
    })),
    sentiment: { model: { id: 'm', version: '1', hash: 'm' }, turns: [], customer: null, agent: null },
    measures: {
      zero: { recordingStart: 0, firstSpeech: null, firstAgentWord: null, firstCustomerWord: 0 },
      ...{ durationMs: 5_000, timesTrusted: true, timesNote: null },
      ...{ turnCount: { agent: 1, customer: 1, all: 2 }, talkMs: null },
      ...{ silences: [], interruptions: [], overlapTrusted: false, responses: [], speechRate: null },
    },
    audio: null,
    risk: {
      ...{ probability, band, model: { id: 'r', version: '1', calibrated: false } },
      reasons: [{ code: 'threat', title: zh('A threat'), item: null, evidence: [quoted], share: 1 }],
    },
    pins: {
      ...{ engine: 'earwitness 1', scorecardHash: 'c'.repeat(64), sentimentHash: 'm', modelHash: null },
      transcriptHash: 't',
    },
  });
}

export function finished(order: NewSession, verdicts: Verdicts = {}): FinishedSession {
  const result = resultOf(order, verdicts);
  const { channel, language, agentId, customerId, team, queue, startedAt, scorecard, score, passed, provisional } =
    result;
  return {
    key: order.key,
    summary: {
      ...{ channel, language, agentId, customerId, team, queue, startedAt, score, passed, provisional },
      durationMs: result.measures.durationMs,
      scorecardId: scorecard?.id ?? null,
      scorecardVersion: scorecard?.version ?? null,
      scorecardHash: scorecard?.hash ?? null,
      autoFails: result.autoFails.length,
      probability: result.risk.probability,
      band: result.risk.band,
      reason: result.risk.reasons[0]?.title ?? null,
    },
    engine: result.pins.engine,
    sentimentHash: result.pins.sentimentHash,
    ...packResult(result),
    items: verdicts.items ?? [{ id: 'greeting', verdict: 'pass', cost: 0 }],
  };
}

export const all = { kind: 'all' } as const;
export const none = { kind: 'none' } as const;
export const teams = (...names: string[]) => ({ kind: 'teams' as const, teams: names });
export const agent = (agentId: string) => ({ kind: 'agent' as const, agentId });
export const unique = (prefix: string) => `${prefix}-${randomUUID().slice(0, 8)}`;
