import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadModels, type LinearModel } from '../src/annotate/sentiment/model.ts';
import { readCorpora } from './sentiment/corpus-split.ts';
import { type Example, readServiceCheck } from './sentiment/corpora.ts';
import { figures, modelClass } from './sentiment/evaluate.ts';
import { measure, type Metrics } from './sentiment/measure.ts';
import { figuresTable } from './sentiment/table.ts';
import { train } from './sentiment/trainer.ts';

type Published = Metrics & { leaveOneShowOut: Metrics['heldOut']['zh']['model'] };
const published = JSON.parse(await readFile('models/sentiment/metrics.json', 'utf8')) as Published;

describe('published figures of the sentiment model', () => {
  it('stand in the model card as measured', async () => {
    expect(await readFile('models/sentiment/README.md', 'utf8')).toContain(figuresTable(published));
  });

  it.skipIf(!existsSync('../shared/data'))('are what the shipped files give on the held-out text', async () => {
    const corpora = await readCorpora('../shared/data');
    const service = await readServiceCheck('models/sentiment/service-check.tsv');
    const { leaveOneShowOut: _, ...measured } = published;
    expect(measure(loadModels(), corpora, service)).toEqual(measured);
  });

  it('beat the baselines on macro-F1, and leave polite customers alone', () => {
    for (const { model, lexicon, majority } of Object.values(published.heldOut)) {
      expect(model.macroF1).toBeGreaterThan(lexicon.macroF1);
      expect(model.macroF1).toBeGreaterThan(majority.macroF1);
    }
    for (const { share } of Object.values(published.falseAlarms)) expect(share).toBeLessThan(0.02);
  });
});

describe('training', () => {
  const sentences: [string, 0 | 1 | 2][] = [
    ['this is awful', 0], ['awful service', 0], ['what an awful day', 0], ['bad and awful', 0],
    ['the box is here', 1], ['where is the box', 1], ['a box of parts', 1], ['the box', 1],
    ['this is lovely', 2], ['lovely service', 2], ['what a lovely day', 2], ['nice and lovely', 2],
  ]; // prettier-ignore
  const examples = sentences.map(([text, label]): Example => ({ text, label, group: text }));
  const options = { language: 'en', bits: 12, epochs: 20, rate: 0.3, l2: 1e-4, seed: 7, balance: 0.5 } as const;

  it('learns what tells the classes apart, the same way each time', () => {
    const model: LinearModel = train(examples, options);
    const said = ['awful box', 'lovely box', 'the box is there'].map((text) => modelClass(model, text));
    expect(said).toEqual([0, 2, 1]);
    expect(train(examples, options)).toEqual(model);
  });

  it('is judged by figures that a hand can check', () => {
    const pairs = [[0, 0], [0, 1], [1, 1], [1, 1], [2, 1]].map(([label, predicted]) => ({ label, predicted })); // prettier-ignore
    expect(figures(pairs as Parameters<typeof figures>[0])).toEqual({
      n: 5,
      accuracy: 3 / 5,
      macroF1: (2 / 3 + 2 / 3) / 3,
      classes: {
        negative: { n: 2, precision: 1, recall: 0.5, f1: 2 / 3 },
        neutral: { n: 2, precision: 0.5, recall: 1, f1: 2 / 3 },
        positive: { n: 1, precision: 0, recall: 0, f1: 0 },
      },
    });
  });
});
