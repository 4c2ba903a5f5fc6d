import type { LoadedModels } from '../../src/annotate/sentiment/model.ts';
import type { Corpora } from './corpus-split.ts';
import type { Example, ServiceSentence } from './corpora.ts';
import {
  falseAlarms,
  type Figures,
  figures,
  lexiconClass,
  majorityClass,
  modelClass,
  serviceFigures,
} from './evaluate.ts';

export interface Metrics {
  heldOut: Record<'en' | 'zh', { model: Figures; lexicon: Figures; majority: Figures }>;
  service: Record<'en' | 'zh', Record<'tune' | 'test', Figures>>;
  falseAlarms: Record<
    'bankingQuestions' | 'crosswozCustomer' | 'crosswozAgent',
    { n: number; alarms: number; share: number }
  >;
}

/** Every published figure, computed with the model files as shipped. */
export function measure(models: LoadedModels, corpora: Corpora, service: readonly ServiceSentence[]): Metrics {
  const heldOut = (language: 'en' | 'zh') => {
    const { held } = corpora[language];
    const majority = majorityClass(held.map(({ label }) => label));
    const by = (predict: (example: Example) => 0 | 1 | 2) =>
      figures(held.map((example) => ({ label: example.label, predicted: predict(example) })));
    return {
      model: by(({ text }) => modelClass(models[language], text)),
      lexicon: by(({ text }) => lexiconClass(text, language)),
      majority: by(() => majority),
    };
  };
  const check = (language: 'en' | 'zh', half: 'tune' | 'test') =>
    serviceFigures(
      service.filter((sentence) => sentence.language === language && sentence.half === half),
      models[language],
    );
  const crosswoz = (role: 'usr' | 'sys', speaker: 'customer' | 'agent') =>
    falseAlarms(
      corpora.polite.zh.filter((turn) => turn.role === role).map(({ text }) => ({ text, speaker })),
      'zh',
      models.zh,
    );
  return {
    heldOut: { en: heldOut('en'), zh: heldOut('zh') },
    service: {
      en: { tune: check('en', 'tune'), test: check('en', 'test') },
      zh: { tune: check('zh', 'tune'), test: check('zh', 'test') },
    },
    falseAlarms: {
      bankingQuestions: falseAlarms(
        corpora.polite.en.map(({ text }) => ({ text, speaker: 'customer' })),
        'en',
        models.en,
      ),
      crosswozCustomer: crosswoz('usr', 'customer'),
      crosswozAgent: crosswoz('sys', 'agent'),
    },
  };
}
