import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/** A sidecar tells of one recording; what is larger is something else. */
const largest = 1024 * 1024;

const recordings = new Set(['.wav', '.mp3', '.ogg', '.opus', '.oga', '.flac', '.m4a', '.mp4', '.amr', '.aac', '.gsm']);

/** By name alone: whether a file may have a sidecar. What it really is, intake finds out. */
export const looksLikeRecording = (name: string): boolean => recordings.has(extname(name).toLowerCase());

/** `call-17.wav` → the files beside it that may describe it, the most specific first. */
export function sidecarNames(name: string): string[] {
  return [`${name}.json`, `${basename(name, extname(name))}.json`];
}

/** Recordings that a JSON file beside them may describe: `call-17.wav.json` and `call-17.json` → `call-17…`. */
export function describes(json: string, recording: string): boolean {
  return looksLikeRecording(recording) && sidecarNames(recording).includes(json);
}

/** The sidecar beside a recording, where there is a readable one. */
export async function sidecarOf(path: string): Promise<{ path: string; values: Record<string, unknown> } | null> {
  if (!looksLikeRecording(path)) return null;
  for (const name of sidecarNames(basename(path))) {
    const beside = join(dirname(path), name);
    const values = await readObject(beside);
    if (values) return { path: beside, values };
  }
  return null;
}

async function readObject(path: string): Promise<Record<string, unknown> | null> {
  try {
    const { size } = await stat(path);
    if (size > largest) return null;
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (Array.isArray(value)) return { turns: value };
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
