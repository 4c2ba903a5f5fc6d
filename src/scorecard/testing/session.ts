import type { Annotations, Session, Speaker, Turn } from '../../session/index.ts';

type Given = [speaker: Speaker, startS: number | null, endS: number | null, text: string, more?: Partial<Turn>];

/** A session for tests: turns as `[speaker, start s, end s, text]`. */
export function sessionOf(turns: readonly Given[], more: Partial<Session> = {}): Session {
  return {
    id: 's',
    channel: 'call',
    language: 'en',
    agentId: 'a',
    customerId: null,
    team: null,
    queue: null,
    startedAt: null,
    attributes: {},
    recording: null,
    transcript: { origin: 'given', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
    turns: turns.map(([speaker, start, end, text, rest], index) => ({
      n: index + 1,
      speaker,
      startMs: ms(start),
      endMs: ms(end),
      text,
      visibility: 'public',
      ...rest,
    })),
    ...more,
  };
}

const ms = (seconds: number | null): number | null => (seconds === null ? null : Math.round(seconds * 1000));

type MeasuresGiven = Partial<Annotations['measures']>;

/** Annotations for tests: times, zeros, gaps and replies follow from the turns; the rest is given. */
export function annotationsOf(
  session: Session,
  given: { measures?: MeasuresGiven; scores?: readonly [turn: number, score: number][] } = {},
): Annotations {
  const spoken = session.turns.filter((turn) => turn.visibility === 'public' && turn.startMs !== null);
  const first = (speaker?: Speaker) => spoken.find((turn) => !speaker || turn.speaker === speaker)?.startMs ?? null;
  const ends = spoken.map((turn) => turn.endMs ?? 0);
  const count = (speaker: Speaker) => session.turns.filter((turn) => turn.speaker === speaker).length;
  return {
    audio: null,
    sentiment: {
      model: { id: 'test', version: '1', hash: 'h' },
      turns: (given.scores ?? []).map(([turn, score]) => ({
        turn,
        score,
        confidence: 1,
        speaker: session.turns[turn - 1]!.speaker,
      })),
      customer: null,
      agent: null,
    },
    measures: {
      zero: {
        recordingStart: 0,
        firstSpeech: first(),
        firstAgentWord: first('agent'),
        firstCustomerWord: first('customer'),
      },
      durationMs: ends.length > 0 ? Math.max(...ends) : null,
      timesTrusted: session.turns.every((turn) => turn.startMs !== null),
      timesNote: null,
      turnCount: { agent: count('agent'), customer: count('customer'), all: session.turns.length },
      talkMs: null,
      silences: gaps(spoken),
      interruptions: [],
      overlapTrusted: true,
      responses: replies(session.turns),
      speechRate: null,
      ...given.measures,
    },
  };
}

function gaps(spoken: readonly Turn[]): Annotations['measures']['silences'] {
  return spoken.slice(1).flatMap((turn, index) => {
    const previous = spoken[index]!;
    const startMs = Math.max(...spoken.slice(0, index + 1).map((one) => one.endMs ?? 0));
    if (turn.startMs! - startMs < 1000) return [];
    return [{ startMs, endMs: turn.startMs!, previousTurn: previous.n, nextTurn: turn.n, hold: false }];
  });
}

function replies(turns: readonly Turn[]): Annotations['measures']['responses'] {
  const found: Annotations['measures']['responses'] = [];
  let open: Turn | null = null;
  for (const turn of turns) {
    if (turn.speaker === 'customer') open ??= turn;
    if (turn.speaker !== 'agent' || turn.auto || !open) continue;
    const waitMs = turn.startMs === null || open.startMs === null ? null : turn.startMs - open.startMs;
    found.push({ customerTurn: open.n, agentTurn: turn.n, waitMs });
    open = null;
  }
  if (open) found.push({ customerTurn: open.n, agentTurn: null, waitMs: null });
  return found;
}
