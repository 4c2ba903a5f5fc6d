import { Command } from 'commander';
import { eraseCustomer } from '../../store/index.ts';
import { exitStatus } from '../exit-status.ts';
import { dataOption, withInstallation } from '../installation-option.ts';
import { counted } from '../wording.ts';

interface EraseOptions {
  data?: string;
  customer: string;
  yes: boolean;
}

/** `earwitness erase`: forgets one customer everywhere, for good. */
export function eraseCommand(report: (status: number) => void): Command {
  return new Command('erase')
    .description('Erase a customer: words, recordings, verdicts, ids and uploaded files. It cannot be taken back.')
    .requiredOption('--customer <id>', 'the customer, as sessions name them')
    .addOption(dataOption())
    .option('--yes', 'do it; without this it only says what would go', false)
    .addHelpText(
      'after',
      '\nExit status: 0 erased (or shown), 2 nothing was erased: sessions are held, or it could not run.',
    )
    .action(async (options: EraseOptions) => {
      report(await erase(options));
    });
}

async function erase({ data, customer, yes }: EraseOptions): Promise<number> {
  await withInstallation({ data }, async ({ store, archive, config }) => {
    if (!yes) {
      const sessions = await store.upkeep.ofCustomer(customer);
      const held = sessions.filter((session) => session.held).length;
      process.stdout.write(
        `○ ${counted(sessions.length, 'session')} of this customer` +
          `${held > 0 ? `, ${held} under legal hold (lift it first)` : ''}. Nothing was erased: add --yes.\n`,
      );
      return;
    }
    const { sessions, files, objects } = await eraseCustomer({ store, archive }, customer, { secret: config.secret });
    process.stdout.write(
      `● Erased: ${counted(sessions, 'session')}, ${counted(files, 'uploaded file')}, ${counted(objects, 'object')} of the archive.\n` +
        '  Backups taken before still hold it: take a new one and remove the old ones.\n',
    );
  });
  return exitStatus.clean;
}
