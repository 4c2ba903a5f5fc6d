import { resolve } from 'node:path';
import { Command } from 'commander';
import { openArchive, restoreBackup, restoreStore, storeIsEmpty } from '../../store/index.ts';
import { exitStatus } from '../exit-status.ts';
import { dataOption, server } from '../installation-option.ts';
import { counted } from '../wording.ts';

/** `earwitness restore`: a backup into an installation in which there is nothing yet. */
export function restoreCommand(report: (status: number) => void): Command {
  return new Command('restore')
    .description(
      'Bring a backup into a new, empty installation. Every byte of it is checked before the first is written.',
    )
    .argument('<folder>', 'the folder that backup wrote')
    .addOption(dataOption())
    .addHelpText('after', '\nExit status: 0 restored, 2 nothing was restored.')
    .action(async (folder: string, { data }: { data?: string }) => {
      report(await restore(resolve(folder), data));
    });
}

async function restore(folder: string, data: string | undefined): Promise<number> {
  const { archiveSettings, databaseUrl, readServerConfig } = await server();
  const config = readServerConfig(process.env, data === undefined ? {} : { overrides: { dataDir: resolve(data) } });
  const url = databaseUrl(config);
  const archive = await openArchive(archiveSettings(config));
  try {
    const { manifest, objects } = await restoreBackup(folder, {
      archive,
      database: {
        isEmpty: () => storeIsEmpty(url),
        restore: (path) => restoreStore(path, url),
      },
    });
    process.stdout.write(
      `● Restored the backup of ${manifest.takenAt} into ${config.dataDir}: the database and ${counted(objects, 'object')}.\n` +
        '  Work that was queued is queued again when the server starts. earwitness verify looks at all of it once more.\n',
    );
    return exitStatus.clean;
  } finally {
    await archive.close();
  }
}
