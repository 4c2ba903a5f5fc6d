import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';
import { HttpProblem } from '../http/problem.ts';

/**
 * OWASP Password Storage Cheat Sheet, argon2id: m = 19 MiB, t = 2, p = 1.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
const current = '$argon2id$v=19$m=19456,t=2,p=1$';

/** Each computation takes 19 MiB and a thread of the pool that also reads files: a flood of logins must not take both. */
const atOnce = pLimit(2);
const mostWaiting = 64;

/** NIST SP 800-63B: length counts, rules of composition do not; the upper bound keeps hashing cheap to refuse. */
export const passwordLength = { least: 12, most: 256 };

export async function hashPassword(password: string): Promise<string> {
  return spare(() => hash(password.normalize('NFKC'), parameters));
}

/**
 * Whether it is the password, and whether the hash was made with other parameters than today's. Without a hash (unknown
 * login, account of the identity provider) it takes as long and says no.
 */
export async function checkPassword(
  stored: string | null,
  password: string,
): Promise<{ right: boolean; outdated: boolean }> {
  const against = stored ?? (await decoy());
  const right = await spare(() => verify(against, password.normalize('NFKC')).catch(() => false));
  return { right: right && stored !== null, outdated: !against.startsWith(current) };
}

/** Refuses what is guessed first. */
export function requireStrong(password: string, login: string): void {
  const folded = password.toLowerCase();
  const weak =
    new Set(folded).size < 5 ||
    (login.length >= 4 && folded.includes(login.toLowerCase())) ||
    /^(?:(?:password|passwort|qwerty|qwertz|letmein|welcome|admin|earwitness|iloveyou|abc|123|[0-9!@#$._-])+)$/.test(
      folded,
    );
  if (weak)
    throw new HttpProblem(
      422,
      'password-weak',
      'The password is among those that are guessed first.',
      'Take a sentence, or let a password manager make one; it must not contain the login.',
    );
}

let decoyHash: Promise<string> | undefined;
function decoy(): Promise<string> {
  return (decoyHash ??= hashPassword('what nobody has as a password'));
}

async function spare<T>(work: () => Promise<T>): Promise<T> {
  if (atOnce.pendingCount >= mostWaiting)
    throw new HttpProblem(503, 'overloaded', 'Too many logins at once.', 'Try again in a moment.', { retryAfterS: 5 });
  return atOnce(work);
}
