import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { EarwitnessError, isNodeError, type SessionResult } from '../../session/index.ts';
import type { Archive } from '../archive/archive.ts';
import type { Scope, SessionFilter } from '../installation/store.ts';
import type { Installation } from './objects.ts';
import { toVcon } from './vcon.ts';

export interface ExportSelection {
  scope: Scope;
  filter: SessionFilter;
  /** What is done to every result before it leaves, such as masking personal data. */
  prepare: (result: SessionResult) => SessionResult;
}

/** A line of JSON for every result, in the order of their keys: each a member of `sessions` of report.schema.json. */
export function exportNdjson(
  { store }: Installation,
  { scope, filter, prepare }: ExportSelection,
  onResult: (done: number) => void = () => undefined,
): Readable {
  return Readable.from(
    (async function* () {
      let done = 0;
      for await (const { result } of store.sessions.results(scope, filter)) {
        yield `${JSON.stringify(prepare(result))}\n`;
        onResult(++done);
      }
    })(),
  );
}

/**
 * A vCon for every session, each a file of its own in `folder`. With `recordings` they carry the sound, as JSON text: a
 * third larger than it was. A recording that retention removed is left out;
 * one that should be there and is not is counted as missing.
 */
export async function exportVcons(
  { store, archive }: Installation,
  folder: string,
  selection: ExportSelection & { recordings: boolean; now: () => Date },
): Promise<{ sessions: number; recordings: number; missing: number }> {
  const summary = { sessions: 0, recordings: 0, missing: 0 };
  const createdAt = selection.now().toISOString();
  await guard(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
  for await (const { key, result } of store.sessions.results(selection.scope, selection.filter)) {
    // Empty where retention has removed it.
    const wanted = (selection.recordings && result.recording?.sha256) || null;
    const recording = wanted === null ? null : await bytesOf(archive, wanted);
    if (wanted !== null) summary[recording ? 'recordings' : 'missing']++;
    const vcon = toVcon(selection.prepare(result), { key, createdAt, recording });
    const path = join(folder, `${fileNameOf(key)}.vcon`);
    await guard(folder, async () => {
      try {
        await writeFile(`${path}.part`, `${JSON.stringify(vcon)}\n`, { mode: 0o600 });
        await rename(`${path}.part`, path);
      } catch (error) {
        await rm(`${path}.part`, { force: true });
        throw error;
      }
    });
    summary.sessions++;
  }
  return summary;
}

async function bytesOf(archive: Archive, sha256: string): Promise<Uint8Array | null> {
  try {
    return await buffer(await archive.read(sha256));
  } catch (error) {
    if (error instanceof EarwitnessError && error.code === 'artefact-missing') return null;
    throw error;
  }
}

/** Keys are made of safe characters by those who make them; what is not becomes a hash and never a path. */
function fileNameOf(key: string): string {
  return /^[\w-][\w.-]{0,100}$/.test(key) ? key : createHash('sha256').update(key).digest('hex');
}

async function guard(folder: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const full = isNodeError(error) && error.code === 'ENOSPC';
    throw new EarwitnessError(
      full ? 'disk-full' : 'output-unwritable',
      folder,
      full ? 'The disk is full.' : 'The export cannot be written here.',
      full ? 'Free some space and export again.' : 'Name another folder with --out.',
      { cause: error },
    );
  }
}
