import { type FileHandle, open } from 'node:fs/promises';
import { EarwitnessError, isNodeError } from '../session/index.ts';
import { type Ffmpeg, ffprobe, findFfmpeg } from './ffmpeg.ts';
import { probeMpeg, statedMpeg } from './decode-mpeg.ts';
import { probeOpus } from './decode-opus.ts';
import { type SoundKind, SNIFF_BYTES, sniffSound } from './sniff.ts';
import type { AudioProbe } from './types.ts';
import { type WavLayout, readWavLayout } from './wav.ts';
import { canReadWav } from './decode-wav.ts';

/** A sound file that was looked at, with everything that decoding needs. The receiver closes `file`. */
export interface Inspected {
  path: string;
  file: FileHandle;
  kind: SoundKind;
  probe: AudioProbe;
  /** True when `probe.durationMs` is stated by the file itself, so that a shorter result means something is missing. */
  durationStated: boolean;
  wav: WavLayout | null;
  /** Who decodes: this installation of ffmpeg, or (null) this room by hand. */
  ffmpeg: Ffmpeg | null;
}

/**
 * Opens a file and tells from its content what it is. Throws `path-not-found`, `path-unreadable`, `file-empty`,
 * `audio-not-audio`, `audio-no-samples`, `audio-decode-failed` or `ffmpeg-missing`.
 */
export async function inspectFile(path: string, signal?: AbortSignal): Promise<Inspected> {
  const file = await openFile(path);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw unreadable(path, 'This is not a file.', 'Name the recording itself.');
    if (stat.size === 0) {
      throw new EarwitnessError('file-empty', path, 'This file is empty.', 'Fetch the recording again.');
    }
    const head = Buffer.alloc(Math.min(SNIFF_BYTES, stat.size));
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const kind = sniffSound(head.subarray(0, bytesRead));
    if (!kind) throw notAudio(path);
    return await inspectKind(path, file, { bytes: stat.size, head: head.subarray(0, bytesRead), kind }, signal);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isNodeError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      throw new EarwitnessError('path-not-found', path, 'There is no such file.', 'Check the path.', { cause: error });
    }
    throw unreadable(path, 'This file cannot be opened.', 'Check its permissions.', error);
  }
}

function unreadable(path: string, message: string, hint: string, cause?: unknown): EarwitnessError {
  return new EarwitnessError('path-unreadable', path, message, hint, { cause });
}

function notAudio(path: string): EarwitnessError {
  return new EarwitnessError(
    'audio-not-audio',
    path,
    'This file holds no sound, whatever its name says.',
    'Give a recording in WAV, MP3, FLAC, Ogg/Opus, M4A/AAC, AMR or GSM.',
  );
}

interface Content {
  bytes: number;
  head: Buffer;
  kind: SoundKind;
}

async function inspectKind(
  path: string,
  file: FileHandle,
  content: Content,
  signal: AbortSignal | undefined,
): Promise<Inspected> {
  const { kind } = content;
  const ffmpeg = findFfmpeg(path);
  if (kind === 'wav') return inspectWav(path, file, content, ffmpeg);
  const stated = kind === 'mp3' ? statedMpeg(content.head) : null;
  if (stated) return { path, file, kind, probe: stated, durationStated: true, wav: null, ffmpeg };
  const opus = kind === 'ogg' ? await probeOpus(file, content.bytes) : null;
  // What the file's first bytes tell plainly needs no program to be started, which costs more than decoding a minute.
  if (opus) return { path, file, kind, probe: opus, durationStated: false, wav: null, ffmpeg };
  if (ffmpeg) {
    const found = await ffprobe(ffmpeg, path, kind, signal);
    if (!found || found.channels === 0) throw notAudio(path);
    const { codec, sampleRate, channels } = found;
    const durationMs = found.durationMs ?? estimateMs(kind, content.bytes);
    const durationStated = (kind === 'mp4' || kind === 'flac') && found.durationMs !== null;
    const probe = { container: kind, codec, sampleRate, channels, durationMs };
    return { path, file, kind, probe, durationStated, wav: null, ffmpeg };
  }
  const found = kind === 'mp3' ? await probeMpeg(file) : null;
  if (!found) throw ffmpegMissing(path, kind);
  return { path, file, kind, probe: found, durationStated: false, wav: null, ffmpeg: null };
}

async function inspectWav(path: string, file: FileHandle, content: Content, ffmpeg: Ffmpeg | null): Promise<Inspected> {
  const wav = await readWavLayout(file, content.bytes, path);
  const own = canReadWav(wav);
  if (!own && !ffmpeg) throw ffmpegMissing(path, `WAV with ${wav.codec}`);
  const { codec, sampleRate, channels } = wav;
  const durationMs = Math.round((wav.dataBytes / wav.bytesPerSecond) * 1000);
  const probe = { container: 'wav', codec, sampleRate, channels, durationMs };
  // A header that bends the rules is read by the parser that understood it.
  const decoder = own && wav.irregular ? null : ffmpeg;
  return { path, file, kind: content.kind, probe, durationStated: false, wav, ffmpeg: decoder };
}

/** Containers without a stated length: from the usual number of bytes per second. */
function estimateMs(kind: SoundKind, fileBytes: number): number {
  const bytesPerSecond = kind === 'gsm' || kind === 'amr' ? 1650 : 16_000;
  return Math.round((fileBytes / bytesPerSecond) * 1000);
}

function ffmpegMissing(path: string, what: string): EarwitnessError {
  return new EarwitnessError(
    'ffmpeg-missing',
    path,
    `Reading ${what} needs ffmpeg, which was not found.`,
    'Install ffmpeg (Debian/Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg) or convert the recording to WAV.',
  );
}
