import type { Archive } from './archive.ts';
import { openFolder } from './folder.ts';
import type { S3Settings } from './s3.ts';

export type ArchiveSettings = { kind: 'folder'; path: string } | ({ kind: 's3' } & S3Settings);

/**
 * Opens the archive that the configuration names; a folder is made when it is not there, a bucket is not.
 * Throws `archive-unusable`.
 */
export async function openArchive(settings: ArchiveSettings): Promise<Archive> {
  if (settings.kind === 'folder') return openFolder(settings.path);
  // The client takes half a second to load, which those without a bucket need not wait for.
  const { openS3 } = await import('./s3.ts');
  return openS3(settings);
}
