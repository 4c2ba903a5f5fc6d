import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, rename, rm } from 'node:fs/promises';
import { extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { SessionResult } from '../session/index.ts';
import { makeDirectory, outputError, temporaryName } from './files.ts';
import type { RecordingLink } from './html/context.ts';

export type RecordingMode = 'link' | 'copy' | 'none';

/**
 * Where the page finds each recording. `link` points at the original from the report's folder; `copy` puts a copy into
 * `recordings/` beside the report, named by content so that the same sound is stored once; `none` leaves them out.
 * A recording that cannot be read now is reported as absent, not as an error: the verdicts stand without it. One that
 * was `unpacked` (session id → path) out of an archive is copied under `link` too, since its file goes with the run.
 */
export async function linkRecordings(
  sessions: readonly SessionResult[],
  dir: string,
  mode: RecordingMode,
  unpacked: ReadonlyMap<string, string> = new Map(),
): Promise<Map<string, RecordingLink>> {
  const links = new Map<string, RecordingLink>();
  for (const session of sessions)
    links.set(session.id, await linkOne(session, dir, mode, unpacked.get(session.id) ?? null));
  return links;
}

async function linkOne(
  { recording }: SessionResult,
  dir: string,
  mode: RecordingMode,
  unpacked: string | null,
): Promise<RecordingLink> {
  if (!recording) return { kind: 'no-recording' };
  if (mode === 'none') return { kind: 'left-out' };
  const source = resolve(unpacked ?? recording.path);
  if (!(await readable(source))) return { kind: 'absent', path: recording.path };
  if (mode === 'link' && unpacked === null) return { kind: 'playable', href: hrefOf(relative(resolve(dir), source)) };
  const target = join('recordings', copyName(recording));
  await copyInto(source, join(dir, target));
  return { kind: 'playable', href: hrefOf(target) };
}

async function readable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** Content hash and the original's extension: nothing of a hostile file name survives. */
function copyName({ path, sha256 }: NonNullable<SessionResult['recording']>): string {
  const extension = extname(path).toLowerCase();
  const hash = /^[0-9a-f]{64}$/.test(sha256) ? sha256 : createHash('sha256').update(path).digest('hex');
  return `${hash.slice(0, 24)}${/^\.[a-z0-9]{1,5}$/.test(extension) ? extension : '.audio'}`;
}

/** True for the base name of a copy that `copy` made. */
export function isRecordingCopy(name: string): boolean {
  return /^[0-9a-f]{24}\.(?:[a-z0-9]{1,5}|audio)$/.test(name);
}

async function copyInto(source: string, target: string): Promise<void> {
  await makeDirectory(join(target, '..'));
  const temporary = temporaryName(target);
  try {
    await copyFile(source, temporary, constants.COPYFILE_FICLONE);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw outputError(error, target);
  }
}

/**
 * A relative URL. Always starts with a dot segment or `file:`, so a file name such as `javascript:alert(1)` stays a
 * file name. (On Windows another drive has no relative path.)
 */
function hrefOf(path: string): string {
  const url = path
    .split(sep)
    .map((part) => (part === '..' ? part : encodeURIComponent(part)))
    .join('/');
  if (isAbsolute(path)) return `file:///${url.replace(/^\//, '').replace('%3A', ':')}`;
  return url.startsWith('../') ? url : `./${url}`;
}
