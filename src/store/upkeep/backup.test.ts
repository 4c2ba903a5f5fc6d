import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArchive } from '../archive/open.ts';
import { restoreStore } from '../installation/open.ts';
import { takeBackup } from './backup.ts';
import { storeIsEmpty } from './empty.ts';
import { checkBackup } from './manifest.ts';
import { restoreBackup } from './restore.ts';
import { type Contact, type Opened, openIn, upload } from '../testing/installation.ts';
import { verifyInstallation } from './verify.ts';

const all = { kind: 'all' } as const;

async function flip(file: string, at: number): Promise<void> {
  const handle = await open(file, 'r+');
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, at);
  await handle.write(Buffer.from([buffer[0]! ^ 0xff]), 0, 1, at);
  await handle.close();
}

describe('backup and restore', () => {
  let base: string;
  let from: Opened;
  const target = () => join(base, 'backup');
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'earwitness-backup-'));
    from = await openIn();
  });
  afterEach(async () => {
    await from.remove();
    await rm(base, { recursive: true, force: true });
  });

  const call = (customer: string): Contact => ({ customer, words: `I am ${customer}`, sound: randomBytes(5000) });

  /** Restores into a folder of its own and opens it. */
  async function restored(name = 'restored'): Promise<Opened> {
    const folder = join(base, name);
    const url = `sqlite:${join(folder, 'earwitness.sqlite')}`;
    const archive = await openArchive({ kind: 'folder', path: join(folder, 'archive') });
    await restoreBackup(target(), {
      archive,
      database: { isEmpty: () => storeIsEmpty(url), restore: (path) => restoreStore(path, url) },
    });
    return openIn(folder);
  }
  const contentOf = async ({ store, archive }: Opened) => {
    const results = [];
    for await (const one of store.sessions.results(all, {})) results.push(one);
    const objects = [];
    for await (const { sha256, bytes } of archive.list()) objects.push([sha256, bytes, await archive.verify(sha256)]);
    const audit = [];
    for await (const entry of store.audit.all()) audit.push(entry);
    return { results, objects, audit, batches: (await store.batches.list(all, { limit: 100 })).items };
  };

  it('brings back everything that was there', async () => {
    await upload(from, randomBytes(9000), [call('ann'), call('bob'), { ...call('eve'), sound: null }]);
    await from.store.audit.append({ actor: 'system', action: 'test', target: 'x', detail: { n: 1 } });
    const { manifest, copied, kept, damaged } = await takeBackup(from, target());
    expect([manifest.objects.count, copied, kept, damaged]).toEqual([3, 3, 0, []]);
    const to = await restored();
    expect(await contentOf(to)).toEqual(await contentOf(from));
    expect((await verifyInstallation(to)).findings).toEqual([]);
    await to.close();
  });

  it('lets nobody else read, and is told by its hashes', async () => {
    await upload(from, randomBytes(9000), [call('ann')]);
    const { manifest } = await takeBackup(from, target());
    for (const entry of await readdir(target(), { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(join(entry.parentPath, entry.name));
      expect((mode & 0o777).toString(8)).toBe(entry.isDirectory() ? '700' : '600');
    }
    const bytes = await readFile(join(target(), manifest.database.file));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(manifest.database.sha256);
    expect((await checkBackup(target())).problems).toEqual([]);
  });

  it('copies again only what is new, and drops what nothing wants any more', async () => {
    const { keys, fileSha256 } = await upload(from, randomBytes(9000), [call('ann')]);
    await upload(from, randomBytes(9000), [call('bob')]);
    const first = await takeBackup(from, target());
    await upload(from, randomBytes(9000), [call('cat')]);
    await from.store.upkeep.strip(keys, 'result');
    await from.store.upkeep.forgetFiles([fileSha256], 'test');
    await from.archive.remove(fileSha256);
    const second = await takeBackup(from, target());
    expect([second.copied, second.kept, second.removed, second.manifest.objects.count]).toEqual([2, 3, 1, 5]);
    expect((await readdir(target())).sort()).toEqual([
      'backup.json',
      second.manifest.database.file,
      'incoming',
      'objects',
      second.manifest.objects.file,
    ]);
    expect(second.manifest.database.file).not.toBe(first.manifest.database.file);
    const to = await restored();
    expect(await contentOf(to)).toEqual(await contentOf(from));
    await to.close();
  });

  it('is taken while another process goes on writing, and is whole', async () => {
    const { keys } = await upload(from, randomBytes(9000), [call('ann')]);
    const writer = spawn(
      process.execPath,
      [
        '--import',
        import.meta.resolve('tsx'),
        fileURLToPath(new URL('../testing/writer.ts', import.meta.url)),
        from.folder,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const written: string[] = [];
    const lines = createInterface({ input: writer.stdout });
    try {
      await new Promise<void>((resolve) => {
        lines.on('line', (key) => {
          written.push(key);
          if (written.length === 5) resolve();
        });
      });
      const before = [...written];
      await takeBackup(from, target());
      const { length } = written;
      // It was at work all the time, and still is.
      await new Promise<void>((resolve) => lines.once('line', () => resolve()));
      expect(written.length).toBeGreaterThan(length);
      const to = await restored();
      const present = new Set((await contentOf(to)).results.map(({ key }) => key));
      for (const key of [...keys, ...before]) expect(present).toContain(key);
      // Every session came with its recording and its file.
      expect((await verifyInstallation(to)).findings).toEqual([]);
      await to.close();
    } finally {
      const ended = new Promise((resolve) => writer.once('exit', resolve));
      writer.kill('SIGKILL');
      await ended;
    }
  });

  it('keeps what the archive has lost, as long as something refers to it', async () => {
    const { fileSha256 } = await upload(from, randomBytes(9000), [call('ann')]);
    await takeBackup(from, target());
    await rm(join(from.folder, 'archive', 'objects'), { recursive: true });
    await mkdir(join(from.folder, 'archive', 'objects'));
    const { removed, manifest } = await takeBackup(from, target());
    expect([removed, manifest.objects.count]).toEqual([0, 2]);
    const to = await restored();
    expect(await to.archive.verify(fileSha256)).toBe('whole');
    await to.close();
  });

  it('does not take a damaged object, and says so', async () => {
    const { fileSha256 } = await upload(from, randomBytes(9000), [call('ann')]);
    await flip(join(from.folder, 'archive', 'objects', fileSha256.slice(0, 2), fileSha256), 100);
    const { damaged, copied } = await takeBackup(from, target());
    expect([damaged, copied]).toEqual([[fileSha256], 1]);
    expect((await checkBackup(target())).problems).toEqual([]);
  });

  it('refuses a folder with something else in it, and one that another backup is writing', async () => {
    await mkdir(target());
    await writeFile(join(target(), 'thesis.docx'), '');
    await expect(takeBackup(from, target())).rejects.toMatchObject({ code: 'output-unwritable' });
    expect(await readdir(target())).toEqual(['thesis.docx']);
    await rm(join(target(), 'thesis.docx'));
    await writeFile(join(target(), 'backup.lock'), JSON.stringify({ host: 'another machine', pid: 1 }));
    await expect(takeBackup(from, target())).rejects.toThrow('Another backup');
  });

  it('leaves the backup before it as it was when it breaks off', async () => {
    await upload(from, randomBytes(9000), [call('ann')]);
    const { manifest } = await takeBackup(from, target());
    await upload(from, randomBytes(9000), [call('bob')]);
    const broken = {
      ...from.store,
      upkeep: { ...from.store.upkeep, backup: () => Promise.reject(new Error('power cut')) },
    };
    await expect(takeBackup({ store: broken, archive: from.archive }, target())).rejects.toThrow('power cut');
    const check = await checkBackup(target());
    expect([check.manifest, check.problems]).toEqual([manifest, []]);
    expect((await takeBackup(from, target())).manifest.objects.count).toBe(4);
  });

  it.each([
    ['an object', (manifest: { objects: string }) => manifest.objects],
    ['the database', (manifest: { database: string }) => manifest.database],
    ['the list of objects', (manifest: { list: string }) => manifest.list],
  ])('is refused whole when one byte of %s is another, and nothing is written', async (_, file) => {
    const { fileSha256 } = await upload(from, randomBytes(9000), [call('ann')]);
    const { manifest } = await takeBackup(from, target());
    const name = file({
      objects: `objects/${fileSha256.slice(0, 2)}/${fileSha256}`,
      database: manifest.database.file,
      list: manifest.objects.file,
    });
    await flip(join(target(), name), 20);
    expect((await checkBackup(target())).problems).toMatchObject([{ file: name }]);
    await expect(restored()).rejects.toMatchObject({ code: 'backup-invalid', problem: { path: join(target(), name) } });
    const left = await readdir(join(base, 'restored'), { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
  });

  it('is refused without a manifest, or with one of another kind', async () => {
    await mkdir(target());
    await expect(restored()).rejects.toMatchObject({ code: 'backup-invalid' });
    await writeFile(join(target(), 'backup.json'), '{"format":"earwitness/backup/9"}');
    await expect(restored()).rejects.toMatchObject({ code: 'backup-invalid' });
    await writeFile(join(target(), 'backup.json'), 'not json');
    await expect(restored()).rejects.toMatchObject({ code: 'backup-invalid' });
  });

  it('names no file outside of itself, whatever its manifest says', async () => {
    await upload(from, randomBytes(9000), [call('ann')]);
    const { manifest } = await takeBackup(from, target());
    const evil = { ...manifest, database: { ...manifest.database, file: '../../etc/passwd' } };
    await writeFile(join(target(), 'backup.json'), JSON.stringify(evil));
    await expect(restored()).rejects.toMatchObject({ code: 'backup-invalid' });
  });

  it('is brought into an empty installation alone', async () => {
    await upload(from, randomBytes(9000), [call('ann')]);
    await takeBackup(from, target());
    const there = await openIn(join(base, 'restored'));
    await there.store.audit.append({ actor: 'system', action: 'test', target: 'x', detail: {} });
    await there.close();
    await expect(restored()).rejects.toMatchObject({ code: 'installation-not-empty' });
    const archive = await openArchive({ kind: 'folder', path: join(base, 'other', 'archive') });
    await archive.put(Buffer.from('of another installation'));
    await expect(restored('other')).rejects.toMatchObject({ code: 'installation-not-empty' });
  });

  it('goes on where a restore was cut short', async () => {
    await upload(from, randomBytes(9000), [call('ann'), call('bob')]);
    await takeBackup(from, target());
    await cp(join(target(), 'objects'), join(base, 'restored', 'archive', 'objects'), { recursive: true });
    const [digits] = await readdir(join(base, 'restored', 'archive', 'objects'));
    await rm(join(base, 'restored', 'archive', 'objects', digits!), { recursive: true });
    const to = await restored();
    expect(await contentOf(to)).toEqual(await contentOf(from));
    await to.close();
  });
});
