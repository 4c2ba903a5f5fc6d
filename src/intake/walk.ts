import path from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { isNodeError } from '../session/index.ts';
import type { Disk } from './disk.ts';
import { DiskFile } from './disk.ts';
import { isIgnored } from './ignore.ts';
import { byName } from './names.ts';
import { failure, failureFrom } from './problems.ts';
import type { InputFile, IntakeFailure } from './types.ts';

type Found = InputFile | IntakeFailure;

/** Says of an absolute path met on a walk that it is passed over; what the user names is always read. */
type Skip = (absolutePath: string) => boolean;

interface Walk {
  root: string;
  disk: Disk;
  skip: Skip;
}

/**
 * Every file behind the paths that the user gave, in their order; folders depth first, names sorted. A file that is
 * reached twice (named twice, or through a link) comes once.
 */
export async function* walkInputs(
  paths: readonly string[],
  disk: Disk,
  skip: Skip = () => false,
): AsyncGenerator<Found> {
  const seen = new Set<string>();
  for (const given of paths) {
    for await (const found of walkPath(given, disk, skip)) {
      if ('kind' in found) yield found;
      else if (!seen.has(found.key)) {
        seen.add(found.key);
        yield found;
      }
    }
  }
}

async function* walkPath(given: string, disk: Disk, skip: Skip): AsyncGenerator<Found> {
  try {
    const stats = await disk.stat(given);
    if (stats.isDirectory()) {
      let any = false;
      for await (const found of walkFolder(given, { root: given, disk, skip }, new Set())) {
        any = true;
        yield found;
      }
      if (!any)
        yield failure(
          'file-empty',
          given,
          'The folder holds nothing to inspect.',
          'See docs/reference/inputs.md for what is read and what is passed over.',
        );
    } else yield await toFile(given, path.dirname(given), disk, true);
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT' && isDynamicPattern(given)) yield* walkGlob(given, disk, skip);
    else yield await pathFailure(error, given, disk);
  }
}

async function* walkGlob(pattern: string, disk: Disk, skip: Skip): AsyncGenerator<Found> {
  const matches = await glob(pattern, {
    onlyFiles: false,
    expandDirectories: false,
    followSymbolicLinks: false,
    dot: false,
    absolute: path.isAbsolute(pattern),
  });
  // The fixed part of the pattern is the root: `calls/2026-*/*.wav` → `calls`.
  const fixed = pattern.split('/').slice(0, -1);
  const firstDynamic = fixed.findIndex((part) => isDynamicPattern(part));
  const root =
    (firstDynamic < 0 ? fixed : fixed.slice(0, firstDynamic)).join('/') || (pattern.startsWith('/') ? '/' : '.');
  let any = false;
  for (const match of matches.map((found) => found.replace(/\/$/, '')).sort(byName)) {
    if (match === '' || isIgnored(path.basename(match))) continue;
    for await (const found of walkEntry(match, { root, disk, skip }, new Set())) {
      any = true;
      yield found;
    }
  }
  if (!any)
    yield failure(
      'path-not-found',
      pattern,
      'Nothing matches this pattern.',
      'Put the pattern in quotes, and check it with ls.',
    );
}

/** `above`: real paths of the folders on the way down, against links that lead back up. */
async function* walkFolder(folder: string, walk: Walk, above: ReadonlySet<string>): AsyncGenerator<Found> {
  const { disk } = walk;
  let names: string[];
  let real: string;
  try {
    real = await disk.realpath(folder);
    if (above.has(real)) {
      yield failure(
        'path-unreadable',
        folder,
        'This link leads back to a folder above it; it was not followed.',
        'Remove the link.',
      );
      return;
    }
    names = (await disk.readdir(folder)).sort(byName);
  } catch (error) {
    yield failureFrom(error, folder);
    return;
  }
  const below = new Set([...above, real]);
  for (const name of names) if (!isIgnored(name)) yield* walkEntry(path.join(folder, name), walk, below);
}

async function* walkEntry(entry: string, walk: Walk, above: ReadonlySet<string>): AsyncGenerator<Found> {
  const { root, disk, skip } = walk;
  if (skip(path.resolve(entry))) return;
  try {
    const stats = await disk.stat(entry);
    if (stats.isDirectory()) yield* walkFolder(entry, walk, above);
    else yield await toFile(entry, root, disk, false);
  } catch (error) {
    const found = await pathFailure(error, entry, disk);
    // Only what the user named can be missing; what a walk meets is there, and is a link that leads nowhere.
    yield found.problem.code === 'path-not-found' ? failureFrom(error, entry) : found;
  }
}

async function toFile(found: string, root: string, disk: Disk, named: boolean): Promise<Found> {
  const stats = await disk.stat(found);
  if (!stats.isFile()) {
    const what = stats.isFIFO() ? 'a pipe' : stats.isSocket() ? 'a socket' : 'a device';
    return failure(
      'path-unreadable',
      found,
      `This is ${what}, not a file.`,
      'Write its content to a file and name that.',
    );
  }
  const realPath = await disk.realpath(found);
  return new DiskFile({ disk, path: found, root, realPath, size: stats.size, named });
}

async function pathFailure(error: unknown, given: string, disk: Disk): Promise<IntakeFailure> {
  if (isNodeError(error) && error.code === 'ENOENT') {
    const link = await disk.lstat(given).then(
      (stats) => stats.isSymbolicLink(),
      () => false,
    );
    if (link)
      return failure(
        'path-unreadable',
        given,
        'This is a link to something that is not there.',
        'Correct or remove the link.',
      );
    return failure(
      'path-not-found',
      given,
      'There is no such file or folder.',
      'Check the spelling and the folder that you run this in.',
    );
  }
  if (isNodeError(error) && error.code === 'ELOOP')
    return failure('path-unreadable', given, 'This link leads to itself.', 'Remove the link.');
  if (isNodeError(error) && error.code === 'ENOTDIR')
    return failure('path-unreadable', given, 'A part of this path is a file, not a folder.', 'Check the path.');
  return failureFrom(error, given);
}
