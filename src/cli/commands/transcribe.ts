import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { readInputs } from '../../intake/index.ts';
import { formatClock, type Problem, type Session, toProblem } from '../../session/index.ts';
import type { Transcriber } from '../../speech/index.ts';
import { exitStatus } from '../exit-status.ts';
import { createProgress, failureLine, type Progress } from '../progress.ts';
import { stopSignal } from '../stop-signal.ts';
import { makeTempFolder } from '../temp-folder.ts';
import { addHearingOptions, type HearingOptions, transcriberFor } from './shared.ts';

interface TranscribeOptions extends HearingOptions {
  format: 'text' | 'json';
  out: string | undefined;
}

/** `earwitness transcribe`: recordings in, transcripts out, in a form that `inspect` reads back. */
export function transcribeCommand(report: (status: number) => void): Command {
  const command = new Command('transcribe')
    .description('Turn recordings into transcripts without judging them.')
    .argument('<paths...>', 'recordings, folders, globs or zip archives')
    .addOption(
      new Option('--format <format>', 'text to read, or JSON that inspect reads back')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--out <folder>', 'one file for each recording instead of standard output');
  return addHearingOptions(command).action(async (paths: string[], options: TranscribeOptions) => {
    report(await transcribe(paths, options));
  });
}

async function transcribe(paths: string[], options: TranscribeOptions): Promise<number> {
  const temp = makeTempFolder();
  const stop = stopSignal(() => process.stderr.write('\nStopping. Ctrl-C again to end at once.\n'));
  const transcriber = transcriberFor(options);
  // Lines even on a terminal: a bar would be torn apart by the transcripts.
  const progress = createProgress(options.quiet ? 'none' : 'lines', process.stderr);
  const failures: Problem[] = [];
  const fail = (problem: Problem) => {
    failures.push(problem);
    process.stderr.write(`${failureLine(problem)}\n`);
  };
  const told = new Set<string>();
  let written = 0;
  // Heard several at once, written in order: a place in this line is taken before the hearing starts.
  const line: Promise<Session | null>[] = [];
  const writeNext = async () => {
    const session = await line.shift();
    if (!session) return;
    write(session, options);
    written++;
  };
  try {
    for await (const item of readInputs(paths, {
      defaultLanguage: options.language,
      tempDir: temp.path,
      signal: stop.signal,
      agentChannel: options.agentChannel,
    })) {
      if (stop.signal.aborted) break;
      if (item.kind === 'failure') fail(item.problem);
      else if (item.recordingPath !== null) {
        const { path, entry } = item.source;
        const name = item.recordingPath.startsWith(temp.path) ? `${path}#${entry}` : item.recordingPath;
        progress.on({ type: 'found', id: item.session.id, channel: item.session.channel, recording: true });
        const job = { session: item.session, path: item.recordingPath, channelRoles: item.channelRoles ?? undefined };
        const heard = hear(transcriber, job, { name, signal: stop.signal, progress, quiet: options.quiet, told });
        line.push(
          heard.catch((error: unknown) => {
            if (!stop.signal.aborted) fail({ ...toProblem(error, name), path: name });
            return null;
          }),
        );
        if (line.length > options.jobs) await writeNext();
      }
    }
    while (line.length > 0) await writeNext();
    if (stop.signal.aborted) return exitStatus.interrupted;
    if (written === 0 && failures.length === 0) process.stderr.write('No recordings found in what was given.\n');
    return failures.length > 0 || written === 0 ? exitStatus.couldNotRun : exitStatus.clean;
  } catch (error) {
    if (stop.signal.aborted) return exitStatus.interrupted;
    throw error;
  } finally {
    await transcriber.close();
    stop.dispose();
    temp.remove();
  }
}

interface Hearing {
  /** How messages name the recording. */
  name: string;
  signal: AbortSignal;
  progress: Progress;
  quiet: boolean;
  /** Recognisers that were named already. */
  told: Set<string>;
}

async function hear(
  transcriber: Transcriber,
  job: Parameters<Transcriber['transcribe']>[0],
  { name, signal, progress, quiet, told }: Hearing,
): Promise<Session> {
  const { language, turns, id } = job.session;
  if (turns.length === 0) {
    const choice = await transcriber.choose(language);
    if (!told.has(choice.id)) {
      told.add(choice.id);
      progress.on({ type: 'recogniser', choice, language });
      if (!quiet) for (const caveat of choice.caveats.slice(0, 1)) process.stderr.write(`note: ${caveat.en}\n`);
    }
  }
  const { session, notices } = await transcriber.transcribe(job, { signal });
  progress.on({ type: 'transcribed', id, path: name, kept: false });
  if (!quiet) for (const { message } of notices) process.stderr.write(`note: ${name}: ${message}\n`);
  return session.recording ? { ...session, recording: { ...session.recording, path: name } } : session;
}

function write(session: Session, options: TranscribeOptions): void {
  const text = options.format === 'json' ? `${JSON.stringify(session)}\n` : asText(session);
  if (options.out === undefined) {
    process.stdout.write(text);
    return;
  }
  mkdirSync(options.out, { recursive: true });
  // The id may come from a file: nothing of it may lead out of the folder.
  const name = session.id.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^\.+/, '_');
  writeFileSync(join(options.out, `${name}.${options.format === 'json' ? 'json' : 'txt'}`), text);
}

function asText(session: Session): string {
  const by = session.transcript.recogniser;
  const head = `# ${session.id} (${session.language}, ${by ? `${by.name} ${by.version}` : session.transcript.origin})`;
  const turns = session.turns.map(
    (turn) =>
      `${turn.startMs === null ? '--:--.-' : formatClock(turn.startMs)}  ${turn.speaker.padEnd(8)}  ${turn.text}`,
  );
  return `${[head, ...turns].join('\n')}\n\n`;
}
