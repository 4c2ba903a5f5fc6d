import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Disk } from './disk.ts';
import { readInputs } from './index.ts';
import { readInputsFrom } from './read.ts';
import { Workspace, failuresOf, sessionsOf, silentWav } from './testing/files.ts';

const open: Workspace[] = [];
function workspace(files: Record<string, string | Uint8Array> = {}): Workspace {
  const made = new Workspace(files);
  open.push(made);
  return made;
}
afterEach(() => open.splice(0).forEach((made) => made.dispose()));

const chat = (id: string, text = 'Hello') =>
  JSON.stringify({ id, messages: [{ role: 'user', text, time: '2026-03-01T10:00:00Z' }] });

describe('paths', () => {
  it('reads files, folders and globs in a stable order: written sessions first, then recordings', async () => {
    const w = workspace({
      'b/2.json': chat('b2'),
      'b/10.json': chat('b10'),
      'b/deep/1.json': chat('deep'),
      'a.wav': silentWav(),
      'c/x.json': chat('x'),
      'c/y.json': chat('y'),
    });
    const items = await w.read(['c/y.json', 'a.wav', 'b', 'c/*.json']);
    expect(failuresOf(items)).toEqual([]);
    expect(sessionsOf(items).map((item) => [item.session.id, w.relative(item.source.path)])).toEqual([
      ['y', 'c/y.json'],
      ['b10', 'b/10.json'],
      ['b2', 'b/2.json'],
      ['deep', 'b/deep/1.json'],
      ['x', 'c/x.json'],
      ['a', 'a.wav'],
    ]);
  });

  it('passes over notes and litter in a folder, but answers for every file that is named', async () => {
    const w = workspace({
      'README.md': '# x',
      '.DS_Store': 'x',
      'Thumbs.db': 'x',
      'notes.txt': 'x',
      'a.labels.yaml': 'x: 1',
      '.hidden/a.json': chat('hidden'),
      'a.json': chat('a'),
      'photo.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]),
    });
    const walked = await w.read();
    expect(sessionsOf(walked).map((item) => item.session.id)).toEqual(['a']);
    expect(failuresOf(walked).map((p) => [w.relative(p.path), p.code, p.message])).toEqual([
      ['photo.png', 'file-kind-unknown', 'This is no recording, chat or ticket known here; the content is a picture.'],
    ]);
    const named = await w.read(['README.md', 'notes.txt', '.hidden/a.json']);
    expect(failuresOf(named).map((p) => [w.relative(p.path), p.code])).toEqual([
      ['README.md', 'file-kind-unknown'],
      ['notes.txt', 'file-kind-unknown'],
    ]);
    expect(sessionsOf(named).map((item) => item.session.id)).toEqual(['hidden']);
  });

  it('names what is not there, unreadable or no file, and goes on', async () => {
    const w = workspace({ 'a.json': chat('a'), 'empty.wav': '', 'fake.wav': 'no sound in here' });
    symlinkSync('nowhere', w.at('dangling.json'));
    symlinkSync('loop', w.at('loop'));
    mkdirSync(w.at('sub'));
    symlinkSync('..', w.at('sub/up'));
    execFileSync('mkfifo', [w.at('pipe.json')]);
    const server = createServer().listen(w.at('socket.json'));
    await new Promise((resolve) => server.once('listening', resolve));
    const items = await w.read(['', 'a.json/deeper.json', 'missing.wav', 'no*match.wav', '../../../../../../dev/null']);
    server.close();
    expect(failuresOf(items).map((p) => [w.relative(p.path).replace(w.root, ''), p.code])).toEqual([
      ['dangling.json', 'path-unreadable'],
      ['loop', 'path-unreadable'],
      ['pipe.json', 'path-unreadable'],
      ['socket.json', 'path-unreadable'],
      ['sub/up', 'path-unreadable'],
      ['a.json/deeper.json', 'path-unreadable'],
      ['missing.wav', 'path-not-found'],
      ['no*match.wav', 'path-not-found'],
      ['/dev/null', 'path-unreadable'],
      ['empty.wav', 'file-empty'],
      ['fake.wav', 'audio-not-audio'],
    ]);
    expect(sessionsOf(items).map((item) => item.session.id)).toEqual(['a']);
    expect(failuresOf(items).every((p) => p.hint !== null && p.message.length > 10)).toBe(true);
  });

  it('reports a folder or file without permission', async () => {
    const w = workspace({ 'shut/a.json': chat('a'), 'b.json': chat('b'), 'c.json': chat('c') });
    const denied = (target: string) => Object.assign(new Error(`EACCES: ${target}`), { code: 'EACCES' });
    const disk: Disk = {
      ...fs,
      readdir: (async (target: string) => {
        if (target.endsWith('shut')) throw denied(target);
        return fs.readdir(target);
      }) as Disk['readdir'],
      open: async (target, ...rest) => {
        if (String(target).endsWith('b.json')) throw denied(String(target));
        return fs.open(target, ...rest);
      },
    };
    const items = [];
    for await (const item of readInputsFrom(disk, [w.root], { defaultLanguage: 'en', tempDir: w.temp }))
      items.push(item);
    expect(failuresOf(items).map((p) => [w.relative(p.path), p.code])).toEqual([
      ['shut', 'path-unreadable'],
      ['b.json', 'path-unreadable'],
    ]);
    expect(sessionsOf(items).map((item) => item.session.id)).toEqual(['c']);
  });

  it('says so when a folder holds nothing', async () => {
    const w = workspace({ 'sub/readme.txt': 'x' });
    expect(failuresOf(await w.read(['sub'])).map((p) => p.code)).toEqual(['file-empty']);
  });

  it('stops when cancelled and refuses options that cannot work', async () => {
    const w = workspace({ 'a.json': chat('a') });
    await expect(w.read([''], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    const bad = readInputs([w.root], {
      defaultLanguage: '??',
      tempDir: w.temp,
      timeZone: 'Mars/Base',
      fileNamePatterns: ['{a}{b}'],
    });
    await expect(bad.next()).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/Mars\/Base.*\?\?.*separator/s) as string,
    });
  });
});

