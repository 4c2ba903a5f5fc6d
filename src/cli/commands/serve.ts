import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readJudgeConfig } from '../../scorecard/index.ts';
import { EarwitnessError } from '../../session/index.ts';
import { openServer, readServerConfig, type ServerConfig } from '../../server/index.ts';
import { dataOption } from '../installation-option.ts';
import { packageFile } from '../package-files.ts';
import { untilStopped } from '../until-stopped.ts';

interface ServeOptions {
  host?: string;
  port?: number;
  data?: string;
  publicUrl?: string;
  workers?: number;
  offline?: boolean;
  modelsDir?: string;
  judge: boolean;
}

/** `earwitness serve`: the whole installation in one process tree. */
export function serveCommand(report: (status: number) => void): Command {
  return new Command('serve')
    .description('Run the server: uploads in, inspected sessions and reports out. docs/guides/server.md shows the way.')
    .option('--host <address>', 'address to listen on (default: EARWITNESS_HOST, else 127.0.0.1)')
    .option('--port <n>', 'port to listen on, 0 for any free one (default: EARWITNESS_PORT, else 7300)', port)
    .addOption(dataOption())
    .option('--public-url <url>', 'how browsers and workers reach the server (default: EARWITNESS_PUBLIC_URL)')
    .option('--workers <n>', 'sessions inspected at the same time here; 0: only by workers elsewhere', places)
    .option('--offline', 'never fetch a speech model')
    .option('--models-dir <folder>', 'where speech models are kept (default: models/cache)')
    .addOption(
      new Option(
        '--judge',
        'put the questions of scorecards to the language model that EARWITNESS_JUDGE_URL and _MODEL name (sends the words in question there)',
      ).default(false),
    )
    .action(async (options: ServeOptions) => report(await serve(options)));
}

function port(text: string): number {
  const value = Number(text);
  if (/^\d{1,5}$/.test(text) && value <= 65_535) return value;
  throw new InvalidArgumentError('Give a whole number from 0 to 65535.');
}

export function places(text: string): number {
  const value = Number(text);
  if (/^\d{1,3}$/.test(text) && value <= 256) return value;
  throw new InvalidArgumentError('Give a whole number from 0 to 256.');
}

async function serve(options: ServeOptions): Promise<number> {
  // A server shares its machine with its workers: garbage is collected before there is three times as much of it as of the rest.
  setFlagsFromString('--heap-growing-percent=30');
  setFlagsFromString('--semi-space-growth-factor=1');
  const config = readServerConfig(process.env, {
    overrides: overridesOf(options),
    defaults: { modelsDir: packageFile('models', 'cache') },
  });
  const judge = options.judge ? { config: judgeConfig(config), cacheDir: join(config.dataDir, 'judge-answers') } : null;
  const server = await openServer(config, { rulesDir: packageFile('rules'), judge });
  process.stdout.write(`Earwitness listens on ${server.url}\n`);
  if (server.setUpUrl !== null)
    process.stdout.write(
      `There is no account yet. Make the first one here (the link works once):\n  ${server.setUpUrl}\n`,
    );
  return untilStopped(server, 'Stopping; work under way ends first. Once more ends at once.');
}

function overridesOf({
  host,
  port,
  data,
  publicUrl,
  workers,
  offline,
  modelsDir,
}: ServeOptions): Partial<ServerConfig> {
  return {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(data === undefined ? {} : { dataDir: data }),
    ...(publicUrl === undefined ? {} : { publicUrl: publicUrl.replace(/\/$/, '') }),
    ...(workers === undefined ? {} : { workers }),
    ...(offline ? { offline } : {}),
    ...(modelsDir === undefined ? {} : { modelsDir }),
  };
}

/** `--judge` sends words to another machine; `--offline` forbids that. */
function judgeConfig({ offline }: ServerConfig) {
  if (!offline) return readJudgeConfig(process.env);
  throw new EarwitnessError(
    'usage',
    '',
    '--judge asks a language model over the network, and --offline forbids that.',
    'Leave out one of them.',
  );
}
