import { createHash } from 'node:crypto';
import { type CompiledScorecard, loadScorecard, ScorecardProblems } from '../../scorecard/index.ts';
import { both } from '../both.ts';
import type { Localised, PinCheck, PinnedFiles, ReadArtefact, StoredResult } from '../../session/index.ts';

/** A scorecard as it was when it judged, made again from the texts that were kept. */
export interface RestoredCard {
  /** Null where it cannot be made; `reason` says why. */
  card: CompiledScorecard | null;
  reason: Localised | null;
  /** One for each file, in the order in which they were read. */
  files: PinCheck[];
}

/** The scorecard that judged a stored result, made again; null where none judged it. */
export async function restoreCardOf(stored: StoredResult, artefact: ReadArtefact): Promise<RestoredCard | null> {
  const { scorecard } = stored.result;
  if (scorecard === null) return null;
  if (stored.scorecard) return restoreCard(stored.scorecard, artefact);
  const name = `${scorecard.id} v${scorecard.version}`;
  return {
    card: null,
    files: [],
    reason: both(
      `The store does not hold ${name} with the hash ${scorecard.hash}.`,
      `存储中没有哈希为 ${scorecard.hash} 的 ${name}。`,
    ),
  };
}

/**
 * Makes a scorecard again from what the store holds, never from the disk. A file whose text was changed in the store is named and
 * used as it is now, so that its effect shows; one that is missing makes it impossible.
 */
async function restoreCard(pinned: PinnedFiles, artefact: ReadArtefact): Promise<RestoredCard> {
  const texts = new Map<string, string>();
  const files: PinCheck[] = [];
  for (const { path, sha256 } of pinned.files) {
    const bytes = await artefact(sha256);
    const now = bytes && createHash('sha256').update(bytes).digest('hex');
    const state = now === null ? 'missing' : now === sha256 ? 'same' : 'damaged';
    files.push({ part: 'file', name: path, state, stored: sha256, now });
    if (bytes) texts.set(path, Buffer.from(bytes).toString('utf8'));
  }
  const missing = files
    .filter(({ state }) => state === 'missing')
    .map(({ name, stored }) => `${name} (SHA-256 ${stored})`);
  if (missing.length > 0)
    return {
      card: null,
      files,
      reason: both(
        `The store no longer holds what the scorecard was made from: ${missing.join(', ')}.`,
        `存储中已缺少评分卡的组成文件：${missing.join('、')}。`,
      ),
    };
  try {
    return { card: await loadScorecard(pinned.path, { read: (path) => read(texts, path) }), files, reason: null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error instanceof ScorecardProblems ? error.message.split('\n')[0]! : error.message;
    return {
      card: null,
      files,
      reason: both(
        `The scorecard cannot be read from what the store holds: ${why}`,
        `无法从存储内容还原评分卡：${why}`,
      ),
    };
  }
}

function read(texts: ReadonlyMap<string, string>, path: string): Promise<string> {
  const text = texts.get(path);
  if (text !== undefined) return Promise.resolve(text);
  return Promise.reject(Object.assign(new Error(`${path} is not among the files that were kept.`), { code: 'ENOENT' }));
}
