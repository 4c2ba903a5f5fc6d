import type { CompiledScorecard } from '../../scorecard/index.ts';
import type { ReadArtefact, StoredResult } from '../../session/index.ts';
import { inputOf } from '../input.ts';
import { type RestoredCard, restoreCardOf } from '../rescore/cards.ts';
import type { Backtester } from './backtest.ts';

export interface StoredSessions {
  /** One result per session. */
  results: AsyncIterable<StoredResult>;
  artefact: ReadArtefact;
}

/**
 * Runs stored sessions through a backtest, one at a time. With `against` every session that either card applies to is judged by
 * both; without, each is compared with the very version that judged it, made again from the store. Ends early, with what it has,
 * when the signal says so.
 */
export async function backtestStored(
  tester: Backtester,
  { results, artefact }: StoredSessions,
  {
    candidate,
    against,
    signal,
  }: { candidate: CompiledScorecard; against: CompiledScorecard | null; signal: AbortSignal },
): Promise<void> {
  const cards = new Map<string, RestoredCard | null>();
  if (against) tester.compareWith(against);
  for await (const stored of results) {
    if (signal.aborted) return;
    const input = inputOf(stored.result);
    if (against) {
      tester.add(input, { card: against, judged: false });
      continue;
    }
    const judgedBy = stored.result.scorecard;
    if (judgedBy === null) tester.add(input, null);
    else if (judgedBy.id !== candidate.ref.id) tester.leaveOut();
    else {
      const restored = cards.get(judgedBy.hash) ?? (await restoreCardOf(stored, artefact));
      cards.set(judgedBy.hash, restored);
      if (restored?.card) tester.add(input, { card: restored.card, judged: true });
      else
        tester.fail({
          path: stored.result.id,
          code: 'artefact-missing',
          message: restored?.reason?.en ?? '',
          hint: 'Name the scorecard to compare with: --against CURRENT.yaml',
        });
    }
  }
}
