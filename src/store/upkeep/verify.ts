import type { SessionSummary } from '../../session/index.ts';
import { type AuditHead, type AuditVerdict, verifyAudit } from '../installation/audit.ts';
import { graceMs, type Installation } from './objects.ts';

export interface Finding {
  kind:
    | 'object-damaged'
    | 'object-missing'
    | 'session-damaged'
    | 'session-unreadable'
    | 'recording-mismatch'
    | 'audit-broken';
  /** `object:SHA256`, `session:KEY`, `file:ID` or `audit:SEQ`. */
  target: string;
  message: string;
}

export interface Verification {
  findings: Finding[];
  objects: number;
  bytes: number;
  references: number;
  sessions: number;
  /** Objects that nothing refers to: no harm, `retention` removes them. */
  abandoned: number;
  audit: AuditVerdict;
}

export interface VerifyOptions {
  /** A head of the audit log that was noted elsewhere before. */
  known?: AuditHead | null;
  onProgress?: (what: 'objects' | 'sessions', done: number) => void;
}

/** Reads everything that is kept and says exactly what is not as it was written. Changes nothing. */
export async function verifyInstallation(
  installation: Installation,
  options: VerifyOptions = {},
): Promise<Verification> {
  const findings: Finding[] = [];
  const report = (finding: Finding) => void findings.push(finding);
  const { objects, bytes } = await verifyObjects(installation, report, options);
  const recordings = new Map<string, string>();
  const references = await verifyReferences(installation, objects, recordings, report);
  const sessions = await verifySessions(installation, recordings, report, options);
  const audit = await verifyAudit(installation.store.audit.all(), options.known ?? null);
  if (audit.broken)
    report({ kind: 'audit-broken', target: `audit:${audit.broken.seq}`, message: sentence(audit.broken.why) });
  return {
    findings,
    objects: objects.size,
    bytes,
    references: references.count,
    sessions,
    abandoned: references.abandoned,
    audit,
  };
}

async function verifyObjects(
  { archive }: Installation,
  report: (finding: Finding) => void,
  { onProgress }: VerifyOptions,
) {
  const objects = new Map<string, number>();
  let bytes = 0;
  for await (const object of archive.list()) {
    // Removed since it was listed is no fault; whether it was still wanted shows in the references.
    const state = await archive.verify(object.sha256);
    if (state === 'missing') continue;
    if (state === 'damaged')
      report({
        kind: 'object-damaged',
        target: `object:${object.sha256}`,
        message:
          'Its bytes are no longer those that its name says. Send the same file again, or restore it from a backup.',
      });
    objects.set(object.sha256, Date.parse(object.storedAt));
    bytes += object.bytes;
    onProgress?.('objects', objects.size);
  }
  return { objects, bytes };
}

async function verifyReferences(
  { store, archive }: Installation,
  objects: ReadonlyMap<string, number>,
  recordings: Map<string, string>,
  report: (finding: Finding) => void,
) {
  let count = 0;
  const wanted = new Set<string>();
  for await (const { sha256, kind, target } of store.upkeep.references()) {
    count++;
    wanted.add(sha256);
    if (kind === 'recording') recordings.set(target, sha256);
    // It may have come since the archive was listed.
    if (objects.has(sha256) || (await archive.has(sha256))) continue;
    report({
      kind: 'object-missing',
      target,
      message: `Its ${kind === 'recording' ? 'recording' : 'uploaded file'} is not in the archive: object ${sha256}.`,
    });
  }
  const young = Date.now() - graceMs;
  let abandoned = 0;
  for (const [sha256, storedAt] of objects) if (!wanted.has(sha256) && storedAt < young) abandoned++;
  return { count, abandoned };
}

async function verifySessions(
  { store }: Installation,
  recordings: ReadonlyMap<string, string>,
  report: (finding: Finding) => void,
  { onProgress }: VerifyOptions,
): Promise<number> {
  let done = 0;
  for (let cursor: string | undefined; ;) {
    const page = await store.sessions.list(
      { kind: 'all' },
      { state: 'recorded' },
      { limit: 200, cursor, order: 'newest' },
    );
    for (const summary of page.items) {
      await verifySession(summary);
      done++;
      onProgress?.('sessions', done);
    }
    if (page.next === null) return done;
    cursor = page.next;
  }

  async function verifySession({ key }: SessionSummary): Promise<void> {
    const target = `session:${key}`;
    try {
      const stored = await store.sessions.result(key, { kind: 'all' });
      if (!stored) return;
      for (const part of stored.damaged)
        report({
          kind: 'session-damaged',
          target,
          message: `Its ${part === 'session' ? 'words' : 'verdicts'} are no longer those that were recorded.`,
        });
      const kept = recordings.get(target);
      const heard = stored.result.recording?.sha256;
      if (kept !== undefined && heard !== undefined && heard !== '' && kept !== heard && stored.damaged.length === 0)
        report({
          kind: 'recording-mismatch',
          target,
          message: `It was judged by recording ${heard}, but refers to object ${kept}.`,
        });
    } catch (error) {
      report({
        kind: 'session-unreadable',
        target,
        message: `Its result cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      });
    }
  }
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
