import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { and, asc, desc, eq, gt, lt } from 'drizzle-orm';
import { cursorOf, limitOf, pageOf, readSeq } from './cursor.ts';
import type { Database } from './database.ts';
import { clean } from './kit.ts';
import type { Audit, AuditEntry } from './store.ts';

/** What stands before the first entry. */
const origin = '0'.repeat(64);

export function auditOn(database: Database): Audit {
  const { t, read } = database;
  return {
    append: (given) =>
      database.write(async (tx) => {
        await database.lock(tx, 'audit');
        const [last] = await tx
          .select({ seq: t.audit.seq, hash: t.audit.hash })
          .from(t.audit)
          .orderBy(desc(t.audit.seq))
          .limit(1);
        const entry = {
          seq: (last?.seq ?? 0) + 1,
          at: new Date().toISOString(),
          actor: clean(given.actor),
          action: clean(given.action),
          target: clean(given.target),
          // As it will be read again: without what JSON cannot say.
          detail: JSON.parse(JSON.stringify(given.detail)) as AuditEntry['detail'],
        };
        const whole = { ...entry, hash: hashOf(entry, last?.hash ?? origin) };
        await tx.insert(t.audit).values(whole);
        return whole;
      }),
    list: async ({ limit: asked, cursor, actor, action, target }) => {
      const limit = limitOf(asked);
      const before = readSeq(cursor, 'audit');
      const rows = await read
        .select()
        .from(t.audit)
        .where(
          and(
            actor === undefined ? undefined : eq(t.audit.actor, actor),
            action === undefined ? undefined : eq(t.audit.action, action),
            target === undefined ? undefined : eq(t.audit.target, target),
            before === null ? undefined : lt(t.audit.seq, before),
          ),
        )
        .orderBy(desc(t.audit.seq))
        .limit(limit + 1);
      return pageOf(
        rows,
        limit,
        ({ seq }) => cursorOf('audit', [seq]),
        (row) => row,
      );
    },
    all: async function* () {
      for (let after = 0; ;) {
        const rows = await read
          .select()
          .from(t.audit)
          .where(gt(t.audit.seq, after))
          .orderBy(asc(t.audit.seq))
          .limit(500);
        await turn();
        yield* rows;
        if (rows.length === 0) return;
        after = rows.at(-1)!.seq;
      }
    },
  };
}

/** SHA-256 over the previous entry's hash (64 zeros before the first) and this entry's canonical JSON, without its own hash. */
export function hashOf(entry: Omit<AuditEntry, 'hash'>, previous: string): string {
  const { seq, at, actor, action, target, detail } = entry;
  const canonical = canonicalJson({ seq, at, actor, action, target, detail });
  return createHash('sha256').update(previous).update(canonical).digest('hex');
}

/** JSON without spaces whose keys stand in the order of their UTF-16 code units, at every depth. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${entries.join(',')}}`;
}

export interface AuditHead {
  seq: number;
  hash: string;
}
export interface AuditVerdict {
  entries: number;
  /** The last entry that was read and is part of an unbroken chain; null where there is none. */
  head: AuditHead | null;
  /** The first place at which the chain is broken, and how; null where it is whole. */
  broken: { seq: number; why: string } | null;
}

/**
 * Follows the chain from its first entry. Entries that were cut off at the end leave no trace in the chain itself: they are
 * noticed against a `known` head that was noted elsewhere earlier.
 */
export async function verifyAudit(
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
  known: AuditHead | null = null,
): Promise<AuditVerdict> {
  let head: AuditHead | null = null;
  let read = 0;
  const verdict = (seq: number, why: string): AuditVerdict => ({ entries: read, head, broken: { seq, why } });
  for await (const entry of entries) {
    read++;
    const expected: number = (head?.seq ?? 0) + 1;
    if (entry.seq !== expected) {
      const why =
        entry.seq > expected ? `entry ${expected} is missing` : `entry ${entry.seq} stands where ${expected} should`;
      return verdict(expected, why);
    }
    if (hashOf(entry, head?.hash ?? origin) !== entry.hash)
      return verdict(entry.seq, 'the entry does not have its hash: it, or the one before it, was changed');
    if (known !== null && entry.seq === known.seq && entry.hash !== known.hash)
      return verdict(entry.seq, 'the entry is not the one that the known head names: the log was written anew');
    head = { seq: entry.seq, hash: entry.hash };
  }
  if (known !== null && (head?.seq ?? 0) < known.seq)
    return verdict((head?.seq ?? 0) + 1, `the log ends here, but is known to have reached entry ${known.seq}`);
  return { entries: read, head, broken: null };
}
