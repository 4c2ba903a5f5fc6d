import { type AuditVerdict, openStore, verifyAudit } from '../../src/store/index.ts';
import type { SessionSummary } from '../../src/session/index.ts';

/** What an installation holds, against what was sent to it. */
export interface Reckoning {
  /** Sessions in the store, in whatever state. */
  sessions: number;
  recorded: number;
  /** Ids that were recorded in no session, and those that were in more than one. */
  lost: string[];
  doubled: string[];
  /** Recorded sessions whose result cannot be read whole. */
  damaged: number;
  auditEntries: number;
  auditWhole: boolean;
  /** What the sums of the period say was recorded. */
  summed: number;
}

type Store = Awaited<ReturnType<typeof openStore>>;

/** Counts what is in the store of a server that has ended. `ids`: of every session that a server has answered for. */
export async function reckon(url: string, ids: Iterable<string>): Promise<Reckoning> {
  const store = await openStore(url);
  try {
    const seen = new Map<string, number>();
    let cursor: string | undefined;
    let sessions = 0;
    let damaged = 0;
    do {
      const page = await store.sessions.list({ kind: 'all' }, {}, { limit: 500, cursor, order: 'newest' });
      for (const summary of page.items) {
        sessions++;
        if (summary.state === 'recorded') seen.set(summary.id, (seen.get(summary.id) ?? 0) + 1);
        if (!(await isWhole(store, summary))) damaged++;
      }
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    const audit: AuditVerdict = await verifyAudit(store.audit.all());
    const period = await store.reports.period({ kind: 'all' }, { from: '2000-01-01', to: '2100-01-01' });
    return {
      sessions,
      recorded: [...seen.values()].reduce((sum, n) => sum + n, 0),
      lost: [...ids].filter((id) => !seen.has(id)),
      doubled: [...seen].filter(([, n]) => n > 1).map(([id]) => id),
      damaged,
      auditEntries: audit.entries,
      auditWhole: audit.broken === null,
      summed: period.sessions,
    };
  } finally {
    await store.close();
  }
}

async function isWhole(store: Store, { key, state }: SessionSummary): Promise<boolean> {
  if (state !== 'recorded') return true;
  // One that cannot even be unpacked is refused.
  const found = await store.sessions.result(key, { kind: 'all' }).catch(() => null);
  return found !== null && found.damaged.length === 0;
}

/** What is wrong with it, a sentence each; empty where everything was recorded exactly once and nothing is broken. */
export function breaches(found: Reckoning): string[] {
  const { sessions, recorded, lost, doubled, damaged, auditWhole, summed } = found;
  const some = (ids: readonly string[]) => ids.slice(0, 5).join(', ') + (ids.length > 5 ? ' …' : '');
  return [
    ...(recorded === 0 ? ['nothing was recorded'] : []),
    ...(lost.length > 0 ? [`${lost.length} lost: ${some(lost)}`] : []),
    ...(doubled.length > 0 ? [`${doubled.length} recorded twice: ${some(doubled)}`] : []),
    ...(damaged > 0 ? [`${damaged} results cannot be read whole`] : []),
    ...(recorded === sessions ? [] : [`${sessions - recorded} of ${sessions} sessions are not recorded`]),
    ...(summed === recorded ? [] : [`the report sums ${summed} sessions, recorded are ${recorded}`]),
    ...(auditWhole ? [] : ['the audit chain is broken']),
  ];
}
