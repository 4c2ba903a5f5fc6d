import type { Problem } from '../session/index.ts';
import { formatDuration } from '../session/index.ts';
import { decodeMpeg } from './decode-mpeg.ts';
import { decodeOpus } from './decode-opus.ts';
import { decodeWav } from './decode-wav.ts';
import { decodeWithFfmpeg } from './ffmpeg.ts';
import type { Inspected } from './inspect.ts';
import { resampleBlocks } from './resample.ts';
import type { Block } from './types.ts';

/** Decodes an inspected file at 16 kHz, channels apart, at the consumer's pace. Damage is told once to `onNotice`. */
export async function* decodeFile(
  input: Inspected,
  onNotice: (notice: Problem) => void,
  signal?: AbortSignal,
): AsyncGenerator<Block> {
  let broken: string | null = null;
  const onBroken = (reason: string) => (broken ??= reason);
  for await (const block of openBlocks(input, onBroken, signal)) {
    signal?.throwIfAborted();
    yield block;
  }
  if (broken !== null) {
    onNotice({
      path: input.path,
      code: 'audio-truncated',
      message: `Parts of this recording are damaged and were left out: ${String(broken)}`,
      hint: 'Fetch the recording again if a better copy exists; what could be decoded was inspected.',
    });
  }
}

function openBlocks(
  input: Inspected,
  onBroken: (reason: string) => void,
  signal: AbortSignal | undefined,
): AsyncIterable<Block> {
  const { ffmpeg, path, kind, file, probe } = input;
  if (ffmpeg) return decodeWithFfmpeg(ffmpeg, { path, kind, channels: probe.channels, signal }, onBroken);
  if (input.wav) return resampleBlocks(decodeWav(file, input.wav), probe.sampleRate);
  if (kind === 'mp3') return resampleBlocks(decodeMpeg(file, probe.channels, onBroken), probe.sampleRate);
  return resampleBlocks(decodeOpus(file, onBroken), probe.sampleRate);
}

/** Says how much a file's header promises beyond its end; null when nothing is missing. */
export function truncationNotice(input: Inspected, decodedMs: number): Problem | null {
  const missingMs = input.wav
    ? Math.round((input.wav.missingBytes / input.wav.bytesPerSecond) * 1000)
    : input.durationStated
      ? input.probe.durationMs - decodedMs
      : 0;
  // A container rounds its length to whole frames: less than a second is no loss worth a sentence.
  if (input.wav ? input.wav.missingBytes === 0 : missingMs < 1000) return null;
  return {
    path: input.path,
    code: 'audio-truncated',
    message:
      `The header promises ${formatDuration(decodedMs + missingMs, 'en')}, but the file ends after ` +
      `${formatDuration(decodedMs, 'en')}: ${formatDuration(missingMs, 'en')} are missing.`,
    hint: 'Fetch the recording again; what is there was inspected.',
  };
}
