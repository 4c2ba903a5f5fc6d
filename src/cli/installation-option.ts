import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import { EarwitnessError } from '../session/index.ts';
import type { readServerConfig } from '../server/index.ts';
import type { Archive, Store } from '../store/index.ts';

export function dataOption(): Option {
  return new Option(
    '--data <folder>',
    'folder of the installation (default: EARWITNESS_DATA_DIR, else earwitness-data); DATABASE_URL and S3_ variables hold here as for the server',
  );
}

/** Loaded when it is wanted: it is large, and most commands do without. */
export const server = () => import('../server/index.ts');

type ServerConfig = ReturnType<typeof readServerConfig>;

export interface OpenedInstallation {
  store: Store;
  archive: Archive;
  config: ServerConfig;
}

/** The configuration of an installation that is there. Throws `path-not-found` where none is: nothing is made here. */
export async function configOf({ data }: { data?: string | undefined }): Promise<ServerConfig> {
  const folder = resolve(data ?? (process.env['EARWITNESS_DATA_DIR']?.trim() || 'earwitness-data'));
  const elsewhere = Boolean(process.env['DATABASE_URL']?.trim() || process.env['DATABASE_URL_FILE']?.trim());
  if (!existsSync(elsewhere ? folder : join(folder, 'earwitness.sqlite')))
    throw new EarwitnessError(
      'path-not-found',
      folder,
      'There is no installation here.',
      'Name the folder that the server keeps its data in with --data, or set EARWITNESS_DATA_DIR.',
    );
  const { readServerConfig } = await server();
  return readServerConfig(process.env, { overrides: { dataDir: folder } });
}

/** Opens an installation for a command and closes it whatever comes of it. */
export async function withInstallation<T>(
  options: { data?: string | undefined },
  work: (installation: OpenedInstallation) => Promise<T>,
): Promise<T> {
  const config = await configOf(options);
  const { openInstallation } = await server();
  const installation = await openInstallation(config);
  try {
    return await work({ store: installation.store, archive: installation.archive, config });
  } finally {
    await installation.close();
  }
}
