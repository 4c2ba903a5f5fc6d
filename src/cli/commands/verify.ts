import { resolve } from 'node:path';
import { Command } from 'commander';
import { type AuditHead, checkBackup, verifyInstallation } from '../../store/index.ts';
import { exitStatus } from '../exit-status.ts';
import { dataOption, withInstallation } from '../installation-option.ts';
import { counted, size } from '../wording.ts';
import { expectOption, headText } from './audit.ts';

interface VerifyOptions {
  data?: string;
  backup?: string;
  expect?: AuditHead;
  json: boolean;
}

/** `earwitness verify`: reads everything that is kept and names what is not as it was written. */
export function verifyCommand(report: (status: number) => void): Command {
  return new Command('verify')
    .description('Read all recordings, results and the audit log again and name everything that is damaged or missing.')
    .addOption(dataOption())
    .option('--backup <folder>', 'look at a backup instead of the installation')
    .addOption(expectOption())
    .option('--json', 'print the findings as JSON', false)
    .addHelpText('after', '\nExit status: 0 all whole, 1 findings, 2 could not run.')
    .action(async (options: VerifyOptions) => {
      report(await (options.backup === undefined ? verify(options) : verifyBackup(resolve(options.backup), options)));
    });
}

async function verify(options: VerifyOptions): Promise<number> {
  const found = await withInstallation(options, (installation) =>
    verifyInstallation(installation, { known: options.expect ?? null }),
  );
  const status = found.findings.length > 0 ? exitStatus.findings : exitStatus.clean;
  if (options.json) {
    process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    return status;
  }
  for (const { kind, target, message } of found.findings) process.stdout.write(`■ ${target} [${kind}] ${message}\n`);
  const what =
    `${counted(found.objects, 'object')} (${size(found.bytes)}), ${counted(found.references, 'reference')}, ` +
    `${counted(found.sessions, 'recorded session')}, ${counted(found.audit.entries, 'audit entry').replace('entrys', 'entries')}`;
  process.stdout.write(
    status === exitStatus.clean
      ? `● All whole: ${what}.\n`
      : `■ ${counted(found.findings.length, 'finding')} in ${what}.\n`,
  );
  if (found.abandoned > 0)
    process.stdout.write(
      `  ${counted(found.abandoned, 'object')} in the archive that nothing refers to; earwitness retention removes them.\n`,
    );
  process.stdout.write(headText(found.audit.head));
  return status;
}

async function verifyBackup(folder: string, { json }: VerifyOptions): Promise<number> {
  const { manifest, problems } = await checkBackup(folder);
  if (json) process.stdout.write(`${JSON.stringify({ manifest, problems }, null, 2)}\n`);
  else {
    for (const { file, message } of problems) process.stdout.write(`■ ${file} ${message}\n`);
    process.stdout.write(
      problems.length === 0
        ? `● The backup of ${manifest.takenAt} is whole: the database and ${counted(manifest.objects.count, 'object')}.\n`
        : `■ ${counted(problems.length, 'finding')} in the backup of ${manifest.takenAt}.\n`,
    );
  }
  return problems.length > 0 ? exitStatus.findings : exitStatus.clean;
}
