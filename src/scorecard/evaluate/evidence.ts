import type { Evidence, Localised, Turn } from '../../session/index.ts';
import type { SessionView } from './view.ts';

interface Shown {
  measured?: number | null;
  threshold?: number | null;
  unit?: string | null;
  note?: Localised | null;
}

const shownDefaults = { measured: null, threshold: null, unit: null, note: null };

/** Evidence that is words of a turn. A message without words (a picture, an attachment) is a measure without a quote. */
export function wordsEvidence(
  view: SessionView,
  operator: string,
  turn: Turn,
  charStart: number,
  charEnd: number,
  shown: Shown = {},
): Evidence {
  return {
    kind: charEnd > charStart ? 'words' : 'measure',
    turn: turn.n,
    ...view.timeOf(turn, charStart, charEnd),
    charStart,
    charEnd,
    quote: turn.text.slice(charStart, charEnd),
    operator,
    ...shownDefaults,
    ...shown,
  };
}

/** Evidence that is a stretch of time (a gap, an overlap); the words of the turn that it follows or lies in are quoted. */
export function spanEvidence(
  operator: string,
  kind: 'gap' | 'measure',
  turn: Turn | undefined,
  startMs: number | null,
  endMs: number | null,
  shown: Shown = {},
): Evidence {
  return {
    kind,
    turn: turn?.n ?? null,
    startMs,
    endMs,
    charStart: turn ? 0 : null,
    charEnd: turn ? turn.text.length : null,
    quote: turn?.text ?? '',
    operator,
    ...shownDefaults,
    ...shown,
  };
}

/** Evidence that is a field of the session; the quote is its value as text. */
export function fieldEvidence(operator: string, value: unknown, note: Localised): Evidence {
  return {
    kind: 'field',
    turn: null,
    startMs: null,
    endMs: null,
    charStart: null,
    charEnd: null,
    quote: fieldText(value),
    operator,
    ...shownDefaults,
    note,
  };
}

/** A field's value as it is shown and compared. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value);
}

/**
 * Holds a result's evidence against the transcript. A quote that is not there is a defect of an operator, and a
 * verdict that rests on it must not leave this room: throws.
 */
export function assertQuoted(view: SessionView, item: string, evidence: readonly Evidence[]): void {
  for (const one of evidence) {
    if (one.turn === null) {
      if (one.kind === 'words') throw new Error(`Item ${item}: ${one.operator} gave words without a turn.`);
      if (one.kind === 'field' && one.quote !== '' && !fieldTexts(view).has(one.quote))
        throw new Error(`Item ${item}: ${one.operator} quotes a field that the session does not have.`);
      if (one.kind !== 'field' && one.quote !== '')
        throw new Error(`Item ${item}: ${one.operator} quotes words without a turn.`);
      continue;
    }
    const turn = view.turn(one.turn);
    const there = turn && one.charStart !== null && one.charEnd !== null && turn.text.slice(one.charStart, one.charEnd);
    if (there !== one.quote || (one.kind === 'words' && one.quote === ''))
      throw new Error(`Item ${item}: ${one.operator} quotes words that are not in turn ${one.turn}.`);
  }
}

function fieldTexts(view: SessionView): Set<string> {
  return view.memo('evidence:fields', () => {
    const texts = new Set<string>();
    const collect = (value: unknown, depth: number) => {
      texts.add(fieldText(value));
      if (depth < 8 && typeof value === 'object' && value !== null)
        for (const inner of Object.values(value)) collect(inner, depth + 1);
    };
    const { turns: _turns, ...fields } = view.session;
    for (const value of Object.values(fields)) collect(value, 0);
    return texts;
  });
}
