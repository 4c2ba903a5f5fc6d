import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArchive } from './open.ts';
import { openBucket } from './testing/bucket.ts';
import { archiveSuite, nameOf, type Outside } from './testing/suite.ts';

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

async function flip(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, 500);
  await handle.write(Buffer.from([buffer[0]! ^ 1]), 0, 1, 500);
  await handle.close();
}

async function folderOutside(): Promise<Outside> {
  const path = await mkdtemp(join(tmpdir(), 'earwitness-archive-'));
  const archive = await openArchive({ kind: 'folder', path });
  return {
    archive,
    fileOf: (sha256) => Promise.resolve(join(path, 'objects', sha256.slice(0, 2), sha256)),
    leftovers: () => filesBelow(path),
    close: async () => {
      await archive.close();
      await rm(path, { recursive: true });
    },
  };
}

async function bucketOutside(): Promise<Outside> {
  const bucket = await openBucket();
  const archive = await openArchive(bucket.settings);
  const temporary = async () => {
    const ours = (await readdir(tmpdir())).filter(
      (name) => name.startsWith('earwitness-s3-') && name.includes(`-${process.pid}-`),
    );
    return (await Promise.all(ours.map((name) => filesBelow(join(tmpdir(), name))))).flat();
  };
  return {
    archive,
    fileOf: async (sha256) =>
      (await filesBelow(bucket.directory)).find((file) => file.includes(sha256) && file.endsWith('object'))!,
    leftovers: async () => [...(await filesBelow(bucket.directory)), ...(await temporary())],
    close: async () => {
      await archive.close();
      expect(await temporary()).toEqual([]);
      await bucket.close();
    },
  };
}

describe.each([
  { name: 'folder', open: folderOutside },
  { name: 'S3', open: bucketOutside },
])('archive: $name', ({ open }) => {
  archiveSuite(open, flip);
});

describe('archive in a folder', () => {
  let path: string;
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'earwitness-archive-'));
  });
  afterEach(() => rm(path, { recursive: true, force: true }));

  it('lets nobody else read', async () => {
    const archive = await openArchive({ kind: 'folder', path: join(path, 'new', 'one') });
    const { sha256 } = await archive.put(Buffer.from('private'));
    const modes = await Promise.all(
      ['', 'objects', 'incoming', `objects/${sha256.slice(0, 2)}`, `objects/${sha256.slice(0, 2)}/${sha256}`].map(
        async (name) => ((await stat(join(path, 'new', 'one', name))).mode & 0o777).toString(8),
      ),
    );
    expect(modes).toEqual(['700', '700', '700', '700', '600']);
  });

  it('removes what a killed process left, and leaves what is still being written', async () => {
    await openArchive({ kind: 'folder', path });
    await writeFile(join(path, 'incoming', 'old.part'), 'half a recording');
    await utimes(join(path, 'incoming', 'old.part'), new Date(), new Date(Date.now() - 7 * 60 * 60 * 1000));
    await writeFile(join(path, 'incoming', 'new.part'), 'half a recording');
    await openArchive({ kind: 'folder', path });
    expect(await readdir(join(path, 'incoming'))).toEqual(['new.part']);
  });

  it('follows no link below itself', async () => {
    const archive = await openArchive({ kind: 'folder', path });
    const secret = Buffer.from('not of this archive');
    const name = nameOf(secret);
    await writeFile(join(path, 'secret'), secret);
    await mkdir(join(path, 'objects', name.slice(0, 2)));
    await symlink(join(path, 'secret'), join(path, 'objects', name.slice(0, 2), name));
    expect(await archive.has(name)).toBeNull();
    expect(await archive.verify(name)).toBe('missing');
    await expect(archive.read(name)).rejects.toMatchObject({ code: 'artefact-missing' });
    await archive.put(secret);
    expect(await archive.verify(name)).toBe('whole');

    await mkdir(join(path, 'elsewhere'));
    const bytes = bytesThatBeginWith('7e');
    await symlink(join(path, 'elsewhere'), join(path, 'objects', '7e'));
    await expect(archive.put(bytes)).rejects.toMatchObject({ code: 'archive-unusable' });
    expect(await readdir(join(path, 'elsewhere'))).toEqual([]);
    expect(await readdir(join(path, 'incoming'))).toEqual([]);
  });

  it('says that a file is no folder, and that a folder cannot be written', async () => {
    await writeFile(join(path, 'file'), '');
    await expect(openArchive({ kind: 'folder', path: join(path, 'file') })).rejects.toMatchObject({
      code: 'archive-unusable',
    });
    const archive = await openArchive({ kind: 'folder', path: join(path, 'there') });
    await rm(join(path, 'there'), { recursive: true });
    await expect(archive.put(Buffer.from('x'))).rejects.toMatchObject({ code: 'archive-unusable' });
    await expect(archive.health()).rejects.toMatchObject({ code: 'archive-unusable' });
  });

  // Skipped where this user may not mount: a disk cannot be filled otherwise without harming the machine.
  it.skipIf(!canMount())(
    'leaves nothing behind when the disk is full, and goes on when there is room again',
    async () => {
      const disk = join(path, 'disk');
      await mkdir(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
      try {
        const archive = await openArchive({ kind: 'folder', path: disk });
        const small = await archive.put(randomBytes(50_000));
        await expect(archive.put(randomBytes(400_000))).rejects.toMatchObject({ code: 'disk-full' });
        expect(await readdir(join(disk, 'incoming'))).toEqual([]);
        expect(await archive.verify(small.sha256)).toBe('whole');
        await archive.put(randomBytes(50_000));
        await archive.put(randomBytes(100_000));
        await expect(archive.health()).rejects.toMatchObject({ code: 'disk-full' });
      } finally {
        execFileSync('umount', [disk]);
      }
    },
  );
});

describe('archive in a bucket', () => {
  it('names bucket and reason, never the key, when the store cannot be reached or knows no such bucket', async () => {
    const bucket = await openBucket();
    const settings = { ...bucket.settings, secretAccessKey: 'do-not-show-me' };
    const wrong = await openArchive({ ...bucket.settings, bucket: 'nowhere' });
    await expect(wrong.health()).rejects.toMatchObject({
      code: 'archive-unusable',
      problem: { path: 's3://nowhere/qa' },
    });
    await expect(wrong.put(Buffer.from('x'))).rejects.toMatchObject({ code: 'archive-unusable' });
    await bucket.close();
    const gone = await openArchive(settings);
    const error: unknown = await gone.has('0'.repeat(64)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'archive-unusable' });
    expect(JSON.stringify((error as { problem: unknown }).problem)).not.toContain('do-not-show-me');
    await Promise.all([wrong.close(), gone.close()]);
  });

  it('keeps to its prefix', async () => {
    const bucket = await openBucket();
    const [one, other] = await Promise.all([
      openArchive(bucket.settings),
      openArchive({ ...bucket.settings, prefix: '' }),
    ]);
    const { sha256 } = await one.put(Buffer.from('of one alone'));
    expect(await other.has(sha256)).toBeNull();
    const names = [];
    for await (const info of other.list()) names.push(info);
    expect(names).toEqual([]);
    await Promise.all([one.close(), other.close()]);
    await bucket.close();
  });
});

function bytesThatBeginWith(digits: string): Buffer {
  for (let n = 0; ; n++) {
    const bytes = Buffer.from(String(n));
    if (createHash('sha256').update(bytes).digest('hex').startsWith(digits)) return bytes;
  }
}

function canMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'earwitness-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', at], { stdio: 'ignore' });
    execFileSync('umount', [at]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(at);
  }
}
