import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import {
  reporterNames,
  reporters,
  type ReporterName,
  type SuiteResult,
  type TextOptions,
} from '../../regression/index.ts';
import { EarwitnessError } from '../../session/index.ts';

/** A report and where it goes; null: standard output. */
export interface ReporterChoice {
  name: ReporterName;
  path: string | null;
}

/** `junit=out.xml` → a choice, added to those before it. */
export function parseReporter(text: string, before: ReporterChoice[]): ReporterChoice[] {
  const at = text.indexOf('=');
  const given = at < 0 ? text : text.slice(0, at);
  const name = reporterNames.find((one) => one === given);
  const path = at < 0 ? null : text.slice(at + 1);
  if (!name || path === '')
    throw new InvalidArgumentError(`Give one of ${reporterNames.join(', ')}, or junit=results.xml for a file.`);
  return [...before, { name, path }];
}

/** Two reports on one output are none. GitHub's annotations are lines of a log and go with any text. */
export function refuseTwoOnOutput(choices: readonly ReporterChoice[]): void {
  const names = choices.filter(({ name, path }) => path === null && name !== 'github').map(({ name }) => name);
  if (names.length <= 1) return;
  throw new EarwitnessError(
    'usage',
    '',
    `The reports ${names.join(' and ')} would both go to standard output.`,
    `Send one to a file: --reporter ${names.at(-1)}=file.`,
  );
}

/** Writes every report that was asked for; the tree where none was. */
export async function writeReports(
  suite: SuiteResult,
  choices: readonly ReporterChoice[],
  text: TextOptions,
): Promise<void> {
  for (const { name, path } of choices.length === 0 ? [{ name: 'tree' as const, path: null }] : choices) {
    if (path === null) process.stdout.write(reporters[name](suite, text));
    else await writeTo(path, reporters[name](suite, { ...text, colour: false, width: Infinity }));
  }
}

async function writeTo(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(resolve(path)), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw new EarwitnessError('output-unwritable', path, 'The report cannot be written.', 'Choose another file.', {
      cause: error,
    });
  }
}
