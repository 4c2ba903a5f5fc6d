import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTinyAsrModel, type TinyArchitecture } from '../../../scripts/build-tiny-asr-model.ts';
import type { SpeechSegment } from '../../audio/index.ts';
import { configFor, sherpa } from './sherpa.ts';

const rate = 16_000;

/** Tones one after another: [Hz or 0 for silence, ms]. */
function tones(parts: [number, number][]): Float32Array {
  const samples: number[] = [];
  for (const [hz, ms] of parts)
    for (let i = 0; i < (ms * rate) / 1000; i++)
      samples.push(hz === 0 ? 0 : 0.3 * Math.sin((2 * Math.PI * hz * i) / rate));
  return Float32Array.from(samples);
}

const segment = (samples: Float32Array): SpeechSegment => ({
  channel: 0,
  role: 'agent',
  startMs: 0,
  endMs: (samples.length * 1000) / rate,
  audioStartMs: 0,
  samples,
});

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'earwitness-sherpa-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const context = { language: 'en', hotwords: [] };

async function opened(architecture: TinyArchitecture) {
  const files = buildTinyAsrModel(architecture, join(dir, architecture));
  const model = { id: 'tiny', architecture, files };
  return sherpa.open!({ id: 'sherpa', model, language: 'en', threads: 1 });
}

describe.each(['zipformerCtc', 'nemoCtc', 'senseVoice'] as const)(
  'sherpa-onnx with a tiny %s model',
  (architecture) => {
    it('reads tones as words with times', async () => {
      const recogniser = await opened(architecture);
      const sound = tones([
        [0, 400],
        [400, 300],
        [900, 300],
        [0, 500],
        [1700, 300],
        [0, 200],
        [2800, 300],
        [4200, 300],
        [0, 200],
      ]);
      const [heard] = await recogniser.recognise([segment(sound)], context);
      expect(heard?.text).toBe('hello there您好');
      expect(heard?.words?.map(({ text, spaced }) => [text, spaced])).toEqual([
        ['hello', true],
        ['there', true],
        ['您', false],
        ['好', false],
      ]);
      const starts = heard!.words!.map((word) => word.startMs);
      // One step of the model is 40 or 60 ms, and a window sees the tone up to 35 ms early.
      for (const [i, expected] of [400, 1500, 2000, 2300].entries())
        expect(Math.abs(starts[i]! - expected), `word ${i + 1} at ${starts[i]}`).toBeLessThanOrEqual(100);
      for (const word of heard!.words!) expect(word.endMs).toBeGreaterThan(word.startMs);
      await recogniser.close();
    });

    it('invents nothing where there is silence', async () => {
      const recogniser = await opened(architecture);
      const [heard] = await recogniser.recognise([segment(new Float32Array(rate))], context);
      expect({ text: heard?.text, words: heard?.words }).toEqual({ text: '', words: [] });
      await recogniser.close();
    });
  },
);

describe('sherpa configuration', () => {
  it('names the part that a model lacks before native code sees it', () => {
    expect(() =>
      configFor({ id: 'm', architecture: 'whisper', files: { encoder: '/e', tokens: '/t' } }, 'en', 1),
    ).toThrow('The model has no file for the part "decoder", which whisper needs.');
  });

  it('tells every architecture its language where it takes one', () => {
    const files = { model: '/m', encoder: '/e', decoder: '/d', joiner: '/j', tokens: '/t' };
    const part = (architecture: 'senseVoice' | 'whisper' | 'nemoTransducer' | 'paraformer', language: string) =>
      (configFor({ id: 'm', architecture, files }, language, 2) as { modelConfig: Record<string, unknown> })
        .modelConfig;
    const rest = { tokens: '/t', numThreads: 2, provider: 'cpu', debug: 0 };
    expect(part('senseVoice', 'zh-CN')).toEqual({
      senseVoice: { model: '/m', language: 'zh', useInverseTextNormalization: 1 },
      ...rest,
    });
    expect(part('senseVoice', 'de')).toMatchObject({ senseVoice: { language: 'auto' } });
    expect(part('whisper', 'fr')).toEqual({
      whisper: { encoder: '/e', decoder: '/d', language: 'fr', task: 'transcribe' },
      ...rest,
    });
    expect(part('nemoTransducer', 'en')).toEqual({
      transducer: { encoder: '/e', decoder: '/d', joiner: '/j' },
      modelType: 'nemo_transducer',
      ...rest,
    });
    expect(part('paraformer', 'zh')).toEqual({ paraformer: { model: '/m' }, ...rest });
  });
});
