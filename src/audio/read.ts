import type { Problem, Role } from '../session/index.ts';
import { EarwitnessError, formatDuration } from '../session/index.ts';
import { decodeFile, truncationNotice } from './decode.ts';
import { summarise } from './facts.ts';
import { type Inspected, inspectFile } from './inspect.ts';
import { chooseLayout, mixDown } from './layout.ts';
import { Listener } from './listener.ts';
import { channelNotice, speechNotices } from './notices.ts';
import { Replay } from './replay.ts';
import { type AudioProbe, type ReadOptions, type RecordingEvent, type SpeechSegment, toMs } from './types.ts';

const DEFAULT_ROLES: Role[] = ['agent', 'customer'];
const DEFAULT_MAX_MS = 12 * 3_600_000;
const PROGRESS_MS = 10_000;

/**
 * Tells what a recording is from its content. Errors: `path-not-found`, `path-unreadable`, `file-empty`,
 * `audio-not-audio`, `audio-no-samples`, `audio-decode-failed`, `ffmpeg-missing`, `cancelled`.
 */
export async function probeAudio(path: string, options: { signal?: AbortSignal } = {}): Promise<AudioProbe> {
  return cancellable(path, options.signal, async () => {
    const input = await inspectFile(path, options.signal);
    await input.file.close();
    return input.probe;
  });
}

/**
 * Reads a recording from start to end in bounded memory: its speech as segments ordered by start across channels,
 * progress about every ten seconds of sound, and at the end, once, the facts. The consumer's pace holds decoding back.
 * Errors: those of `probeAudio`, and `audio-too-long`, `usage` (roles that do not fit the channels).
 */
export async function* readRecording(path: string, options: ReadOptions = {}): AsyncGenerator<RecordingEvent> {
  const { signal } = options;
  const events = readEvents(path, options);
  try {
    for (;;) {
      const next = await cancellable(path, signal, () => events.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await events.return(undefined);
  }
}

/** Gives an abort the code `cancelled`, wherever it struck. */
async function cancellable<T>(path: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await work();
  } catch (error) {
    if (!signal?.aborted || error instanceof EarwitnessError) throw error;
    throw new EarwitnessError('cancelled', path, 'Reading was cancelled.', null, { cause: error });
  }
}

async function* readEvents(path: string, options: ReadOptions): AsyncGenerator<RecordingEvent, void, undefined> {
  const input = await inspectFile(path, options.signal);
  try {
    yield* readInspected(input, options);
  } finally {
    await input.file.close();
  }
}

async function* readInspected(input: Inspected, options: ReadOptions): AsyncGenerator<RecordingEvent, void, undefined> {
  const { path, probe } = input;
  const { signal, maxDurationMs = DEFAULT_MAX_MS } = options;
  if ((input.wav !== null || input.durationStated) && probe.durationMs > maxDurationMs) {
    throw tooLong(path, probe.durationMs, maxDurationMs);
  }
  const notices: Problem[] = [];
  const stream = new Replay(decodeFile(input, (notice) => notices.push(notice), signal));
  let listener: Listener | undefined;
  try {
    const layout = await chooseLayout(input, stream, options.channelRoles ?? DEFAULT_ROLES, signal);
    listener = await Listener.create(layout.roles);
    let reportedMs = 0;
    for await (const block of stream.blocks()) {
      yield* segmentEvents(listener.push(layout.mix ? [mixDown(block)] : block));
      const doneMs = toMs(listener.samples);
      if (doneMs > maxDurationMs) throw tooLong(path, doneMs, maxDurationMs);
      if (doneMs - reportedMs < PROGRESS_MS) continue;
      reportedMs = doneMs;
      yield { type: 'progress', doneMs, totalMs: Math.max(doneMs, probe.durationMs) };
    }
    yield* segmentEvents(listener.finish());
    const durationMs = toMs(listener.samples);
    if (durationMs === 0) throw noSamples(path);
    yield { type: 'progress', doneMs: durationMs, totalMs: durationMs };
    const truncated = truncationNotice(input, durationMs);
    const channelsNotice = channelNotice(path, probe.channels, layout);
    const facts = summarise(listener.channels(), {
      durationMs,
      identicalChannels: layout.identical,
      vad: listener.detectorInfo(),
    });
    yield {
      type: 'facts',
      facts,
      recording: { ...probe, durationMs, roles: layout.roles },
      notices: [
        ...(truncated ? [truncated] : []),
        ...notices,
        ...(channelsNotice ? [channelsNotice] : []),
        ...speechNotices(path, facts),
      ],
    };
  } finally {
    await stream.close();
    listener?.release();
  }
}

function* segmentEvents(segments: Iterable<SpeechSegment>): Generator<RecordingEvent> {
  for (const segment of segments) yield { type: 'segment', segment };
}

function tooLong(path: string, durationMs: number, maxDurationMs: number): EarwitnessError {
  return new EarwitnessError(
    'audio-too-long',
    path,
    `This recording is ${formatDuration(durationMs, 'en')} or longer; the limit is ${formatDuration(maxDurationMs, 'en')}.`,
    'Split the recording into calls, or raise the limit.',
  );
}

function noSamples(path: string): EarwitnessError {
  return new EarwitnessError(
    'audio-no-samples',
    path,
    'This file is a recording without any sound in it.',
    'Check the recorder: the call may not have been connected, or the export broke off.',
  );
}
