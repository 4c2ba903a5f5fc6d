import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SpeechSegment } from '../../audio/index.ts';
import { EarwitnessError, isNodeError } from '../../session/index.ts';
import { type RecognisedWord, sampleRate } from '../recogniser.ts';

/** Several segments of one channel, one after another, given to the program as one utterance. */
interface Utterance {
  parts: { segment: number; offset: number; length: number }[];
  length: number;
}

const longestUtterance = 28 * sampleRate;
const gapBetween = Math.round(0.15 * sampleRate);

/**
 * Runs pocketsphinx_batch once over a batch of segments.
 * @returns words per segment, on the segment's clock
 * @throws EarwitnessError `recogniser-failed`
 */
export async function recogniseBatch(
  binary: string,
  model: string,
  segments: readonly SpeechSegment[],
): Promise<RecognisedWord[][]> {
  const utterances = joinSegments(segments);
  // TMPDIR of a child is its own and is removed with it, so an abort in the midst leaves nothing behind either.
  let dir = '';
  try {
    dir = await mkdtemp(join(tmpdir(), 'earwitness-ps-'));
    for (const [i, utterance] of utterances.entries())
      await writeFile(join(dir, `${nameOf(i)}.raw`), toPcm16(utterance, segments));
    await writeFile(join(dir, 'ctl'), utterances.map((_, i) => `${nameOf(i)}\n`).join(''));
    await run(binary, [
      ...['-hmm', join(model, 'en-us'), '-lm', join(model, 'en-us.lm.bin'), '-dict', join(model, 'cmudict-en-us.dict')],
      ...['-ctl', join(dir, 'ctl'), '-adcin', 'yes', '-cepdir', dir, '-cepext', '.raw', '-input_endian', 'little'],
      // Without -remove_silence no, silent frames are dropped before decoding and all word times run early.
      // Cepstral means are taken per utterance: carried over, they would mix speakers and depend on the order.
      ...['-remove_silence', 'no', '-cmn', 'batch'],
      ...['-hyp', join(dir, 'hyp'), '-ctm', join(dir, 'ctm'), '-logfn', '/dev/null'],
    ]);
    const [hyp, ctm] = await Promise.all(['hyp', 'ctm'].map((name) => readFile(join(dir, name), 'utf8')));
    return toSegments(collect(hyp!, ctm!, utterances.length), utterances, segments.length);
  } catch (error) {
    throw isNodeError(error) && error.code === 'ENOSPC' ? noRoom(error) : error;
  } finally {
    if (dir !== '') await rm(dir, { recursive: true, force: true });
  }
}

/** Costs this recording alone: what needs no temporary sound, such as chats, goes on. */
function noRoom(cause: Error): EarwitnessError {
  const own = process.env.EARWITNESS_CHILD_DIR;
  const folder = own === undefined ? tmpdir() : dirname(own);
  return new EarwitnessError(
    'recogniser-failed',
    folder,
    `There is no room for the sound to recognise in the temporary folder ${folder}.`,
    'Free some space there, or set TMPDIR to a folder with more; then run again.',
    { cause },
  );
}

/**
 * Joins neighbouring segments of a channel up to 28 s. Decoded one by one, short segments get no context from the
 * language model and poor cepstral means: on jfk.wav, cut in four by voice activity, 11 of 22 words were wrong; joined, 4.
 */
export function joinSegments(segments: readonly SpeechSegment[]): Utterance[] {
  const utterances: Utterance[] = [];
  const open = new Map<number, Utterance>();
  for (const [i, { channel, samples }] of segments.entries()) {
    let utterance = open.get(channel);
    if (!utterance || utterance.length + gapBetween + samples.length > longestUtterance) {
      utterance = { parts: [], length: 0 };
      open.set(channel, utterance);
      utterances.push(utterance);
    }
    const offset = utterance.parts.length === 0 ? 0 : utterance.length + gapBetween;
    utterance.parts.push({ segment: i, offset, length: samples.length });
    utterance.length = offset + samples.length;
  }
  return utterances;
}

