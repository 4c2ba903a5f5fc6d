import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Batch, BatchFile } from '../../../session/index.ts';
import { buildApp } from '../../app.ts';
import { everything, type ListeningApp, openListeningApp } from '../../testing/listening.ts';
import { Resumable } from './tus.ts';

let server: ListeningApp;
beforeAll(async () => {
  server = await openListeningApp();
});
afterAll(async () => {
  await server.close();
});

const tus = { 'tus-resumable': '1.0.0' };
const bytes = { ...tus, 'content-type': 'application/offset+octet-stream' };
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const metadata = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');

async function openBatch(): Promise<Batch> {
  const { store } = server.context;
  const settings = { language: null, scorecards: [], priority: 5, agentChannel: 'left', recogniser: 'auto' } as const;
  return store.batches.create({ title: 'tus', team: null, createdBy: 'x', settings: { ...settings, scorecards: [] } });
}
const filesOf = async ({ id }: Batch): Promise<BatchFile[]> =>
  (await server.context.store.batches.files(id, { limit: 200 })).items;

interface Begin {
  length?: number;
  body?: string;
  as?: Record<string, string>;
}
const begin = (values: Record<string, string>, { length, body, as }: Begin) =>
  server.fetch('/api/v1/uploads', {
    method: 'POST',
    headers: {
      ...(body === undefined ? tus : bytes),
      ...(length === undefined ? { 'upload-defer-length': '1' } : { 'upload-length': String(length) }),
      'upload-metadata': metadata(values),
    },
    ...(body === undefined ? {} : { body }),
    ...(as ? { as } : {}),
  });
const patch = (place: string, offset: number, body: string, more: Record<string, string> = {}) =>
  server.fetch(place, { method: 'PATCH', headers: { ...bytes, 'upload-offset': String(offset), ...more }, body });
const head = (place: string) => server.fetch(place, { method: 'HEAD', headers: tus });
const uploads = () => readdirSync(join(server.context.config.dataDir, 'uploads'));

