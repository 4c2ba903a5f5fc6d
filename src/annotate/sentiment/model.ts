import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { EarwitnessError } from '../../session/index.ts';
import { features, featureVersion, type ModelLanguage, normalise } from './features.ts';

/** Of the three classes, in the order that weights and biases have too. */
export type Probabilities = readonly [negative: number, neutral: number, positive: number];

const fileSchema = z.object({
  file: z.string(),
  sha256: z.string(),
  /** The table has 2^bits rows of three int8 weights. */
  bits: z.number().int().min(8).max(22),
  /** An int8 weight times this is the weight. */
  scale: z.number().positive(),
  bias: z.tuple([z.number(), z.number(), z.number()]),
  /** Logits are divided by this (temperature scaling on a part of the training data). */
  temperature: z.number().positive(),
});

export const manifestSchema = z.object({
  id: z.string(),
  version: z.string(),
  featureVersion: z.number().int(),
  languages: z.object({ en: fileSchema, zh: fileSchema }),
});
export type Manifest = z.infer<typeof manifestSchema>;

export interface LinearModel {
  language: ModelLanguage;
  bits: number;
  /** Row-major [bucket][class]. */
  weights: Int8Array;
  scale: number;
  bias: readonly [number, number, number];
  temperature: number;
}

export interface LoadedModels {
  manifest: Manifest;
  en: LinearModel;
  zh: LinearModel;
}

/** Softmax of three logits. */
export function softmax(logits: readonly [number, number, number]): Probabilities {
  const top = Math.max(...logits);
  const [a, b, c] = logits.map((logit) => Math.exp(logit - top)) as [number, number, number];
  const sum = a + b + c;
  return [a / sum, b / sum, c / sum];
}

/** Temperature-scaled logits of a text: bias + Σ weights over its distinct features ÷ √(number of features). */
export function logits(model: LinearModel, text: string): [number, number, number] {
  const found = features(normalise(text), model.language, model.bits);
  const value = found.length > 0 ? model.scale / Math.sqrt(found.length) : 0;
  const sum: [number, number, number] = [0, 0, 0];
  for (const row of found) for (let c = 0; c < 3; c++) sum[c]! += model.weights[row * 3 + c]!;
  return sum.map((weight, c) => (model.bias[c]! + weight * value) / model.temperature) as [number, number, number];
}

/** The folder with the shipped models: found upwards from this file, so that source and bundle both find it. */
function shippedFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, 'models', 'sentiment');
    if (existsSync(join(candidate, 'manifest.json'))) return candidate;
    const parent = dirname(folder);
    if (parent === folder)
      throw new EarwitnessError(
        'model-corrupt',
        'models/sentiment/manifest.json',
        'The sentiment model that ships with the program is not there.',
        'Install earwitness again, or check that models/sentiment was copied along.',
      );
    folder = parent;
  }
}

function readPart(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new EarwitnessError(
      'model-corrupt',
      path,
      'This part of the sentiment model cannot be read.',
      'Install earwitness again, or check that models/sentiment was copied along.',
      { cause },
    );
  }
}

/** The files of a model as they lie in its folder (the shipped one by default), to be kept beside what it judged. */
export function modelFiles(folder: string = shippedFolder()): {
  folder: string;
  files: { path: string; bytes: Buffer }[];
} {
  const path = join(folder, 'manifest.json');
  const { languages } = loadModels(folder).manifest;
  const paths = [path, join(folder, languages.en.file), join(folder, languages.zh.file)];
  return { folder, files: paths.map((each) => ({ path: each, bytes: readPart(each) })) };
}

/**
 * Reads and checks the models of a folder (the shipped one by default).
 * Throws `model-corrupt` when a file is missing, changed (SHA-256) or made for another feature version.
 */
export function loadModels(folder: string = shippedFolder()): LoadedModels {
  const manifestPath = join(folder, 'manifest.json');
  const corrupt = (path: string, message: string) =>
    new EarwitnessError('model-corrupt', path, message, 'Install earwitness again, or run scripts/train-sentiment.ts.');
  let manifest: Manifest;
  try {
    manifest = manifestSchema.parse(JSON.parse(readPart(manifestPath).toString('utf8')));
  } catch (cause) {
    if (cause instanceof EarwitnessError) throw cause;
    throw corrupt(manifestPath, 'The manifest of the sentiment model is not what this version expects.');
  }
  if (manifest.featureVersion !== featureVersion)
    throw corrupt(
      manifestPath,
      `The sentiment model was trained for features of version ${manifest.featureVersion}, this program makes version ${featureVersion}.`,
    );
  const load = (language: ModelLanguage): LinearModel => {
    const part = manifest.languages[language];
    const path = join(folder, part.file);
    const bytes = readPart(path);
    if (createHash('sha256').update(bytes).digest('hex') !== part.sha256)
      throw corrupt(path, 'The file differs from the one that the manifest pins (SHA-256).');
    if (bytes.length !== 3 * 2 ** part.bits) throw corrupt(path, `The file should hold ${3 * 2 ** part.bits} bytes.`);
    return {
      language,
      bits: part.bits,
      weights: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
      scale: part.scale,
      bias: part.bias,
      temperature: part.temperature,
    };
  };
  return { manifest, en: load('en'), zh: load('zh') };
}
