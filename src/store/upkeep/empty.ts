import { existsSync } from 'node:fs';
import { openStore, placeOf } from '../installation/open.ts';

/** Whether there is no installation at this address yet. Makes no file to find out. */
export async function storeIsEmpty(url: string): Promise<boolean> {
  const place = placeOf(url);
  if (place.kind === 'sqlite' && !existsSync(place.path)) return true;
  const store = await openStore(url);
  try {
    const one = { limit: 1 };
    const lists = await Promise.all([
      store.accounts.list(one),
      store.batches.list({ kind: 'all' }, one),
      store.audit.list(one),
    ]);
    return lists.every(({ items }) => items.length === 0);
  } finally {
    await store.close();
  }
}
