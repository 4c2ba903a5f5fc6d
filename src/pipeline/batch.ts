import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { sep } from 'node:path';
import { pipeline as pipeStreams } from 'node:stream/promises';
import pLimit from 'p-limit';
import { type IntakeItem, type IntakeOptions, readInputs } from '../intake/index.ts';
import {
  EarwitnessError,
  errorCodes,
  type Problem,
  type Session,
  type SessionResult,
  toProblem,
} from '../session/index.ts';
import type { RecogniserChoice, Transcribed, Transcriber } from '../speech/index.ts';
import type { Judge } from '../scorecard/index.ts';
import { askJudge, type Judges, inspectSession } from './inspect-session.ts';

type SessionItem = Extract<IntakeItem, { kind: 'session' }>;

/** Keeps finished transcripts from one run to the next. */
export interface TranscriptCache {
  get(key: string): unknown;
  put(key: string, sessionId: string, value: unknown): void;
}

export type BatchEvent =
  | { type: 'found'; id: string; channel: string; recording: boolean }
  | { type: 'recogniser'; choice: RecogniserChoice; language: string }
  | { type: 'transcribing'; id: string; path: string; fraction: number }
  | { type: 'transcribed'; id: string; path: string; kept: boolean }
  | { type: 'inspected'; result: SessionResult }
  | { type: 'failed'; problem: Problem };

export interface BatchOptions {
  inputs: readonly string[];
  intake: IntakeOptions;
  transcriber: Transcriber;
  judges: Judges;
  /** A language model for the questions of scorecards; default: none is asked and they stay unknown. */
  judge?: Judge | null;
  cache: TranscriptCache | null;
  /** Recordings heard at the same time. */
  concurrency: number;
  signal: AbortSignal;
  onEvent: (event: BatchEvent) => void;
}

export interface BatchOutcome {
  /** In the order in which intake found them, whatever finished first. */
  sessions: SessionResult[];
  failures: Problem[];
  /** Session id → where its recording lies for the length of the run, for those that came out of an archive. */
  unpacked: ReadonlyMap<string, string>;
  /** Every recogniser that was chosen, with the languages it heard. */
  recognisers: { choice: RecogniserChoice; languages: string[] }[];
  /** The signal ended the run before every input was inspected. */
  interrupted: boolean;
}

/**
 * A batch from inputs to results. One input that fails is named and costs nothing else; only a problem of the whole
 * run (code class `stop`: disk full, state unusable) is thrown. Written text is judged as it is read; recordings wait
 * for one of `concurrency` places.
 */
export async function inspectBatch(options: BatchOptions): Promise<BatchOutcome> {
  const run = new BatchRun(options);
  const limit = pLimit(options.concurrency);
  const pending = new Set<Promise<void>>();
  let position = 0;
  try {
    for await (const item of readInputs(options.inputs, options.intake)) {
      if (run.over) break;
      const at = position++;
      if (item.kind === 'failure') run.fail(at, item.problem);
      else if (item.recordingPath === null && !options.judge) run.judge(at, writtenInput(item));
      else {
        const path = item.recordingPath;
        if (path !== null)
          options.onEvent({ type: 'found', id: item.session.id, channel: item.session.channel, recording: true });
        const work = limit(() =>
          path === null ? run.consult(at, writtenInput(item)) : run.hear(at, item, path),
        ).finally(() => pending.delete(work));
        pending.add(work);
        // Reading ahead lets a progress bar know its end; bounded so that a huge folder does not pile up in memory.
        if (pending.size >= Math.max(64, options.concurrency * 4)) await Promise.race(pending);
      }
    }
  } catch (error) {
    // Intake that is told to stop says so by throwing.
    if (!options.signal.aborted) throw error;
  }
  await Promise.all(pending);
  return run.outcome();
}

class BatchRun {
  private readonly options: BatchOptions;
  private readonly sessions: { at: number; result: SessionResult }[] = [];
  private readonly failures: { at: number; problem: Problem }[] = [];
  private readonly chosen = new Map<string, { choice: RecogniserChoice; languages: Set<string> }>();
  private readonly unpacked = new Map<string, string>();
  private stopped: EarwitnessError | null = null;

  constructor(options: BatchOptions) {
    this.options = options;
  }

  get over(): boolean {
    return this.options.signal.aborted || this.stopped !== null;
  }

  fail(at: number, problem: Problem): void {
    this.failures.push({ at, problem });
    this.options.onEvent({ type: 'failed', problem });
  }

  judge(at: number, input: Parameters<typeof inspectSession>[0]): void {
    try {
      const result = inspectSession(input, this.options.judges);
      this.sessions.push({ at, result });
      this.options.onEvent({ type: 'inspected', result });
    } catch (error) {
      this.fail(at, toProblem(error, input.source.path));
    }
  }

  /** Asks the language model, where there is one, and judges. Never rejects. */
  async consult(at: number, input: Parameters<typeof inspectSession>[0]): Promise<void> {
    const { judge, judges } = this.options;
    if (judge && this.over) return;
    try {
      const opinions = judge ? await askJudge(input, judges, judge) : null;
      // Answers that a stop cut off would read as the model's silence.
      if (!judge || !this.over) this.judge(at, { ...input, opinions });
    } catch (error) {
      this.fail(at, toProblem(error, input.source.path));
    }
  }

