import { removeUnreferenced, sweep, type Installation } from './objects.ts';

/** Days that each artefact is kept; null: for ever. */
export interface RetentionDays {
  recording: number | null;
  transcript: number | null;
  result: number | null;
}

export interface RetentionSummary {
  /** Sessions that lost this artefact now. */
  stripped: Record<keyof RetentionDays, number>;
  /** Uploaded files that were removed because something in them is due. */
  files: number;
  /** Files that stay because another session that came from them is under legal hold. */
  heldFiles: number;
  objects: number;
}

const artefacts = ['recording', 'transcript', 'result'] as const;
const pageSize = 500;
const dayMs = 24 * 60 * 60 * 1000;

/** What `applyRetention` would take from sessions now, and what only a legal hold keeps from it. Changes nothing. */
export async function previewRetention(
  { store }: Pick<Installation, 'store'>,
  days: RetentionDays,
  now = new Date(),
): Promise<Record<keyof RetentionDays, { due: number; held: number }>> {
  const none = { due: 0, held: 0 };
  const found = { recording: none, transcript: none, result: none };
  for (const artefact of artefacts) {
    const kept = days[artefact];
    if (kept !== null) found[artefact] = await store.upkeep.due(artefact, limitOf(kept, now));
  }
  return found;
}

/** What took place before this instant has been kept for its days. */
const limitOf = (days: number, now: Date): string => new Date(now.getTime() - days * dayMs).toISOString();

/**
 * Forgets what is older than its days and not under legal hold. An uploaded file goes with the first artefact of any of
 * its sessions that is due, because it holds the sound and the words of all of them. Safe to run at any time, and again
 * after it was cut short.
 */
export async function applyRetention(
  installation: Installation,
  days: RetentionDays,
  { now = () => new Date(), grace }: { now?: () => Date; grace?: number } = {},
): Promise<RetentionSummary> {
  const { store } = installation;
  const summary: RetentionSummary = {
    stripped: { recording: 0, transcript: 0, result: 0 },
    files: 0,
    heldFiles: 0,
    objects: 0,
  };
  const options = grace === undefined ? {} : { grace };
  const heldFiles = new Set<string>();
  for (const artefact of artefacts) {
    const kept = days[artefact];
    if (kept === null) continue;
    const before = limitOf(kept, now());
    for (;;) {
      const due = await store.upkeep.expired(artefact, before, pageSize);
      // A running contact has no file.
      const files = [...new Set(due.map(({ fileSha256 }) => fileSha256).filter((sha256) => sha256 !== ''))];
      const held = new Set((await store.upkeep.heldIn(files)).map(({ fileSha256 }) => fileSha256));
      for (const sha256 of held) heldFiles.add(sha256);
      const stripped = await store.upkeep.strip(
        due.map(({ key }) => key),
        artefact,
      );
      // Nothing moves any more: the rest is asked for by the next run, not for ever by this one.
      if (stripped === 0) break;
      summary.stripped[artefact] += stripped;
      summary.files += await store.upkeep.forgetFiles(
        files.filter((sha256) => !held.has(sha256)),
        `retention: ${artefact} kept for ${kept} days`,
      );
      const objects = due.flatMap(({ recordingSha256, fileSha256 }) =>
        recordingSha256 === null ? [fileSha256] : [recordingSha256, fileSha256],
      );
      summary.objects += (await removeUnreferenced(installation, objects, options)).removed;
      if (due.length < pageSize) break;
    }
  }
  summary.heldFiles = heldFiles.size;
  summary.objects += (await sweep(installation, options)).removed;
  if (artefacts.some((artefact) => summary.stripped[artefact] > 0) || summary.objects > 0) {
    await store.upkeep.scrub();
    await store.audit.append({
      actor: 'system',
      action: 'retention',
      target: 'installation',
      detail: { days, ...summary },
    });
  }
  return summary;
}
