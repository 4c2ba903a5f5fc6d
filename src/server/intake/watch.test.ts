import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BatchFile } from '../../session/index.ts';
import { openTestApp, type TestApp } from '../testing/app.ts';
import { listedName } from './names.ts';
import { closeEarlierDays, rollingBatch } from './rolling.ts';
import { type FolderWatch, startFolderWatch } from './watch.ts';

let test: TestApp;
let folder: string;
let watch: FolderWatch;
beforeAll(async () => {
  test = await openTestApp({
    config: { limits: { uploadBytes: 1_000, filesPerBatch: 5, bodyBytes: 1e6, requestsPerMinute: 1e6 } },
  });
});
afterAll(async () => {
  await test.close();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earwitness-watch-'));
});
afterEach(async () => {
  await watch.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (more: object = {}) => {
  watch = startFolderWatch(test.context, { folder, team: 'North', settledMs: 60, retryMs: 100, ...more });
};
const write = (name: string, text: string) => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const here = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
async function taken(): Promise<BatchFile[]> {
  const { store } = test.context;
  const batches = await store.batches.list({ kind: 'all' }, { limit: 200 });
  const label = folder.split('/').at(-1)!;
  const own = batches.items.filter(({ title }) => title.includes(label)).reverse();
  return (await Promise.all(own.map(({ id }) => store.batches.files(id, { limit: 200 })))).flatMap(
    ({ items }) => items,
  );
}
const names = async () => (await taken()).map(({ name }) => name).sort();

describe('a watched folder', () => {
  it('gives what lies there and what comes, and moves it to done/', async () => {
    write('before.txt', `before ${folder}`);
    start();
    await expect.poll(names).toEqual(['before.txt']);
    write('calls/monday/a.wav', `sound ${folder}`);
    await expect.poll(names).toEqual(['before.txt', 'calls/monday/a.wav']);
    await expect.poll(here).toEqual(['done/before.txt', 'done/calls/monday/a.wav']);
    const [{ batchId }] = (await taken()) as [BatchFile];
    expect(await test.context.store.batches.get(batchId, { kind: 'teams', teams: ['North'] })).toMatchObject({
      createdBy: 'watch',
      state: 'receiving',
    });
    write('before.txt', `another ${folder}`);
    await expect.poll(here).toContain('done/before-2.txt');
  });

  it('leaves alone what is hidden, unfinished or a link', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'earwitness-outside-'));
    writeFileSync(join(outside, 'secret.txt'), 'secret');
    for (const name of ['.hidden.txt', '.folder/a.txt', 'a.wav.part', 'b.tmp', 'c.txt~', 'Thumbs.db', 'failed/old.txt'])
      write(name, name);
    symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'));
    symlinkSync(outside, join(folder, 'linked'));
    start();
    write('whole.txt', `whole ${folder}`);
    await expect.poll(names).toEqual(['whole.txt']);
    renameSync(join(folder, 'a.wav.part'), join(folder, 'a.wav'));
    await expect.poll(names).toEqual(['a.wav', 'whole.txt']);
    expect(here()).toContain('link.txt');
    rmSync(outside, { recursive: true });
  });

  it('takes a sidecar along with its recording', async () => {
    write('a.json', '{"agentId": "agent-7"}');
    write('a.wav', `a ${folder}`);
    write('chat.json', `[{"speaker": "agent", "text": "${folder}"}]`);
    start();
    await expect.poll(names).toEqual(['a.wav', 'chat.json']);
    expect((await taken()).find(({ name }) => name === 'a.wav')?.sidecar).toEqual({ agentId: 'agent-7' });
    await expect.poll(here).toEqual(['done/a.json', 'done/a.wav', 'done/chat.json']);
  });

  it('puts what can never be taken in into failed/, and says so in the batch', async () => {
    write('large.txt', 'x'.repeat(2_000));
    start();
    await expect.poll(here).toEqual(['failed/large.txt']);
    const batch = await rollingBatch(test.context, 'watch', { label: folder.split('/').at(-1)!, team: 'North' });
    expect((await test.context.store.batches.failures(batch.id, { limit: 10 })).items).toMatchObject([
      { path: 'large.txt', code: 'upload-too-large' },
    ]);
  });

  it('takes nothing in twice after a crash before the move', async () => {
    write('a.txt', `crash ${folder}`);
    const at = new Date('2026-03-02T10:00:00Z');
    utimesSync(join(folder, 'a.txt'), at, at);
    start();
    await expect.poll(here).toEqual(['done/a.txt']);
    await watch.close();
    renameSync(join(folder, 'done/a.txt'), join(folder, 'a.txt'));
    start();
    await expect.poll(here).toEqual(['done/a.txt']);
    expect(await names()).toEqual(['a.txt']);
  });

  it('tries again what the server failed on', async () => {
    const { archive } = test.context;
    const put = archive.put.bind(archive);
    let failures = 2;
    test.context.archive.put = (...given) => (failures-- > 0 ? Promise.reject(new Error('no space')) : put(...given));
    try {
      write('a.txt', `later ${folder}`);
      start();
      await expect.poll(names, { timeout: 3_000 }).toEqual(['a.txt']);
    } finally {
      test.context.archive.put = put;
    }
    expect(existsSync(join(folder, 'failed'))).toBe(false);
  });

  it('opens the next batch where one is full, and closes those of earlier days', async () => {
    for (let n = 0; n < 7; n++) write(`${n}.txt`, `${n} ${folder}`);
    start();
    await expect.poll(async () => (await taken()).length).toBe(7);
    const batches = new Set((await taken()).map(({ batchId }) => batchId));
    expect(batches.size).toBe(2);
    test.later(24 * 3_600_000);
    expect(await closeEarlierDays(test.context)).toBeGreaterThanOrEqual(2);
    for (const id of batches)
      expect(await test.context.store.batches.get(id, { kind: 'all' })).toMatchObject({
        state: 'running',
        closedAt: expect.any(String),
      });
  });
});

describe('names', () => {
  it.each([
    ['calls/monday/a.wav', 'calls/monday/a.wav'],
    ['../../etc/passwd', 'etc/passwd'],
    ['/etc/passwd', 'etc/passwd'],
    ['C:\\calls\\..\\a.wav', 'calls/a.wav'],
    ['a\u0000\r\nb: c', 'ab: c'],
    ['\u202egpj.exe', 'gpj.exe'],
    ['客服/录音.wav', '客服/录音.wav'],
    ['..', 'unnamed'],
    ['', 'unnamed'],
    [null, 'unnamed'],
  ])('%j is listed as %j', (raw, listed) => {
    expect(listedName(raw)).toBe(listed);
  });
  it('are cut at the front', () => {
    expect(listedName(`${'x/'.repeat(1_000)}a.wav`)).toMatch(/^x\/.{0,600}\/a\.wav$/);
  });
});