  /** Transcribes a recording, or finds its transcript kept, and judges it. Never rejects. */
  async hear(at: number, item: SessionItem, path: string): Promise<void> {
    try {
      if (this.over) return;
      const { transcription, kept } = await this.transcription(item, path);
      this.options.onEvent({ type: 'transcribed', id: item.session.id, path: this.nameOf(item, path), kept });
      const notices = [...item.notices, ...transcription.notices];
      const session = this.rename(transcription.session, item, path);
      await this.consult(at, { session, audio: transcription.audio, source: item.source, notices });
    } catch (error) {
      if (this.over) return;
      if (error instanceof EarwitnessError && errorCodes[error.code] === 'stop') this.stopped = error;
      else this.fail(at, { ...toProblem(error, path), path: this.nameOf(item, path) });
    }
  }

  private async transcription(item: SessionItem, path: string): Promise<{ transcription: Transcribed; kept: boolean }> {
    const { transcriber, cache, signal, onEvent } = this.options;
    const name = this.nameOf(item, path);
    const given = item.session.turns.length > 0;
    const choice = given ? null : await this.choose(item.session.language);
    const key = cache && (await transcriptKey(path, name, item, choice));
    const found = key ? (cache.get(key) as KeptTranscription | null) : null;
    if (found) return { transcription: restore(found, item, path), kept: true };
    const job = { session: item.session, path, ...(item.channelRoles ? { channelRoles: item.channelRoles } : {}) };
    const heard = await transcriber.transcribe(job, {
      signal,
      onProgress: ({ doneMs, totalMs }) =>
        onEvent({
          type: 'transcribing',
          id: item.session.id,
          path: name,
          fraction: totalMs > 0 ? doneMs / totalMs : 0,
        }),
    });
    const transcription = { ...heard, notices: heard.notices.map((notice) => renamed(notice, path, name)) };
    if (key) cache.put(key, item.session.id, keep(transcription));
    return { transcription, kept: false };
  }

  /** How messages name a recording: as the user does, not the temporary file that it was unpacked to. */
  private nameOf({ source }: SessionItem, path: string): string {
    const unpacked = path.startsWith(this.options.intake.tempDir + sep);
    return unpacked ? `${source.path}#${source.entry}` : path;
  }

  private rename(session: Session, item: SessionItem, path: string): Session {
    const name = this.nameOf(item, path);
    if (name === path || session.recording === null) return session;
    this.unpacked.set(session.id, path);
    return { ...session, recording: { ...session.recording, path: name } };
  }

  private async choose(language: string): Promise<RecogniserChoice> {
    const choice = await this.options.transcriber.choose(language);
    const known = this.chosen.get(choice.id);
    if (!known) {
      this.chosen.set(choice.id, { choice, languages: new Set([language]) });
      this.options.onEvent({ type: 'recogniser', choice, language });
    } else known.languages.add(language);
    return choice;
  }

  outcome(): BatchOutcome {
    if (this.stopped !== null) throw this.stopped;
    const inOrder = <T extends { at: number }>(list: T[]) => list.sort((a, b) => a.at - b.at);
    return {
      sessions: inOrder(this.sessions).map(({ result }) => result),
      failures: inOrder(this.failures).map(({ problem }) => problem),
      unpacked: this.unpacked,
      recognisers: [...this.chosen.values()].map(({ choice, languages }) => ({ choice, languages: [...languages] })),
      interrupted: this.options.signal.aborted,
    };
  }
}

function writtenInput({ session, source, notices }: SessionItem): Parameters<typeof inspectSession>[0] {
  return { session, audio: null, source, notices };
}

function renamed(problem: Problem, path: string, name: string): Problem {
  return problem.path === path ? { ...problem, path: name } : problem;
}

/** What a transcript adds to a session; the rest comes fresh from intake, so that corrected metadata counts. */
interface KeptTranscription {
  turns: Transcribed['session']['turns'];
  transcript: Transcribed['session']['transcript'];
  recording: Transcribed['session']['recording'];
  audio: Transcribed['audio'];
  notices: Problem[];
}

function keep({ session, audio, notices }: Transcribed): KeptTranscription {
  return { turns: session.turns, transcript: session.transcript, recording: session.recording, audio, notices };
}

function restore(found: KeptTranscription, item: SessionItem, path: string): Transcribed {
  const { turns, transcript, audio, notices } = found;
  const recording = found.recording && { ...found.recording, path };
  return { session: { ...item.session, turns, transcript, recording }, audio, notices };
}

/** Content hash of the sound, how its channels are read, and who hears it. */
async function transcriptKey(
  path: string,
  name: string,
  item: SessionItem,
  choice: RecogniserChoice | null,
): Promise<string> {
  const hash = createHash('sha256');
  await pipeStreams(createReadStream(path), hash);
  const heard =
    choice === null
      ? { turns: item.session.turns }
      : { id: choice.id, version: choice.version, model: choice.modelHash };
  const rest = JSON.stringify([name, item.channelRoles, item.session.language, heard]);
  return createHash('sha256').update(hash.digest()).update(rest).digest('hex');
}
