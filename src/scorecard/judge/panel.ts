import { createHash } from 'node:crypto';
import type { Annotations, JudgePin, JudgeTrouble, Opinion, Session } from '../../session/index.ts';
import { canonicalJson } from '../load/hash.ts';
import type { CompiledScorecard } from '../scorecard.ts';
import { AnswerCache } from './cache.ts';
import { answerTokens, ask } from './client.ts';
import { openQuestions } from './collect.ts';
import type { JudgeConfig } from './config.ts';
import { type JudgeQuestion, messagesOf, type Opinions, promptVersion } from './question.ts';

/** What was spent so far. */
export interface JudgeSpending {
  /** Questions that went to the endpoint. */
  asked: number;
  /** Questions whose answer lay in the cache. */
  kept: number;
  /** As the endpoint counts, else estimated. */
  tokens: number;
}

/** A language model with a budget for one run. */
export interface Judge {
  /** Asks everything that a scorecard wants to know about a session and that can matter. Never rejects over an answer. */
  ask(scorecard: CompiledScorecard, session: Session, annotations: Annotations): Promise<JudgePin>;
  spent(): JudgeSpending;
}

export interface JudgeOptions {
  /** Folder of the answer cache; null: nothing is kept. */
  cacheDir: string | null;
  signal: AbortSignal;
}

/** A chain of `when` questions deeper than this ends unknown. */
const maxRounds = 8;
/** After so many questions in a row that got no connection, the rest of the run does not wait for more. */
const patience = 3;

/** Opens a run's language model. Nothing is sent before the first question. */
export function openJudge(config: JudgeConfig, options: JudgeOptions): Judge {
  return new Panel(config, options);
}

/** The opinions of a pin, for `evaluate`. */
export function opinionsOf(pin: JudgePin): Opinions {
  return new Map(pin.answers.map((one) => [one.key, one]));
}

class Panel implements Judge {
  readonly #config: JudgeConfig;
  readonly #cache: AnswerCache | null;
  readonly #signal: AbortSignal;
  readonly #spent: JudgeSpending = { asked: 0, kept: 0, tokens: 0 };
  #silent = 0;

  constructor(config: JudgeConfig, { cacheDir, signal }: JudgeOptions) {
    this.#config = config;
    this.#cache = cacheDir === null ? null : new AnswerCache(cacheDir, config);
    this.#signal = signal;
  }

  spent(): JudgeSpending {
    return { ...this.#spent };
  }

  async ask(scorecard: CompiledScorecard, session: Session, annotations: Annotations): Promise<JudgePin> {
    const opinions = new Map<string, Opinion>();
    const own: JudgeSpending = { asked: 0, kept: 0, tokens: 0 };
    for (let round = 0; round < maxRounds; round++) {
      const open = openQuestions(scorecard, session, annotations, opinions);
      if (open.length === 0) break;
      for (const question of open) opinions.set(question.key, await this.#answer(question, own));
    }
    return pinOf(this.#config.model, [...opinions.values()]);
  }

  async #answer(question: JudgeQuestion, own: JudgeSpending): Promise<Opinion> {
    const kept = await this.#cache?.get(question);
    if (kept) {
      this.#spent.kept++;
      return kept;
    }
    const estimate = tokensOf(question);
    const refusal = this.#refusal(own, estimate);
    if (refusal) return { key: question.key, trouble: refusal, detail: null };
    // Reserved before the answer is there: sessions are asked about side by side.
    for (const account of [this.#spent, own]) {
      account.asked++;
      account.tokens += estimate;
    }
    const { opinion, tokens } = await ask(question, this.#config, this.#signal);
    const silent = 'trouble' in opinion && (opinion.trouble === 'unreachable' || opinion.trouble === 'timeout');
    this.#silent = silent ? this.#silent + 1 : 0;
    if (tokens !== null) for (const account of [this.#spent, own]) account.tokens += tokens - estimate;
    await this.#cache?.put(question, opinion);
    return opinion;
  }

  #refusal(own: JudgeSpending, estimate: number): JudgeTrouble | null {
    const { run, session } = this.#config;
    if (this.#silent >= patience) return 'unreachable';
    if (this.#spent.asked >= run.questions || this.#spent.tokens + estimate > run.tokens) return 'budget-run';
    return own.asked >= session.questions || own.tokens + estimate > session.tokens ? 'budget-session' : null;
  }
}

function pinOf(model: string, answers: readonly Opinion[]): JudgePin {
  const sorted = [...answers].sort((a, b) => (a.key < b.key ? -1 : 1));
  const content = { model, prompt: promptVersion, answers: sorted };
  return { ...content, hash: createHash('sha256').update(canonicalJson(content)).digest('hex') };
}

/** An upper estimate: a token is at least three bytes of what is usually said in either language. */
function tokensOf(question: JudgeQuestion): number {
  const bytes = messagesOf(question).reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return Math.ceil(bytes / 3) + answerTokens;
}
