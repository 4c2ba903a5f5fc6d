import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import multipart from '@fastify/multipart';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Batch, BatchFile } from '../../../session/index.ts';
import type { Page } from '../../../store/index.ts';
import { everything, formOf, type ListeningApp, openListeningApp } from '../../testing/listening.ts';
import type { UploadAnswer } from './schemas.ts';
import { uploadRoutes } from './upload.ts';

let server: ListeningApp;
beforeAll(async () => {
  server = await openListeningApp({
    // The same routes with less patience.
    extend: (app, context) => {
      void app.register(
        async (impatient) => {
          await impatient.register(multipart, { throwFileSizeLimit: false });
          await impatient.register(uploadRoutes(context, { idleMs: 200 }));
        },
        { prefix: '/impatient' },
      );
    },
    config: { limits: { uploadBytes: 50_000, filesPerBatch: 40, bodyBytes: 200_000, requestsPerMinute: 1e6 } },
  });
});
afterAll(async () => {
  await server.close();
});

const hash = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
const json = async <T>(answer: Response | Promise<Response>) => (await (await answer).json()) as T;
const post = (path: string, body?: unknown) =>
  server.fetch(path, {
    method: 'POST',
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
let n = 0;
const unique = (about = 'chat') => `${about} ${++n}\n`;
async function openBatch(more: object = {}): Promise<Batch> {
  return json<Batch>(post('/api/v1/batches', { title: 'Monday', ...more }));
}
const files = (id: string) => json<Page<BatchFile>>(server.fetch(`/api/v1/batches/${id}/files`));

/** What an upload that failed may not leave behind. */
const leftovers = () => {
  const { dataDir } = server.context.config;
  return readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => /tmp|temp|spool|part/i.test(name) && !name.endsWith('.sqlite'))
    .filter((name) => readable(join(dataDir, name)));
};
const readable = (path: string) => {
  try {
    return readdirSync(path).length > 0;
  } catch {
    return true;
  }
};

describe('batches', () => {
  it('are opened, listed, changed and closed', async () => {
    const batch = await openBatch({ team: 'North', settings: { language: 'en', priority: 2 } });
    expect(batch).toMatchObject({
      title: 'Monday',
      team: 'North',
      state: 'receiving',
      closedAt: null,
      settings: { language: 'en', priority: 2, scorecards: [], agentChannel: 'left' },
      counts: { files: 0, sessions: 0 },
    });
    expect((await json<Page<Batch>>(server.fetch('/api/v1/batches'))).items[0]!.id).toBe(batch.id);
    const changed = await server.fetch(`/api/v1/batches/${batch.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Tuesday', priority: 7 }),
    });
    expect(await json(changed)).toMatchObject({ title: 'Tuesday', settings: { priority: 7, language: 'en' } });
    const first = await server.fetch(`/api/v1/batches/${batch.id}`);
    const again = await server.fetch(`/api/v1/batches/${batch.id}`, {
      headers: { 'if-none-match': first.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
    // Without files there is nothing to wait for.
    expect(await json(post(`/api/v1/batches/${batch.id}/close`))).toMatchObject({ state: 'done' });
    expect(await json(post(`/api/v1/batches/${batch.id}/close`))).toMatchObject({ state: 'done' });
  });

  it('are made once for one idempotency key', async () => {
    const make = () =>
      server.fetch('/api/v1/batches', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'batch-of-monday' },
        body: JSON.stringify({ title: 'Once' }),
      });
    const [first, second] = [await json<Batch>(make()), await json<Batch>(make())];
    expect(second.id).toBe(first.id);
  });

  it('pause, resume and cancel in store and queue together, and again without harm', async () => {
    const batch = await openBatch();
    const act = (what: string) => post(`/api/v1/batches/${batch.id}/${what}`);
    expect(await json(act('pause'))).toMatchObject({ state: 'paused' });
    expect(await json(act('pause'))).toMatchObject({ state: 'paused' });
    await server.fetch(`/api/v1/batches/${batch.id}/files`, {
      method: 'POST',
      body: formOf([{ name: 'a.txt', bytes: unique() }]),
    });
    expect(await json(act('resume'))).toMatchObject({ state: 'receiving', counts: { files: 1 } });
    expect(await json(act('pause'))).toMatchObject({ state: 'paused' });
    expect(await json(act('close'))).toMatchObject({ state: 'paused', closedAt: expect.any(String) });
    expect(await json(act('resume'))).toMatchObject({ state: 'running' });
    expect(await json(act('cancel'))).toMatchObject({ state: 'cancelled' });
    expect(await json(act('cancel'))).toMatchObject({ state: 'cancelled' });
    for (const what of ['pause', 'resume', 'retry', 'close'])
      expect(await json(act(what))).toMatchObject({ status: 409, code: 'conflict' });
    expect((await server.context.queue.counts('ingest')).waiting).toBe(0);
  });

  it('try again what was given up', async () => {
    const { store, queue } = server.context;
    const batch = await openBatch();
    const sent = await json<UploadAnswer>(
      server.fetch(`/api/v1/batches/${batch.id}/files`, {
        method: 'POST',
        body: formOf([{ name: 'a.txt', bytes: unique() }]),
      }),
    );
    const fileId = sent.files[0]!.id!;
    await queue.cancel(batch.id);
    await store.batches.moveFile(fileId, 'failed', { path: 'a.txt', code: 'internal', message: 'Broke.', hint: null });
    await post(`/api/v1/batches/${batch.id}/close`);
    expect(await json(server.fetch(`/api/v1/batches/${batch.id}`))).toMatchObject({ state: 'done' });
    expect(await json(post(`/api/v1/batches/${batch.id}/retry`))).toMatchObject({ state: 'running' });
    expect(await store.batches.file(fileId)).toMatchObject({ state: 'stored', problem: null });
    expect((await queue.counts('ingest')).waiting).toBeGreaterThan(0);
    await post(`/api/v1/batches/${batch.id}/cancel`);
  });

  it('are not there for people of another team', async () => {
    const mine = await openBatch({ team: 'South' });
    const other = await server.token(await server.account('supervisor', { teams: ['North'] }), everything);
    for (const path of [
      '',
      '/files',
      '/failures',
      '/progress',
      '/events',
      '/report.json',
      '/report.html',
      '/report.csv',
    ])
      expect((await server.fetch(`/api/v1/batches/${mine.id}${path}`, { as: other })).status).toBe(404);
    const body = formOf([{ name: 'a.txt', bytes: unique() }]);
    expect((await server.fetch(`/api/v1/batches/${mine.id}/files`, { method: 'POST', body, as: other })).status).toBe(
      404,
    );
    const foreign = await server.fetch('/api/v1/batches', {
      method: 'POST',
      as: other,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'x', team: 'South' }),
    });
    expect(await foreign.json()).toMatchObject({ status: 403, code: 'team-not-yours' });
    const own = await server.fetch('/api/v1/batches', {
      method: 'POST',
      as: other,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'x' }),
    });
    expect(await own.json()).toMatchObject({ team: 'North' });
  });
});

describe('forms', () => {
  it('bring many files, each listed with its hash, duplicates noticed', async () => {
    const batch = await openBatch();
    const same = unique();
    const [a, b] = [unique(), unique()];
    const answer = await server.fetch(`/api/v1/batches/${batch.id}/files`, {
      method: 'POST',
      body: formOf([
        { name: 'calls/monday/a.txt', bytes: a, sha256: hash(a) },
        { name: 'same.txt', bytes: same },
        { name: 'b.wav', bytes: b, metadata: { agentId: 'agent-7' } },
        { name: 'again.txt', bytes: same },
      ]),
    });
    expect(answer.status).toBe(201);
    const { files: listed, ...rest } = await json<UploadAnswer>(answer);
    expect(rest).toMatchObject({
      taken: 4,
      duplicates: 1,
      refused: 0,
      incomplete: null,
      batch: { counts: { files: 4 } },
    });
    expect(listed.map(({ name, sha256, problem }) => ({ name, sha256, problem }))).toEqual([
      { name: 'calls/monday/a.txt', sha256: hash(a), problem: null },
      { name: 'same.txt', sha256: hash(same), problem: null },
      { name: 'b.wav', sha256: hash(b), problem: null },
      { name: 'again.txt', sha256: hash(same), problem: null },
    ]);
    expect(listed[3]!.duplicateOf).toBe(listed[1]!.id);
    expect((await files(batch.id)).items.map(({ state }) => state)).toEqual([
      'stored',
      'stored',
      'stored',
      'duplicate',
    ]);
    expect(await server.context.store.batches.file(listed[2]!.id!)).toMatchObject({ sidecar: { agentId: 'agent-7' } });
    // What the uploader knows of the caller is not shown to everybody who sees the list.
    expect((await files(batch.id)).items[2]).not.toHaveProperty('sidecar');
    const more = await server.fetch(`/api/v1/batches/${batch.id}/files?again=true`, {
      method: 'POST',
      body: formOf([{ name: 'same.txt', bytes: same }]),
    });
    expect(await json(more)).toMatchObject({ files: [{ duplicateOf: null }] });
  });

  it('lose nothing through one bad file', async () => {
    const batch = await openBatch();
    const good = unique();
    const answer = await server.fetch(`/api/v1/batches/${batch.id}/files`, {
      method: 'POST',
      body: formOf([
        { name: 'wrong.txt', bytes: unique(), sha256: '0'.repeat(64) },
        { name: 'large.txt', bytes: Buffer.alloc(120_000, 'x') },
        { name: '../../../etc/passwd', bytes: good },
      ]),
    });
    expect(answer.status).toBe(207);
    expect(await json(answer)).toMatchObject({
      taken: 1,
      refused: 2,
      files: [
        { id: null, problem: { status: 422, code: 'upload-hash-wrong' } },
        { id: null, problem: { status: 413, code: 'upload-too-large' } },
        { name: 'etc/passwd', sha256: hash(good), problem: null },
      ],
    });
    expect(await server.context.archive.has(hash(Buffer.alloc(120_000, 'x')))).toBeNull();
    expect(leftovers()).toEqual([]);
  });

  it('refuse with the first reason where no file was taken', async () => {
    const batch = await openBatch();
    const send = (body: FormData | string, headers: Record<string, string> = {}) =>
      json(server.fetch(`/api/v1/batches/${batch.id}/files`, { method: 'POST', body, headers }));
    expect(await send(formOf([{ name: 'a', bytes: 'x', sha256: '0'.repeat(64) }]))).toMatchObject({
      status: 422,
      code: 'upload-hash-wrong',
      errors: [{ path: 'files.a' }],
    });
    expect(await send(formOf([]))).toMatchObject({
      status: 400,
      code: expect.stringMatching(/file-missing|upload-broken-off/),
    });
    expect(await send('{}', { 'content-type': 'application/json' })).toMatchObject({ status: 415 });
    expect(await send(formOf([], { sha256: 'zz' }))).toMatchObject({ status: 400, code: 'request-invalid' });
    expect(await send(formOf([], { metadata: '{' }))).toMatchObject({ status: 400, code: 'body-invalid' });
    expect(await send(formOf([], { colour: 'red' }))).toMatchObject({ status: 400, code: 'request-invalid' });
    expect(await send(formOf([], { __proto__x: 'red', constructor: 'x' }))).toMatchObject({ status: 400 });
    expect(await send('--x--', { 'content-type': 'multipart/form-data' })).toMatchObject({ status: 400 });
  });

  it('make, fill and close a batch in one request', async () => {
    const bytes = unique();
    const answer = await server.fetch('/api/v1/batches/upload?title=March&team=North&priority=1', {
      method: 'POST',
      body: formOf([{ name: 'a.txt', bytes }], { language: 'zh' }),
    });
    expect(answer.status).toBe(201);
    expect(await json(answer)).toMatchObject({
      taken: 1,
      batch: { title: 'March', team: 'North', state: 'running', settings: { priority: 1, language: 'zh' } },
    });
    // Nothing new in it: it is done at once.
    const repeated = await server.fetch('/api/v1/batches/upload', {
      method: 'POST',
      body: formOf([{ name: 'a.txt', bytes }]),
    });
    expect(await json(repeated)).toMatchObject({
      duplicates: 1,
      batch: { state: 'done', counts: { filesDuplicate: 1 } },
    });
    const before = (await json<Page<Batch>>(server.fetch('/api/v1/batches?limit=200'))).items.length;
    const none = await server.fetch('/api/v1/batches/upload', {
      method: 'POST',
      body: formOf([{ name: 'a.txt', bytes, sha256: '0'.repeat(64) }]),
    });
    expect(none.status).toBe(422);
    expect((await json<Page<Batch>>(server.fetch('/api/v1/batches?limit=200'))).items.length).toBe(before);
  });

  it('are refused by a batch that is closed or full', async () => {
    const { id } = await openBatch();
    const send = (count: number) =>
      server.fetch(`/api/v1/batches/${id}/files`, {
        method: 'POST',
        body: formOf(Array.from({ length: count }, (_, at) => ({ name: `${at}.txt`, bytes: unique() }))),
      });
    expect(await json(send(38))).toMatchObject({ taken: 38 });
    expect(await json(send(4))).toMatchObject({
      taken: 2,
      refused: 2,
      files: [{}, {}, { problem: { status: 409, code: 'batch-full' } }, {}],
    });
    await post(`/api/v1/batches/${id}/cancel`);
    expect(await json(send(1))).toMatchObject({ status: 409, code: 'batch-closed' });
  });
});

describe('bad senders', () => {
  const head = (path: string, more: string) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${server.lead.authorization}\r\nContent-Type: multipart/form-data; boundary=zz\r\n${more}\r\n`;
  const part = (name: string, body: string) =>
    `--zz\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: text/plain\r\n\r\n${body}`;

  it('keep what came whole before the line broke', async () => {
    const batch = await openBatch();
    const whole = unique();
    await server.raw(
      [
        head(`/api/v1/batches/${batch.id}/files`, 'Content-Length: 5000\r\n'),
        `${part('whole.txt', whole)}\r\n`,
        part('half.txt', 'half of it'),
        100,
      ],
      'destroy',
    );
    await expect.poll(async () => (await files(batch.id)).items.map(({ name }) => name)).toEqual(['whole.txt']);
    await expect.poll(leftovers).toEqual([]);
    expect((await server.fetch('/health/live')).status).toBe(200);
  });

  it('are told that a form has no end', async () => {
    const batch = await openBatch();
    const body = `${part('whole.txt', unique())}\r\n${part('half.txt', 'half of it')}`;
    const answer = await server.raw([
      head(`/api/v1/batches/${batch.id}/files`, `Content-Length: ${body.length}\r\n`),
      body,
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 207/);
    expect(answer).toContain('upload-broken-off');
    expect((await files(batch.id)).items.map(({ name }) => name)).toEqual(['whole.txt']);
    expect(leftovers()).toEqual([]);
  });

  it('close the batch of a one-request upload that broke off', async () => {
    const whole = unique();
    await server.raw(
      [
        head('/api/v1/batches/upload?title=Broken', 'Content-Length: 5000\r\n'),
        `${part('whole.txt', whole)}\r\n`,
        part('half.txt', 'x'),
        100,
      ],
      'destroy',
    );
    await expect
      .poll(async () =>
        (await json<Page<Batch>>(server.fetch('/api/v1/batches'))).items.find(({ title }) => title === 'Broken'),
      )
      .toMatchObject({ state: 'running', counts: { files: 1 } });
  });

  it('are told that they fell silent, in a file or between two', async () => {
    for (const [kept, last] of [
      ['whole.txt', part('half.txt', 'half of it')],
      ['whole.txt', '--zz\r\nContent-Disposition: form-'],
    ]) {
      const batch = await openBatch();
      const answer = await server.raw([
        head(`/impatient/batches/${batch.id}/files`, 'Content-Length: 5000\r\n'),
        `${part(kept!, unique())}\r\n${last}`,
      ]);
      expect(answer).toContain('upload-stalled');
      expect(answer.toLowerCase()).toContain('connection: close');
      expect(leftovers()).toEqual([]);
    }
  });

  it('who are slow but not silent are waited for', async () => {
    const batch = await openBatch();
    const body = `${part('slow.txt', 'one two three')}\r\n--zz--\r\n`;
    const answer = await server.raw([
      head(`/impatient/batches/${batch.id}/files`, `Content-Length: ${body.length}\r\nConnection: close\r\n`),
      ...[...body.matchAll(/[^]{1,24}/g)].flatMap(([piece]) => [piece, 60]),
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 201/);
  });

  it('cannot put words into answers by a name', async () => {
    const batch = await openBatch();
    const body = `${part('a\\"\u202e\tx/../..\\\\c:\\\\evil.txt', unique())}\r\n--zz--\r\n`;
    const answer = await server.raw([
      head(`/api/v1/batches/${batch.id}/files`, `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n`),
      body,
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 201/);
    const [file] = (await files(batch.id)).items;
    // eslint-disable-next-line no-control-regex
    expect(file!.name).not.toMatch(/\.\.|\\|[\u0000-\u001f]|\u202e|:/);
  });

  it('are refused 100,000 fields, in JSON or in a form', async () => {
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, 1]));
    expect(await json(post('/api/v1/batches', wide))).toMatchObject({ status: 413, code: 'body-too-large' });
    const fewer = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`k${at}`, 1]));
    expect(await json(post('/api/v1/batches', { title: 'x', ...fewer }))).toMatchObject({ status: 400 });
    expect(await json(post('/api/v1/hooks/recordings', { callId: 'x', ...fewer }))).toMatchObject({ status: 422 });
    const batch = await openBatch();
    const form = new FormData();
    for (let at = 0; at < 5_000; at++) form.append('again', 'true');
    expect(await json(server.fetch(`/api/v1/batches/${batch.id}/files`, { method: 'POST', body: form }))).toMatchObject(
      { status: 413 },
    );
  });
});
