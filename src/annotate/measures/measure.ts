import {
  type AudioFacts,
  type Measures,
  mergeSpans,
  publicTurns,
  type Session,
  type Speaker,
  type Utterance,
  utterances,
} from '../../session/index.ts';
import { speechUnits } from '../../text/index.ts';
import { interruptions } from './interruptions.ts';
import { responses } from './responses.ts';
import { silences } from './silences.ts';
import { overlapTrusted, timesNote } from './trust.ts';

/** Below this much speech a rate says nothing. */
const leastTalkMs = 1000;

/**
 * Measures of a conversation from its public turns, their word times and what the sound says. Silences, talk time,
 * talk-over and rates exist for calls only: the time between two messages is a wait (`responses`), not a silence.
 */
export function measure(session: Session, audio: AudioFacts | null): Measures {
  const turns = publicTurns(session);
  const note = timesNote(session, turns);
  const timesTrusted = note === null;
  const spoken = session.channel === 'call' && timesTrusted ? utterances(turns) : [];
  const trusted = overlapTrusted(session, turns, audio, timesTrusted);
  const talkMs = talkTime(session, spoken, timesTrusted);
  const known = session.recording?.durationMs ?? audio?.durationMs ?? null;
  const ends = turns.flatMap(({ endMs }) => endMs ?? []);
  const count = (speaker: Speaker) => turns.filter((turn) => turn.speaker === speaker).length;
  return {
    zero: zeros(session, spoken),
    durationMs: known ?? (ends.length > 0 ? Math.max(...ends) : null),
    timesTrusted,
    timesNote: note,
    turnCount: { agent: count('agent'), customer: count('customer'), all: turns.length },
    talkMs,
    silences: silences(spoken, known, audio),
    interruptions: trusted ? interruptions(spoken, new Map(turns.map((turn) => [turn.n, turn])), session.language) : [],
    overlapTrusted: trusted,
    responses: responses(turns, timesTrusted),
    speechRate: talkMs && {
      agent: rate(session, 'agent', talkMs.agent),
      customer: rate(session, 'customer', talkMs.customer),
    },
  };
}

/** First word of anyone and of each party; announcements and bots are nobody's first word. */
function zeros(session: Session, spoken: readonly Utterance[]): Measures['zero'] {
  const timed: { speaker: Speaker; startMs: number }[] =
    spoken.length > 0
      ? [...spoken]
      : publicTurns(session).flatMap(({ speaker, startMs }) => (startMs === null ? [] : { speaker, startMs }));
  const first = (...speakers: Speaker[]) => {
    const starts = timed.filter(({ speaker }) => speakers.includes(speaker)).map(({ startMs }) => startMs);
    return starts.length > 0 ? Math.min(...starts) : null;
  };
  return {
    recordingStart: 0,
    firstSpeech: first('agent', 'customer', 'unknown'),
    firstAgentWord: first('agent'),
    firstCustomerWord: first('customer'),
  };
}

/** Union of each party's utterances; null where a speaker is unknown, because 0 would be a claim. */
function talkTime(session: Session, spoken: readonly Utterance[], timesTrusted: boolean): Measures['talkMs'] {
  if (session.channel !== 'call' || !timesTrusted) return null;
  if (spoken.some(({ speaker }) => speaker === 'unknown')) return null;
  const of = (party: Speaker) =>
    mergeSpans(spoken.filter(({ speaker }) => speaker === party)).reduce(
      (sum, { startMs, endMs }) => sum + endMs - startMs,
      0,
    );
  return { agent: of('agent'), customer: of('customer') };
}

function rate(session: Session, party: Speaker, talkMs: number): number | null {
  if (talkMs < leastTalkMs) return null;
  const units = publicTurns(session)
    .filter(({ speaker }) => speaker === party)
    .reduce((sum, { text }) => sum + speechUnits(text, session.language), 0);
  return (units * 60_000) / talkMs;
}
