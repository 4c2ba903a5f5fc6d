import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchResultSchema } from '../session/index.ts';
import { outputError, writeAll } from './files.ts';
import { silentWav } from './testing/wav.ts';
import { sampleBatch } from './testing/sample-batch.ts';
import { writeReport } from './write.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'earwitness-report-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing was thrown',
    (error: { problem?: { code: string } }) => error.problem?.code,
  );

/** The sample with one real recording, under a name that tries to be a URL. */
function withRecording(path: string) {
  const batch = sampleBatch();
  const [first, ...rest] = batch.sessions;
  return { ...batch, sessions: [{ ...first!, recording: { ...first!.recording!, path } }, ...rest] };
}

describe('writeReport', () => {
  it('writes the four files and nothing else', async () => {
    const out = join(dir, 'deep', 'out');
    const paths = await writeReport(sampleBatch(), { dir: out, language: 'zh' });
    expect(paths).toEqual(
      ['report.html', 'report.json', 'report.csv', 'report-items.csv'].map((name) => join(out, name)),
    );
    expect(readdirSync(out).sort()).toEqual(['report-items.csv', 'report.csv', 'report.html', 'report.json']);
    expect(batchResultSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')))).toEqual(sampleBatch());
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<html lang="zh">');
  });

  it('writes the formats asked for and replaces an earlier report', async () => {
    writeFileSync(join(dir, 'report.json'), 'old');
    expect(await writeReport(sampleBatch(), { dir, language: 'en', formats: ['json'] })).toEqual([
      join(dir, 'report.json'),
    ]);
    expect(readdirSync(dir)).toEqual(['report.json']);
    expect(readFileSync(join(dir, 'report.json'), 'utf8')).toMatch(/^\{/);
  });

  it('is the same for the same batch', async () => {
    for (const name of ['a', 'b']) await writeReport(sampleBatch(), { dir: join(dir, name), language: 'en' });
    for (const name of readdirSync(join(dir, 'a')))
      expect(readFileSync(join(dir, 'a', name)).equals(readFileSync(join(dir, 'b', name)))).toBe(true);
  });

  it('links, copies or leaves out recordings', async () => {
    mkdirSync(join(dir, 'calls'));
    const path = join(dir, 'calls', "a b#1'.wav");
    writeFileSync(path, silentWav(2));
    const html = async (recordings: 'link' | 'copy' | 'none') => {
      await writeReport(withRecording(path), { dir: join(dir, 'out'), language: 'en', formats: ['html'], recordings });
      return readFileSync(join(dir, 'out', 'report.html'), 'utf8');
    };
    const linked = await html('link');
    expect(linked).toContain('href="../calls/a%20b%231&#39;.wav#t=0.4"');
    expect(linked).toContain('The recording is not beside this report.');
    expect(existsSync(join(dir, 'out', 'recordings'))).toBe(false);

    const none = await html('none');
    expect(none).not.toContain('.wav#t=');
    expect(none).toContain('This report was made without recordings.');

    const copied = await html('copy');
    const [name] = readdirSync(join(dir, 'out', 'recordings'));
    expect(name).toMatch(/^[0-9a-f]{24}\.wav$/);
    expect(copied).toContain(`href="./recordings/${name}#t=0.4"`);
    expect(readFileSync(join(dir, 'out', 'recordings', name!)).equals(readFileSync(path))).toBe(true);
  });

  it('keeps a file name that looks like a URL a file name', async () => {
    const path = join(dir, 'javascript:alert(1).wav');
    copyFileSync(new URL(import.meta.url), path);
    await writeReport(withRecording(path), { dir, language: 'en', formats: ['html'] });
    const html = readFileSync(join(dir, 'report.html'), 'utf8');
    expect(html).toContain('href="./javascript%3Aalert(1).wav#t=0.4"');
  });

  it('says when the folder cannot be written', async () => {
    writeFileSync(join(dir, 'file'), '');
    expect(await problemOf(writeReport(sampleBatch(), { dir: join(dir, 'file', 'out'), language: 'en' }))).toBe(
      'output-unwritable',
    );
    mkdirSync(join(dir, 'report.json', 'taken'), { recursive: true });
    expect(await problemOf(writeReport(sampleBatch(), { dir, language: 'en', formats: ['json'] }))).toBe(
      'output-unwritable',
    );
    expect(readdirSync(dir).sort()).toEqual(['file', 'report.json']);
  });
});

describe('writeAll', () => {
  it('leaves the earlier files alone when a later one fails', async () => {
    writeFileSync(join(dir, 'one'), 'old');
    function* failing(): Generator<string> {
      yield 'half';
      throw new Error('broken on purpose');
    }
    const files = [
      { path: join(dir, 'one'), chunks: ['new'] },
      { path: join(dir, 'two'), chunks: failing() },
    ];
    await expect(writeAll(files)).rejects.toThrow('broken on purpose');
    expect(readdirSync(dir)).toEqual(['one']);
    expect(readFileSync(join(dir, 'one'), 'utf8')).toBe('old');
  });

  it.skipIf(!existsSync('/dev/full'))('names a full disk', async () => {
    const file = await open('/dev/full', 'w');
    const error: unknown = await file.writeFile('x').catch((reason: unknown) => outputError(reason, 'out/report.html'));
    await file.close().catch(() => undefined);
    expect(error).toMatchObject({
      problem: {
        code: 'disk-full',
        path: 'out/report.html',
        message: 'No space is left to write report.html.',
        hint: 'Free some space and write the report again; an earlier report in this place is untouched.',
      },
    });
  });
});
