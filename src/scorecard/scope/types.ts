import type { Evidence, Localised, Speaker, Turn } from '../../session/index.ts';
import type { HitMode, Quantifier, TimeRange, TurnRange, Within } from '../load/units.ts';

/** Where time 0 lies for a rule. */
export const timeZeros = ['first-speech', 'recording-start', 'first-agent-word', 'first-customer-word'] as const;
export type TimeZero = (typeof timeZeros)[number];

export const anchorPlaces = ['after', 'before', 'around', 'same'] as const;
export type AnchorPlace = (typeof anchorPlaces)[number];

export const visibilities = ['public', 'internal', 'any'] as const;

/** The scope keys of one condition as written, read into values; absent keys take their defaults at evaluation. */
export interface ScopeSpec {
  by: readonly Speaker[] | null;
  turns: TurnRange | null;
  time: TimeRange | null;
  zero: TimeZero;
  quantifier: Quantifier;
  unit: 'turn' | 'joined';
  visibility: (typeof visibilities)[number];
}

/** The window key of a condition; what it is anchored at is resolved by the compiler. */
export interface AnchorSpec {
  place: AnchorPlace;
  within: Within | null;
  hit: HitMode;
}

/** A window around one anchor hit. */
export interface Window {
  place: AnchorPlace;
  within: Within | null;
  anchor: Evidence;
}

/** Why something found is not in scope, in a form that a near miss can show. */
export interface Outside {
  measured: number | null;
  threshold: number | null;
  unit: string | null;
  note: Localised;
}

/** `in`; `maybe` where speakers or times are not known well enough; or why not. */
export type Membership = { in: 'yes' } | { in: 'maybe'; why: Localised } | ({ in: 'no' } & Outside);

/** A scope applied to one session. */
export interface ResolvedScope {
  spec: ScopeSpec;
  /** Turns that are certainly in scope, in order. A time limit may still exclude some of their words. */
  turns: readonly Turn[];
  /** Turns that are in scope if an unknown speaker or time turns out that way. */
  doubtful: readonly Turn[];
  /** Set where no answer about a speaker is possible at all: not one turn of the session names one. */
  blind: Localised | null;
  /** Place of `[charStart, charEnd)` of a turn relative to the scope. */
  place(turn: Turn, charStart: number, charEnd: number): Membership;
  /** Whether a stretch of time (ms, session clock) lies in the scope's window and time limit; turns are not looked at. */
  placeTime(startMs: number, endMs: number): Membership;
  /** “the agent's first 2 turns, in the first 10 s”. */
  words: Localised;
}
