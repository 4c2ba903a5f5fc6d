import type { Turn } from '../../session/index.ts';
import type { SessionView } from '../evaluate/view.ts';
import { both, length, placeWords } from '../wording.ts';
import type { Membership, Window } from './types.ts';

type Order = ReadonlyMap<number, number>;

/** Distance in visible turns from the anchor's turn; negative before it. Null where the anchor has no visible turn. */
function turnDistance(order: Order, window: Window, turn: Turn): number | null {
  const from = window.anchor.turn === null ? undefined : order.get(window.anchor.turn);
  const to = order.get(turn.n);
  return from === undefined || to === undefined ? null : to - from;
}

/** Whether a turn can hold words inside the window. */
export function turnInWindow(view: SessionView, order: Order, window: Window, turn: Turn): boolean {
  const distance = turnDistance(order, window, turn);
  if (distance === null) return true;
  const { place, within } = window;
  if (place === 'same') return distance === 0;
  if (place === 'after' && (distance < 0 || (distance === 0 && !hasRoom(window, turn, 'after')))) return false;
  if (place === 'before' && (distance > 0 || (distance === 0 && !hasRoom(window, turn, 'before')))) return false;
  if (within === null) return true;
  if ('turns' in within) return Math.abs(distance) <= within.turns;
  if (!view.timesTrusted || turn.startMs === null || window.anchor.startMs === null) return true;
  const gap =
    distance >= 0
      ? turn.startMs - (window.anchor.endMs ?? window.anchor.startMs)
      : window.anchor.startMs - (turn.endMs ?? turn.startMs);
  return gap <= within.ms;
}

/**
 * Words of the anchor's own turn that come after (before) the anchor's words belong to the window too. A gap stands
 * behind the turn that it names: all words of that turn come before it.
 */
function hasRoom(window: Window, turn: Turn, side: 'after' | 'before'): boolean {
  const { kind, charStart, charEnd } = window.anchor;
  if (kind === 'gap') return side === 'before';
  if (charStart === null || charEnd === null) return false;
  return side === 'after'
    ? /[\p{L}\p{N}]/u.test(turn.text.slice(charEnd))
    : /[\p{L}\p{N}]/u.test(turn.text.slice(0, charStart));
}

/** Where words lie relative to the window. */
export function placeInWindow(
  view: SessionView,
  order: Order,
  window: Window,
  turn: Turn,
  charStart: number,
  charEnd: number,
): Membership {
  const distance = turnDistance(order, window, turn);
  const { place, within, anchor } = window;
  if (distance === null) return { in: 'maybe', why: both('the anchor lies in no turn', '锚点不在任何轮次中') };
  const behind = distance > 0 || (distance === 0 && anchor.charEnd !== null && charStart >= anchor.charEnd);
  const ahead =
    distance < 0 ||
    (distance === 0 && (anchor.kind === 'gap' || (anchor.charStart !== null && charEnd <= anchor.charStart)));
  if (place === 'same')
    return distance === 0 ? { in: 'yes' } : off(distance, 0, both('said in another turn', '出现在其他轮次'));
  if ((place === 'after' && !behind) || (place === 'before' && !ahead)) {
    const there = place === 'after' ? both('before', '之前') : both('after', '之后');
    return off(
      distance,
      0,
      both(
        `said ${there.en} it, wanted ${placeWords(place).en} it`,
        `出现在其${there.zh}，要求在其${placeWords(place).zh}`,
      ),
    );
  }
  if (within === null) return { in: 'yes' };
  if ('turns' in within) {
    const far = Math.abs(distance);
    return far <= within.turns
      ? { in: 'yes' }
      : off(
          far,
          within.turns,
          both(`said ${far} turns away, limit ${within.turns}`, `相隔 ${far} 轮，限 ${within.turns} 轮`),
        );
  }
  const at = view.timeOf(turn, charStart, charEnd);
  if (!view.timesTrusted || at.startMs === null || anchor.startMs === null)
    return { in: 'maybe', why: both('the times are not known well enough', '时间不够可靠') };
  const gap = behind ? at.startMs - (anchor.endMs ?? anchor.startMs) : anchor.startMs - (at.endMs ?? at.startMs);
  if (gap <= within.ms) return { in: 'yes' };
  return {
    in: 'no',
    measured: gap,
    threshold: within.ms,
    unit: 'ms',
    note: both(
      `said ${length(gap).en} away, limit ${length(within.ms).en}`,
      `相隔 ${length(gap).zh}，限 ${length(within.ms).zh}`,
    ),
  };
}

function off(measured: number, threshold: number, note: { en: string; zh: string }): Membership {
  return { in: 'no', measured, threshold, unit: 'turn', note };
}
