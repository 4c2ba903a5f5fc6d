import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EarwitnessError, type SessionResult } from '../../session/index.ts';
import { exportNdjson, exportVcons } from '../../store/index.ts';
import { exitStatus } from '../exit-status.ts';
import { dataOption, server, withInstallation } from '../installation-option.ts';
import { counted } from '../wording.ts';
import { writeStream } from '../write-stream.ts';

interface ExportOptions {
  data?: string;
  format: 'ndjson' | 'vcon';
  out: string;
  batch?: string;
  customer?: string;
  team?: string;
  from?: string;
  to?: string;
  raw: boolean;
  recordings: boolean;
}

/** `earwitness export`: results in open formats. */
export function exportCommand(report: (status: number) => void): Command {
  return new Command('export')
    .description('Write results in an open format: lines of JSON, or a vCon for every session.')
    .addOption(new Option('--format <name>', 'ndjson or vcon').choices(['ndjson', 'vcon']).makeOptionMandatory())
    .requiredOption('--out <path>', 'ndjson: a file, or - for standard output; vcon: a folder')
    .addOption(dataOption())
    .option('--batch <id>', 'of this batch alone')
    .option('--customer <id>', 'of this customer alone')
    .option('--team <name>', 'of this team alone')
    .option('--from <instant>', 'from this instant or day on, e.g. 2026-11-01', instant)
    .option('--to <instant>', 'before this instant or day', instant)
    .option('--raw', 'with personal data; the audit log says that it was done', false)
    .option('--recordings', 'vcon: with the sound, which nothing is masked in; needs --raw', false)
    .addHelpText(
      'after',
      '\nExit status: 0 written, 1 written but for recordings that are no longer there, 2 could not run.',
    )
    .action(async (options: ExportOptions) => {
      report(await runExport(options));
    });
}

function instant(text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at))
    throw new InvalidArgumentError('Give a day such as 2026-11-01, or an instant such as 2026-11-01T08:00:00Z.');
  return new Date(at).toISOString();
}

async function runExport(options: ExportOptions): Promise<number> {
  const { format, out, raw, recordings, batch: batchId, customer: customerId, team, from, to } = options;
  if (recordings && format !== 'vcon')
    throw new EarwitnessError(
      'usage',
      '',
      'Lines of JSON carry no sound.',
      'Export with --format vcon, or without --recordings.',
    );
  if (recordings && !raw)
    throw new EarwitnessError(
      'usage',
      '',
      'Personal data is not masked in recordings, so they are exported with --raw alone.',
      'Add --raw, or leave --recordings out.',
    );
  if (format === 'vcon' && out === '-')
    throw new EarwitnessError('usage', '', 'vCons are files of their own.', 'Name a folder with --out.');
  const { redactResult } = await server();
  return withInstallation(options, async ({ store, archive }) => {
    if (raw)
      await store.audit.append({
        actor: 'system',
        action: 'export.raw',
        target: batchId === undefined ? 'installation' : `batch:${batchId}`,
        // Not the customer's id: it could never be erased from the log again.
        detail: {
          format,
          recordings,
          team: team ?? null,
          from: from ?? null,
          to: to ?? null,
          oneCustomer: customerId !== undefined,
        },
      });
    const selection = {
      scope: { kind: 'all' as const },
      filter: { batchId, customerId, team, from, to },
      prepare: raw ? (result: SessionResult) => result : redactResult,
    };
    if (format === 'ndjson') {
      let sessions = 0;
      await writeStream(
        out,
        exportNdjson({ store, archive }, selection, (done) => (sessions = done)),
      );
      process.stderr.write(`${counted(sessions, 'session')}${raw ? '' : ', personal data masked'}.\n`);
      return exitStatus.clean;
    }
    const now = () => new Date();
    const done = await exportVcons({ store, archive }, resolve(out), { ...selection, recordings, now });
    process.stderr.write(
      `${counted(done.sessions, 'vCon')}${raw ? '' : ', personal data masked'}, ${done.recordings} with sound` +
        `${done.missing > 0 ? `, ${counted(done.missing, 'recording')} no longer there` : ''}.\n`,
    );
    return done.missing > 0 ? exitStatus.findings : exitStatus.clean;
  });
}
