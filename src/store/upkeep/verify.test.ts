import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Opened, openIn, age, upload } from '../testing/installation.ts';
import { verifyInstallation } from './verify.ts';

describe('verify', () => {
  let installation: Opened;
  let first: Awaited<ReturnType<typeof upload>>;
  beforeEach(async () => {
    installation = await openIn();
    first = await upload(installation, randomBytes(4000), [
      { customer: 'ann', words: 'hello from ann', sound: randomBytes(3000) },
      { customer: 'bob', words: 'hello from bob', sound: null },
    ]);
    for (const n of [1, 2, 3])
      await installation.store.audit.append({ actor: 'system', action: 'test', target: `x:${n}`, detail: { n } });
  });
  afterEach(() => installation.remove());

  const path = (sha256: string) => join(installation.folder, 'archive', 'objects', sha256.slice(0, 2), sha256);
  /** Does something to the database behind the store's back. */
  function tamper(statement: string, ...values: unknown[]): void {
    const raw = new Database(join(installation.folder, 'earwitness.sqlite'));
    expect(raw.prepare(statement).run(...values).changes).toBe(1);
    raw.close();
  }
  async function recordingOf(key: string): Promise<string> {
    const [session] = await installation.store.sessions.waiting([key]);
    return session!.recordingSha256!;
  }

  it('finds nothing where nothing is wrong, and counts what it read', async () => {
    const { findings, ...counts } = await verifyInstallation(installation);
    expect(findings).toEqual([]);
    expect(counts).toMatchObject({ objects: 2, bytes: 7000, references: 2, sessions: 2, abandoned: 0 });
    expect(counts.audit).toMatchObject({ entries: 3, broken: null, head: { seq: 3 } });
  });

  it('names an object in which one bit is another', async () => {
    const file = await open(path(first.fileSha256), 'r+');
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 3999);
    await file.write(Buffer.from([buffer[0]! ^ 1]), 0, 1, 3999);
    await file.close();
    expect((await verifyInstallation(installation)).findings).toMatchObject([
      { kind: 'object-damaged', target: `object:${first.fileSha256}` },
    ]);
  });

  it('names the session whose recording is gone, and the file', async () => {
    const [key] = first.keys;
    const recording = await recordingOf(key!);
    await rm(path(recording));
    await rm(path(first.fileSha256));
    expect((await verifyInstallation(installation)).findings).toEqual([
      {
        kind: 'object-missing',
        target: `session:${key!}`,
        message: `Its recording is not in the archive: object ${recording}.`,
      },
      {
        kind: 'object-missing',
        target: `file:${key!.slice(0, -7)}`,
        message: `Its uploaded file is not in the archive: object ${first.fileSha256}.`,
      },
    ]);
  });

  it('names the session whose words or verdicts were changed, or can be read no more', async () => {
    const [one, two] = first.keys;
    const { packed } = first;
    // The words of the one become those of the other.
    tamper('UPDATE results SET input = ? WHERE key = ?', packed[2], one);
    tamper('UPDATE results SET verdicts = ? WHERE key = ?', randomBytes(100), two);
    const { findings } = await verifyInstallation(installation);
    expect(findings.map(({ kind, target }) => [kind, target]).sort()).toEqual([
      ['session-damaged', `session:${one!}`],
      ['session-unreadable', `session:${two!}`],
    ]);
  });

  it('names the session that was judged by another recording than it refers to', async () => {
    const other = await installation.archive.put(Buffer.from('another call'));
    tamper('UPDATE sessions SET recording_sha256 = ? WHERE key = ?', other.sha256, first.keys[0]);
    expect((await verifyInstallation(installation)).findings).toMatchObject([
      { kind: 'recording-mismatch', target: `session:${first.keys[0]!}` },
    ]);
  });

  it('names the first entry of the audit log that does not hold', async () => {
    tamper(`UPDATE audit SET actor = 'somebody else' WHERE seq = 2`);
    expect((await verifyInstallation(installation)).findings).toMatchObject([
      { kind: 'audit-broken', target: 'audit:2' },
    ]);
  });

  it('notices by a head that was noted that the end of the audit log was cut off', async () => {
    const known = (await verifyInstallation(installation)).audit.head!;
    await installation.store.audit.append({ actor: 'system', action: 'test', target: 'x:4', detail: {} });
    expect((await verifyInstallation(installation, { known })).findings).toEqual([]);
    tamper('DELETE FROM audit WHERE seq = 4');
    tamper('DELETE FROM audit WHERE seq = 3');
    expect((await verifyInstallation(installation)).findings).toEqual([]);
    expect((await verifyInstallation(installation, { known })).findings).toMatchObject([
      { kind: 'audit-broken', target: 'audit:3' },
    ]);
  });

  it('counts what nothing refers to, and not what is only just coming', async () => {
    await installation.archive.put(Buffer.from('left by a crash'));
    await age(installation);
    await installation.archive.put(Buffer.from('just coming'));
    expect(await verifyInstallation(installation)).toMatchObject({ findings: [], objects: 4, abandoned: 1 });
  });
});
