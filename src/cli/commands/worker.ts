import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readJudgeConfig } from '../../scorecard/index.ts';
import { EarwitnessError } from '../../session/index.ts';
import { startRemoteWorker, workerToken } from '../../server/index.ts';
import { configOf, dataOption } from '../installation-option.ts';
import { packageFile } from '../package-files.ts';
import { untilStopped } from '../until-stopped.ts';
import { places } from './serve.ts';

interface WorkerCommandOptions {
  redis?: string;
  server: string;
  token?: string;
  slots: number;
  offline: boolean;
  modelsDir?: string;
  judge: boolean;
  logLevel: string;
}

/** `earwitness worker`: computes for a server on another machine. */
export function workerCommand(report: (status: number) => void): Command {
  return new Command('worker')
    .description(
      'Inspect sessions for a server elsewhere: takes jobs off its Redis queue and fetches recordings over signed addresses.',
    )
    .option('--redis <url>', 'the queue of the server (default: REDIS_URL)')
    .requiredOption('--server <url>', 'address of the server')
    .option(
      '--token <token>',
      'made by `earwitness worker-token` on the server (default: EARWITNESS_WORKER_TOKEN, which no list of processes shows)',
    )
    .option('--slots <n>', 'sessions inspected at the same time', places, availableParallelism())
    .option('--offline', 'never fetch a speech model', false)
    .option('--models-dir <folder>', 'where speech models are kept (default: models/cache)')
    .option('--judge', 'put the questions of scorecards to the language model that EARWITNESS_JUDGE_URL names', false)
    .addOption(
      new Option('--log-level <level>', 'what is written to standard output')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info'),
    )
    .action(async (options: WorkerCommandOptions) => report(await work(options)));
}

async function work(options: WorkerCommandOptions): Promise<number> {
  const url = options.redis ?? process.env['REDIS_URL'];
  const token = options.token ?? process.env['EARWITNESS_WORKER_TOKEN'];
  if (!url)
    throw usage('--redis is missing, and REDIS_URL is not set.', 'Name the Redis server that the server queues in.');
  if (!token) throw usage('--token is missing.', 'Make one with `earwitness worker-token` on the server.');
  if (!/^https?:\/\/[^/]/.test(options.server))
    throw usage('--server is no address.', 'Give one such as https://qa.example.com.');
  const worker = await startRemoteWorker({
    queue: { kind: 'redis', url },
    desk: { server: options.server.replace(/\/+$/, ''), token },
    slots: Math.max(1, options.slots),
    setup: {
      modelsDir: options.modelsDir ?? packageFile('models', 'cache'),
      offline: options.offline,
      judge: options.judge ? { config: readJudgeConfig(process.env), cacheDir: null } : null,
    },
    logLevel: options.logLevel,
  });
  process.stdout.write(`Waiting for work of ${options.server}\n`);
  return untilStopped(worker, 'Stopping; work under way ends first. Once more ends at once.');
}

function usage(message: string, hint: string): EarwitnessError {
  return new EarwitnessError('usage', '', message, hint);
}

/** `earwitness worker-token`: what lets a worker on another machine ask this installation for work. */
export function workerTokenCommand(report: (status: number) => void): Command {
  return new Command('worker-token')
    .description('Print a token for workers on other machines. It lets them fetch and hand in work, and nothing else.')
    .addOption(dataOption())
    .option('--days <n>', 'how long it is good', days, 365)
    .action(async (options: { data?: string; days: number }) => {
      const { secret } = await configOf(options);
      const expires = new Date(Date.now() + options.days * 86_400_000);
      process.stdout.write(`${workerToken(secret, expires)}\n`);
      process.stderr.write(
        `Good until ${expires.toISOString().slice(0, 10)}. To revoke it, change the installation's secret.\n`,
      );
      report(0);
    });
}

function days(text: string): number {
  const value = Number(text);
  if (/^\d{1,4}$/.test(text) && value >= 1 && value <= 3660) return value;
  throw new InvalidArgumentError('Give a whole number from 1 to 3660.');
}
