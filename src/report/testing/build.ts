import { createHash } from 'node:crypto';
import {
  type AudioFacts,
  type Evidence,
  type ItemResult,
  type Localised,
  type Measures,
  type Problem,
  type Risk,
  type SentimentSummary,
  type SessionResult,
  type Speaker,
  type TranscriptInfo,
  gapsBetween,
  intersectSpans,
  mergeSpans,
  overlapMs,
} from '../../session/index.ts';
import { catalogue, sections } from './catalogue.ts';

/** speaker, start s, end s, text, sentiment (absent: not scored). */
export type TurnSpec = [Speaker, number, number, string, number?];

/** turn, quoted words (empty: the turn as a whole), note, and measured/threshold in ms. */
export interface ProofSpec {
  turn: number;
  quote?: string;
  kind?: Evidence['kind'];
  note?: Localised;
  measured?: [number, number];
  atMs?: number;
}

export interface VerdictSpec {
  verdict: ItemResult['verdict'];
  reason?: Localised;
  evidence?: ProofSpec[];
  near?: ProofSpec[];
}

export interface RiskSpec {
  probability: number;
  band: Risk['band'];
  reasons: { code: string; title: Localised; item?: string; share: number; proof?: ProofSpec }[];
}

export interface SessionSpec {
  id: string;
  channel: SessionResult['channel'];
  language: string;
  agentId: string | null;
  team?: string;
  queue: string | null;
  startedAt: string | null;
  turns: TurnSpec[];
  verdicts: Record<string, VerdictSpec | 'na' | 'unknown'>;
  risk: RiskSpec;
  recording?: Partial<NonNullable<SessionResult['recording']>> & { path: string };
  mono?: boolean;
  hold?: [number, number];
  notices?: Problem[];
  unconfirmed?: boolean;
  internal?: number[];
  auto?: number[];
  noScorecard?: boolean;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const roles = ['agent', 'customer'] as const;

export const scorecardRefs = {
  en: {
    id: 'service-en',
    version: 3,
    language: 'en',
    title: { en: 'Service quality', zh: '服务质量（英文）' },
    hash: sha256('en'),
  },
  zh: {
    id: 'service-zh',
    version: 2,
    language: 'zh',
    title: { en: 'Service quality (Chinese)', zh: '服务质量' },
    hash: sha256('zh'),
  },
};

/** A whole, consistent session result from a short description: scores by sectionPercent, evidence from real offsets. */
export function buildSession(spec: SessionSpec): SessionResult {
  const turns = spec.turns.map(([speaker, start, end, text], index): SessionResult['turns'][number] => ({
    n: index + 1,
    speaker,
    startMs: Math.round(start * 1000),
    endMs: Math.round(end * 1000),
    text,
    visibility: spec.internal?.includes(index + 1) ? 'internal' : 'public',
    ...(spec.auto?.includes(index + 1) ? { auto: true } : {}),
  }));
  const items = spec.noScorecard ? [] : buildItems(spec, turns);
  const score = scoreItems(items);
  const autoFails = items
    .filter((item) => item.verdict === 'fail' && item.autoFail !== 'none')
    .map((item) => ({ item: item.id, scope: 'form' as const, confirmed: !spec.unconfirmed }));
  const total = autoFails.length > 0 && score.total !== null ? 0 : score.total;
  const reference = spec.noScorecard ? null : spec.language.startsWith('zh') ? scorecardRefs.zh : scorecardRefs.en;
  const audio = spec.recording ? audioFacts(spec, turns) : null;
  return {
    id: spec.id,
    channel: spec.channel,
    language: spec.language,
    agentId: spec.agentId,
    customerId: null,
    team: spec.team ?? null,
    queue: spec.queue,
    startedAt: spec.startedAt,
    attributes: {},
    recording: recordingOf(spec, turns),
    transcript: transcriptOf(spec),
    turns,
    source: { path: spec.recording?.path ?? `inbox/${spec.channel}s.jsonl`, entry: spec.recording ? null : spec.id },
    scorecard: reference,
    method: reference && 'sectionPercent',
    passMark: reference && 80,
    score: total,
    scoreBeforeAutoFail: score.total,
    unclamped: null,
    passed: total === null ? null : total >= 80,
    provisional: items.some((item) => item.verdict === 'unknown'),
    autoFails,
    critical: criticalOf(items),
    sections: score.sections,
    items,
    sentiment: sentimentOf(spec),
    measures: measuresOf(spec, turns),
    audio,
    risk: riskOf(spec, turns),
    notices: spec.notices ?? [],
    pins: {
      engine: 'earwitness 0.1.0',
      scorecardHash: reference && reference.hash,
      sentimentHash: sha256('sentiment'),
      modelHash: spec.recording ? sha256('model') : null,
      transcriptHash: sha256(JSON.stringify(turns)),
    },
  };
}

function transcriptOf(spec: SessionSpec): TranscriptInfo {
  if (!spec.recording) return { origin: 'written', recogniser: null, confidence: null, wordTimes: false, caveats: [] };
  return {
    origin: 'recognised',
    recogniser: {
      id: 'sherpa',
      name: 'SenseVoice int8',
      version: '1.13.8',
      modelHash: sha256('model'),
      licence: 'Apache-2.0',
    },
    confidence: 0.91,
    wordTimes: true,
    caveats: [],
  };
}

function recordingOf(spec: SessionSpec, turns: SessionResult['turns']): SessionResult['recording'] {
  if (!spec.recording) return null;
  return {
    sha256: sha256(spec.recording.path),
    durationMs: (turns.at(-1)?.endMs ?? 0) + 800,
    container: 'wav',
    codec: 'pcm_s16le',
    sampleRate: 8000,
    channels: spec.mono ? 1 : 2,
    roles: spec.mono ? ['mixed'] : ['agent', 'customer'],
    ...spec.recording,
  };
}

function proofOf(spec: ProofSpec, turns: SessionResult['turns'], operator: string): Evidence {
  const turn = turns[spec.turn - 1]!;
  const charStart = spec.quote ? turn.text.indexOf(spec.quote) : -1;
  if (spec.quote && charStart < 0) throw new Error(`“${spec.quote}” is not in turn ${spec.turn}`);
  const length = turn.text.length || 1;
  const duration = turn.endMs! - turn.startMs!;
  const at = (offset: number) => turn.startMs! + Math.round((duration * offset) / length);
  return {
    kind: spec.kind ?? (spec.quote ? 'words' : 'measure'),
    turn: spec.turn,
    startMs: spec.atMs ?? (charStart < 0 ? turn.startMs : at(charStart)),
    endMs: charStart < 0 ? turn.endMs : at(charStart + spec.quote!.length),
    charStart: charStart < 0 ? null : charStart,
    charEnd: charStart < 0 ? null : charStart + spec.quote!.length,
    quote: spec.quote ?? '',
    operator,
    measured: spec.measured?.[0] ?? null,
    threshold: spec.measured?.[1] ?? null,
    unit: spec.measured ? 'ms' : null,
    note: spec.note ?? null,
  };
}

const plainReasons: Record<ItemResult['verdict'], Localised> = {
  pass: { en: 'Holds throughout the session.', zh: '全程符合要求。' },
  fail: { en: 'Does not hold.', zh: '不符合要求。' },
  unknown: { en: 'Cannot be judged from a mono recording.', zh: '单声道录音无法判定。' },
  na: { en: 'No occasion arose in this session.', zh: '本会话未出现相应情形。' },
};

function buildItems(spec: SessionSpec, turns: SessionResult['turns']): ItemResult[] {
  const items = catalogue
    .filter((entry) => entry.channels.includes(spec.channel))
    .map((entry): ItemResult => {
      const given = spec.verdicts[entry.id] ?? 'pass';
      const detail: VerdictSpec = typeof given === 'string' ? { verdict: given } : given;
      const { verdict } = detail;
      const reason = detail.reason ?? plainReasons[verdict];
      const evidence = (detail.evidence ?? []).map((proof) => proofOf(proof, turns, 'phrase'));
      const nearMisses = (detail.near ?? []).map((proof) => proofOf(proof, turns, 'phrase'));
      const truth = verdict === 'pass' ? 'true' : verdict === 'fail' ? 'false' : 'unknown';
      return {
        ...entry,
        why: null,
        type: 'yesno',
        verdict,
        reason,
        evidence,
        nearMisses,
        tree: { op: 'all', truth, message: reason, evidence, nearMisses, children: [leaf(truth, evidence)] },
        earned: verdict === 'pass' ? 1 : verdict === 'fail' ? 0 : null,
        possible: 1,
        cost: 0,
        severity: 'medium',
        needsConfirmation: Boolean(spec.unconfirmed) && entry.autoFail !== 'none' && verdict === 'fail',
        manualOnly: false,
      };
    });
  for (const item of items) item.cost = costOf(item, items);
  return items.map(({ channels: _, ...item }: ItemResult & { channels?: unknown }) => item);
}

function leaf(truth: 'true' | 'false' | 'unknown', evidence: Evidence[]): NonNullable<ItemResult['tree']> {
  const message: Localised = { en: 'phrase: any of 14 phrases, by agent', zh: '短语：14 条话术之一，坐席所说' };
  return { op: 'phrase', truth, message, evidence, nearMisses: [], children: [] };
}

const judged = (items: readonly ItemResult[]) =>
  items.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail');
const total = (items: readonly { weight: number }[]) => items.reduce((sum, item) => sum + item.weight, 0);

function scoreItems(items: readonly ItemResult[]) {
  const scored = sections
    .filter(({ id }) => items.some((item) => item.section === id))
    .map((section) => {
      const own = judged(items).filter((item) => item.section === section.id);
      const score = own.length === 0 ? null : (100 * total(own.filter((item) => item.verdict === 'pass'))) / total(own);
      return { ...section, score, scoreBeforeAutoFail: score };
    });
  const applicable = scored.filter((section) => section.score !== null);
  const weighted = applicable.reduce((sum, section) => sum + section.weight * section.score!, 0);
  return { sections: scored, total: applicable.length === 0 ? null : weighted / total(applicable) };
}

function costOf(item: ItemResult, items: readonly ItemResult[]): number {
  if (item.verdict !== 'fail') return 0;
  const own = judged(items).filter((each) => each.section === item.section);
  const live = sections.filter(({ id }) => judged(items).some((each) => each.section === id));
  const weight = sections.find(({ id }) => id === item.section)!.weight;
  return (100 * (weight / total(live)) * item.weight) / total(own);
}

function criticalOf(items: readonly ItemResult[]): SessionResult['critical'] {
  return (['customer', 'business', 'compliance'] as const).map((name) => {
    const own = items.filter((item) => item.critical === name && item.verdict !== 'na');
    const count = (verdict: string) => own.filter((item) => item.verdict === verdict).length;
    return { class: name, applicable: own.length, failed: count('fail'), unknown: count('unknown') };
  });
}

function sentimentOf(spec: SessionSpec): SessionResult['sentiment'] {
  const turns = spec.turns.flatMap(([speaker, , , text, score], index) =>
    score === undefined ? [] : [{ turn: index + 1, speaker, score, confidence: text.length < 8 ? 0.2 : 0.8 }],
  );
  const summary = (speaker: Speaker): SentimentSummary | null => {
    const own = turns.filter((turn) => turn.speaker === speaker);
    if (own.length === 0) return null;
    const scores = own.map((turn) => turn.score);
    const last = scores.slice(-3);
    const min = Math.min(...scores);
    return {
      turns: own.length,
      mean: scores.reduce((a, b) => a + b, 0) / scores.length,
      min,
      minTurn: own[scores.indexOf(min)]!.turn,
      end: last.reduce((a, b) => a + b, 0) / last.length,
      trend: scores.at(-1)! - scores[0]!,
      swing: Math.max(...scores) - min,
      negativeRun: scores.filter((score) => score < -0.25).length,
    };
  };
  const model = { id: 'polarity', version: '1', hash: sha256('sentiment') };
  return { model, turns, customer: summary('customer'), agent: summary('agent') };
}

const spansOf = (turns: SessionResult['turns'], speaker: Speaker) =>
  mergeSpans(
    turns
      .filter((turn) => turn.speaker === speaker)
      .map(({ startMs, endMs }) => ({ startMs: startMs!, endMs: endMs! })),
  );

function measuresOf(spec: SessionSpec, turns: SessionResult['turns']): Measures {
  const durationMs = turns.at(-1)?.endMs ?? null;
  const call = spec.channel === 'call';
  const hold = spec.hold?.map((second) => second * 1000);
  const gaps = gapsBetween(
    [...mergeSpans(turns.map((turn) => ({ startMs: turn.startMs!, endMs: turn.endMs! })))],
    0,
    durationMs ?? 0,
  );
  const talk = (speaker: Speaker) => spansOf(turns, speaker).reduce((sum, span) => sum + span.endMs - span.startMs, 0);
  const count = (speaker: Speaker) => turns.filter((turn) => turn.speaker === speaker).length;
  return {
    zero: { recordingStart: 0, firstSpeech: turns[0]?.startMs ?? null, firstAgentWord: null, firstCustomerWord: null },
    durationMs,
    timesTrusted: true,
    timesNote: null,
    turnCount: { agent: count('agent'), customer: count('customer'), all: turns.length },
    talkMs: call ? { agent: talk('agent'), customer: talk('customer') } : null,
    silences: call
      ? gaps
          .filter((gap) => gap.endMs - gap.startMs >= 1000)
          .map((gap) => ({
            ...gap,
            previousTurn: turns.findLast((turn) => turn.endMs! <= gap.startMs)?.n ?? null,
            nextTurn: turns.find((turn) => turn.startMs! >= gap.endMs)?.n ?? null,
            hold: hold !== undefined && gap.startMs < hold[1]! && gap.endMs > hold[0]!,
          }))
      : [],
    interruptions: call && !spec.mono ? interruptionsOf(turns) : [],
    overlapTrusted: call && !spec.mono,
    responses: call ? [] : responsesOf(turns),
    speechRate: null,
  };
}

function interruptionsOf(turns: SessionResult['turns']): Measures['interruptions'] {
  return turns.flatMap((turn, index) => {
    const over = turns[index - 1];
    if (!over || over.speaker === turn.speaker) return [];
    const spans = {
      a: { startMs: over.startMs!, endMs: over.endMs! },
      b: { startMs: turn.startMs!, endMs: turn.endMs! },
    };
    if (overlapMs(spans.a, spans.b) < 200 || (turn.speaker !== 'agent' && turn.speaker !== 'customer')) return [];
    const words = turn.text.split(/\s+/).length;
    const shared = { by: turn.speaker, turn: turn.n, overTurn: over.n, characters: turn.text.length, words };
    return [{ startMs: spans.b.startMs, endMs: Math.min(spans.a.endMs, spans.b.endMs), ...shared }];
  });
}

function responsesOf(turns: SessionResult['turns']): Measures['responses'] {
  return turns.flatMap((turn, index) => {
    if (turn.speaker !== 'customer' || turns[index - 1]?.speaker === 'customer') return [];
    const reply = turns
      .slice(index)
      .find((each) => each.speaker === 'agent' && !each.auto && each.visibility === 'public');
    const waitMs = reply ? reply.startMs! - turn.startMs! : null;
    return [{ customerTurn: turn.n, agentTurn: reply?.n ?? null, waitMs }];
  });
}

function audioFacts(spec: SessionSpec, turns: SessionResult['turns']): AudioFacts {
  const durationMs = recordingOf(spec, turns)!.durationMs;
  const speech = roles.map((role) => spansOf(turns, role));
  const channels = spec.mono
    ? [channelOf('mixed', mergeSpans(speech.flat()), durationMs)]
    : roles.map((role, index) => channelOf(role, speech[index]!, durationMs));
  return {
    durationMs,
    identicalChannels: false,
    channels,
    silences: gapsBetween(mergeSpans(speech.flat()), 0, durationMs)
      .filter((gap) => gap.endMs - gap.startMs >= 1000)
      .map((gap) => ({
        ...gap,
        hold: spec.hold !== undefined && gap.startMs < spec.hold[1] * 1000 && gap.endMs > spec.hold[0] * 1000,
      })),
    overlaps: spec.mono ? [] : intersectSpans(speech[0]!, speech[1]!),
    overlapTrusted: !spec.mono,
    vad: { name: 'silero', version: '6' },
  };
}

/** Peaks that look like speech: loud inside the spans with syllable-like dips, a low floor elsewhere. */
function channelOf(
  role: 'agent' | 'customer' | 'mixed',
  speech: { startMs: number; endMs: number }[],
  durationMs: number,
) {
  const slices = 800;
  let seed = durationMs + role.length;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const peaks = Array.from({ length: slices }, (_, index) => {
    const at = (index * durationMs) / slices;
    const inside = speech.some((span) => span.startMs <= at && at < span.endMs);
    return inside ? 0.18 + 0.6 * random() * (0.6 + 0.4 * Math.sin(index / 2.3)) : 0.01 + 0.02 * random();
  });
  return { role, speech, speechDb: -21.5, noiseDb: -58, clipped: 0, peaks };
}

function riskOf(spec: SessionSpec, turns: SessionResult['turns']): Risk {
  return {
    probability: spec.risk.probability,
    band: spec.risk.band,
    reasons: spec.risk.reasons.map(({ code, title, item, share, proof }) => ({
      code,
      title,
      item: item ?? null,
      share,
      evidence: proof ? [proofOf(proof, turns, code)] : [],
    })),
    model: { id: 'documented-weights', version: '1', calibrated: false },
  };
}
