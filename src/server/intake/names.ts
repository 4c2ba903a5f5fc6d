import { createHash } from 'node:crypto';

/** Longest name that is kept; what is beyond is cut at the front, since the end tells more. */
const longest = 500;

/**
 * The name under which a file is listed: folders stay as part of the name, and nothing of it can lead anywhere. Drive
 * letters, `..`, control characters and marks that turn the direction of writing are left out.
 */
export function listedName(raw: string | null | undefined): string {
  const parts = (raw ?? '')
    .normalize('NFC')
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\p{Surrogate}]/gu, '')
    .replaceAll('\\', '/')
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '.' && part !== '..' && !/^[a-z]:$/i.test(part));
  const name = [...parts.join('/')].slice(-longest).join('');
  return name.replace(/^\/+/, '') || 'unnamed';
}

/** An id that the same things always get: what is taken in again after a crash is found again under it. */
export function stableId(kind: 'tus' | 'hook' | 'watch' | 's3', ...parts: readonly (string | number)[]): string {
  return `${kind}-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
}
