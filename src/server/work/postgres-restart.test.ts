import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import type { Batch } from '../../session/index.ts';
import { verifyAudit } from '../../store/index.ts';
import { readServerConfig } from '../config.ts';
import { takeIn } from '../intake/take-in.ts';
import { openServer, type Server } from '../serve.ts';
import { OwnPostgres, postgresPrograms } from '../testing/postgres-server.ts';

const rulesDir = fileURLToPath(new URL('../../../rules', import.meta.url));
const everything = { kind: 'all' } as const;
const programs = postgresPrograms();
if (programs === null && process.env['CI'] === 'true') throw new Error('The programs of PostgreSQL are not installed.');

let ended: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ended.reverse()) await end();
  ended = [];
});

async function open(postgres: OwnPostgres, queue: 'embedded' | 'postgres'): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), 'postgres-restart-'));
  ended.push(() => rm(dir, { recursive: true, force: true }));
  const env = {
    DATABASE_URL: postgres.url,
    EARWITNESS_QUEUE: queue,
    EARWITNESS_LOG_LEVEL: 'silent',
    EARWITNESS_OFFLINE: 'true',
  } as const;
  const config = readServerConfig(env, {
    overrides: { dataDir: join(dir, 'data'), port: 0, workers: 1 },
    defaults: { modelsDir: join(dir, 'models') },
  });
  // One try: whatever the restart costs a session would bury it.
  const server = await openServer(config, {
    rulesDir,
    queueSettings: { attempts: 1, leaseMs: 5_000 },
    sweep: { everyMs: 1_000, ageMs: 5_000 },
  });
  ended.push(() => server.stop());
  return server;
}

/** Chats of one upload, as JSON lines. */
function chats(count: number): { ids: string[]; bytes: Buffer } {
  const ids = Array.from({ length: count }, (_, n) => `chat-${String(n).padStart(4, '0')}`);
  const messages = [
    { sender: 'agent', text: 'Good morning, this is support. How can I help you?' },
    { sender: 'customer', text: 'My parcel has not arrived and I want my money back.' },
    { sender: 'agent', text: 'I am sorry about that. I have started the refund.' },
  ];
  const lines = ids.map((id) => JSON.stringify({ id, channel: 'chat', language: 'en', messages }));
  return { ids, bytes: Buffer.from(`${lines.join('\n')}\n`) };
}

test.skipIf(programs === null).each(['embedded', 'postgres'] as const)(
  'PostgreSQL restarts in the middle of a batch: all of it is recorded, once (queue: %s)',
  async (queue) => {
    const postgres = await OwnPostgres.start(programs!);
    ended.push(() => postgres.remove());
    const server = await open(postgres, queue);
    const { store } = server.context;
    const settings = { language: null, scorecards: [], priority: 5, agentChannel: 'left', recogniser: 'auto' } as const;
    const { id } = await store.batches.create({
      title: 'restart',
      team: null,
      createdBy: 'test',
      settings: { ...settings, scorecards: [] },
    });
    const { ids, bytes } = chats(150);
    const batch = () => store.batches.get(id, everything);
    await takeIn(server.context, { batch: (await batch())!, name: 'chats.jsonl', source: bytes });
    await store.batches.close(id);

    await vi.waitFor(async () => expect((await batch())!.counts.recorded).toBeGreaterThan(0), {
      timeout: 30_000,
      interval: 10,
    });
    await postgres.stopImmediately();
    await expect(batch()).rejects.toMatchObject({ code: 'store-unavailable' });
    expect((await server.app.inject({ url: '/health/ready' })).statusCode).toBe(503);
    // Longer than all tries of a job would take if each of them counted.
    await sleep(2_000);
    await postgres.run();
    const before = (await batch())!;
    expect(before.counts.recorded).toBeLessThan(ids.length);

    const done = await vi.waitFor(
      async (): Promise<Batch> => {
        const now = (await batch())!;
        expect(now.state).toBe('done');
        return now;
      },
      { timeout: 45_000, interval: 100 },
    );
    expect(done.counts).toMatchObject({ files: 1, filesDone: 1, sessions: 150, recorded: 150, dead: 0, failures: 0 });
    const { items } = await store.sessions.list(everything, { batchId: id }, { limit: 500, order: 'newest' });
    expect(items.map((one) => one.id).sort()).toEqual(ids);
    expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['recorded']));
    expect((await verifyAudit(store.audit.all())).broken).toBeNull();
    expect((await server.app.inject({ url: '/health/ready' })).statusCode).toBe(200);
  },
  110_000,
);