describe('resumable uploads', () => {
  it('tell what they speak', async () => {
    const answer = await server.fetch('/api/v1/uploads', { method: 'OPTIONS', as: {} });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('tus-extension')).toBe(
      'creation,creation-with-upload,creation-defer-length,termination,expiration',
    );
  });

  it('go on after a half, and become a file once', async () => {
    const batch = await openBatch();
    const text = 'first half, second half';
    const made = await begin(
      { batchId: batch.id, filename: 'calls/a.txt', sha256: hash(text) },
      { length: text.length },
    );
    expect(made.status).toBe(201);
    expect(made.headers.get('upload-expires')).toBeTruthy();
    const place = made.headers.get('location')!;
    expect(place).toMatch(/^\/api\/v1\/uploads\/[0-9a-f]{32}$/);
    expect((await patch(place, 0, text.slice(0, 10))).headers.get('upload-offset')).toBe('10');
    expect((await head(place)).headers.get('upload-offset')).toBe('10');
    expect(await (await patch(place, 5, 'wrong')).json()).toMatchObject({ status: 409, code: 'upload-offset-wrong' });
    expect(await filesOf(batch)).toEqual([]);
    const last = await patch(place, 10, text.slice(10));
    expect(last.status).toBe(204);
    const [file] = await filesOf(batch);
    expect(file).toMatchObject({ name: 'calls/a.txt', sha256: hash(text), state: 'stored' });
    expect(last.headers.get('x-file-id')).toBe(file!.id);
    // Who lost the answer asks again, and finds it finished.
    expect((await head(place)).headers.get('upload-offset')).toBe(String(text.length));
    expect((await patch(place, text.length, '')).status).toBe(204);
    expect(await (await server.fetch(place)).json()).toMatchObject({ fileId: file!.id, bytes: text.length });
    expect(await filesOf(batch)).toHaveLength(1);
    expect(uploads().filter((name) => !name.endsWith('.json'))).toEqual([]);
  });

  it('keep what came before the line broke', async () => {
    const batch = await openBatch();
    const made = await begin({ batchId: batch.id, filename: 'a.txt' }, { length: 20 });
    const place = made.headers.get('location')!;
    await server.raw(
      [
        `PATCH ${place} HTTP/1.1\r\nHost: x\r\nAuthorization: ${server.lead.authorization}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n` +
          'Content-Type: application/offset+octet-stream\r\nContent-Length: 20\r\n\r\n0123456789',
        100,
      ],
      'destroy',
    );
    await expect.poll(async () => (await head(place)).headers.get('upload-offset')).toBe('10');
    expect((await patch(place, 10, '0123456789')).status).toBe(204);
    expect(await filesOf(batch)).toMatchObject([{ sha256: hash('01234567890123456789') }]);
  });

  it('are refused with the wrong hash, and nothing is kept', async () => {
    const batch = await openBatch();
    const before = uploads().length;
    const refused = await begin(
      { batchId: batch.id, filename: 'a.txt', sha256: hash('other') },
      { length: 4, body: 'this' },
    );
    expect(await refused.json()).toMatchObject({ status: 422, code: 'upload-hash-wrong' });
    expect(await filesOf(batch)).toEqual([]);
    expect(uploads()).toHaveLength(before);
    expect(await server.context.archive.has(hash('this'))).toBeNull();
  });

  it('are refused where they cannot become anything', async () => {
    const batch = await openBatch();
    const named = { batchId: batch.id, filename: 'a.txt' };
    const other = await server.token(await server.account('supervisor', { teams: ['North'] }), everything);
    const limit = server.context.config.limits.uploadBytes;
    expect(await (await begin({ filename: 'a' }, { length: 1 })).json()).toMatchObject({
      status: 400,
      code: 'request-invalid',
    });
    expect(await (await begin({ ...named, sha256: 'x' }, { length: 1 })).json()).toMatchObject({ status: 400 });
    expect(await (await begin({ ...named, batchId: 'none' }, { length: 1 })).json()).toMatchObject({ status: 404 });
    expect(await (await begin(named, { length: 1, as: other })).json()).toMatchObject({ status: 404 });
    expect(await (await begin(named, { length: limit + 1 })).json()).toMatchObject({
      status: 413,
      code: 'upload-too-large',
    });
    const old = await server.fetch('/api/v1/uploads', { method: 'POST', headers: { 'upload-length': '1' } });
    expect(await old.json()).toMatchObject({ status: 412, code: 'header-invalid' });
    const made = (await begin(named, { length: 4 })).headers.get('location')!;
    // Somebody else's upload does not exist.
    for (const method of ['GET', 'HEAD', 'DELETE'])
      expect((await server.fetch(made, { method, as: other, headers: tus })).status).toBe(404);
    expect((await patch(made, 0, 'too long by far')).status).toBe(413);
    for (const id of ['..%2f..%2fsecret', 'x'.repeat(32), '%00', '0'.repeat(32)])
      expect((await head(`/api/v1/uploads/${id}`)).status).toBe(404);
    await server.context.store.batches.close(batch.id);
    expect(await (await patch(made, 0, 'text')).json()).toMatchObject({ status: 409, code: 'batch-closed' });
    expect(await (await begin(named, { length: 1 })).json()).toMatchObject({ status: 409, code: 'batch-closed' });
  });

  it('can be given up, and expire', async () => {
    const batch = await openBatch();
    const place = (await begin({ batchId: batch.id, filename: 'a.txt' }, {})).headers.get('location')!;
    expect((await server.fetch(place, { method: 'DELETE', headers: tus })).status).toBe(204);
    expect((await head(place)).status).toBe(404);
  });

  it('are noticed as duplicates', async () => {
    const batch = await openBatch();
    const send = (more: Record<string, string> = {}) =>
      begin({ batchId: batch.id, filename: 'd.txt', ...more }, { length: 9, body: 'the same!' });
    const first = (await send()).headers.get('x-file-id');
    expect((await send()).headers.get('x-duplicate-of')).toBe(first);
    expect((await send({ again: 'true' })).headers.get('x-duplicate-of')).toBeNull();
  });

  it('bring two hundred small files', async () => {
    const batch = await openBatch();
    for (let done = 0; done < 200; done += 20)
      await Promise.all(
        Array.from({ length: 20 }, async (_, at) => {
          const body = `chat ${done + at}`;
          const made = await begin({ batchId: batch.id, filename: `${done + at}.txt` }, { length: body.length, body });
          expect(made.status).toBe(201);
        }),
      );
    expect((await server.context.store.batches.get(batch.id, { kind: 'all' }))?.counts.files).toBe(200);
  });
});

