import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Opened, openIn, upload } from '../../src/store/testing/installation.ts';
import { breaches, reckon } from './reckoning.ts';

// The kill run is worth what its reckoning finds: each breach is brought about here, and must be told.

let installation: Opened;
let url: string;
let ids: string[];

/** As a server leaves it: some chats, all recorded, and an audit chain. */
beforeEach(async () => {
  installation = await openIn();
  url = `sqlite:${join(installation.folder, 'earwitness.sqlite')}`;
  const { store } = installation;
  const { keys } = await upload(installation, Buffer.from('first'), [chat('a'), chat('b'), chat('c')]);
  ids = await Promise.all(keys.map(async (key) => (await store.sessions.summary(key, { kind: 'all' }))!.id));
  for (const n of [1, 2, 3])
    await store.audit.append({ actor: 'a', action: 'batch.close', target: `batch:${n}`, detail: {} });
});

afterEach(() => installation.remove());

const chat = (customer: string) => ({ customer, words: 'Where is my parcel?', sound: null });

/** What a fault of the program, or of the disk, would leave behind. */
function tamper(sql: string): void {
  const sqlite = new Database(join(installation.folder, 'earwitness.sqlite'));
  sqlite.exec(sql);
  sqlite.close();
}

test('nothing is wrong where everything was recorded once', async () => {
  const found = await reckon(url, ids);
  expect(found).toMatchObject({ sessions: 3, recorded: 3, summed: 3, auditEntries: 3 });
  expect(breaches(found)).toEqual([]);
});

test('a session that was sent and not recorded is lost', async () => {
  expect(breaches(await reckon(url, [...ids, 'sent-and-gone']))).toEqual(['1 lost: sent-and-gone']);
});

test('a session that is there twice is told', async () => {
  // The same ids under keys of their own.
  await upload(installation, Buffer.from('second'), [chat('a')]);
  expect(breaches(await reckon(url, ids))).toEqual([`1 recorded twice: ${ids[0]!}`]);
});

test('a session that is there and not recorded is lost, and is no recorded one', async () => {
  tamper("UPDATE sessions SET state = 'waiting' WHERE rowid = (SELECT max(rowid) FROM sessions)");
  const wrong = breaches(await reckon(url, ids));
  expect(wrong).toContainEqual(expect.stringMatching(/^1 lost: /));
  expect(wrong).toContain('1 of 3 sessions are not recorded');
});

test('a result that cannot be read whole is damaged', async () => {
  tamper("UPDATE results SET verdicts = x'00' WHERE rowid = (SELECT max(rowid) FROM results)");
  expect(breaches(await reckon(url, ids))).toEqual(['1 results cannot be read whole']);
});

test('an audit entry that was changed breaks the chain', async () => {
  tamper("UPDATE audit SET actor = 'b' WHERE seq = 2");
  expect(breaches(await reckon(url, ids))).toEqual(['the audit chain is broken']);
});

test('an installation without a single session has proven nothing', async () => {
  const empty = await openIn();
  try {
    expect(breaches(await reckon(`sqlite:${join(empty.folder, 'earwitness.sqlite')}`, []))).toContain(
      'nothing was recorded',
    );
  } finally {
    await empty.remove();
  }
});
