import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finished, waiting } from '../installation/testing/build.ts';
import { eraseCustomer, pseudonym } from './erase.ts';
import { applyRetention, previewRetention } from './retention.ts';
import { age, findBytes, type Opened, openIn, piecesOf, upload } from '../testing/installation.ts';
import { verifyInstallation } from './verify.ts';

const all = { kind: 'all' } as const;
const secret = 'secret-of-this-installation-0123456789';

let installation: Opened;
beforeEach(async () => {
  installation = await openIn();
});
afterEach(() => installation.remove());

const objects = async () => {
  const names = [];
  for await (const { sha256 } of installation.archive.list()) names.push(sha256);
  return names.sort();
};
const results = async () => {
  const found = new Map<string, string>();
  for await (const { key, result } of installation.store.sessions.results(all, {}))
    found.set(key, result.turns[1]!.text);
  return found;
};
const auditOf = async (action: string) => {
  const { items } = await installation.store.audit.list({ limit: 50, action });
  return items;
};

describe('erasure of a customer', () => {
  const erase = () => eraseCustomer(installation, 'alice-4711', { secret, grace: 0 });

  it('leaves no word, name, recording or file of the customer anywhere, and everything of others', async () => {
    const sound = randomBytes(5000);
    const mine = await upload(installation, Buffer.concat([Buffer.from('alice-4711 zanzibar'), randomBytes(3000)]), [
      { customer: 'alice-4711', words: 'my zanzibar cruise was cancelled', sound },
      { customer: 'alice-4711', words: 'zanzibar again, please', sound: null },
    ]);
    const other = await upload(installation, randomBytes(3000), [
      { customer: 'bob', words: 'the parcel never came', sound: randomBytes(5000) },
    ]);
    const traces = [
      Buffer.from('alice-4711'),
      Buffer.from('zanzibar'),
      sound.subarray(1000, 1032),
      ...piecesOf(mine.packed, other.packed),
    ];
    expect(traces.length).toBeGreaterThan(5);
    // They are there before, or the search would prove nothing.
    expect(await findBytes(installation.folder, traces)).toEqual(traces);
    await age(installation);

    const summary = await erase();
    expect(summary).toMatchObject({ sessions: 2, files: 1, objects: 2 });
    expect(await findBytes(installation.folder, traces)).toEqual([]);
    const kept = piecesOf(other.packed, []);
    expect(await findBytes(installation.folder, kept)).toEqual(kept);
    expect([...(await results())]).toEqual([[other.keys[0], 'the parcel never came']]);
    expect(await objects()).toHaveLength(2);
    expect((await verifyInstallation(installation)).findings).toEqual([]);
    expect(await installation.store.upkeep.ofCustomer('alice-4711')).toEqual([]);
  });

  it('notes that it was done under a name that says nothing without the secret', async () => {
    await upload(installation, randomBytes(3000), [{ customer: 'alice-4711', words: 'hello', sound: null }]);
    await age(installation);
    const { customer } = await erase();
    expect(customer).toBe(pseudonym('alice-4711', secret));
    expect(customer).not.toBe(pseudonym('alice-4711', 'another secret'));
    expect(await auditOf('customer.erasure-begun')).toMatchObject([{ target: `customer:${customer}` }]);
    expect(await auditOf('customer.erased')).toMatchObject([
      { target: `customer:${customer}`, detail: { sessions: 1, files: 1, objects: 1 } },
    ]);
  });

  it('removes a file that others came in too, keeps their sessions and says why it is gone', async () => {
    const { keys, fileSha256 } = await upload(installation, randomBytes(3000), [
      { customer: 'alice-4711', words: 'mine', sound: randomBytes(2000) },
      { customer: 'bob', words: 'his', sound: randomBytes(2000) },
    ]);
    await age(installation);
    expect(await erase()).toMatchObject({ sessions: 1, files: 1, objects: 2 });
    expect(await installation.archive.has(fileSha256)).toBeNull();
    expect([...(await results())]).toEqual([[keys[1], 'his']]);
    const file = await installation.store.batches.file(keys[0]!.slice(0, -7));
    expect(file!.name).toMatch(/^erasure: /);
    // What was removed on purpose is not missed.
    expect((await verifyInstallation(installation)).findings).toEqual([]);
  });

  it('keeps a recording that somebody else has too, byte for byte', async () => {
    const jingle = randomBytes(4000);
    await upload(installation, randomBytes(3000), [{ customer: 'alice-4711', words: 'a', sound: jingle }]);
    await upload(installation, randomBytes(3000), [{ customer: 'bob', words: 'b', sound: jingle }]);
    await age(installation);
    expect(await erase()).toMatchObject({ objects: 1 });
    expect((await verifyInstallation(installation)).findings).toEqual([]);
  });

  it('is refused as a whole, with a list, while one of the sessions is held', async () => {
    const { keys } = await upload(installation, randomBytes(3000), [
      { customer: 'alice-4711', words: 'one', sound: null },
      { customer: 'alice-4711', words: 'two', sound: null },
    ]);
    await installation.store.upkeep.hold({ keys: [keys[1]!] }, true);
    await age(installation);
    await expect(erase()).rejects.toMatchObject({
      code: 'session-held',
      problem: { message: expect.stringContaining(keys[1]!) as string },
    });
    expect([...(await results()).values()]).toEqual(['one', 'two']);
    expect(await auditOf('customer.erased')).toEqual([]);
    await installation.store.upkeep.hold({ keys: [keys[1]!] }, false);
    expect(await erase()).toMatchObject({ sessions: 2 });
  });

  it('is refused while another session that came in the same file is held', async () => {
    const { keys } = await upload(installation, randomBytes(3000), [
      { customer: 'alice-4711', words: 'mine', sound: null },
      { customer: 'bob', words: 'his', sound: null },
    ]);
    await installation.store.upkeep.hold({ customerId: 'bob' }, true);
    await expect(erase()).rejects.toMatchObject({
      code: 'session-held',
      problem: { message: expect.stringContaining(keys[1]!) as string },
    });
    expect((await results()).size).toBe(2);
  });

  it('can be repeated, and ends what one that was cut short had begun', async () => {
    const { keys, fileSha256 } = await upload(installation, randomBytes(3000), [
      { customer: 'alice-4711', words: 'mine', sound: randomBytes(2000) },
    ]);
    await age(installation);
    // As far as a first one came before the power went.
    await installation.store.upkeep.strip(keys, 'result');
    await installation.store.upkeep.forgetFiles([fileSha256], 'erasure');
    expect(await objects()).toHaveLength(2);
    expect(await erase()).toMatchObject({ sessions: 0, objects: 2 });
    expect(await objects()).toEqual([]);
    expect(await erase()).toMatchObject({ sessions: 0, objects: 0 });
  });

  it('is not undone by work that was on its way', async () => {
    const { keys } = await upload(installation, randomBytes(3000), [
      { customer: 'alice-4711', words: 'mine', sound: null },
    ]);
    const [session] = await installation.store.sessions.waiting(keys);
    await age(installation);
    await erase();
    await installation.store.sessions.record([finished({ ...session!, state: 'waiting' })], { again: true });
    expect((await results()).size).toBe(0);
  });

  it('waits for what came a moment ago, which might be on its way into the database', async () => {
    await upload(installation, randomBytes(3000), [{ customer: 'alice-4711', words: 'mine', sound: null }]);
    const started = Date.now();
    expect(await eraseCustomer(installation, 'alice-4711', { secret, grace: 300 })).toMatchObject({ objects: 1 });
    expect(Date.now() - started).toBeGreaterThanOrEqual(300);
    expect(await objects()).toEqual([]);
  });
});

