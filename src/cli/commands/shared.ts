import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createTranscriber, type Transcriber } from '../../speech/index.ts';
import { packageFile } from '../package-files.ts';
import { modelProgress } from './models.ts';

/** Options that every command which hears recordings has. */
export interface HearingOptions {
  recogniser: 'auto' | 'sherpa' | 'pocketsphinx' | 'given';
  offline: boolean;
  modelsDir: string | undefined;
  agentChannel: 'left' | 'right';
  language: string;
  jobs: number;
  quiet: boolean;
}

/** The transcriber that a command's options ask for; models that it fetches show their progress on standard error. */
export function transcriberFor(
  options: Pick<HearingOptions, 'recogniser' | 'offline' | 'modelsDir' | 'jobs' | 'quiet'>,
): Transcriber {
  return createTranscriber({
    recogniser: options.recogniser,
    offline: options.offline,
    modelsDir: options.modelsDir ?? packageFile('models', 'cache'),
    concurrency: options.jobs,
    onModelProgress: options.quiet ? undefined : modelProgress(process.stderr),
  });
}

export function addHearingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--recogniser <id>', 'who turns speech into words; auto takes the best there is and says which')
        .choices(['auto', 'sherpa', 'pocketsphinx', 'given'])
        .default('auto'),
    )
    .option('--offline', 'never touch the network', false)
    .option('--models-dir <folder>', 'where speech models are kept (default: models/cache)')
    .addOption(
      new Option('--agent-channel <side>', 'stereo channel that carries the agent')
        .choices(['left', 'right'])
        .default('left'),
    )
    .option('--language <tag>', 'language of recordings that do not say theirs', languageTag, 'en')
    .option('--jobs <n>', 'recordings heard at the same time', positiveInteger, availableParallelism())
    .option('--quiet', 'no progress', false);
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 256)
    throw new InvalidArgumentError('Give a whole number from 1 to 256.');
  return value;
}

function languageTag(text: string): string {
  if (!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(text))
    throw new InvalidArgumentError('Give a language tag such as en, zh or zh-Hant.');
  return text;
}
