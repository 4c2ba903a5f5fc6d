import type { Localised, Speaker, Turn } from '../../session/index.ts';
import type { SessionView } from '../evaluate/view.ts';
import {
  both,
  placeWords,
  quoted,
  speakerName,
  speakerNames,
  timeRangeWords,
  turnRangeWords,
  withinWords,
} from '../wording.ts';
import { placeByTime, timeBounds, turnTouches } from './time.ts';
import type { Membership, ResolvedScope, ScopeSpec, Window } from './types.ts';
import { placeInWindow, turnInWindow } from './window.ts';

const yes: Membership = { in: 'yes' };

/** Applies a scope to a session in the fixed order: visibility → anchor window → speaker → time → turn range. */
export function resolveScope(view: SessionView, spec: ScopeSpec, window: Window | null): ResolvedScope {
  if (window) return resolve(view, spec, window);
  return view.memo(keyOf(spec), () => resolve(view, spec, null));
}

const keys = new WeakMap<ScopeSpec, string>();

/** Rules share scopes: most look at the agent's turns. */
function keyOf(spec: ScopeSpec): string {
  let key = keys.get(spec);
  if (key === undefined) keys.set(spec, (key = `scope:${JSON.stringify(Object.entries(spec).sort())}`));
  return key;
}

function resolve(view: SessionView, spec: ScopeSpec, window: Window | null): ResolvedScope {
  const seen = visibleTurns(view, spec.visibility);
  const order = view.memo(`scope:order:${spec.visibility}`, () => new Map(seen.map((turn, index) => [turn.n, index])));
  const inWindow = window ? near(seen, order, window).filter((turn) => turnInWindow(view, order, window, turn)) : seen;
  const spoken = inWindow.filter((turn) => speaks(turn, spec.by) === 'yes');
  const unsure = inWindow.filter((turn) => speaks(turn, spec.by) === 'maybe');
  const bounds = spec.time ? timeBounds(view, spec.time, spec.zero) : null;
  const timed = bounds ? spoken.filter((turn) => turnTouches(bounds, turn)) : spoken;
  const ranged = spec.turns ? slice(timed, spec.turns) : timed;
  const rangeIndex = new Map(timed.map((turn, index) => [turn.n, index + 1]));
  const inRange = new Set(ranged.map((turn) => turn.n));

  const place = (turn: Turn, charStart: number, charEnd: number): Membership => {
    if (!order.has(turn.n))
      return outside(both('said in a note of the other kind (internal or public)', '出现在另一类（内部或公开）消息中'));
    const checks: Membership[] = [];
    if (window) checks.push(placeInWindow(view, order, window, turn, charStart, charEnd));
    checks.push(placeSpeaker(turn, spec.by));
    if (bounds) checks.push(placeByTime(bounds, view.timeOf(turn, charStart, charEnd)));
    const so = firstDecisive(checks);
    if (so.in !== 'yes' || !spec.turns) return so;
    if (unsure.length > 0)
      return maybe(both('some turns name no speaker, so turns cannot be counted', '部分轮次说话人不明，无法计数'));
    if (inRange.has(turn.n)) return yes;
    const position = rangeIndex.get(turn.n) ?? null;
    return {
      in: 'no',
      measured: position,
      threshold: spec.turns.to,
      unit: 'turn',
      note: both(
        `said in turn ${position} of ${timed.length}, looked for in the ${turnRangeWords(spec.turns).en}`,
        `出现在第 ${position} 轮（共 ${timed.length} 轮），检查范围为${turnRangeWords(spec.turns).zh}`,
      ),
    };
  };
  return {
    spec,
    turns: ranged,
    doubtful: unsure,
    blind:
      spec.by !== null && !view.speakersKnown
        ? both('No turn of this session names its speaker.', '该会话没有标明说话人。')
        : null,
    place,
    placeTime: (startMs, endMs) => {
      const checks: Membership[] = [];
      if (window) checks.push(placeSpanInWindow(view, window, startMs, endMs));
      if (bounds) checks.push(placeByTime(bounds, { startMs, endMs }));
      return firstDecisive(checks);
    },
    words: describe(spec, window),
  };
}

