import type { Annotator } from '../../annotate/index.ts';
import type { Annotations, Session } from '../../session/index.ts';
import { summariseSentiment } from '../../session/index.ts';
import type { FixtureCase } from '../fixtures/fixture.ts';
import type { FactsInput } from '../fixtures/schema.ts';
import { buildSession } from '../fixtures/session.ts';
import { readFixtureTime } from '../fixtures/times.ts';

/** A case whose session is annotated: any number of scorecards can judge it from here on. */
export interface PreparedCase {
  case: FixtureCase;
  session: Session;
  annotations: Annotations;
}

/** Annotates the sessions that fixtures write out; `language` for those that state none. Pure. */
export function prepareCases(
  cases: readonly FixtureCase[],
  { annotator, language }: { annotator: Annotator; language: string },
): PreparedCase[] {
  return cases.map((one) => prepareSession(one, buildSession(one.session, { id: one.name, language }), annotator));
}

/** Annotates one session and puts the facts that a fixture states in their place. */
export function prepareSession(
  one: FixtureCase,
  session: Session,
  annotator: Annotator,
  audio: Annotations['audio'] = null,
): PreparedCase {
  const heard = audioWith(one.facts, session, audio);
  const annotations = annotator.annotate(session, heard);
  return { case: one, session, annotations: withFacts(annotations, one.facts, session) };
}

function audioWith(facts: FactsInput, session: Session, audio: Annotations['audio']): Annotations['audio'] {
  if (facts.audio === undefined && facts.holds === undefined) return audio;
  const last = Math.max(0, ...session.turns.map(({ endMs }) => endMs ?? 0));
  const base: NonNullable<Annotations['audio']> = audio ?? {
    durationMs: session.recording?.durationMs ?? last,
    identicalChannels: false,
    channels: [],
    silences: [],
    overlaps: [],
    overlapTrusted: session.recording?.roles.includes('mixed') !== true,
    vad: { name: 'fixture', version: '1' },
  };
  const holds = (facts.holds ?? []).map(([start, end]) => ({
    startMs: readFixtureTime(start) ?? 0,
    endMs: readFixtureTime(end) ?? 0,
    hold: true,
  }));
  const given = Object.fromEntries(Object.entries(facts.audio ?? {}).filter(([, value]) => value !== undefined));
  return { ...base, silences: [...base.silences, ...holds], ...given };
}

function withFacts(annotations: Annotations, facts: FactsInput, session: Session): Annotations {
  const measures = Object.fromEntries(Object.entries(facts.measures ?? {}).filter(([, value]) => value !== undefined));
  return {
    ...annotations,
    sentiment: facts.sentiment ? sentimentWith(annotations.sentiment, facts.sentiment, session) : annotations.sentiment,
    measures: { ...annotations.measures, ...measures },
  };
}

/** The scores given, and the model's for the other turns; summaries follow from both. */
function sentimentWith(
  found: Annotations['sentiment'],
  given: Readonly<Record<string, number>>,
  session: Session,
): Annotations['sentiment'] {
  const others = found.turns.filter(({ turn }) => given[turn] === undefined);
  const stated = Object.entries(given).flatMap(([n, score]) => {
    const turn = session.turns[Number(n) - 1];
    return turn ? [{ turn: turn.n, speaker: turn.speaker, score, confidence: 1 }] : [];
  });
  const turns = [...others, ...stated].sort((a, b) => a.turn - b.turn);
  return {
    ...found,
    turns,
    customer: summariseSentiment(turns.filter(({ speaker }) => speaker === 'customer')),
    agent: summariseSentiment(turns.filter(({ speaker }) => speaker === 'agent')),
  };
}
