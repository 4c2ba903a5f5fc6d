import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Word } from '../../src/session/index.ts';
import { alignWords, englishWords, parsePhones } from './align.ts';
import { levelTo, sampleRate, samplesOf } from './pcm.ts';
import { runProgram } from './run.ts';
import type { VoiceSettings } from './scenario.ts';
import type { SpokenLine } from './timeline.ts';

/** A spoken line with its sound; the sound starts `leadMs` before the first word. */
export interface Speech extends SpokenLine {
  samples: Float32Array;
  leadMs: number;
}

/** Sound kept before the first and after the last word, so that nothing is cut off hard. */
const margin = { before: 20, after: 60 };
const speechLevelDb = -23;

/** Speaks one line with word times. `text` is plain words and punctuation, numbers written out. */
export async function speak(text: string, settings: VoiceSettings): Promise<Speech> {
  const directory = await mkdtemp(join(tmpdir(), 'earwitness-render-'));
  try {
    const [engine, name] = settings.voice.split('/') as ['flite' | 'festival' | 'espeak', string];
    const speakWith = { flite: speakFlite, festival: speakFestival, espeak: speakEspeak }[engine];
    const { samples, words } = await speakWith(text, name, settings.stretch, directory);
    return trimmed(levelTo(samples, speechLevelDb + settings.gainDb), words);
  } finally {
    await rm(directory, { recursive: true });
  }
}

interface Raw {
  samples: Float32Array;
  words: Word[];
}

function trimmed(samples: Float32Array, words: readonly Word[]): Speech {
  const first = words[0]!.startMs;
  const last = words.at(-1)!.endMs;
  const leadMs = Math.min(margin.before, first);
  return {
    samples: samples.slice(samplesOf(first - leadMs), samplesOf(last + margin.after)),
    leadMs,
    durationMs: last - first,
    words: words.map((word) => ({ ...word, startMs: word.startMs - first, endMs: word.endMs - first })),
  };
}

async function readSamples(path: string): Promise<Float32Array> {
  const raw = await runProgram('ffmpeg', [
    '-nostdin',
    '-v',
    'error',
    '-i',
    path,
    '-f',
    'f32le',
    '-ac',
    '1',
    '-ar',
    String(sampleRate),
    '-',
  ]);
  return new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
}

const soundOfWord = new Map<string, Promise<string[]>>();

/** The phones of a word spoken alone. All flite voices here share one lexicon; kal16 is the quickest. */
function soundsAlone(word: string): Promise<string[]> {
  const known = soundOfWord.get(word);
  if (known) return known;
  const found = runProgram('flite', ['-voice', 'kal16', '-psdur', '-t', word, 'none']).then((printed) =>
    parsePhones(printed.toString())
      .map(({ phone }) => phone)
      .filter((phone) => phone !== 'pau'),
  );
  soundOfWord.set(word, found);
  return found;
}

async function speakFlite(text: string, voice: string, stretch: number, directory: string): Promise<Raw> {
  const wav = join(directory, 'line.wav');
  const printed = await runProgram('flite', [
    '-voice',
    voice,
    '--setf',
    `duration_stretch=${stretch}`,
    '-psdur',
    '-t',
    text,
    '-o',
    wav,
  ]);
  const words = englishWords(text);
  const spans = alignWords(await Promise.all(words.map(soundsAlone)), parsePhones(printed.toString()));
  return { samples: await readSamples(wav), words: words.map((word, i) => ({ text: word, ...spans[i]! })) };
}

const festivalVoices: Record<string, string> = { slt: 'voice_cmu_us_slt_arctic_hts', kal: 'voice_kal_diphone' };

