import {
  type AudioFacts,
  leastSilenceMs,
  type Measures,
  mergeSpans,
  overlapMs,
  type Span,
  type Utterance,
} from '../../session/index.ts';

type Silence = Measures['silences'][number];

/** Voice activity this near to a gap's edge belongs to the turn beside it. */
const edgeMs = 300;

/**
 * Gaps of a call in which no turn speaks: next start − latest previous end, from the recording's start to its end
 * (when known), each of at least a second.
 * Where voice activity hears somebody in the middle of a gap whom no turn quotes, the gap is split there: silence is
 * never claimed over speech. `hold` when music or tone fills at least half of it.
 */
export function silences(spoken: readonly Utterance[], durationMs: number | null, audio: AudioFacts | null): Silence[] {
  const found: Silence[] = [];
  let end = 0;
  let previousTurn: number | null = null;
  const gap = (until: number, nextTurn: number | null) => {
    for (const piece of withoutVoices({ startMs: end, endMs: until }, audio)) {
      if (piece.endMs - piece.startMs < leastSilenceMs) continue;
      found.push({ ...piece, previousTurn, nextTurn, hold: isHold(piece, audio) });
    }
  };
  for (const { startMs, endMs, turn } of spoken) {
    if (startMs > end) gap(startMs, turn);
    if (endMs > end || previousTurn === null) {
      end = Math.max(end, endMs);
      previousTurn = turn;
    }
  }
  if (durationMs !== null && durationMs > end && spoken.length > 0) gap(durationMs, null);
  return found;
}

function withoutVoices(gap: Span, audio: AudioFacts | null): Span[] {
  const voices = mergeSpans(
    (audio?.channels ?? [])
      .flatMap(({ speech }) => speech)
      .filter(({ startMs, endMs }) => startMs >= gap.startMs + edgeMs && endMs <= gap.endMs - edgeMs),
  );
  const pieces: Span[] = [];
  let at = gap.startMs;
  for (const { startMs, endMs } of voices) {
    pieces.push({ startMs: at, endMs: startMs });
    at = endMs;
  }
  pieces.push({ startMs: at, endMs: gap.endMs });
  return pieces;
}

function isHold(gap: Span, audio: AudioFacts | null): boolean {
  const held = (audio?.silences ?? [])
    .filter(({ hold }) => hold)
    .reduce((sum, silence) => sum + overlapMs(gap, silence), 0);
  return held * 2 >= gap.endMs - gap.startMs && held > 0;
}
