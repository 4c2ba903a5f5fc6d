import { createHash } from 'node:crypto';
import {
  type Annotations,
  type AudioFacts,
  primaryLanguage,
  type Sentiment,
  type Session,
  summariseSentiment,
  type TurnSentiment,
} from '../session/index.ts';
import { measure } from './measures/measure.ts';
import { featureVersion, length, modelLanguage } from './sentiment/features.ts';
import { lexiconSources } from './sentiment/lexicon.ts';
import { type LoadedModels, loadModels } from './sentiment/model.ts';
import { combination, scoreText } from './sentiment/score.ts';

export interface AnnotatorOptions {
  /** Folder with manifest.json and the weight files; by default the shipped models/sentiment. */
  modelDir?: string;
}

export interface Annotator {
  /** Name, version and SHA-256 over everything that a score depends on; pinned in every result. */
  readonly model: Sentiment['model'];
  /** Sentiment per public turn of a person, and conversation measures. Pure: the session is not changed. */
  annotate(session: Session, audio: AudioFacts | null): Annotations;
}

/**
 * Makes an annotator. The sentiment model (two files of 384 KiB) is read on first use, not here.
 * Reading it throws `model-corrupt` when a file is missing or is not the one that its manifest pins.
 */
export function createAnnotator(options: AnnotatorOptions = {}): Annotator {
  let models: LoadedModels | undefined;
  let model: Sentiment['model'] | undefined;
  const load = () => (models ??= loadModels(options.modelDir));
  const describe = () => (model ??= describeModel(load()));
  return {
    get model() {
      return describe();
    },
    annotate(session, audio) {
      return {
        sentiment: { model: describe(), ...scoreSession(session, load()) },
        measures: measure(session, audio),
        audio,
      };
    },
  };
}

function describeModel({ manifest }: LoadedModels): Sentiment['model'] {
  const parts = JSON.stringify([manifest, featureVersion, combination, lexiconSources]);
  return {
    id: manifest.id,
    version: manifest.version,
    hash: createHash('sha256').update(parts).digest('hex'),
  };
}

function scoreSession(session: Session, models: LoadedModels): Omit<Sentiment, 'model'> {
  const sessionLanguage = primaryLanguage(session.language);
  const turns: TurnSentiment[] = [];
  for (const { n, speaker, text, visibility, auto } of session.turns) {
    if (visibility !== 'public' || auto === true || speaker === 'bot' || speaker === 'system') continue;
    const language = modelLanguage(text, sessionLanguage);
    if (language === null || length(text, language) === 0) continue;
    const { score, confidence } = scoreText(text, language, speaker, models[language]);
    turns.push({ turn: n, speaker, score, confidence });
  }
  return {
    turns,
    customer: summariseSentiment(turns.filter(({ speaker }) => speaker === 'customer')),
    agent: summariseSentiment(turns.filter(({ speaker }) => speaker === 'agent')),
  };
}