async function speakFestival(text: string, voice: string, stretch: number, directory: string): Promise<Raw> {
  const wav = join(directory, 'line.wav');
  const script = join(directory, 'line.scm');
  // Festival's tokens are the script's words. A token may hold several spoken words ("it's"), and punctuation counts as
  // one that has no end; so a token lasts from its first word's start to the latest end.
  await writeFile(
    script,
    `(${festivalVoices[voice]})
(Parameter.set 'Duration_Stretch ${stretch})
(set! utt (utt.synth (Utterance Text ${JSON.stringify(text)})))
(utt.save.wave utt ${JSON.stringify(wav)} 'riff)
(mapcar (lambda (token)
  (let ((end 0))
    (mapcar (lambda (word) (if (> (item.feat word "word_end") end) (set! end (item.feat word "word_end")))) (item.daughters token))
    (if (item.daughters token)
      (format t "%s %f %f\\n" (item.name token) (item.feat (car (item.daughters token)) "word_start") end))))
  (utt.relation.items utt 'Token))
`,
  );
  const printed = (await runProgram('festival', ['-b', script])).toString();
  const spans = printed
    .split('\n')
    .map((line) => /^(\S+) ([\d.]+) ([\d.]+)$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ startMs: Math.round(Number(match[2]) * 1000), endMs: Math.round(Number(match[3]) * 1000) }));
  const words = englishWords(text);
  if (spans.length !== words.length)
    throw new Error(`festival spoke ${spans.length} words for the ${words.length} of "${text}"`);
  return { samples: await readSamples(wav), words: words.map((word, i) => ({ text: word, ...spans[i]! })) };
}

const espeakVoices: Record<string, readonly string[]> = {
  'cmn-f': ['-v', 'cmn+f3', '-p', '55'],
  'cmn-m': ['-v', 'cmn+m3', '-p', '40'],
};
const clauseGapMs = 180;

/** Speech in a sound: from the first to the last sample above −40 dB of its peak. */
function bounds(samples: Float32Array): { start: number; end: number } {
  const floor = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 100;
  const start = samples.findIndex((value) => Math.abs(value) > floor);
  return { start: Math.max(0, start), end: samples.findLastIndex((value) => Math.abs(value) > floor) + 1 };
}

const lengthAlone = new Map<string, Promise<number>>();

/**
 * espeak-ng states no times, so each clause is spoken on its own (its start and end are measured in its samples) and
 * its words share that span in the proportion of their lengths when spoken alone.
 */
async function speakEspeak(text: string, voice: string, stretch: number, directory: string): Promise<Raw> {
  const wav = join(directory, 'clause.wav');
  const say = async (part: string) => {
    await runProgram('espeak-ng', [...espeakVoices[voice]!, '-s', String(Math.round(280 / stretch)), '-w', wav, part]);
    const samples = await readSamples(wav);
    const { start, end } = bounds(samples);
    return samples.slice(start, end);
  };
  const alone = async (word: string) => {
    const key = `${voice} ${stretch} ${word}`;
    const length = lengthAlone.get(key) ?? say(word).then((samples) => samples.length);
    lengthAlone.set(key, length);
    return length;
  };
  const sounds: Float32Array[] = [];
  const words: Word[] = [];
  let at = 0;
  for (const clause of chineseClauses(text)) {
    const samples = await say(clause.join(''));
    const lengths: number[] = [];
    for (const word of clause) lengths.push(await alone(word));
    const whole = lengths.reduce((sum, length) => sum + length, 0);
    let passed = 0;
    for (const [i, word] of clause.entries()) {
      const startMs = Math.round(((at + (samples.length * passed) / whole) * 1000) / sampleRate);
      passed += lengths[i]!;
      words.push({
        text: word,
        startMs,
        endMs: Math.round(((at + (samples.length * passed) / whole) * 1000) / sampleRate),
      });
    }
    const padded = new Float32Array(samples.length + samplesOf(clauseGapMs));
    padded.set(samples);
    sounds.push(padded);
    at += padded.length;
  }
  const joined = new Float32Array(at);
  let offset = 0;
  for (const sound of sounds) {
    joined.set(sound, offset);
    offset += sound.length;
  }
  return { samples: joined, words };
}

/** A Chinese line as clauses of words; punctuation ends a clause and is no word. */
export function chineseClauses(text: string): string[][] {
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
  return text
    .split(/[，。？！；：、…—\s]+/u)
    .map((clause) =>
      [...segmenter.segment(clause)].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment),
    )
    .filter((clause) => clause.length > 0);
}
