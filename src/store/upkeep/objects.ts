import { setTimeout } from 'node:timers/promises';
import type { Archive } from '../archive/archive.ts';
import type { Store } from '../installation/store.ts';

export interface Installation {
  store: Store;
  archive: Archive;
}

/**
 * An upload is in the archive a moment before the database knows of it. What is younger than this may be such a one and
 * is never taken for abandoned.
 */
export const graceMs = 60_000;

const pageSize = 500;

/**
 * Removes those of the objects that nothing kept refers to. What is too young is waited for when `wait` is given, else
 * it stays for the next time.
 */
export async function removeUnreferenced(
  { store, archive }: Installation,
  objects: Iterable<string>,
  { grace = graceMs, wait = false }: { grace?: number; wait?: boolean } = {},
): Promise<{ removed: number; young: number }> {
  let removed = 0;
  let young: string[] = [];
  const round = async (names: readonly string[]) => {
    young = [];
    for (let at = 0; at < names.length; at += pageSize) {
      for (const sha256 of await store.upkeep.unreferenced(names.slice(at, at + pageSize))) {
        const info = await archive.has(sha256);
        if (!info) continue;
        if (Date.now() - Date.parse(info.storedAt) < grace) young.push(sha256);
        else if (await archive.remove(sha256)) removed++;
      }
    }
  };
  await round([...new Set(objects)]);
  if (wait && young.length > 0) {
    await setTimeout(grace + 1000);
    await round(young);
  }
  return { removed, young: young.length };
}

/** Removes every object of the archive that nothing refers to, such as what a crash left half done. */
export async function sweep(
  installation: Installation,
  options: { grace?: number; wait?: boolean } = {},
): Promise<{ removed: number; young: number }> {
  const sum = { removed: 0, young: 0 };
  const young = Date.now() - (options.grace ?? graceMs);
  let page: string[] = [];
  const clear = async () => {
    const { removed } = await removeUnreferenced(installation, page, { ...options, wait: false });
    sum.removed += removed;
    page = [];
  };
  for await (const { sha256, storedAt } of installation.archive.list()) {
    if (Date.parse(storedAt) > young) {
      sum.young++;
      continue;
    }
    page.push(sha256);
    if (page.length >= pageSize) await clear();
  }
  await clear();
  return sum;
}
