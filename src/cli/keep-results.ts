import { createHash } from 'node:crypto';
import { type Annotator, modelFiles } from '../annotate/index.ts';
import type { CompiledScorecard } from '../scorecard/index.ts';
import type { SessionResult } from '../session/index.ts';
import type { Bundle, RunStore } from '../store/index.ts';

/** Keeps what an inspection finds, with everything that is needed to judge it again. */
export interface Keeping {
  /** Never throws: a full disk is told by `finish`, and costs no session its report. */
  record(result: SessionResult): void;
  /** @throws EarwitnessError `disk-full` or `state-unusable` where something could not be kept */
  finish(): void;
}

export function keepResults(
  store: RunStore['results'],
  scorecards: readonly CompiledScorecard[],
  annotator: Annotator,
): Keeping {
  for (const card of scorecards) store.pin(scorecardBundle(card));
  let pinned = false;
  let trouble: Error | null = null;
  return {
    record(result) {
      if (trouble !== null) return;
      try {
        if (!pinned) store.pin(sentimentBundle(annotator.model));
        pinned = true;
        store.record(result);
      } catch (error) {
        trouble = error as Error;
      }
    },
    finish() {
      if (trouble !== null) throw trouble;
      store.flush();
    },
  };
}

function scorecardBundle({ ref, path, sources }: CompiledScorecard): Bundle {
  const files = sources.map(({ path, text, sha256 }) => ({ path, sha256, bytes: Buffer.from(text) }));
  return { kind: 'scorecard', hash: ref.hash, id: ref.id, version: String(ref.version), path, files };
}

function sentimentBundle(model: Annotator['model']): Bundle {
  const { folder, files } = modelFiles();
  return {
    kind: 'sentiment',
    ...model,
    path: folder,
    files: files.map(({ path, bytes }) => ({
      path,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes,
    })),
  };
}