/** Gives each word to the segment that its middle lies in, or the nearest one, and puts it on that segment's clock. */
function toSegments(words: RecognisedWord[][], utterances: readonly Utterance[], count: number): RecognisedWord[][] {
  const bySegment: RecognisedWord[][] = Array.from({ length: count }, () => []);
  for (const [i, utterance] of utterances.entries())
    for (const word of words[i]!) {
      const middle = ((word.startMs + word.endMs) / 2) * (sampleRate / 1000);
      const part = utterance.parts.findLast(({ offset }) => offset - gapBetween / 2 <= middle) ?? utterance.parts[0]!;
      const startsMs = toMs(part.offset);
      const clamp = (ms: number) => Math.max(0, Math.min(ms - startsMs, toMs(part.length)));
      bySegment[part.segment]!.push({ ...word, startMs: clamp(word.startMs), endMs: clamp(word.endMs) });
    }
  return bySegment;
}

const toMs = (samples: number) => Math.round((samples * 1000) / sampleRate);

/**
 * Words per utterance from the program's two outputs. `hyp` has one line for every utterance, also an empty one, and
 * so proves that none was skipped; `ctm` has the words: `name channel start duration word confidence`, in seconds.
 * @throws EarwitnessError `recogniser-failed` when an utterance is missing
 */
export function collect(hyp: string, ctm: string, count: number): RecognisedWord[][] {
  const heard = new Set([...hyp.matchAll(/\((u\d+) -?\d+\)$/gm)].map((match) => match[1]));
  const words: RecognisedWord[][] = [];
  for (let i = 0; i < count; i++) {
    if (!heard.has(nameOf(i)))
      throw new EarwitnessError(
        'recogniser-failed',
        'pocketsphinx_batch',
        `PocketSphinx left out part ${i + 1} of ${count}.`,
        'Run again; if it repeats, try another recogniser with --recogniser.',
      );
    words.push([]);
  }
  for (const line of ctm.split('\n')) {
    const [name = '', , start, duration, raw = '', confidence] = line.trim().split(/\s+/);
    const list = words[Number(name.slice(1))];
    const text = cleanWord(raw);
    if (!list || text === null) continue;
    const startMs = Math.round(Number(start) * 1000);
    list.push({
      text,
      startMs,
      endMs: startMs + Math.max(10, Math.round(Number(duration) * 1000)),
      // Posteriors come out of a rounded log table and can lie a little above 1.
      confidence: Math.min(1, Math.max(0, Number(confidence) || 0)),
      spaced: true,
    });
  }
  return words;
}

/** The written form of a dictionary entry: `and(2)` → `and`; null for silence, noise and sentence marks. */
export function cleanWord(raw: string): string | null {
  if (raw === '' || /^<.*>$/.test(raw) || /^\[.*\]$/.test(raw) || /^\+\+.*\+\+$/.test(raw)) return null;
  return raw.replace(/\(\d+\)$/, '');
}

const nameOf = (index: number) => `u${index}`;

function toPcm16(utterance: Utterance, segments: readonly SpeechSegment[]): Buffer {
  const bytes = Buffer.alloc(utterance.length * 2);
  for (const { segment, offset } of utterance.parts)
    for (const [i, sample] of segments[segment]!.samples.entries())
      bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))), (offset + i) * 2);
  return bytes;
}

async function run(binary: string, args: string[]): Promise<void> {
  const child = spawn(binary, args, { stdio: 'ignore' });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, exitSignal) => resolve([exitCode, exitSignal]));
  });
  if (code !== 0)
    throw new EarwitnessError(
      'recogniser-failed',
      'pocketsphinx_batch',
      `PocketSphinx ended with ${signal ? `signal ${signal}` : `exit status ${code}`}.`,
      'Check with `earwitness doctor` that its model is complete; otherwise try another recogniser.',
    );
}
