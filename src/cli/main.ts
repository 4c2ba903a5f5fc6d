import { Command, CommanderError } from 'commander';
import { engine } from '../pipeline/index.ts';
import { EarwitnessError, toProblem } from '../session/index.ts';
import { auditCommand } from './commands/audit.ts';
import { backtestCommand } from './commands/backtest.ts';
import { backupCommand } from './commands/backup.ts';
import { doctorCommand } from './commands/doctor.ts';
import { eraseCommand } from './commands/erase.ts';
import { exportCommand } from './commands/export.ts';
import { holdCommand } from './commands/hold.ts';
import { inspectCommand } from './commands/inspect.ts';
import { lintCommand } from './commands/lint.ts';
import { modelsCommand } from './commands/models.ts';
import { publishCommand } from './commands/publish.ts';
import { rescoreCommand } from './commands/rescore.ts';
import { restoreCommand } from './commands/restore.ts';
import { retentionCommand } from './commands/retention.ts';
import { serveCommand } from './commands/serve.ts';
import { testCommand } from './commands/test.ts';
import { transcribeCommand } from './commands/transcribe.ts';
import { verifyCommand } from './commands/verify.ts';
import { workerCommand, workerTokenCommand } from './commands/worker.ts';
import { exitStatus } from './exit-status.ts';

const program = new Command('earwitness')
  .description('Quality inspection for customer service: every verdict carries the words and the second that prove it.')
  .version(engine)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text) })
  .showHelpAfterError('(earwitness --help shows what there is)')
  .addHelpText('after', '\nExit status: 0 clean, 1 findings at or above --fail-on, 2 could not run, 130 interrupted.');

let status: number = exitStatus.clean;
const report = (code: number) => {
  status = code;
};
const commands = [
  inspectCommand,
  transcribeCommand,
  testCommand,
  lintCommand,
  publishCommand,
  rescoreCommand,
  backtestCommand,
  modelsCommand,
  doctorCommand,
  serveCommand,
  workerCommand,
  workerTokenCommand,
  backupCommand,
  restoreCommand,
  verifyCommand,
  exportCommand,
  retentionCommand,
  holdCommand,
  eraseCommand,
  auditCommand,
];
for (const make of commands) program.addCommand(make(report));
// Subcommands made elsewhere do not inherit this by themselves.
for (const command of program.commands)
  for (const each of [command, ...command.commands])
    each.exitOverride().showHelpAfterError(`(earwitness ${command.name()} --help shows the options)`);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) status = error.exitCode === 0 ? exitStatus.clean : exitStatus.couldNotRun;
  else {
    status = exitStatus.couldNotRun;
    printProblem(error);
  }
}
// Not process.exit(): that would cut off what is still being written to a pipe.
process.exitCode = status;

function printProblem(error: unknown): void {
  const problem = toProblem(error, '');
  const where = problem.path === '' ? '' : `${problem.path}: `;
  process.stderr.write(`earwitness: ${where}${problem.message}\n`);
  if (problem.hint) process.stderr.write(`  ${problem.hint}\n`);
  if (!(error instanceof EarwitnessError) && error instanceof Error && process.env['EARWITNESS_DEBUG'])
    process.stderr.write(`${error.stack}\n`);
}
