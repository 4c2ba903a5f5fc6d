import type { Evidence, Measures, Speaker, Turn } from '../../session/index.ts';
import { spanEvidence } from '../evaluate/evidence.ts';
import type { SessionView } from '../evaluate/view.ts';
import type { Finder } from '../matching.ts';
import type { ResolvedScope } from '../scope/types.ts';
import { both, clock, length } from '../wording.ts';

type Gap = Measures['silences'][number];
export interface SilenceOptions {
  min: number;
  atLeast: number;
  speakers: 'any' | 'same' | 'different';
  after: Speaker | null;
  next: Speaker | null;
  holds: 'include' | 'exclude' | 'only';
  announced: Finder | null;
  lookback: number;
}

/** The gaps that count, how many may count, and those that only just do not. */
export interface SortedGaps {
  certain: Evidence[];
  doubtful: number;
  misses: Evidence[];
}

/** A gap this much shorter than the limit is worth showing as a near miss. */
const nearShare = 0.5;

/** Holds every measured gap against what is asked. */
export function sortGaps(options: SilenceOptions, view: SessionView, scope: ResolvedScope): SortedGaps {
  const sorted: SortedGaps = { certain: [], doubtful: 0, misses: [] };
  for (const gap of view.annotations.measures.silences) {
    const previous = gap.previousTurn === null ? undefined : view.turn(gap.previousTurn);
    const kind = matches(options, view, gap, previous);
    const place = scope.placeTime(gap.startMs, gap.endMs).in;
    if (kind === 'no' || place === 'no') continue;
    const duration = gap.endMs - gap.startMs;
    const show = (en: string, zh: string) =>
      spanEvidence('silence', 'gap', previous, gap.startMs, gap.endMs, {
        measured: duration,
        threshold: options.min,
        unit: 'ms',
        note: both(en, zh),
      });
    const lasts = length(duration);
    const limit = length(options.min);
    if (duration < options.min) {
      if (duration >= options.min * nearShare)
        sorted.misses.push(show(`${lasts.en} < ${limit.en}`, `${lasts.zh} < ${limit.zh}`));
    } else if (announced(options, view, gap))
      sorted.misses.push(show(`${lasts.en}, announced before`, `${lasts.zh}，事先已告知客户`));
    else if (kind === 'maybe' || place === 'maybe') sorted.doubtful++;
    else
      sorted.certain.push(
        show(`${lasts.en} of silence from ${clock(gap.startMs).en}`, `自 ${clock(gap.startMs).zh} 起静音 ${lasts.zh}`),
      );
  }
  sorted.misses.sort((a, b) => b.measured! - a.measured!);
  return sorted;
}

function matches(
  options: SilenceOptions,
  view: SessionView,
  gap: Gap,
  previous: Turn | undefined,
): 'yes' | 'no' | 'maybe' {
  if ((options.holds === 'exclude' && gap.hold) || (options.holds === 'only' && !gap.hold)) return 'no';
  const following = gap.nextTurn === null ? undefined : view.turn(gap.nextTurn);
  const checks = [fits(previous, options.after), fits(following, options.next)];
  if (options.speakers !== 'any') {
    if (!previous || !following) return 'no';
    if (previous.speaker === 'unknown' || following.speaker === 'unknown') checks.push('maybe');
    else checks.push((previous.speaker === following.speaker) === (options.speakers === 'same') ? 'yes' : 'no');
  }
  return checks.includes('no') ? 'no' : checks.includes('maybe') ? 'maybe' : 'yes';
}

function fits(turn: Turn | undefined, wanted: Speaker | null): 'yes' | 'no' | 'maybe' {
  if (wanted === null) return 'yes';
  if (turn?.speaker === 'unknown') return 'maybe';
  return turn?.speaker === wanted ? 'yes' : 'no';
}

/** Whether one of the last turns before the gap announced it. */
function announced({ announced: finder, lookback }: SilenceOptions, view: SessionView, gap: Gap): boolean {
  if (!finder || gap.previousTurn === null) return false;
  for (let n = gap.previousTurn; n > 0 && n > gap.previousTurn - lookback; n--) {
    const turn = view.turn(n);
    if (turn && turn.speaker !== 'customer' && finder.find(view, turn).length > 0) return true;
  }
  return false;
}
