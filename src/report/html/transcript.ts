import type { Evidence, ItemResult, SessionResult, Verdict } from '../../session/index.ts';
import { durationText, fixed, signed } from '../format.ts';
import { speakerNames, words } from '../words.ts';
import { type SessionContext, timeLink, turnId } from './context.ts';
import { type Html, both, html } from './escape.ts';
import { sign } from './signs.ts';
import { moodClass } from './timeline.ts';

type Turn = SessionResult['turns'][number];
type Mark = { item: ItemResult; evidence: Evidence; near: boolean };

/** Gaps in a call shorter than this are not worth a line of their own. */
const shownGapMs = 3000;

/** The words as they were said, with evidence marked in place, silences between and sentiment at the side. */
export function transcript(context: SessionContext): Html {
  const { session } = context;
  if (session.turns.length === 0) return html`<p class="soft">${both(words.noTurns)}</p>`;
  const marks = marksByTurn(session);
  const moods = new Map(session.sentiment.turns.map((mood) => [mood.turn, mood]));
  const language = session.language.replace('_', '-');
  return html`<ol class="turns">
    ${session.turns.map(
      (turn) =>
        html`${turnRow(context, turn, marks.get(turn.n) ?? [], moods.get(turn.n), language)}${gapAfter(session, turn)}`,
    )}
  </ol>`;
}

function marksByTurn({ items }: SessionResult): Map<number, Mark[]> {
  const marks = new Map<number, Mark[]>();
  const add = (item: ItemResult, near: boolean) => (evidence: Evidence) => {
    if (evidence.turn === null) return;
    const list = marks.get(evidence.turn);
    if (list) list.push({ item, evidence, near });
    else marks.set(evidence.turn, [{ item, evidence, near }]);
  };
  for (const item of items) {
    if (item.verdict === 'na') continue;
    item.evidence.forEach(add(item, false));
    if (item.verdict !== 'pass') item.nearMisses.forEach(add(item, true));
  }
  return marks;
}

function turnRow(
  context: SessionContext,
  turn: Turn,
  marks: readonly Mark[],
  mood: SessionResult['sentiment']['turns'][number] | undefined,
  language: string,
): Html {
  const start = turn.startMs === null ? null : html` data-a="${turn.startMs}" data-b="${turn.endMs ?? turn.startMs}"`;
  const tags = [
    turn.visibility === 'internal' && html`<span class="tag">${both(words.internal)}</span>`,
    turn.auto && html`<span class="tag">${both(words.auto)}</span>`,
    turn.confidence !== undefined &&
      turn.confidence < 0.6 &&
      html`<span class="tag">${both(words.lowConfidence)} ${fixed(turn.confidence, 2)}</span>`,
  ];
  const feeling =
    mood &&
    html`<span class="feel ${moodClass(mood.score)}${mood.confidence < 0.4 ? ' unsure' : ''}"
      >${signed(mood.score)}</span
    >`;
  return html`<li
    class="t ${turn.speaker}${turn.visibility === 'internal' ? ' internal' : ''}"
    id="${turnId(context, turn.n)}"
    ${start}
  >
    ${timeLink(context, { startMs: turn.startMs, turn: turn.n }) ?? html`<span></span>`}<b class="who"
      >${both(speakerNames[turn.speaker])}</b
    >
    <div class="said">
      <p lang="${language}" dir="auto">${markedText(turn.text, marks)}</p>
      ${tags}${chips(context, marks)}${interruption(context.session, turn)}
    </div>
    ${feeling}
  </li>`;
}

const rank: Record<Verdict, number> = { fail: 3, unknown: 2, pass: 1, na: 0 };

/** Splits the text at every border of a mark; where marks overlap, the worst verdict colours the piece. */
function markedText(text: string, marks: readonly Mark[]): Html[] {
  const spans = marks.flatMap(({ item, evidence, near }) => {
    const { charStart, charEnd } = evidence;
    if (charStart === null || charEnd === null || charStart >= charEnd || charEnd > text.length) return [];
    return [{ from: charStart, to: charEnd, item, near }];
  });
  const borders = [...new Set([0, text.length, ...spans.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
  return borders.slice(0, -1).map((from, index) => {
    const piece = text.slice(from, borders[index + 1]);
    const over = spans.filter((span) => span.from <= from && from < span.to);
    if (over.length === 0) return html`${piece}`;
    const worst = over.reduce((a, b) => (rank[b.item.verdict] > rank[a.item.verdict] ? b : a));
    const items = over.map(({ item }) => item.id).join(' ');
    return html`<mark class="${worst.item.verdict}${over.every((span) => span.near) ? ' near' : ''}" data-i="${items}"
      >${piece}</mark
    >`;
  });
}

/** Which items rest on this turn, and what a timing rule measured in it. */
function chips(context: SessionContext, marks: readonly Mark[]): Html | null {
  if (marks.length === 0) return null;
  const seen = new Set<string>();
  const own = marks.filter(({ item }) => !seen.has(item.id) && seen.add(item.id));
  const notes = marks.flatMap(({ item, evidence, near }) =>
    evidence.note && (near || evidence.threshold !== null)
      ? [html` <span class="measured ${item.verdict}">${both(evidence.note)}</span>`]
      : [],
  );
  return html`<span class="chips"
    >${own.map(
      ({ item }) =>
        html`<a
          class="chip ${item.verdict}"
          href="#${itemAnchor(context, item.id)}"
          data-s="${context.fragment}"
          data-go="${item.id}"
          >${sign(item.verdict)}${both(item.title)}</a
        >`,
    )}${notes}</span
  >`;
}

export function itemAnchor(context: SessionContext, item: string): string {
  return `${context.fragment}:${encodeURIComponent(item.replace(/\p{Surrogate}/gu, '\uFFFD'))}`;
}

function interruption({ measures }: SessionResult, turn: Turn): Html[] {
  return measures.interruptions
    .filter((each) => each.turn === turn.n && each.by === 'agent')
    .map(
      (each) =>
        html`<span class="aside">${both(words.talksOver)} ${both(durationText(each.endMs - each.startMs))}</span>`,
    );
}

/** In calls the silence after a turn, in writing how long the customer waited for the answer to it. */
function gapAfter({ channel, measures }: SessionResult, turn: Turn): Html | null {
  if (channel !== 'call') {
    const wait = measures.responses.find((each) => each.customerTurn === turn.n);
    if (!wait) return null;
    if (wait.waitMs === null)
      return wait.agentTurn === null ? html`<li class="gap">${both(words.unanswered)}</li>` : null;
    return html`<li class="gap">${both(words.wait)} ${both(durationText(wait.waitMs))}</li>`;
  }
  const gap = measures.silences.find((each) => each.previousTurn === turn.n && each.endMs - each.startMs >= shownGapMs);
  if (!gap) return null;
  const length = both(durationText(gap.endMs - gap.startMs));
  return html`<li class="gap">${gap.hold ? html`♪ ${both(words.hold)}` : both(words.silence)} ${length}</li>`;
}
