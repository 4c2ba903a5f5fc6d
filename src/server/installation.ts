import { join } from 'node:path';
import { type Archive, type ArchiveSettings, openArchive, openStore, type Store } from '../store/index.ts';
import type { ServerConfig } from './config.ts';

/** Where an installation keeps its database; the same for the server and for every command about it. */
export function databaseUrl({ databaseUrl, dataDir }: Pick<ServerConfig, 'databaseUrl' | 'dataDir'>): string {
  return databaseUrl ?? `sqlite:${join(dataDir, 'earwitness.sqlite')}`;
}

/** Where an installation keeps recordings and uploads. */
export function archiveSettings({ s3, dataDir }: Pick<ServerConfig, 's3' | 'dataDir'>): ArchiveSettings {
  return s3 ? { kind: 's3', ...s3 } : { kind: 'folder', path: join(dataDir, 'archive') };
}

/** Opens both, for as long as a command or a server runs. */
export async function openInstallation(
  config: Pick<ServerConfig, 'databaseUrl' | 's3' | 'dataDir'>,
): Promise<{ store: Store; archive: Archive; close(): Promise<void> }> {
  const archive = await openArchive(archiveSettings(config));
  try {
    const store = await openStore(databaseUrl(config));
    return {
      store,
      archive,
      close: async () => {
        await store.close();
        await archive.close();
      },
    };
  } catch (error) {
    await archive.close();
    throw error;
  }
}
