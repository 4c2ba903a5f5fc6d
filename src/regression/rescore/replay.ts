import { engine, inspectSession, type Judges, transcriptHash } from '../../pipeline/index.ts';
import type { CompiledScorecard } from '../../scorecard/index.ts';
import type {
  Evidence,
  PinCheck,
  PinnedFiles,
  ReadArtefact,
  Replay,
  SessionResult,
  StoredResult,
} from '../../session/index.ts';
import { inputOf } from '../input.ts';
import { type RestoredCard, restoreCardOf } from './cards.ts';
import { compareResults } from './difference.ts';

export interface ReplayTools {
  artefact: ReadArtefact;
  /** The annotator that a pin names, or the nearest to it that there is; the check names the difference. */
  annotatorFor(pinned: PinnedFiles | null, hash: string): Promise<Judges['annotator']>;
}

/**
 * Judges a stored result again from what it pins and holds every value against the stored one. Scorecards are made once for
 * as long as the replayer lives.
 */
export function createReplayer(tools: ReplayTools): (stored: StoredResult) => Promise<Replay> {
  const cards = new Map<string, ReturnType<typeof restoreCardOf>>();
  const restored = (stored: StoredResult) => {
    const key = stored.result.scorecard?.hash ?? '';
    const known = cards.get(key) ?? restoreCardOf(stored, tools.artefact);
    cards.set(key, known);
    return known;
  };
  return async (stored) => {
    const { result } = stored;
    const pinnedCard = result.scorecard;
    const base = {
      id: result.id,
      judgedAt: stored.judgedAt,
      scorecard: pinnedCard && { id: pinnedCard.id, version: pinnedCard.version, hash: pinnedCard.hash },
    };
    const impossible = (pins: PinCheck[], reason: Replay['reason']): Replay => ({
      ...base,
      status: 'impossible',
      reason,
      pins,
      compared: null,
      differences: [],
      differing: 0,
    });
    const bundle = await restored(stored);
    const annotator = await tools.annotatorFor(stored.sentiment, result.pins.sentimentHash);
    const pins = checkPins(stored, bundle, annotator);
    if (bundle && bundle.card === null) return impossible(pins, bundle.reason);
    const replayed = inspectSession(inputOf(result), {
      scorecards: bundle?.card ? [asJudge(bundle.card)] : [],
      annotator,
    });
    const { values, storedHash, replayedHash, differences, differing } = compareResults(result, replayed);
    const whole = pins.every(({ state }) => state === 'same' || state === 'kept');
    return {
      ...base,
      status: whole && differing === 0 ? 'identical' : 'differs',
      reason: null,
      pins,
      compared: { ...partsOf(result), values, storedHash, replayedHash },
      differences,
      differing,
    };
  };
}

/** Judges whatever it is given: that the scorecard applied is part of the stored result, not of the question. */
function asJudge(card: CompiledScorecard): CompiledScorecard {
  return { ...card, appliesTo: () => true };
}

function checkPins(
  { result, damaged }: StoredResult,
  bundle: RestoredCard | null,
  annotator: Judges['annotator'],
): PinCheck[] {
  const { pins, scorecard, sentiment, transcript } = result;
  const check = (part: PinCheck['part'], name: string, stored: string | null, now: string | null): PinCheck => ({
    part,
    name,
    state: now === null ? 'missing' : stored === now ? 'same' : 'differs',
    stored,
    now,
  });
  const { recogniser } = transcript;
  return [
    check('engine', 'earwitness', pins.engine, engine),
    ...damaged.map((part): PinCheck => ({ part, name: result.id, state: 'damaged', stored: null, now: null })),
    check('transcript', result.id, pins.transcriptHash, transcriptHash(inputOf(result).session)),
    ...(recogniser
      ? [
          {
            part: 'recogniser',
            name: `${recogniser.name} ${recogniser.version}`,
            state: 'kept',
            stored: pins.modelHash,
            now: null,
          } as const,
        ]
      : []),
    ...(pins.judge
      ? [{ part: 'judge', name: pins.judge.model, state: 'kept', stored: pins.judge.hash, now: null } as const]
      : []),
    ...(bundle && scorecard
      ? [
          check(
            'scorecard',
            `${scorecard.id} v${scorecard.version}`,
            pins.scorecardHash,
            bundle.card?.ref.hash ?? null,
          ),
          ...bundle.files,
        ]
      : []),
    check('sentiment', `${sentiment.model.id} ${sentiment.model.version}`, pins.sentimentHash, annotator.model.hash),
  ];
}

function partsOf({ items, sections, risk }: SessionResult) {
  const quotes = (list: readonly Evidence[]) => list.filter(({ quote }) => quote !== '').length;
  return {
    items: items.length,
    quotes: items.reduce((sum, item) => sum + quotes(item.evidence) + quotes(item.nearMisses), 0),
    sections: sections.length,
    reasons: risk.reasons.length,
  };
}
