import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { GiveUp } from '../../queue/index.ts';
import type { Batch, BatchFile } from '../../session/index.ts';
import { createHttpDesk, finish, type InspectJob } from '../../worker/index.ts';
import { readServerConfig } from '../config.ts';
import { openServer, type Server } from '../serve.ts';
import { createDesk } from './desk.ts';
import { ingestJob, inspectJobs } from './jobs.ts';
import { sessionKey } from './places.ts';
import { createRecorder } from './recorder.ts';
import { workerToken } from './signing.ts';
import { startSweep } from './sweep.ts';

const rulesDir = fileURLToPath(new URL('../../../rules', import.meta.url));
const broken = fileURLToPath(new URL('../../../fixtures/batches/broken', import.meta.url));
const demo = fileURLToPath(new URL('../../../fixtures/batches/demo', import.meta.url));
const everything = { kind: 'all' } as const;
const signal = new AbortController().signal;

let dir: string;
let server: Server;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'work-test-'));
  server = await open(1);
});

afterAll(async () => {
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

function open(workers: number): Promise<Server> {
  const env = { EARWITNESS_LOG_LEVEL: 'silent', EARWITNESS_OFFLINE: 'true' };
  const config = readServerConfig(env, {
    overrides: { dataDir: join(dir, 'data'), port: 0, workers },
    defaults: { modelsDir: join(dir, 'models') },
  });
  const queueSettings = { backoffMs: 20, attempts: 2 };
  return openServer(config, { rulesDir, queueSettings, sweep: { everyMs: 3_600_000, ageMs: 0 } });
}

/** What an upload does once its bytes have arrived. */
async function takeIn(names: readonly string[], folder: string): Promise<Batch> {
  const { store, archive, queue } = server.context;
  const settings = { language: null, scorecards: [], priority: 5, agentChannel: 'left', recogniser: 'auto' } as const;
  const batch = await store.batches.create({
    title: 'b',
    team: null,
    createdBy: 'test',
    settings: { ...settings, scorecards: [] },
  });
  for (const name of names) {
    const { sha256, bytes } = await archive.put(await readFile(join(folder, name)));
    const file = await store.batches.addFile({ batchId: batch.id, name, sha256, bytes, again: true });
    await queue.add([ingestJob(file!, batch.settings)]);
  }
  await store.batches.close(batch.id);
  return batch;
}

async function finished(id: string): Promise<Batch> {
  return vi.waitFor(
    async () => {
      const batch = await server.context.store.batches.get(id, everything);
      expect(batch!.state).toBe('done');
      return batch!;
    },
    { timeout: 45_000, interval: 50 },
  );
}

async function filesOf(id: string): Promise<BatchFile[]> {
  return (await server.context.store.batches.files(id, { limit: 100 })).items;
}

test('an upload becomes inspected sessions with score, proof and pins', async () => {
  const { id } = await takeIn(['chats/chat-01-perfect.json', 'chats/2026-03-03.jsonl'], demo);
  const batch = await finished(id);
  expect(batch.counts).toMatchObject({ files: 2, filesDone: 2, sessions: 5, recorded: 5, dead: 0, failures: 0 });
  const { store } = server.context;
  const { items } = await store.sessions.list(everything, { batchId: id }, { limit: 10, order: 'score' });
  const perfect = items.find((one) => one.id === 'chat-01-perfect')!;
  expect(perfect).toMatchObject({ scorecardId: 'service-en', score: 100, passed: true, state: 'recorded' });
  const found = await store.sessions.result(perfect.key, everything);
  expect(found!.damaged).toEqual([]);
  expect(found!.result.source).toEqual({ path: 'chats/chat-01-perfect.json', entry: null });
  expect(found!.result.pins.scorecardHash).toBe(perfect.scorecardHash);
  expect(await store.bundles.get('sentiment', found!.result.pins.sentimentHash)).not.toBeNull();
});

test('hostile and broken files end as named failures; the good ones beside them are inspected', async () => {
  const long = join(dir, 'long.jsonl');
  await writeFile(long, `{"id":"x","text":"${'a'.repeat(50 * 1024 * 1024)}"}\n`);
  const names = [
    'bomb.zip',
    'climbs-out.zip',
    'not-a-zip.zip',
    'wrong-encoding.csv',
    'random-bytes.mp3',
    'broken.json',
    'empty.wav',
  ];
  const { id } = await takeIn(names, broken);
  const other = await takeIn(['long.jsonl'], dir);
  await finished(id);
  await finished(other.id);
  const told = (await filesOf(id)).map(({ name, state, problem }) => [name, state, problem?.code ?? null]);
  expect(told).toEqual([
    ['bomb.zip', 'failed', 'zip-too-large'],
    ['climbs-out.zip', 'done', null],
    ['not-a-zip.zip', 'failed', 'zip-invalid'],
    ['wrong-encoding.csv', 'failed', 'file-encoding'],
    ['random-bytes.mp3', 'failed', 'audio-not-audio'],
    ['broken.json', 'failed', 'json-invalid'],
    ['empty.wav', 'failed', 'file-empty'],
  ]);
  expect((await filesOf(other.id))[0]).toMatchObject({ state: 'failed', problem: { code: 'line-too-long' } });
  const failures = (await server.context.store.batches.failures(id, { limit: 50 })).items;
  expect(failures.map(({ code }) => code)).toContain('zip-unsafe-path');
  // Nobody outside learns where files lie on this machine.
  expect(JSON.stringify(failures)).not.toContain(tmpdir());
});

test('a file whose bytes are gone is failed with the reason after its tries, and its batch is done', async () => {
  const { store, queue } = server.context;
  const settings = { language: null, scorecards: [], priority: 5, agentChannel: 'left' as const, recogniser: 'auto' };
  const batch = await store.batches.create({ title: 'gone', team: null, createdBy: 'test', settings });
  const sha256 = 'ab'.repeat(32);
  const file = await store.batches.addFile({ batchId: batch.id, name: 'gone.json', sha256, bytes: 3, again: true });
  await queue.add([ingestJob(file!, settings)]);
  await store.batches.close(batch.id);
  await finished(batch.id);
  expect((await filesOf(batch.id))[0]).toMatchObject({ state: 'failed', problem: { code: 'reading-given-up' } });
});

test('which sessions share a job follows from their keys, whatever else is at hand', () => {
  const settings = { language: null, scorecards: [], priority: 5, agentChannel: 'left' as const, recogniser: 'auto' };
  const session = (position: number, recordingSha256: string | null, text = 'hello') => ({
    key: sessionKey('f', position),
    fileId: 'f',
    batchId: 'b',
    recordingSha256,
    session: { turns: [{ text }] } as never,
  });
  const all = Array.from({ length: 60 }, (_, n) =>
    session(n, n === 3 ? 'ab' : null, n === 7 ? 'x'.repeat(200_001) : 'hello'),
  );
  const ids = inspectJobs(all, settings, 'secret').map(({ id, payload }) => [
    id,
    (payload as { keys: string[] }).keys.length,
  ]);
  expect(ids).toEqual([
    ['inspect:f-000000+', 23],
    ['inspect:f-000003', 1],
    ['inspect:f-000007', 1],
    ['inspect:f-000025+', 25],
    ['inspect:f-000050+', 10],
  ]);
  const late = inspectJobs([all[30]!, all[29]!], settings, 'secret');
  expect(late.map(({ id }) => id)).toEqual(['inspect:f-000025+']);
});

test('a worker elsewhere gets order, scorecards and recording by signed addresses, and hands results in once', async () => {
  const { context, url } = server;
  const { store, config, archive } = context;
  await context.queue.pause();
  try {
    const { id } = await takeIn(['chats/chat-01-perfect.json'], demo);
    const settings = (await store.batches.get(id, everything))!.settings;
    const fileId = (await filesOf(id))[0]!.id;
    const recording = await archive.put(Buffer.from('not really sound'));
    const key = sessionKey(fileId, 0);
    const known = await store.sessions.list(everything, { id: 'chat-01-perfect' }, { limit: 1, order: 'newest' });
    const { result } = (await store.sessions.result(known.items[0]!.key, everything))!;
    const { source, notices, ...session } = result;
    const waiting = {
      key,
      batchId: id,
      fileId,
      state: 'waiting' as const,
      session,
      source,
      notices,
      recordingSha256: recording.sha256,
      channelRoles: null,
    };
    await store.sessions.addWaiting([waiting]);
    const [made] = inspectJobs([waiting], settings, config.secret);
    const job = { id: made!.id, payload: made!.payload } as InspectJob;
    const token = workerToken(config.secret, new Date(Date.now() + 60_000));
    const desk = createHttpDesk({ server: url, token, tries: 2, backoffMs: 10 });

    const order = await desk.order(job, signal);
    const direct = await createDesk(context, createRecorder(context)).order(job, signal);
    expect(order.scorecards).toEqual(direct.scorecards);
    expect(order.sessions.map((one) => [one.key, one.recordingSha256, one.session.turns])).toEqual(
      direct.sessions.map((one) => [one.key, one.recordingSha256, one.session.turns]),
    );
    const [card] = order.scorecards;
    expect(await desk.artefact(job, card!.files[0]!.sha256, signal)).toEqual(
      new Uint8Array((await store.bundles.artefact(card!.files[0]!.sha256))!),
    );
    const local = await desk.recording(job, recording.sha256, signal);
    expect((await readFile(local.path)).toString()).toBe('not really sound');
    await local.release();

    const work = { finished: [finish(key, result)], failed: [] };
    await desk.submit(job, work, signal);
    await desk.submit(job, work, signal);
    expect((await store.sessions.summary(key, everything))!.state).toBe('recorded');
    expect((await store.batches.get(id, everything))!.counts.recorded).toBe(1);
    expect((await desk.order(job, signal)).sessions).toEqual([]);

    const damaged = { finished: [{ ...work.finished[0]!, inputHash: 'cd'.repeat(32) }], failed: [] };
    await expect(desk.submit(job, damaged, signal)).rejects.toThrow('does not have the hash');
    await expect(desk.submit(job, { finished: [finish('other', result)], failed: [] }, signal)).rejects.toThrow(
      'did not ask for',
    );
    const forged = { ...job, payload: { ...job.payload, keys: [key, 'other'] } };
    await expect(desk.order(forged, signal)).rejects.toBeInstanceOf(GiveUp);
    const stranger = createHttpDesk({ server: url, token: `${token}x`, tries: 1 });
    await expect(stranger.order(job, signal)).rejects.toThrow('worker token');
  } finally {
    await context.queue.resume();
  }
});

test('an address that was changed, or has expired, opens nothing', async () => {
  const path = `/api/v1/work/recordings/${'ab'.repeat(32)}`;
  for (const query of [
    '',
    '?job=inspect:1&expires=9999999999999&signature=x',
    '?job=inspect:1&expires=1&signature=x',
  ]) {
    const { statusCode } = await server.app.inject({ url: path + query });
    expect([400, 403]).toContain(statusCode);
  }
  const climbing = await server.app.inject({
    url: '/api/v1/work/recordings/..%2F..%2Fsecret?job=a&expires=1&signature=x',
  });
  expect([400, 404]).toContain(climbing.statusCode);
});

test('sessions and files whose jobs were lost are found, and a second look adds nothing', async () => {
  const { store, archive } = server.context;
  const settings = { language: null, scorecards: [], priority: 5, agentChannel: 'left' as const, recogniser: 'auto' };
  const batch = await store.batches.create({ title: 'lost', team: null, createdBy: 'test', settings });
  const { sha256, bytes } = await archive.put(
    Buffer.from(
      JSON.stringify({
        id: 'lost-1',
        channel: 'chat',
        language: 'en',
        messages: [{ sender: 'agent', text: 'Hello.' }],
      }),
    ),
  );
  await store.batches.addFile({ batchId: batch.id, name: 'lost.json', sha256, bytes, again: true });
  await store.batches.close(batch.id);
  const sweep = startSweep(server.context, { everyMs: 3_600_000, ageMs: 0 });
  await sweep.run();
  await sweep.close();
  const { counts } = await finished(batch.id);
  expect(counts).toMatchObject({ sessions: 1, recorded: 1, dead: 0 });
});

test('what is under way when the server stops is done after the next start, once', async () => {
  const { id } = await takeIn(['chats/2026-03-03.jsonl', 'chats/week10.csv'], demo);
  await server.stop();
  server = await open(1);
  const { counts } = await finished(id);
  expect(counts).toMatchObject({ sessions: 6, recorded: 6, dead: 0, failures: 0 });
});
