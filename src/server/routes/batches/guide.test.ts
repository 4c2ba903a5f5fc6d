import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ListeningApp, openListeningApp } from '../../testing/listening.ts';

const guide = readFileSync(new URL('../../../../docs/guides/uploading.md', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!);

let server: ListeningApp;
let folder: string;
beforeAll(async () => {
  server = await openListeningApp();
  folder = mkdtempSync(join(tmpdir(), 'earwitness-guide-'));
  for (const name of ['chats.jsonl', 'more.jsonl', 'call-17.wav', 'call-18.wav', 'call-19.wav', 'call-20.wav'])
    writeFileSync(join(folder, name), `the content of ${name}`);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('docs/guides/uploading.md', () => {
  it('works as it stands', async () => {
    expect(blocks).toHaveLength(6);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', blocks.join('\n')], {
      cwd: folder,
      env: {
        ...process.env,
        EARWITNESS_URL: server.url,
        EARWITNESS_TOKEN: server.lead['authorization']!.replace('Bearer ', ''),
        no_proxy: '127.0.0.1',
      },
    });
    expect(stdout).toContain('event: progress');
    const { items } = await server.context.store.batches.list({ kind: 'all' }, { limit: 10 });
    const found = await Promise.all(
      items.map(async ({ id, title, counts }) => {
        const { items: files } = await server.context.store.batches.files(id, { limit: 10 });
        return [title.replace(/ \d{4}-.*/, ''), counts.files, files.map(({ name }) => name)];
      }),
    );
    expect(found).toEqual([
      ['Telephony North', 1, ['call-20.wav']],
      ['Resumable', 1, ['call-19.wav']],
      ['Monday', 1, ['more.jsonl']],
      ['Checked', 1, ['call-18.wav']],
      ['March', 2, ['chats.jsonl', 'monday/call-17.wav']],
    ]);
  });
});
