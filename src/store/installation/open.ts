import { fileURLToPath } from 'node:url';
import { EarwitnessError } from '../../session/index.ts';
import { accountsOn, loginsOn, tokensOn } from './accounts.ts';
import { auditOn } from './audit.ts';
import { batchesOn } from './batches.ts';
import { isEmpty, loadInto, moveInto, presentCopy } from './backup.ts';
import { bundlesOn } from './bundles.ts';
import type { Database } from './database.ts';
import { listingOn } from './listing.ts';
import { guarded, storeProblem } from './problems.ts';
import { recordingOn } from './recording.ts';
import { reportsOn } from './reports.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';
import { upkeepOn } from './upkeep.ts';
import { repliesOn, webhooksOn } from './webhooks.ts';

/** Where an installation's data are, without what is secret in it. */
export type Place = { kind: 'sqlite'; path: string; name: string } | { kind: 'postgres'; url: string; name: string };

/** Reads `sqlite:PATH` and `postgres://…`. Throws `state-unusable` for anything else. */
export function placeOf(url: string): Place {
  if (url.startsWith('sqlite:')) {
    const path = url.startsWith('sqlite:///') ? fileURLToPath(`file:${url.slice(7)}`) : url.slice(7);
    if (path !== '' && path !== ':memory:' && !path.includes('\0')) return { kind: 'sqlite', path, name: path };
  }
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) {
    const { host, pathname } = new URL(url);
    if (host !== '' && pathname.length > 1) return { kind: 'postgres', url, name: `postgres://${host}${pathname}` };
  }
  throw new EarwitnessError(
    'state-unusable',
    'database',
    'This is not the address of a database.',
    'Write sqlite:/path/to/earwitness.sqlite, or postgres://user:password@host:5432/name.',
  );
}

/**
 * Opens the store of an installation, brings it to the present version, and makes it where there is none yet.
 * Throws `state-unusable` for what is not ours or of a later version, `store-unavailable` where nothing answers.
 */
export async function openStore(url: string): Promise<Store> {
  const place = placeOf(url);
  try {
    return storeOn(await openDatabase(place), place.name);
  } catch (error) {
    throw storeProblem(error, place.name);
  }
}

export async function openDatabase(place: Place): Promise<Database> {
  if (place.kind === 'sqlite') return openSqlite(place.path);
  // Its driver is 20 MB of code that an installation on SQLite never runs.
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(place.url, place.name);
}

/**
 * Puts what `Upkeep.backup` wrote into an installation that holds nothing yet, of either backend, whichever the backup came
 * from. Throws `backup-invalid` for a file that is not whole or of a later version, `installation-not-empty`.
 */
export async function restoreStore(file: string, url: string): Promise<void> {
  const place = placeOf(url);
  try {
    const copy = presentCopy(file);
    try {
      const database = await openDatabase(place);
      try {
        if (!(await isEmpty(database)))
          throw new EarwitnessError(
            'installation-not-empty',
            place.name,
            'There is something in this installation already; nothing was changed.',
            'Name a database that is not there yet, or an empty one.',
          );
        if (database.backend === 'postgres') await loadInto(database, copy.path);
      } finally {
        await database.close();
      }
      if (place.kind === 'sqlite') moveInto(copy.path, place.path);
    } finally {
      copy.remove();
    }
  } catch (error) {
    throw storeProblem(error, place.name);
  }
}

function storeOn(database: Database, name: string): Store {
  const { health, close } = guarded({ health: () => database.health(), close: () => database.close() }, name);
  return {
    backend: database.backend,
    accounts: guarded(accountsOn(database), name),
    logins: guarded(loginsOn(database), name),
    tokens: guarded(tokensOn(database), name),
    batches: guarded(batchesOn(database), name),
    sessions: guarded({ ...listingOn(database), ...recordingOn(database) }, name),
    bundles: guarded(bundlesOn(database), name),
    reports: guarded(reportsOn(database), name),
    audit: guarded(auditOn(database), name),
    webhooks: guarded(webhooksOn(database), name),
    replies: guarded(repliesOn(database), name),
    upkeep: guarded(upkeepOn(database), name),
    health,
    close,
  };
}
