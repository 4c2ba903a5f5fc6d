import { Command } from 'commander';
import { fetchModel, listModels, type ModelProgress } from '../../speech/index.ts';
import { exitStatus } from '../exit-status.ts';
import { packageFile } from '../package-files.ts';
import { stopSignal } from '../stop-signal.ts';

interface ModelsOptions {
  modelsDir: string | undefined;
  offline: boolean;
}

/** `earwitness models list|fetch`: which speech models there are, and fetching them ahead of a run. */
export function modelsCommand(report: (status: number) => void): Command {
  const command = new Command('models').description('List speech models, or fetch them ahead of a run.');
  const dir = (given: string | undefined) => given ?? packageFile('models', 'cache');
  command
    .command('list')
    .description('Every model of the catalogue, its licence, and whether it is here.')
    .option('--models-dir <folder>', 'where speech models are kept (default: models/cache)')
    .action((options: ModelsOptions) => {
      for (const model of listModels({ modelsDir: dir(options.modelsDir) })) {
        const size = model.bytes === null ? 'size unknown' : megabytes(model.bytes);
        process.stdout.write(
          `${model.state.padEnd(9)} ${model.id}  ${model.languages.join(',')}  ${size}  ${model.licence.name}\n`,
        );
        process.stdout.write(`          ${model.notes.en} ${model.verification.en}\n`);
      }
      report(exitStatus.clean);
    });
  command
    .command('fetch')
    .description('Fetch models into the models folder; goes on where an earlier fetch was cut off.')
    .argument('<id...>', 'ids as `models list` shows them')
    .option('--models-dir <folder>', 'where speech models are kept (default: models/cache)')
    .option('--offline', 'never touch the network', false)
    .action(async (ids: string[], options: ModelsOptions) => {
      const stop = stopSignal(() => process.stderr.write('\nStopping; what was fetched is kept.\n'));
      const onProgress = modelProgress(process.stderr);
      try {
        for (const id of ids) {
          const model = await fetchModel(id, {
            modelsDir: dir(options.modelsDir),
            offline: options.offline,
            onProgress,
            signal: stop.signal,
          });
          process.stdout.write(`${model.id} is here and holds against the catalogue.\n`);
        }
        report(exitStatus.clean);
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        report(exitStatus.interrupted);
      } finally {
        stop.dispose();
      }
    });
  return command;
}

/** A line for each tenth of a file (and one line that is written over on a terminal). */
export function modelProgress(stream: NodeJS.WriteStream): (progress: ModelProgress) => void {
  const shown = new Map<string, number>();
  return ({ model, file, doneBytes, totalBytes }) => {
    const tenth = totalBytes === null ? Math.floor(doneBytes / 10_000_000) : Math.floor((10 * doneBytes) / totalBytes);
    const key = `${model}/${file}`;
    if (shown.get(key) === tenth) return;
    shown.set(key, tenth);
    const of = totalBytes === null ? '' : ` of ${megabytes(totalBytes)}`;
    stream.write(`${key}: ${megabytes(doneBytes)}${of}\n`);
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
