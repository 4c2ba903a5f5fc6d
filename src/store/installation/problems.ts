import { EarwitnessError, isNodeError } from '../../session/index.ts';

export function anotherProgram(path: string): EarwitnessError {
  return new EarwitnessError(
    'state-unusable',
    path,
    'This is a database of another program.',
    'Name a file that is not there yet, or the database of an installation.',
  );
}

export function anotherVersion(path: string, found: number, ours: number): EarwitnessError {
  return new EarwitnessError(
    'state-unusable',
    path,
    `The database is of version ${found}, this program knows versions up to ${ours}. Nothing was changed.`,
    'Start the newer earwitness that wrote it, or restore a backup of the older version.',
  );
}

export function badCursor(): EarwitnessError {
  return new EarwitnessError(
    'cursor-invalid',
    'cursor',
    'The cursor is not one that this list gave out.',
    'Take `next` of the page before, with the same order, or leave it out to begin at the first page.',
  );
}

export function accountExists(login: string): EarwitnessError {
  return new EarwitnessError(
    'account-exists',
    'login',
    `There is an account of this name already: ${login}.`,
    'Choose another login name.',
  );
}

/** SQLSTATE classes and codes of a server that cannot answer now: connection, resources, shutdown, locks, read-only. */
const unavailable = /^(08|53[0234]|57P|55P03|25006|28|3D000|40)/;
const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EPIPE', 'EAI_AGAIN', 'ENOENT']);

/**
 * What a backend throws, as a problem that somebody can act on. Never with the values of a query: drizzle states them in its
 * messages and PostgreSQL in `detail`, and logs are not for personal data.
 */
export function storeProblem(error: unknown, place: string): Error {
  const cause = innermost(error);
  if (cause instanceof EarwitnessError) return cause;
  const code = isNodeError(cause) ? cause.code : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === '53100')
    return new EarwitnessError(
      'disk-full',
      place,
      'The disk of the database is full; nothing of this was kept.',
      'Free some space and try again.',
    );
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED') || code.startsWith('SQLITE_IOERR'))
    return new EarwitnessError(
      'store-unavailable',
      place,
      `The database is not to be had at the moment: ${message}.`,
      'Try again; nothing of this was kept.',
    );
  if (
    unreachable.has(code) ||
    unavailable.test(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/.test(message)
  )
    return new EarwitnessError(
      'store-unavailable',
      place,
      `The database does not answer: ${code || message}.`,
      'Look whether it runs and can be reached, and try again; nothing of this was kept.',
    );
  if (
    code.startsWith('SQLITE_NOTADB') ||
    code.startsWith('SQLITE_CORRUPT') ||
    code.startsWith('SQLITE_CANTOPEN') ||
    code.startsWith('SQLITE_READONLY') ||
    code === 'EACCES' ||
    code === 'EPERM' ||
    code === 'ENOTDIR' ||
    code === 'EEXIST'
  )
    return new EarwitnessError(
      'state-unusable',
      place,
      `The database cannot be used: ${message}.`,
      'Look at the file and its permissions, or restore a backup.',
    );
  return Object.assign(new Error(`The database refused: ${message}`), { code });
}

function innermost(error: unknown): unknown {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error && inner.message.startsWith('Failed query:'))
    inner = inner.cause;
  if (inner instanceof Error && inner.message.startsWith('Failed query:')) return new Error('a query failed');
  return inner;
}

/** Every question of a repository, with what it throws turned by `storeProblem`. */
export function guarded<T extends object>(repository: T, place: string): T {
  const entries = Object.entries(repository).map(([name, member]) => {
    if (typeof member !== 'function') return [name, member] as const;
    const ask = member as (...parts: unknown[]) => unknown;
    return [
      name,
      (...parts: unknown[]) => {
        const answer = ask(...parts);
        if (answer instanceof Promise)
          return answer.catch((error: unknown) => {
            throw storeProblem(error, place);
          });
        return isStream(answer) ? guardedStream(answer, place) : answer;
      },
    ] as const;
  });
  return Object.fromEntries(entries) as T;
}

async function* guardedStream(stream: AsyncIterable<unknown>, place: string): AsyncGenerator<unknown> {
  try {
    yield* stream;
  } catch (error) {
    throw storeProblem(error, place);
  }
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
