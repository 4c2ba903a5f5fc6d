import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits that nobody guesses, in the alphabet of URLs and cookies. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Under which a secret of 256 bits is kept: it needs no slow hash, because nobody can try its values. */
export const fingerprint = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export function sameSecret(a: string, b: string): boolean {
  // Hashes have one length, and comparing them tells nothing about the place of the first difference.
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

/** `value` with a signature; `purpose` keeps what was signed for one use out of every other. */
export function seal(value: string, purpose: string, key: string): string {
  return `${Buffer.from(value).toString('base64url')}.${signature(value, purpose, key)}`;
}

/** What was sealed, or null where anything was changed. */
export function unseal(sealed: string, purpose: string, key: string): string | null {
  const dot = sealed.indexOf('.');
  if (dot < 0) return null;
  const value = Buffer.from(sealed.slice(0, dot), 'base64url').toString('utf8');
  return sameSecret(sealed.slice(dot + 1), signature(value, purpose, key)) ? value : null;
}

function signature(value: string, purpose: string, key: string): string {
  return createHmac('sha256', key).update(`${purpose}\n${value}`).digest('base64url');
}

/**
 * Shown on the console of a server without accounts; whoever has it may make the first one. Made of the installation's
 * secret, so that every process and every start of the same installation knows the same; dead once an account exists.
 */
export const setUpToken = (secret: string): string =>
  createHmac('sha256', secret).update('set-up').digest('base64url').slice(0, 32);
