import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { EarwitnessError, primaryLanguage } from '../../session/index.ts';
import {
  type InstalledModel,
  type Recogniser,
  type RecogniserDefinition,
  type RecogniserSetup,
  sampleRate,
} from '../recogniser.ts';
import { recognitionOf, type SherpaResult } from './sherpa-words.ts';

const require = createRequire(import.meta.url);

// The package ships no types; this is the part of it that is used here.
interface OfflineStream {
  acceptWaveform(wave: { samples: Float32Array; sampleRate: number }): void;
}
interface OfflineRecognizer {
  createStream(): OfflineStream;
  decodeAsync(stream: OfflineStream): Promise<SherpaResult>;
}
interface SherpaModule {
  OfflineRecognizer: { createAsync(config: unknown): Promise<OfflineRecognizer> };
}

/** k2-fsa sherpa-onnx in this process' native library; the models come from the catalogue. */
export const sherpa: RecogniserDefinition = {
  id: 'sherpa',
  languages: 'catalogue',
  offline: true,
  batch: { segments: 1, ms: 28_000 },
  caveats: [],
  async check() {
    const library = `sherpa-onnx-${platform() === 'win32' ? 'win' : platform()}-${arch()}`;
    try {
      const { version, license } = require('sherpa-onnx-node/package.json') as { version: string; license: string };
      // Found, not loaded: native code stays out of the main process.
      createRequire(require.resolve('sherpa-onnx-node')).resolve(library);
      return { available: true, name: 'sherpa-onnx', version, licence: license };
    } catch {
      return {
        available: false,
        problem: {
          en: `The native library ${library} of sherpa-onnx-node is not installed.`,
          zh: `未安装 sherpa-onnx-node 的本机库 ${library}。`,
        },
        remedy: {
          en: 'Run `npm ci` without --omit=optional on this machine.',
          zh: '请在本机运行 `npm ci`（不要带 --omit=optional）。',
        },
      };
    }
  },
  async modelHash() {
    return null;
  },
  open,
};

async function open(setup: RecogniserSetup): Promise<Recogniser> {
  if (!setup.model)
    throw new EarwitnessError('recogniser-failed', 'sherpa', 'sherpa was started without a model.', null);
  const config = configFor(setup.model, setup.language, setup.threads);
  const { OfflineRecognizer } = require('sherpa-onnx-node') as SherpaModule;
  const recognizer = await OfflineRecognizer.createAsync(config);
  return {
    async recognise(segments) {
      const results = [];
      for (const segment of segments) {
        const stream = recognizer.createStream();
        stream.acceptWaveform({ samples: segment.samples, sampleRate });
        const result = await recognizer.decodeAsync(stream);
        results.push(recognitionOf(result, Math.round((segment.samples.length * 1000) / sampleRate)));
      }
      return results;
    },
    async close() {},
  };
}

/**
 * sherpa-onnx' configuration for a model. Every wrong value here ends the whole process inside the library, so a part
 * that is missing is told before it is handed over.
 */
export function configFor(model: InstalledModel, language: string, threads: number): object {
  const part = (name: keyof InstalledModel['files']): string => {
    const path = model.files[name];
    if (path === undefined)
      throw new EarwitnessError(
        'model-corrupt',
        model.id,
        `The model has no file for the part "${name}", which ${model.architecture} needs.`,
        'Fetch the model again with `earwitness models fetch`, or complete its row in the catalogue.',
      );
    return path;
  };
  const tag = primaryLanguage(language);
  return {
    featConfig: { sampleRate, featureDim: 80 },
    modelConfig: {
      ...architectureConfig(model, tag, part),
      tokens: part('tokens'),
      numThreads: threads,
      provider: 'cpu',
      debug: 0,
    },
    decodingMethod: 'greedy_search',
  };
}

function architectureConfig(
  model: InstalledModel,
  tag: string,
  part: (name: keyof InstalledModel['files']) => string,
): object {
  switch (model.architecture) {
    case 'senseVoice': {
      const known = ['zh', 'en', 'ja', 'ko', 'yue'].includes(tag);
      // Inverse text normalisation also writes punctuation and digits: "30 天" instead of "三十天".
      return { senseVoice: { model: part('model'), language: known ? tag : 'auto', useInverseTextNormalization: 1 } };
    }
    case 'nemoTransducer':
      return {
        transducer: { encoder: part('encoder'), decoder: part('decoder'), joiner: part('joiner') },
        modelType: 'nemo_transducer',
      };
    case 'nemoCtc':
      return { nemoCtc: { model: part('model') } };
    case 'zipformerCtc':
      return { zipformerCtc: { model: part('model') } };
    case 'paraformer':
      return { paraformer: { model: part('model') } };
    case 'whisper':
      return { whisper: { encoder: part('encoder'), decoder: part('decoder'), language: tag, task: 'transcribe' } };
  }
}
