import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createAnnotator } from '../../annotate/index.ts';
import { EarwitnessError } from '../../session/index.ts';
import { readFixture } from '../fixtures/read.ts';
import type { SuiteOptions } from '../run/suite.ts';

export const cardEn = `id: desk-en
version: 2
language: en
channels: [call, chat]
sections:
  - id: opening
    title: { en: Opening, zh: 开场 }
    items:
      - { id: greeting, title: Greets, expect: { phrase: [hello, good morning], by: agent, turns: first 1 } }
      - { id: identity, title: Asks who it is, channels: [call], critical: compliance, expect: { phrase: [your name], by: agent, time: first 10s } }
  - id: conduct
    title: { en: Conduct, zh: 态度 }
    items:
      - { id: polite, title: Stays polite, type: deduction, perHit: 0.4, max: 1, forbid: { phrase: [shut up, nonsense], by: agent } }
      - { id: tone, title: Tone, manualOnly: true }
`;

export const cardZh = cardEn
  .replace('id: desk-en', 'id: desk-zh')
  .replace('language: en', 'language: zh')
  .replace('[hello, good morning]', '[您好, 早上好]')
  .replace('[your name]', '[您贵姓, 您的姓名]')
  .replace('[shut up, nonsense]', '[闭嘴, 胡说]');

/** Writes files to a folder of its own; call `remove` when done. */
export async function folderWith(files: Record<string, string>) {
  const path = await mkdtemp(join(tmpdir(), 'earwitness-fixtures-'));
  const write = async (name: string, text: string) => {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  return { path, write, at: (name: string) => join(path, name), remove: () => rm(path, { recursive: true }) };
}

const annotator = createAnnotator();

/** Options of a run as the command line gives them, without shipped rules and without a recogniser. */
export function suiteOptions(tempDir: string, more: Partial<SuiteOptions> = {}): SuiteOptions {
  const refuse = () => Promise.reject(new EarwitnessError('recogniser-missing', '', 'Nobody hears recordings here.'));
  const transcriber: SuiteOptions['references']['transcriber'] = {
    choose: refuse,
    transcribe: refuse,
    close: () => Promise.resolve(),
  };
  const { signal } = new AbortController();
  return {
    search: { given: [], shipped: null },
    annotator,
    references: { transcriber, annotator, tempDir, signal },
    ...more,
  };
}

/** The problems of a fixture text as `line:column code message hint`. */
export function problemsOf(text: string): string[] {
  return readFixture('f.yaml', text).problems.map(
    ({ line, column, code, message, hint }) => `${line}:${column} ${code} ${message}${hint ? ` ${hint}` : ''}`,
  );
}
