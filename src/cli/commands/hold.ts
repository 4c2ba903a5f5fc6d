import { Command } from 'commander';
import { EarwitnessError, type SessionSummary } from '../../session/index.ts';
import { pseudonym, type Store } from '../../store/index.ts';
import { exitStatus } from '../exit-status.ts';
import { dataOption, withInstallation } from '../installation-option.ts';
import { counted } from '../wording.ts';

interface HoldOptions {
  data?: string;
  session: string[];
  customer?: string;
}

/** `earwitness hold`: what a court or an authority wants kept, retention and erasure leave alone. */
export function holdCommand(report: (status: number) => void): Command {
  const command = new Command('hold').description(
    'Put sessions under legal hold, or lift it: what is held is not erased.',
  );
  for (const [name, on, description] of [
    ['on', true, 'Put sessions under legal hold.'],
    ['off', false, 'Lift the legal hold of sessions.'],
  ] as const)
    command.addCommand(
      new Command(name)
        .description(description)
        .addOption(dataOption())
        .option('--session <key>', 'key of a session; repeatable', (value, before: string[]) => [...before, value], [])
        .option('--customer <id>', 'all sessions of a customer')
        .action(async (options: HoldOptions) => {
          report(await setHold(options, on));
        }),
    );
  return command.addCommand(
    new Command('list')
      .description('List the sessions under legal hold.')
      .addOption(dataOption())
      .action(async (options: { data?: string }) => {
        await withInstallation(options, async ({ store }) => {
          for await (const { key, id, startedAt } of held(store))
            process.stdout.write(`${key}\t${startedAt ?? ''}\t${id}\n`);
        });
        report(exitStatus.clean);
      }),
  );
}

async function setHold({ data, session: keys, customer }: HoldOptions, on: boolean): Promise<number> {
  if ((keys.length === 0) === (customer === undefined))
    throw new EarwitnessError('usage', '', 'Say which sessions: by --session or by --customer, one of them.');
  const changed = await withInstallation({ data }, async ({ store, config }) => {
    const known = customer === undefined ? await store.sessions.waiting(keys) : [];
    const missing = keys.filter((key) => !known.some((one) => one.key === key));
    if (missing.length > 0)
      throw new EarwitnessError(
        'result-missing',
        '',
        `There is no session ${missing.slice(0, 10).join(', ')}. Nothing was changed.`,
        'Keys stand in lists and exports of the server.',
      );
    const changed = await store.upkeep.hold(customer === undefined ? { keys } : { customerId: customer }, on);
    await store.audit.append({
      actor: 'system',
      action: on ? 'hold.on' : 'hold.off',
      // A customer's id could never be erased from the log again.
      target: customer === undefined ? 'sessions' : `customer:${pseudonym(customer, config.secret)}`,
      detail: { ...(customer === undefined ? { keys } : {}), changed },
    });
    return changed;
  });
  process.stdout.write(
    `● ${counted(changed, 'session')} ${on ? 'put under legal hold' : 'released from legal hold'}.\n`,
  );
  return exitStatus.clean;
}

async function* held(store: Store): AsyncGenerator<SessionSummary> {
  for (let cursor: string | undefined; ;) {
    const page = await store.sessions.list({ kind: 'all' }, {}, { limit: 1000, cursor, order: 'newest' });
    yield* page.items.filter((summary) => summary.held);
    if (page.next === null) return;
    cursor = page.next;
  }
}
