/**
 * Trains the sentiment models and writes models/sentiment: en.bin, zh.bin, manifest.json, metrics.json and the table of
 * figures in README.md. Deterministic: the same data give the same bytes.
 *
 *   npx tsx scripts/train-sentiment.ts [--data ../shared/data] [--measure-only]
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { featureVersion } from '../src/annotate/sentiment/features.ts';
import { type LinearModel, loadModels, logits, type Manifest, softmax } from '../src/annotate/sentiment/model.ts';
import { type Corpora, readCorpora } from './sentiment/corpus-split.ts';
import { type Example, readServiceCheck } from './sentiment/corpora.ts';
import { type Figures, figures, modelClass } from './sentiment/evaluate.ts';
import { measure } from './sentiment/measure.ts';
import { figuresTable } from './sentiment/table.ts';
import { train, type TrainOptions } from './sentiment/trainer.ts';

const folder = 'models/sentiment';
const settings: Record<'en' | 'zh', TrainOptions> = {
  en: { language: 'en', bits: 17, epochs: 4, rate: 0.1, l2: 3e-4, seed: 20240917, balance: 0.5 },
  zh: { language: 'zh', bits: 17, epochs: 6, rate: 0.02, l2: 1e-2, seed: 20240917, balance: 1 },
};

/** The temperature of a grid that makes held-back examples most likely (temperature scaling). */
function fitTemperature(model: LinearModel, examples: readonly Example[]): number {
  const read = examples.map(({ text, label }) => ({ values: logits(model, text), label }));
  const loss = (temperature: number) =>
    -read.reduce((sum, { values, label }) => {
      const [a, b, c] = values;
      return sum + Math.log(softmax([a / temperature, b / temperature, c / temperature])[label]);
    }, 0);
  const grid = Array.from({ length: 80 }, (_, i) => Math.round(0.05 * 1.06 ** i * 1e4) / 1e4);
  return grid.reduce((best, candidate) => (loss(candidate) < loss(best) ? candidate : best));
}

async function trainAll(corpora: Corpora): Promise<void> {
  const languages = {} as Manifest['languages'];
  for (const language of ['en', 'zh'] as const) {
    const model = train(corpora[language].train, settings[language]);
    model.temperature = fitTemperature(model, corpora[language].tune);
    const bytes = Buffer.from(model.weights.buffer);
    await writeFile(join(folder, `${language}.bin`), bytes);
    languages[language] = {
      file: `${language}.bin`,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bits: model.bits,
      scale: model.scale,
      bias: [...model.bias],
      temperature: model.temperature,
    };
    console.log(`${language}: ${corpora[language].train.length} examples, temperature ${model.temperature}`);
  }
  const manifest: Manifest = { id: 'earwitness-sentiment', version: '1', featureVersion, languages };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** CPED with one television series left out at a time: how the Chinese model fares on speakers it never heard. */
function leaveOneShowOut(corpora: Corpora): Figures {
  const shows = [...new Set(corpora.zh.all.map(({ show }) => show))].sort();
  return figures(
    shows.flatMap((show) => {
      const model = train(
        corpora.zh.all.filter((example) => example.show !== show),
        settings.zh,
      );
      return corpora.zh.all
        .filter((example) => example.show === show)
        .map(({ text, label }) => ({ label, predicted: modelClass(model, text) }));
    }),
  );
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    'measure-only': { type: 'boolean', default: false },
  },
});
const corpora = await readCorpora(values.data);
const service = await readServiceCheck(join(folder, 'service-check.tsv'));
if (!values['measure-only']) await trainAll(corpora);
const metrics = { ...measure(loadModels(folder), corpora, service), leaveOneShowOut: leaveOneShowOut(corpora) };
await writeFile(join(folder, 'metrics.json'), `${JSON.stringify(metrics, null, 2)}\n`);
const readme = join(folder, 'README.md');
const marked = /(<!-- figures -->\n)[\s\S]*?(<!-- \/figures -->)/;
const table = figuresTable(metrics);
await writeFile(readme, (await readFile(readme, 'utf8')).replace(marked, `$1\n${table}\n$2`));
console.log(table);
