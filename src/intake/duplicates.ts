import { createHash } from 'node:crypto';
import type { Session } from '../session/index.ts';
import { failure, placeOf } from './problems.ts';
import type { Draft, IntakeItem } from './types.ts';

/** Holds every session id of a batch to its first place; keeps a digest of each session, not the session. */
export class DuplicateGuard {
  private readonly seen = new Map<string, { place: string; digest: string }>();

  /**
   * Lets a session through, with a free id when its source stated none; a stated id that is taken is a failure that
   * names both places.
   */
  admit(draft: Draft): IntakeItem {
    const { idCandidates, ...item } = draft;
    const place = placeOf(item.source);
    const digest = digestOf(item.session);
    if (idCandidates.length > 0) item.session = { ...item.session, id: this.freeId([...idCandidates, place]) };
    const { id } = item.session;
    const first = this.seen.get(id);
    if (!first) {
      this.seen.set(id, { place, digest });
      return item;
    }
    const same = first.digest === digest;
    return failure(
      'session-duplicate',
      place,
      `The session id ${JSON.stringify(id)} was already read from ${first.place}; ${same ? 'both are identical, and the first was kept' : 'their contents differ, and the first was kept'}.`,
      same ? 'Remove one of the two.' : 'Give each session an id of its own.',
    );
  }

  private freeId(candidates: readonly string[]): string {
    const free = candidates.find((candidate) => !this.seen.has(candidate));
    if (free !== undefined) return free;
    for (let n = 2; ; n++) if (!this.seen.has(`${candidates.at(-1)}#${n}`)) return `${candidates.at(-1)}#${n}`;
  }
}

/** Equal for sessions of equal content, whatever the order of their keys. */
function digestOf(session: Session): string {
  return createHash('sha256').update(canonical(session)).digest('base64');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
}
