import { Command, InvalidArgumentError } from 'commander';
import { EarwitnessError } from '../../session/index.ts';
import { applyRetention, previewRetention } from '../../store/index.ts';
import { exitStatus } from '../exit-status.ts';
import { dataOption, withInstallation } from '../installation-option.ts';
import { counted } from '../wording.ts';

interface RetentionOptions {
  data?: string;
  recordings?: number;
  transcripts?: number;
  results?: number;
  dryRun: boolean;
}

/** `earwitness retention`: forgets what is older than it may be kept. */
export function retentionCommand(report: (status: number) => void): Command {
  return new Command('retention')
    .description(
      'Remove recordings, transcripts and results that are older than they are kept, and objects that nothing refers to.',
    )
    .addOption(dataOption())
    .option('--recordings <days>', 'instead of EARWITNESS_KEEP_RECORDINGS_DAYS', days)
    .option('--transcripts <days>', 'instead of EARWITNESS_KEEP_TRANSCRIPTS_DAYS', days)
    .option('--results <days>', 'instead of EARWITNESS_KEEP_RESULTS_DAYS', days)
    .option('--dry-run', 'count what would go and touch nothing', false)
    .action(async (options: RetentionOptions) => {
      report(await retention(options));
    });
}

function days(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 36_500)
    throw new InvalidArgumentError('Give a whole number of days from 1 to 36500.');
  return value;
}

async function retention(options: RetentionOptions): Promise<number> {
  await withInstallation(options, async ({ store, archive, config }) => {
    const kept = {
      recording: options.recordings ?? config.retentionDays.recording,
      transcript: options.transcripts ?? config.retentionDays.transcript,
      result: options.results ?? config.retentionDays.result,
    };
    const { recording, transcript, result } = kept;
    // With the result goes everything else of a session, however long it was to be kept.
    if (Math.max(recording ?? 0, transcript ?? 0) > (result ?? Infinity))
      throw new EarwitnessError(
        'usage',
        '',
        'Results would be forgotten before the recordings or transcripts that they rest on.',
        'Keep results at least as long as recordings and transcripts.',
      );
    if (options.dryRun) {
      const { recording, transcript, result } = await previewRetention({ store }, kept);
      process.stdout.write(
        `● Would be forgotten: ${counted(recording.due, 'recording')}, ${counted(transcript.due, 'transcript')}, ` +
          `${counted(result.due, 'result')}. Nothing was touched.\n`,
      );
      const held = [recording.held, transcript.held, result.held];
      if (held.some((n) => n > 0))
        process.stdout.write(
          `  Under legal hold and kept: ${counted(held[0]!, 'recording')}, ${counted(held[1]!, 'transcript')}, ${counted(held[2]!, 'result')}.\n`,
        );
      return;
    }
    const { stripped, files, heldFiles, objects } = await applyRetention({ store, archive }, kept);
    process.stdout.write(
      `● Forgotten: ${counted(stripped.recording, 'recording')}, ${counted(stripped.transcript, 'transcript')}, ` +
        `${counted(stripped.result, 'result')}, ${counted(files, 'uploaded file')}; ${counted(objects, 'object')} removed from the archive.\n`,
    );
    if (heldFiles > 0)
      process.stdout.write(`  ${counted(heldFiles, 'uploaded file')} stay: they hold sessions under legal hold.\n`);
  });
  return exitStatus.clean;
}
