import type { Example } from './corpora.ts';
import { readBankingQuestions, readCped, readCrossWoz, readGoEmotions, shareOf } from './corpora.ts';

/** Everything that training and measuring read, split once and for all by the hash of a group's name. */
export interface Corpora {
  en: { train: Example[]; tune: Example[]; held: Example[] };
  zh: { train: Example[]; tune: Example[]; held: Example[]; all: (Example & { show: string })[] };
  /** Polite texts that training never saw. */
  polite: { en: { text: string }[]; zh: { text: string; role: 'usr' | 'sys' }[] };
}

/** Weight of a text that is neutral by assumption, not by anyone's label. */
const assumedWeight = 0.1;

/**
 * - GoEmotions: train.tsv, of which a tenth fits the temperature; dev.tsv is held out.
 * - CPED: by dialogue, 20 % held out, a tenth of the rest fits the temperature.
 * - Banking77 (informational intents): half of the questions join the English training as neutral, so that the model
 *   has read service talk at all; the other half measures false alarms.
 * - CrossWOZ only measures false alarms: as neutral training text it cost the Chinese model 4 to 8 points of macro-F1.
 */
export async function readCorpora(dataDir: string): Promise<Corpora> {
  const [emotions, held, cped, banking, crosswoz] = await Promise.all([
    readGoEmotions(dataDir, 'train.tsv'),
    readGoEmotions(dataDir, 'dev.tsv'),
    readCped(dataDir),
    readBankingQuestions(dataDir),
    readCrossWoz(dataDir),
  ]);
  const tunes = (example: Example) => shareOf(example.group, 'tune') < 0.1;
  const joins = (example: { group: string }) => shareOf(example.group, 'polite') < 0.5;
  const chinese = cped.filter(({ group }) => shareOf(group, 'held') >= 0.2);
  return {
    en: {
      train: [
        ...emotions.filter((example) => !tunes(example)),
        ...banking.filter(joins).map(({ text, group }): Example => ({ text, group, label: 1, weight: assumedWeight })),
      ],
      tune: emotions.filter(tunes),
      held,
    },
    zh: {
      train: chinese.filter((example) => !tunes(example)),
      tune: chinese.filter(tunes),
      held: cped.filter(({ group }) => shareOf(group, 'held') < 0.2),
      all: cped,
    },
    polite: { en: banking.filter((text) => !joins(text)), zh: crosswoz },
  };
}