describe('retention', () => {
  const now = () => new Date('2026-11-22T00:00:00.000Z');
  const days = { recording: 30, transcript: 90, result: 365 };
  const daysAgo = (n: number) => new Date(now().getTime() - n * 86_400_000).toISOString();
  const apply = () => applyRetention(installation, days, { now, grace: 0 });
  const call = (customer: string, ago: number) => ({
    customer,
    words: `words of ${customer}`,
    sound: randomBytes(2000),
    startedAt: daysAgo(ago),
  });

  it('forgets each artefact in its own time', async () => {
    const uploads = [];
    for (const contact of [call('day', 1), call('month', 40), call('quarter', 100), call('years', 700)])
      uploads.push(await upload(installation, randomBytes(1000), [contact]));
    await age(installation);
    const kept = [await objects(), await results()];
    const preview = { recording: { due: 3, held: 0 }, transcript: { due: 2, held: 0 }, result: { due: 1, held: 0 } };
    expect(await previewRetention(installation, days, now())).toEqual(preview);
    expect([await objects(), await results()]).toEqual(kept);
    expect(await auditOf('retention')).toEqual([]);
    expect(await apply()).toMatchObject({
      stripped: { recording: 3, transcript: 2, result: 1 },
      files: 3,
      heldFiles: 0,
      objects: 6,
    });
    expect(await objects()).toHaveLength(2);
    const texts = await results();
    expect(uploads.map(({ keys }) => texts.get(keys[0]!))).toEqual(['words of day', 'words of month', '', undefined]);
    expect((await verifyInstallation(installation)).findings).toEqual([]);
    // Nothing is left to do.
    expect(await apply()).toMatchObject({ stripped: { recording: 0, transcript: 0, result: 0 }, objects: 0 });
    expect(await auditOf('retention')).toHaveLength(1);
  });

  it('leaves what is under legal hold, and the file that it came in', async () => {
    const { keys, fileSha256 } = await upload(installation, randomBytes(1000), [call('old', 700), call('held', 700)]);
    await installation.store.upkeep.hold({ keys: [keys[1]!] }, true);
    await age(installation);
    const [one, nothing] = [
      { due: 1, held: 1 },
      { due: 0, held: 0 },
    ];
    const preview = { recording: nothing, transcript: one, result: one };
    expect(await previewRetention(installation, { ...days, recording: null }, now())).toEqual(preview);
    expect(await apply()).toMatchObject({
      stripped: { recording: 1, transcript: 1, result: 1 },
      heldFiles: 1,
      objects: 1,
    });
    expect(await installation.archive.has(fileSha256)).not.toBeNull();
    expect([...(await results()).values()]).toEqual(['words of held']);
    await installation.store.upkeep.hold({ keys: [keys[1]!] }, false);
    expect(await apply()).toMatchObject({ stripped: { recording: 1 }, files: 1, objects: 2 });
    expect(await objects()).toEqual([]);
  });

  it('keeps for ever what no days are stated for', async () => {
    await upload(installation, randomBytes(1000), [call('years', 7000)]);
    await age(installation);
    const none = { recording: null, transcript: null, result: null };
    expect(await applyRetention(installation, none, { now, grace: 0 })).toMatchObject({ files: 0, objects: 0 });
    expect((await results()).size).toBe(1);
    expect(await auditOf('retention')).toEqual([]);
  });

  it('removes what a crash left in the archive, and nothing that is still coming', async () => {
    const left = await installation.archive.put(Buffer.from('left by a crash'));
    await age(installation);
    const coming = await installation.archive.put(Buffer.from('coming'));
    expect(await applyRetention(installation, days, { now })).toMatchObject({ objects: 1 });
    expect([
      await installation.archive.has(left.sha256),
      (await installation.archive.has(coming.sha256))?.bytes,
    ]).toEqual([null, 6]);
  });

  it('leaves sessions that still wait to be inspected', async () => {
    const made = await installation.store.batches.create({
      ...{ title: 'old calls', team: null, createdBy: 'test' },
      settings: { language: null, scorecards: [], priority: 5, agentChannel: 'left', recogniser: 'auto' },
    });
    const file = await installation.archive.put(randomBytes(100));
    const added = await installation.store.batches.addFile({
      ...{ batchId: made.id, name: 'old.zip', sha256: file.sha256, bytes: file.bytes },
    });
    const order = waiting(made.id, `${added!.id}-000000`, { fileId: added!.id, about: { startedAt: daysAgo(7000) } });
    await installation.store.sessions.addWaiting([order]);
    await age(installation);
    expect(await apply()).toMatchObject({ stripped: { recording: 0, transcript: 0, result: 0 }, objects: 0 });
    expect(await objects()).toEqual([file.sha256]);
  });
});