describe('after a crash', () => {
  it('a half upload goes on, and a whole one becomes its file once', async () => {
    const batch = await openBatch();
    const values = { batchId: batch.id, filename: 'a.txt' };
    const half = (await begin(values, { length: 10, body: '01234' })).headers.get('location')!;
    const whole = (await begin({ ...values, filename: 'b.txt' }, { length: 10 })).headers.get('location')!;
    await patch(whole, 0, '9876543210'.slice(0, 9));
    const place = join(server.context.config.dataDir, 'uploads');
    appendFileSync(join(place, whole.split('/').at(-1)!), '0');
    writeFileSync(join(place, 'f'.repeat(32)), 'bytes of an upload that was never noted');
    writeFileSync(join(place, `${'e'.repeat(32)}.json.abcd.tmp`), '{');
    for (let start = 0; start < 2; start++) await Resumable.open(server.context, { expiresMs: 60_000, idleMs: 1_000 });
    expect(await filesOf(batch)).toMatchObject([{ name: 'b.txt', sha256: hash('9876543210') }]);
    expect(uploads().filter((name) => name.startsWith('f'.repeat(32)) || name.endsWith('.tmp'))).toEqual([]);
    expect((await head(half)).headers.get('upload-offset')).toBe('5');
    expect((await patch(half, 5, '56789')).status).toBe(204);
    expect((await filesOf(batch)).map(({ name }) => name).sort()).toEqual(['a.txt', 'b.txt']);
    const expired = await Resumable.open(server.context, { expiresMs: -1, idleMs: 1_000 });
    expect(await expired.removeExpired()).toBeGreaterThan(0);
    expect(uploads()).toEqual([]);
  });

  it('between list and note, a file does not become two', async () => {
    const batch = await openBatch();
    const made = await begin({ batchId: batch.id, filename: 'c.txt' }, { length: 6, body: 'abcdef' });
    const id = made.headers.get('location')!.split('/').at(-1)!;
    const place = join(server.context.config.dataDir, 'uploads', id);
    // As it stood before the last step.
    const { finished: _, ...note } = JSON.parse(readFileSync(`${place}.json`, 'utf8')) as Record<string, unknown>;
    writeFileSync(`${place}.json`, JSON.stringify(note));
    writeFileSync(place, 'abcdef');
    await Resumable.open(server.context, { expiresMs: 60_000, idleMs: 1_000 });
    expect(await filesOf(batch)).toMatchObject([{ id: made.headers.get('x-file-id'), sha256: hash('abcdef') }]);
    expect(uploads()).not.toContain(id);
  });

  it('a server that was started anew goes on with a half upload', async () => {
    const batch = await openBatch();
    const made = await begin({ batchId: batch.id, filename: 'd.txt' }, { length: 6, body: 'abc' });
    await server.app.close();
    const app = await buildApp(server.context);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    try {
      const answer = await fetch(url + made.headers.get('location')!, {
        method: 'PATCH',
        headers: { ...server.lead, ...bytes, 'upload-offset': '3' },
        body: 'xyz',
      });
      expect(answer.status).toBe(204);
      expect(await filesOf(batch)).toMatchObject([{ sha256: hash('abcxyz') }]);
    } finally {
      await app.close();
    }
  });
});
