import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import type { Annotations, ItemResult, ScorecardResult, Session } from '../../session/index.ts';
import { evaluate } from '../evaluate.ts';
import { loadScorecard } from '../load/load.ts';
import { ScorecardProblems, type ScorecardProblem } from '../load/problems.ts';
import type { CompiledScorecard } from '../scorecard.ts';
import { annotationsOf } from './session.ts';

/** Writes a scorecard (and files beside it) to a directory of its own and loads it from there. */
export async function loadText(text: string, files: Record<string, string> = {}): Promise<CompiledScorecard> {
  const dir = await mkdtemp(join(tmpdir(), 'scorecard-'));
  try {
    for (const [name, content] of Object.entries({ 'card.yaml': text, ...files })) {
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), content);
    }
    return await loadScorecard(join(dir, 'card.yaml'));
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Loads the scorecard `/cards/card.yaml` of files that exist in memory alone, named relative to `/cards`. */
export function loadFiles(files: Record<string, string>): Promise<CompiledScorecard> {
  const texts = new Map(Object.entries(files).map(([name, text]) => [resolve('/cards', name), text]));
  return loadScorecard('/cards/card.yaml', {
    read: (path) => {
      const text = texts.get(path);
      return text === undefined
        ? Promise.reject(Object.assign(new Error(path), { code: 'ENOENT' }))
        : Promise.resolve(text);
    },
  });
}

/** The problems of such files as `file:line:column code`, with the messages beside them; fails where there are none. */
export async function problemsIn(files: Record<string, string>): Promise<{ at: string; message: string }[]> {
  try {
    await loadFiles(files);
  } catch (error) {
    if (!(error instanceof ScorecardProblems)) throw error;
    return error.problems.map(({ file, line, column, code, message, hint }) => ({
      at: `${relative('/cards', file)}:${line}:${column} ${code}`,
      message: [message, hint].filter((one) => one !== null).join(' '),
    }));
  }
  throw new Error('The scorecard loaded without a problem.');
}

/** The problems of a scorecard; fails where it has none. `file` is the name without its directory. */
export async function problemsOf(text: string, files: Record<string, string> = {}): Promise<ScorecardProblem[]> {
  try {
    await loadText(text, files);
  } catch (error) {
    if (!(error instanceof ScorecardProblems)) throw error;
    return error.problems.map((one) => ({ ...one, file: one.file.split('/').at(-1)! }));
  }
  throw new Error('The scorecard loaded without a problem.');
}

/** A scorecard with one item; `item` is its YAML (flow style), `top` further top-level lines. */
export function cardOf(item: string, top = ''): string {
  const lines = item
    .split('\n')
    .map((line) => `        ${line}`)
    .join('\n');
  return `id: test\nversion: 1\nlanguage: en\n${top}\nsections:\n  - id: s\n    title: S\n    items:\n      - id: it\n        title: It\n${lines}\n`;
}

/** Judges one item by a session. */
export async function judge(
  item: string,
  session: Session,
  annotations: Annotations = annotationsOf(session),
  top = '',
): Promise<ItemResult> {
  return (await judgeAll(cardOf(item, top), session, annotations)).items[0]!;
}

export async function judgeAll(
  text: string,
  session: Session,
  annotations: Annotations = annotationsOf(session),
): Promise<ScorecardResult> {
  return evaluate(await loadText(text), session, annotations);
}
