import { gapsBetween, mergeSpans, overlapMs, type Span, type Turn, type Word } from '../../src/session/index.ts';
import { isTurn, lineOf, type Scenario } from './scenario.ts';

/** A line as spoken: its length and its words, times counted from the line's first word. */
export interface SpokenLine {
  durationMs: number;
  words: Word[];
}

export interface Timeline {
  durationMs: number;
  turns: (Turn & { speaker: 'agent' | 'customer'; startMs: number; endMs: number; words: Word[] })[];
  ring: Span | null;
  /** Where hold music plays. */
  music: Span[];
  /** Gap of at least one second between words of any speaker, first word to last word. */
  silences: (Span & { hold: boolean; previousTurn: number; nextTurn: number })[];
  /** Both speak, at least 200 ms: who came in, over which turn, and how many words were said into it. */
  overlaps: (Span & { by: 'agent' | 'customer'; turn: number; overTurn: number; words: number })[];
}

const usualGapMs = 350;

/** Lays the spoken lines on the recording's clock. `spoken` has one entry for every turn step, in order. */
export function layOut(scenario: Scenario, spoken: readonly SpokenLine[]): Timeline {
  const { ring, lead, tail } = scenario.audio;
  const turns: Timeline['turns'] = [];
  const pauses: (Span & { music: boolean })[] = [];
  let endMs = (ring ?? 0) + lead;
  let afterPause = true;
  for (const step of scenario.steps) {
    if (!isTurn(step)) {
      pauses.push({ startMs: endMs, endMs: endMs + step.hold, music: step.sound === 'music' });
      endMs += step.hold;
      afterPause = true;
      continue;
    }
    const line = spoken[turns.length];
    if (!line) throw new Error(`${scenario.id}: no spoken line for turn ${turns.length + 1}`);
    const { speaker, text } = lineOf(step);
    const startMs =
      step.overlap === undefined ? endMs + (step.gap ?? (afterPause ? 0 : usualGapMs)) : endMs - step.overlap;
    const own = turns.findLast((turn) => turn.speaker === speaker);
    if (own && startMs < own.endMs)
      throw new Error(`${scenario.id}: turn ${turns.length + 1} speaks over its own speaker`);
    const words = line.words.map((word) => ({ ...word, startMs: startMs + word.startMs, endMs: startMs + word.endMs }));
    const turn = {
      n: turns.length + 1,
      speaker,
      startMs,
      endMs: startMs + line.durationMs,
      text,
      words,
      visibility: 'public' as const,
    };
    turns.push(turn);
    endMs = Math.max(endMs, turn.endMs);
    afterPause = false;
  }
  return {
    durationMs: endMs + tail,
    turns,
    ring: ring === undefined ? null : { startMs: 0, endMs: ring },
    music: pauses.filter(({ music }) => music).map(({ startMs, endMs: end }) => ({ startMs, endMs: end })),
    silences: silencesOf(
      turns,
      pauses.filter(({ music }) => music),
    ),
    overlaps: overlapsOf(turns),
  };
}

function silencesOf(turns: Timeline['turns'], music: readonly Span[]): Timeline['silences'] {
  const words = mergeSpans(turns.flatMap((turn) => turn.words));
  const first = words[0]?.startMs ?? 0;
  const last = words.at(-1)?.endMs ?? 0;
  return gapsBetween(words, first, last)
    .filter((gap) => gap.endMs - gap.startMs >= 1000)
    .map((gap) => ({
      ...gap,
      hold: music.some((span) => overlapMs(span, gap) > 0),
      previousTurn: turns.findLast((turn) => turn.startMs < gap.endMs)!.n,
      nextTurn: turns.find((turn) => turn.endMs > gap.startMs)!.n,
    }))
    .filter((gap) => gap.previousTurn !== gap.nextTurn);
}

function overlapsOf(turns: Timeline['turns']): Timeline['overlaps'] {
  return turns.flatMap((turn, index) =>
    turns.slice(0, index).flatMap((over) => {
      const span = { startMs: turn.startMs, endMs: Math.min(turn.endMs, over.endMs) };
      if (over.speaker === turn.speaker || span.endMs - span.startMs < 200) return [];
      const words = turn.words.filter((word) => overlapMs(word, span) > 0).length;
      return [{ ...span, by: turn.speaker, turn: turn.n, overTurn: over.n, words }];
    }),
  );
}
