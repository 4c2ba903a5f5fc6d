import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchFile } from '../../session/index.ts';
import { openTestApp, type TestApp } from '../testing/app.ts';
import { type S3Import, type S3ImportSettings, startS3Import } from './s3.ts';

let test: TestApp;
let folder: string;
let bucket: S3rver;
let client: S3Client;
let settings: S3ImportSettings;
const imports: S3Import[] = [];
beforeAll(async () => {
  test = await openTestApp({
    config: { limits: { uploadBytes: 1_000, filesPerBatch: 100, bodyBytes: 1e6, requestsPerMinute: 1e6 } },
  });
  folder = mkdtempSync(join(tmpdir(), 'earwitness-import-'));
  const configureBuckets = [{ name: 'recordings' }];
  bucket = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: folder, configureBuckets });
  const { port } = await bucket.run();
  const place = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1' };
  const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  settings = {
    bucket: 'recordings',
    prefix: 'inbox/',
    team: 'North',
    ...place,
    ...credentials,
    pathStyle: true,
    everyMs: 3_600_000,
  };
  client = new S3Client({ ...place, credentials, forcePathStyle: true });
});
afterAll(async () => {
  for (const each of imports) await each.close();
  client.destroy();
  await bucket.close();
  await test.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (more: Partial<S3ImportSettings> = {}) => {
  const made = startS3Import(test.context, { ...settings, ...more });
  imports.push(made);
  return made;
};
const put = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket: settings.bucket, Key, Body }));
async function taken(): Promise<BatchFile[]> {
  const { store } = test.context;
  const { items } = await store.batches.list({ kind: 'teams', teams: ['North'] }, { limit: 10 });
  expect(items.every(({ createdBy }) => createdBy === 's3')).toBe(true);
  return (await Promise.all(items.map(({ id }) => store.batches.files(id, { limit: 100 })))).flatMap(
    ({ items }) => items,
  );
}

describe('a prefix of a bucket', () => {
  it('is taken in once, object by object, and left as it is', async () => {
    await put('inbox/a.txt', 'a chat');
    await put('inbox/calls/b.wav', 'a call');
    await put('other/c.txt', 'not asked for');
    const first = start();
    await first.look();
    expect((await taken()).map(({ name }) => name).sort()).toEqual(['inbox/a.txt', 'inbox/calls/b.wav']);
    await put('inbox/d.txt', 'a later chat');
    expect(await first.look()).toBe(1);
    expect(await first.look()).toBe(0);
    // After a restart the store knows what came in.
    const second = start();
    expect(await second.look()).toBe(0);
    expect(await taken()).toHaveLength(3);
    await put('inbox/a.txt', 'the chat, now longer');
    expect(await second.look()).toBe(1);
    expect((await taken()).filter(({ name }) => name === 'inbox/a.txt')).toHaveLength(2);
  });

  it('says what is too large, and goes on', async () => {
    await put('inbox/large.txt', 'x'.repeat(2_000));
    await put('inbox/small.txt', 'small');
    expect(await start().look()).toBe(1);
    const { store } = test.context;
    const [batch] = (await store.batches.list({ kind: 'all' }, { limit: 1 })).items;
    expect((await store.batches.failures(batch!.id, { limit: 10 })).items).toMatchObject([
      { path: 'inbox/large.txt', code: 'upload-too-large' },
    ]);
    await client.send(new DeleteObjectCommand({ Bucket: settings.bucket, Key: 'inbox/large.txt' }));
  });

  it('is looked at again after the store behind it failed', async () => {
    await put('inbox/e.txt', 'after a failure');
    const { archive } = test.context;
    const original = archive.put.bind(archive);
    archive.put = () => Promise.reject(new Error('no space'));
    const one = start({ prefix: 'inbox/e' });
    expect(await one.look()).toBe(0);
    archive.put = original;
    expect(await one.look()).toBe(1);
  });

  it('that is not there stops nothing', async () => {
    await expect(start({ bucket: 'no-such-bucket' }).look()).rejects.toThrow();
  });
});
