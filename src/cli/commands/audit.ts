import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { EarwitnessError } from '../../session/index.ts';
import { type AuditEntry, type AuditHead, verifyAudit } from '../../store/index.ts';
import { exitStatus } from '../exit-status.ts';
import { dataOption, withInstallation } from '../installation-option.ts';
import { writeStream } from '../write-stream.ts';

interface VerifyOptions {
  data?: string;
  file?: string;
  expect?: AuditHead;
}

/** `earwitness audit`: the log of who did what, checked and handed out. */
export function auditCommand(report: (status: number) => void): Command {
  return new Command('audit')
    .description('Check the audit log, or hand it out.')
    .addCommand(
      new Command('verify')
        .description('Follow the chain of hashes through the whole audit log.')
        .addOption(dataOption())
        .option('--file <ndjson>', 'check what audit export wrote, without the installation')
        .addOption(expectOption())
        .addHelpText('after', '\nExit status: 0 whole, 1 broken, 2 could not run.')
        .action(async (options: VerifyOptions) => {
          report(await verify(options));
        }),
    )
    .addCommand(
      new Command('export')
        .description('Write the audit log as lines of JSON, oldest first, with its hashes.')
        .addOption(dataOption())
        .requiredOption('--out <file>', 'the file; - for standard output')
        .action(async ({ data, out }: { data?: string; out: string }) => {
          await withInstallation({ data }, ({ store }) => writeStream(out, lines(store.audit.all())));
          report(exitStatus.clean);
        }),
    );
}

async function* lines(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

async function verify({ data, file, expect = undefined }: VerifyOptions): Promise<number> {
  const check = (entries: AsyncIterable<AuditEntry>) => verifyAudit(entries, expect ?? null);
  const { entries, head, broken } = await (file === undefined
    ? withInstallation({ data }, ({ store }) => check(store.audit.all()))
    : check(entriesOf(resolve(file))));
  if (broken) {
    process.stdout.write(`■ The audit log is broken at entry ${broken.seq}: ${broken.why}.\n`);
    return exitStatus.findings;
  }
  process.stdout.write(
    `● The audit log is whole: ${entries} ${entries === 1 ? 'entry' : 'entries'}.\n${headText(head)}`,
  );
  return exitStatus.clean;
}

/** What to note elsewhere, so that a log that was cut short or written anew can be told. */
export function headText(head: AuditHead | null): string {
  return head ? `  Its head is ${head.seq}:${head.hash}. Note it elsewhere and give it to --expect next time.\n` : '';
}

export function expectOption(): Option {
  return new Option(
    '--expect <seq:hash>',
    'a head of the audit log that was noted before; it must still be in it',
  ).argParser((text: string): AuditHead => {
    const match = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text);
    if (!match) throw new InvalidArgumentError('Give it as it was printed: a number, a colon, 64 digits.');
    return { seq: Number(match[1]), hash: match[2]! };
  });
}

const entrySchema = z.object({
  seq: z.number(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
});

async function* entriesOf(path: string): AsyncGenerator<AuditEntry> {
  if (!existsSync(path)) throw new EarwitnessError('path-not-found', path, 'There is no such file.');
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line++;
    if (text.trim() === '') continue;
    const entry = entrySchema.safeParse(parsed(text));
    if (!entry.success)
      throw new EarwitnessError(
        'json-invalid',
        `${path}:${line}`,
        'This line is no entry of an audit log.',
        'Give the file that earwitness audit export wrote.',
      );
    yield entry.data;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
