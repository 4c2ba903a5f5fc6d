import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Archive } from '../archive.ts';

export const nameOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export interface Outside {
  archive: Archive;
  /** Where the bytes of an object lie, behind the archive's back. */
  fileOf(sha256: string): Promise<string>;
  /** Every file there is, unfinished ones too. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

/** What every archive must do. `flip` damages one byte of an object where it lies. */
export function archiveSuite(open: () => Promise<Outside>, flip: (file: string) => Promise<void>): void {
  let outside: Outside;
  let archive: Archive;
  beforeAll(async () => {
    outside = await open();
    archive = outside.archive;
  });
  afterAll(() => outside.close());

  const bytesOf = async (sha256: string, range?: { start: number; end: number }) =>
    buffer(await archive.read(sha256, range));
  const listed = async () => {
    const names = [];
    for await (const { sha256 } of archive.list()) names.push(sha256);
    return names;
  };

  it('gives back what it was given, whole and in part', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3000 }),
        fc.nat(3200),
        fc.nat(3200),
        fc.boolean(),
        async (bytes, start, end, streamed) => {
          const info = await archive.put(streamed ? Readable.from(inParts(bytes)) : bytes);
          expect(info).toMatchObject({ sha256: nameOf(bytes), bytes: bytes.length });
          expect(await archive.has(info.sha256)).toMatchObject({ sha256: nameOf(bytes), bytes: bytes.length });
          expect(await bytesOf(info.sha256)).toEqual(Buffer.from(bytes));
          expect(await bytesOf(info.sha256, { start, end })).toEqual(Buffer.from(bytes.slice(start, end + 1)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps an object of many parts', async () => {
    const bytes = randomBytes(17 * 1024 * 1024 + 5);
    const { sha256 } = await archive.put(Readable.from(inParts(bytes, 300_000)), { expect: nameOf(bytes) });
    expect(sha256).toBe(nameOf(bytes));
    expect(nameOf(await bytesOf(sha256))).toBe(sha256);
    expect(await bytesOf(sha256, { start: 9_000_000, end: 9_000_099 })).toEqual(bytes.subarray(9_000_000, 9_000_100));
    expect(await archive.verify(sha256)).toBe('whole');
    expect(await archive.remove(sha256)).toBe(true);
  });

  it('keeps the same content once, when many bring it at the same time too', async () => {
    const bytes = Buffer.from('the same words');
    const infos = await Promise.all(Array.from({ length: 8 }, () => archive.put(bytes)));
    expect(new Set(infos.map(({ sha256 }) => sha256))).toEqual(new Set([nameOf(bytes)]));
    expect((await listed()).filter((name) => name === nameOf(bytes))).toHaveLength(1);
    expect(await bytesOf(nameOf(bytes))).toEqual(bytes);
  });

  it('refuses other content than was announced, and more than is allowed, and keeps nothing of either', async () => {
    const before = await outside.leftovers();
    await expect(archive.put(Buffer.from('one'), { expect: nameOf(Buffer.from('other')) })).rejects.toMatchObject({
      code: 'upload-hash-wrong',
    });
    await expect(archive.put(Readable.from(inParts(randomBytes(5000))), { maxBytes: 4999 })).rejects.toMatchObject({
      code: 'upload-too-large',
    });
    expect(await outside.leftovers()).toEqual(before);
    const exact = randomBytes(5000);
    const kept = await archive.put(exact, { maxBytes: 5000, expect: nameOf(exact).toUpperCase() });
    expect(kept.bytes).toBe(5000);
  });

  it('keeps nothing of an upload that breaks off, and shows nothing before its last byte', async () => {
    const before = await outside.leftovers();
    const bytes = randomBytes(200_000);
    const source = new PassThrough();
    const put = archive.put(source);
    const settled = expect(put).rejects.toThrow('line cut');
    source.write(bytes);
    expect(await archive.has(nameOf(bytes))).toBeNull();
    source.destroy(new Error('line cut'));
    await settled;
    expect(await archive.has(nameOf(bytes))).toBeNull();
    expect(await outside.leftovers()).toEqual(before);
  });

  it('finds damage, and mends it when the content comes again', async () => {
    const bytes = randomBytes(1000);
    const { sha256 } = await archive.put(bytes);
    await flip(await outside.fileOf(sha256));
    expect(await archive.verify(sha256)).toBe('damaged');
    await archive.put(bytes);
    expect(await archive.verify(sha256)).toBe('whole');
  });

  it('lends a file with the bytes', async () => {
    const bytes = randomBytes(1000);
    const { sha256 } = await archive.put(bytes);
    const lent = await archive.local(sha256);
    expect(await readFile(lent.path)).toEqual(bytes);
    await lent.release();
    await lent.release();
    expect(await bytesOf(sha256)).toEqual(bytes);
  });

  it('removes', async () => {
    const { sha256 } = await archive.put(Buffer.from('to be forgotten'));
    expect(await archive.remove(sha256)).toBe(true);
    expect(await archive.remove(sha256)).toBe(false);
    expect(await archive.has(sha256)).toBeNull();
    expect(await archive.verify(sha256)).toBe('missing');
    expect(await listed()).not.toContain(sha256);
    await expect(archive.read(sha256)).rejects.toMatchObject({ code: 'artefact-missing' });
    await expect(archive.read(sha256, { start: 3, end: 1 })).rejects.toMatchObject({ code: 'artefact-missing' });
    await expect(archive.local(sha256)).rejects.toMatchObject({ code: 'artefact-missing' });
  });

  it.each(['', '..', '../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(63)}/`, '%2e%2e', 'aa\0'])(
    'has nothing under a name that is none: %j',
    async (name) => {
      expect(await archive.has(name)).toBeNull();
      expect(await archive.remove(name)).toBe(false);
      expect(await archive.verify(name)).toBe('missing');
      await expect(archive.read(name)).rejects.toMatchObject({ code: 'artefact-missing' });
      await expect(archive.local(name)).rejects.toMatchObject({ code: 'artefact-missing' });
    },
  );

  it('lists every object once, and is healthy', async () => {
    const { sha256 } = await archive.put(Buffer.from('on the list'));
    const names = await listed();
    expect(names).toContain(sha256);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(await archive.verify(name)).toBe('whole');
    await expect(archive.health()).resolves.toBeUndefined();
  });
}

function* inParts(bytes: Uint8Array, size = 700): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
