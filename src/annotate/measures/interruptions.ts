import { type Measures, overlapMs, type Span, type Turn, type Utterance } from '../../session/index.ts';
import { countCharacters, countWords } from '../../text/index.ts';

type Interruption = Measures['interruptions'][number];

/** Shorter overlaps are the ordinary friction of taking turns. */
const leastOverlapMs = 200;

/**
 * Talk-over between agent and customer: `by` starts strictly after `over` has started and before it has ended. Who
 * starts in the same millisecond interrupts nobody. Ordered by time.
 */
export function interruptions(
  spoken: readonly Utterance[],
  turns: ReadonlyMap<number, Turn>,
  language: string,
): Interruption[] {
  const found: Interruption[] = [];
  const open: Utterance[] = [];
  for (const by of spoken) {
    if (by.speaker !== 'agent' && by.speaker !== 'customer') continue;
    for (let i = open.length - 1; i >= 0; i--) if (open[i]!.endMs <= by.startMs) open.splice(i, 1);
    for (const over of open) {
      if (over.speaker === by.speaker || over.startMs === by.startMs) continue;
      const span = { startMs: by.startMs, endMs: Math.min(by.endMs, over.endMs) };
      if (span.endMs - span.startMs < leastOverlapMs) continue;
      const said = textWithin(turns.get(by.turn)!, span, by);
      found.push({
        ...span,
        by: by.speaker,
        turn: by.turn,
        overTurn: over.turn,
        characters: Math.ceil(countCharacters(said.text) * said.share),
        words: Math.ceil(countWords(said.text, language) * said.share),
      });
    }
    open.push(by);
  }
  return found;
}

/** What a turn says inside a span: its timed words, or (without word times) its text and the span's share of it. */
function textWithin(turn: Turn, span: Span, by: Span): { text: string; share: number } {
  if (turn.words && turn.words.length > 0) {
    const inside = turn.words.filter((word) => overlapMs(word, span) > 0);
    const separator = /\s/.test(turn.text) ? ' ' : '';
    return { text: inside.map(({ text }) => text).join(separator), share: 1 };
  }
  return { text: turn.text, share: (span.endMs - span.startMs) / (by.endMs - by.startMs) };
}
