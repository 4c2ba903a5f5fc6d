import { type Evidence, type Localised, packResult, type SessionResult, unpackResult } from '../../session/index.ts';
import type { Tables } from './schema.ts';

type ResultRow = Tables['results']['$inferSelect'];

const removed: Localised = { en: 'The words were removed.', zh: '文字内容已删除。' };

/** A stored result without what forgetting takes from it, packed again under the hashes that it now has. */
export function repacked(row: ResultRow, forget: (result: SessionResult) => SessionResult) {
  return packResult(forget(unpackResult(row).result));
}

/** Without what names the recording. That there was one, how long and of what kind stays: verdicts rest on it. */
export function withoutRecording(result: SessionResult): SessionResult {
  const { recording } = result;
  return {
    ...result,
    recording: recording && { ...recording, path: '', sha256: '' },
    source: { path: '', entry: null },
    notices: result.notices.map(({ code, message, hint }) => ({ path: '', code, message, hint })),
  };
}

/**
 * Without any words that were said or written. What stays is named here field by field, and not what goes: text that a later
 * version adds is then forgotten until somebody lets it stay. Verdicts, scores, times, measures and sentiment stay.
 */
export function withoutWords(result: SessionResult): SessionResult {
  const { channel, language, agentId, customerId, team, queue, startedAt, recording, transcript, audio } = result;
  const { scorecard, method, passMark, score, scoreBeforeAutoFail, unclamped, passed, provisional } = result;
  const { autoFails, critical, sections, sentiment, measures, risk, pins } = result;
  return {
    ...{ id: result.id, channel, language, agentId, customerId, team, queue, startedAt, recording, transcript, audio },
    attributes: {},
    turns: result.turns.map(({ n, speaker, startMs, endMs, visibility, auto }) => ({
      ...{ n, speaker, startMs, endMs, visibility, text: '' },
      ...(auto === undefined ? {} : { auto }),
    })),
    source: result.source,
    notices: result.notices.map(({ code }) => ({ path: '', code, message: '', hint: null })),
    ...{ scorecard, method, passMark, score, scoreBeforeAutoFail, unclamped, passed, provisional },
    ...{ autoFails, critical, sections, sentiment, measures },
    items: result.items.map((item) => ({
      ...{ id: item.id, section: item.section, title: item.title, why: item.why, coaching: item.coaching },
      ...{ type: item.type, verdict: item.verdict, earned: item.earned, possible: item.possible, weight: item.weight },
      ...{ cost: item.cost, severity: item.severity, critical: item.critical, autoFail: item.autoFail },
      ...{ needsConfirmation: item.needsConfirmation, manualOnly: item.manualOnly },
      reason: removed,
      evidence: item.evidence.map(withoutQuote),
      nearMisses: item.nearMisses.map(withoutQuote),
      tree: null,
    })),
    risk: {
      ...{ probability: risk.probability, band: risk.band, model: risk.model },
      reasons: risk.reasons.map(({ code, title, item, evidence, share }) => ({
        ...{ code, title, item, share },
        evidence: evidence.map(withoutQuote),
      })),
    },
    pins: {
      ...{ engine: pins.engine, scorecardHash: pins.scorecardHash, sentimentHash: pins.sentimentHash },
      modelHash: pins.modelHash,
      // The hash of few words can be found by trying.
      transcriptHash: '',
    },
  };
}

function withoutQuote({ kind, turn, startMs, endMs, operator, measured, threshold, unit }: Evidence): Evidence {
  return {
    kind,
    turn,
    startMs,
    endMs,
    operator,
    measured,
    threshold,
    unit,
    charStart: null,
    charEnd: null,
    quote: '',
    note: null,
  };
}
