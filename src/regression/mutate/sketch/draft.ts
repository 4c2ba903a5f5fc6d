import type { FixtureCase } from '../../fixtures/fixture.ts';
import type { FactsInput, SessionInput, TurnInput } from '../../fixtures/schema.ts';
import { readFixtureTime } from '../../fixtures/times.ts';
import type { Speaker } from '../../../session/index.ts';

/** A turn of a fixture that is being tried out; times in ms. */
export interface DraftTurn {
  speaker: Speaker;
  text: string;
  start: number | null;
  end: number | null;
  /** What else the fixture says of the turn. */
  more: Record<string, unknown>;
  /** A score that stands in the place of the model's. */
  sentiment: number | null;
}

/** A session as a fixture writes it, in a form that can be changed. */
export interface Draft {
  /** Everything but turns. */
  head: Omit<SessionInput, 'turns' | 'file'>;
  turns: readonly DraftTurn[];
  facts: Omit<FactsInput, 'sentiment'>;
}

/** Null for a session that comes from a file. */
export function draftOf({ session, facts }: Pick<FixtureCase, 'session' | 'facts'>): Draft | null {
  const { turns, file, ...head } = session;
  if (!turns || file !== undefined) return null;
  const { sentiment = {}, ...others } = facts;
  return { head, facts: others, turns: turns.map((turn, index) => draftTurn(turn, sentiment[index + 1] ?? null)) };
}

function draftTurn(turn: TurnInput, sentiment: number | null): DraftTurn {
  if (!Array.isArray(turn)) {
    const { speaker, text, start, end, ...more } = turn;
    const startMs = start === undefined ? null : readFixtureTime(start);
    return { speaker, text, start: startMs, end: end === undefined ? startMs : readFixtureTime(end), more, sentiment };
  }
  const start = turn.length > 2 ? readFixtureTime(turn[1]) : null;
  const end = turn.length > 3 ? readFixtureTime(turn[2]) : start;
  return { speaker: turn[0], text: turn.at(-1) as string, start, end, more: {}, sentiment };
}

/** The draft in the terms of a fixture. */
export function fixtureOf({ head, turns, facts }: Draft): { session: SessionInput; facts: FactsInput } {
  const scored = turns.flatMap(({ sentiment }, index) => (sentiment === null ? [] : [[String(index + 1), sentiment]]));
  return {
    session: { ...head, turns: turns.map(turnInput) },
    facts: scored.length > 0 ? { ...facts, sentiment: Object.fromEntries(scored) as Record<string, number> } : facts,
  };
}

function turnInput({ speaker, text, start, end, more }: DraftTurn): TurnInput {
  const seconds = (ms: number) => Number((ms / 1000).toFixed(3));
  if (Object.keys(more).length > 0)
    return {
      speaker,
      ...(start === null ? {} : { start: seconds(start) }),
      ...(end === null ? {} : { end: seconds(end) }),
      text,
      ...more,
    };
  if (start === null) return [speaker, text];
  return end === null || end === start
    ? [speaker, seconds(start), text]
    : [speaker, seconds(start), seconds(end), text];
}