describe('ids', () => {
  it('fails the second of two equal ids, naming both places, and says whether they are the same', async () => {
    const w = workspace({ '1.json': chat('x'), '2.json': chat('x'), '3.json': chat('x', 'Other') });
    const items = await w.read();
    expect(sessionsOf(items).map((item) => w.relative(item.source.path))).toEqual(['1.json']);
    expect(failuresOf(items).map((p) => [w.relative(p.path), p.code, w.relative(p.message)])).toEqual([
      [
        '2.json',
        'session-duplicate',
        'The session id "x" was already read from 1.json; both are identical, and the first was kept.',
      ],
      [
        '3.json',
        'session-duplicate',
        'The session id "x" was already read from 1.json; their contents differ, and the first was kept.',
      ],
    ]);
  });

  it('gives recordings of one name in several folders ids of their own', async () => {
    const wav = silentWav();
    const w = workspace({ 'a/call.wav': wav, 'b/call.wav': wav, 'b/call.wave': wav });
    expect(sessionsOf(await w.read()).map((item) => item.session.id)).toEqual(['a/call', 'b/call', 'b/call.wave']);
    expect(sessionsOf(await w.read(['a/call.wav', 'b/call.wav'])).map((item) => w.relative(item.session.id))).toEqual([
      'call',
      'call.wav',
    ]);
  });

  it('reads a file once, however often and by whatever link it is reached', async () => {
    const w = workspace({ 'a.json': chat('a') });
    symlinkSync('a.json', w.at('link.json'));
    expect((await w.read(['a.json', '', 'link.json'])).map((item) => item.kind)).toEqual(['session']);
  });
});