/** The turns that a window counted in turns can reach at all: in a long session, few. */
function near(seen: readonly Turn[], order: ReadonlyMap<number, number>, window: Window): readonly Turn[] {
  const at = window.anchor.turn === null ? undefined : order.get(window.anchor.turn);
  if (at === undefined || !window.within || !('turns' in window.within)) return seen;
  return seen.slice(Math.max(0, at - window.within.turns), at + window.within.turns + 1);
}

/** The turns a rule may look at: automatic messages are nobody's words. */
function visibleTurns(view: SessionView, visibility: ScopeSpec['visibility']): readonly Turn[] {
  return view.memo(`scope:visible:${visibility}`, () =>
    view.session.turns.filter((turn) => visibility === 'any' || turn.visibility === visibility),
  );
}

/** An automatic message under the agent's name was not said by the agent. */
function speaks(turn: Turn, by: readonly Speaker[] | null): 'yes' | 'no' | 'maybe' {
  if (by === null) return 'yes';
  const speaker: Speaker = turn.auto === true && turn.speaker === 'agent' ? 'system' : turn.speaker;
  if (by.includes(speaker)) return 'yes';
  return speaker === 'unknown' ? 'maybe' : 'no';
}

function placeSpeaker(turn: Turn, by: readonly Speaker[] | null): Membership {
  switch (speaks(turn, by)) {
    case 'yes':
      return yes;
    case 'maybe':
      return maybe(both('it is not known who said it', '不清楚是谁说的'));
    case 'no': {
      const who = turn.auto === true ? both('an automatic message', '自动消息') : speakerName(turn.speaker);
      return outside(
        both(`said by ${who.en}, not by ${speakerNames(by).en}`, `由${who.zh}说出，而非${speakerNames(by).zh}`),
      );
    }
  }
}

function slice(turns: readonly Turn[], { from, to }: { from: number; to: number }): readonly Turn[] {
  const start = from > 0 ? from - 1 : Math.max(0, turns.length + from);
  const end = to > 0 ? to : turns.length + to + 1;
  return turns.slice(start, Math.max(start, end));
}

function placeSpanInWindow(view: SessionView, window: Window, startMs: number, endMs: number): Membership {
  const { anchor, place, within } = window;
  if (anchor.startMs === null || anchor.endMs === null || !view.timesTrusted)
    return maybe(both('the times are not known well enough', '时间不够可靠'));
  const distance = place === 'before' ? anchor.startMs - endMs : startMs - anchor.endMs;
  if (place === 'same')
    return startMs < anchor.endMs && endMs > anchor.startMs ? yes : outside(both('at another moment', '在其他时刻'));
  if (place !== 'around' && distance < 0) return outside(both('on the other side of the anchor', '在锚点的另一侧'));
  if (within && 'ms' in within && Math.abs(distance) > within.ms) return outside(both('too far away', '相距过远'));
  return yes;
}

function firstDecisive(checks: readonly Membership[]): Membership {
  return checks.find((check) => check.in === 'no') ?? checks.find((check) => check.in === 'maybe') ?? yes;
}

const maybe = (why: Localised): Membership => ({ in: 'maybe', why });
const outside = (note: Localised): Membership => ({ in: 'no', measured: null, threshold: null, unit: null, note });

function describe(spec: ScopeSpec, window: Window | null): Localised {
  const who = spec.by === null ? both('all', '全部') : speakerNames(spec.by);
  const what = spec.turns ? turnRangeWords(spec.turns) : both('turns', '各轮');
  const possessive =
    spec.by === null
      ? spec.turns
        ? 'the '
        : 'all '
      : `${spec.by.map((one) => `${speakerName(one).en}'s`).join(' or ')} `;
  const en = [possessive + what.en];
  const zh = [`${who.zh}${what.zh}`];
  if (spec.time) {
    en.push(`in ${timeRangeWords(spec.time).en}`);
    zh.push(timeRangeWords(spec.time).zh);
  }
  if (window) {
    const anchor = quoted(window.anchor.quote);
    en.push(`${withinWords(window.within).en}${placeWords(window.place).en} ${anchor.en}`);
    zh.push(`${anchor.zh}${placeWords(window.place).zh}${withinWords(window.within).zh}`);
  }
  return both(en.join(', '), zh.join('，'));
}
