import { resolve } from 'node:path';
import { Command } from 'commander';
import { takeBackup } from '../../store/index.ts';
import { exitStatus } from '../exit-status.ts';
import { dataOption, withInstallation } from '../installation-option.ts';
import { counted, size } from '../wording.ts';

interface BackupOptions {
  data?: string;
  json: boolean;
}

/** `earwitness backup`: database and archive into a folder, while the server goes on. */
export function backupCommand(report: (status: number) => void): Command {
  return new Command('backup')
    .description('Copy database and recordings of an installation into a folder, while it is in use.')
    .argument('<folder>', 'an empty folder, or that of an earlier backup: then only what is new is copied')
    .addOption(dataOption())
    .option('--json', 'print the summary as JSON', false)
    .addHelpText('after', '\nExit status: 0 complete, 1 complete but for damaged recordings, 2 could not run.')
    .action(async (folder: string, options: BackupOptions) => {
      report(await backup(resolve(folder), options));
    });
}

async function backup(folder: string, options: BackupOptions): Promise<number> {
  const { manifest, copied, kept, removed, damaged } = await withInstallation(options, (installation) =>
    takeBackup(installation, folder),
  );
  const status = damaged.length > 0 ? exitStatus.findings : exitStatus.clean;
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ...manifest, copied, kept, removed, damaged }, null, 2)}\n`);
    return status;
  }
  for (const sha256 of damaged)
    process.stdout.write(`■ object:${sha256} is damaged in the archive and was not taken into the backup.\n`);
  process.stdout.write(
    `● Backup of ${manifest.takenAt} in ${folder}: database ${size(manifest.database.bytes)}, ` +
      `${counted(manifest.objects.count, 'object')} ${size(manifest.objects.contentBytes)} ` +
      `(${copied} copied, ${kept} there already, ${removed} no longer wanted and removed).\n`,
  );
  return status;
}
