import { type Annotator, createAnnotator } from '../../annotate/index.ts';
import { inspectSession } from '../../pipeline/index.ts';
import { type CompiledScorecard, loadScorecard } from '../../scorecard/index.ts';
import type { ItemResult } from '../../session/index.ts';
import { finish } from '../../worker/index.ts';
import { redactResult } from '../http/redact.ts';
import type { CardTexts, JudgeRequest, LiveAlert, LiveJudgement, LiveVerdict } from './protocol.ts';

/** Judges running contacts by what was said so far; keeps scorecards and models loaded. Runs in the child. */
export function turnJudge(annotator: Annotator = createAnnotator()) {
  const cards = new Map<string, CompiledScorecard>();

  return async ({ ordered, cards: wanted, fresh, raised }: Omit<JudgeRequest, 'id'>): Promise<LiveJudgement> => {
    for (const card of fresh) cards.set(card.hash, await compile(card));
    const scorecards = wanted.map((hash) => cards.get(hash)).filter((card) => card !== undefined);
    const { key, session, source, notices } = ordered;
    const result = inspectSession(
      { session, audio: null, source, notices, unfinished: true },
      { scorecards, annotator },
    );
    const shown = redactResult(result);
    const known = new Set(raised.map(({ item }) => item));
    const alerts = [
      ...raised,
      ...shown.items
        .filter(({ id, verdict }) => verdict === 'fail' && !known.has(id))
        .map((item) => alertOf(item, session.turns.length)),
    ];
    return {
      scorecard: result.scorecard && { id: result.scorecard.id, version: result.scorecard.version },
      verdicts: shown.items.map(verdictOf),
      alerts,
      // A store keeps a result whole; what this one has beside the rest goes with it when the final one replaces it.
      finished: finish(key, Object.assign(result, { alerts })),
    };
  };
}

async function compile({ path, texts }: CardTexts): Promise<CompiledScorecard> {
  return loadScorecard(path, {
    read: (name) => {
      const text = texts.get(name);
      if (text !== undefined) return Promise.resolve(text);
      return Promise.reject(
        Object.assign(new Error(`${name} is not among the scorecard's files.`), { code: 'ENOENT' }),
      );
    },
  });
}

function alertOf(item: ItemResult, turn: number): LiveAlert {
  const { id, title, reason, severity, critical, needsConfirmation, evidence } = item;
  return { item: id, title, reason, severity, critical, needsConfirmation, turn, evidence: evidence.slice(0, 3) };
}

function verdictOf({ id, title, verdict, reason }: ItemResult): LiveVerdict {
  return { item: id, title, verdict: verdict === 'unknown' ? 'pending' : verdict, reason };
}
