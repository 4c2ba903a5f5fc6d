import { EarwitnessError, isNodeError } from '../../session/index.ts';

/** What the file system or the network refuses, as a problem that a user can act on. `where` is a folder or a bucket. */
export function archiveError(error: unknown, where: string): EarwitnessError {
  if (error instanceof EarwitnessError) return error;
  const code = isNodeError(error) ? error.code : '';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new EarwitnessError(
      'disk-full',
      where,
      'The disk of the archive is full; nothing of this object was kept.',
      'Free some space and send it again; what was kept before is whole.',
      { cause: error },
    );
  const message = error instanceof Error ? error.message : String(error);
  return new EarwitnessError(
    'archive-unusable',
    where,
    `The archive of recordings cannot be used: ${message}`,
    'Check that it is there and that the user that runs earwitness may read and write it.',
    { cause: error },
  );
}

export function missing(sha256: string): EarwitnessError {
  // What is no name of ours may be anything, and long.
  const name = /^[0-9a-f]{64}$/.test(sha256) ? sha256 : 'of this name';
  return new EarwitnessError(
    'artefact-missing',
    '',
    `The archive holds no object ${name}.`,
    'It was removed by retention or erasure, or is lost: earwitness verify says which.',
  );
}
