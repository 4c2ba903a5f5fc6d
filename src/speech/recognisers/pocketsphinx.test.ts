import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecording } from '../../audio/index.ts';
import { wordErrorRate } from '../error-rate.ts';
import type { SpeechSegment } from '../../audio/index.ts';
import { cleanWord, collect, joinSegments } from './pocketsphinx-batch.ts';
import { pocketsphinx } from './pocketsphinx.ts';

const shared = '../shared/audio';
const installed = (await pocketsphinx.check()).available;
const setup = { id: 'pocketsphinx', model: null, language: 'en', threads: 1 } as const;
const context = { language: 'en', hotwords: [] };

const segment = (channel: number, seconds: number): SpeechSegment => ({
  channel,
  role: channel === 0 ? 'agent' : 'customer',
  startMs: 0,
  endMs: seconds * 1000,
  audioStartMs: 0,
  samples: new Float32Array(seconds * 16_000),
});

describe('reading PocketSphinx output', () => {
  it('takes words with times and confidence, without variants, silence and noise', () => {
    const hyp = 'and all (u0 -45607)\n (u1 -12)\n';
    const ctm = [
      'u0 1 0.00 0.28 <s> 1.000',
      'u0 1 0.29 0.39 and(2) 1.004',
      'u0 1 0.69 0.10 <sil> 0.9',
      'u0 1 0.80 0.20 [NOISE] 0.9',
      'u0 1 1.00 0.28 all 0.252',
      'u0 1 1.30 0.30 ++UH++ 0.3',
    ].join('\n');
    expect(collect(hyp, ctm, 2)).toEqual([
      [
        { text: 'and', startMs: 290, endMs: 680, confidence: 1, spaced: true },
        { text: 'all', startMs: 1000, endMs: 1280, confidence: 0.252, spaced: true },
      ],
      [],
    ]);
  });

  it('does not take an utterance that the program left out for silence', () => {
    expect(() => collect('word (u0 -1)\n', '', 2)).toThrow('PocketSphinx left out part 2 of 2.');
  });

  it('knows what is no word', () => {
    expect(['the(3)', "what's", '<sil>', '</s>', '[SPEECH]', '++NOISE++', ''].map(cleanWord)).toEqual([
      'the',
      "what's",
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('joinSegments', () => {
  it('joins by channel up to 28 s and keeps every segment once', () => {
    const joined = joinSegments([segment(0, 10), segment(1, 5), segment(0, 17), segment(0, 2), segment(1, 28)]);
    expect(joined.map((utterance) => utterance.parts.map((part) => part.segment))).toEqual([[0, 2], [1], [3], [4]]);
    expect(joined[0]!.parts[1]!.offset).toBe(10 * 16_000 + 2_400);
    for (const utterance of joined) expect(utterance.length).toBeLessThanOrEqual(28 * 16_000);
  });
});

describe.skipIf(!installed || !existsSync(shared))('PocketSphinx on real speech', () => {
  let dir: string;
  let before: string | undefined;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'earwitness-pstest-'));
    before = process.env.TMPDIR;
    process.env.TMPDIR = dir;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(dir, { recursive: true });
  });

  const segmentsOf = async (name: string) => {
    const segments: SpeechSegment[] = [];
    for await (const event of readRecording(join(shared, name)))
      if (event.type === 'segment') segments.push(event.segment);
    return segments;
  };

  // Measured: 0.18 and 0.10. The bounds leave room for another build of the program or of voice activity, not more.
  it.each([
    [
      'jfk.wav',
      'and so my fellow americans ask not what your country can do for you ask what you can do for your country',
      0.3,
    ],
    [
      'librispeech-1995-1837-0001.wav',
      'it was the first great sorrow of his life it was not so much the loss of the cotton itself but the fantasy the hopes the dreams built around it',
      0.17,
    ],
  ])('recognises %s no worse than it did', async (name, reference, bound) => {
    const recogniser = await pocketsphinx.open!(setup);
    const segments = await segmentsOf(name);
    const answers = await recogniser.recognise(segments, context);
    expect(answers).toHaveLength(segments.length);
    expect(wordErrorRate(reference, answers.map((answer) => answer.text).join(' ')).rate).toBeLessThanOrEqual(bound);
    for (const [i, answer] of answers.entries()) {
      const lengthMs = segments[i]!.samples.length / 16;
      let at = 0;
      for (const word of answer.words!) {
        expect(word.startMs).toBeGreaterThanOrEqual(at);
        expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
        expect(word.endMs).toBeLessThanOrEqual(lengthMs + 1);
        expect(word.confidence).toBeGreaterThanOrEqual(0);
        expect(word.confidence).toBeLessThanOrEqual(1);
        at = word.startMs;
      }
    }
    expect(readdirSync(dir)).toEqual([]);
  });

  it('leaves no sound behind when the program fails', async () => {
    const recogniser = await pocketsphinx.open!(setup);
    const path = process.env.PATH;
    const broken = { ...segment(0, 1), samples: null as unknown as Float32Array };
    await expect(recogniser.recognise([broken], context)).rejects.toThrow();
    expect(readdirSync(dir)).toEqual([]);
    process.env.PATH = '/nonexistent';
    try {
      await expect(pocketsphinx.open!(setup)).rejects.toMatchObject({ code: 'recogniser-missing' });
      expect(await pocketsphinx.check()).toMatchObject({
        available: false,
        remedy: { en: 'Install it with: apt-get install pocketsphinx pocketsphinx-en-us' },
      });
    } finally {
      process.env.PATH = path;
    }
  });
});
