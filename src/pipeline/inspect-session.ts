import { createHash } from 'node:crypto';
import type { Annotator } from '../annotate/index.ts';
import { assessRisk } from '../risk/index.ts';
import { asksJudge, type CompiledScorecard, evaluate, type Judge, opinionsOf } from '../scorecard/index.ts';
import type { AudioFacts, JudgePin, Problem, ScorecardResult, Session, SessionResult } from '../session/index.ts';
import { engine } from './engine.ts';

/** A session whose words are known, with what its sound said. */
export interface SessionInput {
  session: Session;
  audio: AudioFacts | null;
  source: { path: string; entry: string | null };
  notices: Problem[];
  /** What a language model said about it, where one was asked. */
  opinions?: JudgePin | null;
  /** It is still running: what later turns could change is unknown. */
  unfinished?: boolean;
}

export interface Judges {
  /** In order of preference: a session is judged by the first scorecard that applies to it. */
  scorecards: readonly CompiledScorecard[];
  annotator: Annotator;
}

/**
 * One session through annotation, scorecard and risk. Pure: the same session, rules and models give the same result.
 * A session that no scorecard applies to, or that has no words, is still annotated and assessed; its score is null and a
 * notice says why.
 */
export function inspectSession(input: SessionInput, judges: Judges): SessionResult {
  const { session, audio, source } = input;
  const notices = [...input.notices];
  const annotations = judges.annotator.annotate(session, audio);
  const card = cardFor(session, judges);
  const opinions = input.opinions ?? null;
  if (card === null) notices.push(noScorecard(session, source.path, judges.scorecards));
  // No word was said or none was understood: every "must say" would fail and every "must not say" pass, both unproven.
  const wordless = session.turns.length === 0;
  const judged =
    card === null || wordless
      ? null
      : evaluate(card, session, annotations, {
          opinions: opinions ? opinionsOf(opinions) : undefined,
          unfinished: input.unfinished,
        });
  const risk = assessRisk({ session, annotations, scorecard: judged, notices });
  return {
    ...session,
    source,
    ...verdictsOf(judged),
    sentiment: annotations.sentiment,
    measures: annotations.measures,
    audio: annotations.audio,
    risk,
    notices,
    pins: {
      engine,
      scorecardHash: judged?.scorecard.hash ?? null,
      sentimentHash: annotations.sentiment.model.hash,
      modelHash: session.transcript.recogniser?.modelHash ?? null,
      transcriptHash: transcriptHash(session),
      ...(card !== null && asksJudge(card) ? { judge: opinions } : {}),
    },
  };
}

function cardFor(session: Session, { scorecards }: Judges): CompiledScorecard | null {
  return scorecards.find((candidate) => candidate.appliesTo(session)) ?? null;
}

/** Asks a language model what the session's scorecard wants to know of it; null where it wants to know nothing. */
export async function askJudge(input: SessionInput, judges: Judges, judge: Judge): Promise<JudgePin | null> {
  const { session, audio } = input;
  const card = cardFor(session, judges);
  if (card === null || !asksJudge(card) || session.turns.length === 0) return null;
  return judge.ask(card, session, judges.annotator.annotate(session, audio));
}

/** The part of a session's result that its scorecard decides; empty where none applied. */
function verdictsOf(judged: ScorecardResult | null) {
  if (judged !== null) return judged;
  return {
    scorecard: null,
    method: null,
    passMark: null,
    score: null,
    scoreBeforeAutoFail: null,
    unclamped: null,
    passed: null,
    provisional: false,
    autoFails: [],
    critical: [],
    sections: [],
    items: [],
  };
}

/** SHA-256 over who said what when: two results with the same hash judged the same words. */
export function transcriptHash(session: Session): string {
  const words = session.turns.map((turn) => [
    turn.speaker,
    turn.startMs,
    turn.endMs,
    turn.visibility,
    turn.text,
    turn.words ?? null,
  ]);
  return createHash('sha256').update(JSON.stringify(words)).digest('hex');
}

function noScorecard(session: Session, path: string, scorecards: readonly CompiledScorecard[]): Problem {
  const offered = scorecards.map((card) => `${card.ref.id} (${card.ref.language})`).join(', ') || 'none';
  return {
    path,
    code: 'scorecard-missing',
    message: `No scorecard applies to this ${session.channel} in language "${session.language}"; offered: ${offered}.`,
    hint: 'Give one with --scorecard, or correct the language or channels of the scorecard or the session.',
  };
}
