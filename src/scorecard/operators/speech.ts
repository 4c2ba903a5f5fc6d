import {
  mergeSpans,
  overlapMs,
  publicTurns,
  type Span,
  type Speaker,
  type Utterance,
  utterances,
} from '../../session/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { notApplicable, outcome, type Outcome } from '../evaluate/outcome.ts';
import type { SessionView } from '../evaluate/view.ts';
import { timeBounds } from '../scope/time.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both } from '../wording.ts';

/** Stretches of speech of all turns that the other side heard, pauses of a second taken out. */
export function spokenIn(view: SessionView): readonly Utterance[] {
  return view.memo('speech:utterances', () => utterances(publicTurns(view.session)));
}

/** Time in which at least one of the speakers speaks, inside a stretch. */
export function talkTime(view: SessionView, speakers: readonly Speaker[], within: Span): number {
  const own = spokenIn(view).filter(({ speaker }) => speakers.includes(speaker));
  return mergeSpans(own).reduce((sum, span) => sum + overlapMs(span, within), 0);
}

/** Why nothing can be said about the sound of this session's speech: nobody speaks in writing, or no trusted times. */
export function unspoken(operator: string, { view }: EvalContext): Outcome | null {
  if (view.session.channel !== 'call')
    return notApplicable(
      operator,
      both('Speech is measured in calls; this is written.', '本指标仅用于通话，该会话为文字。'),
    );
  return untimed(operator, view);
}

export function untimed(operator: string, view: SessionView): Outcome | null {
  if (view.timesTrusted) return null;
  return outcome(
    operator,
    'unknown',
    view.annotations.measures.timesNote ??
      both('The times of this session are not known well enough.', '该会话的时间信息不够可靠。'),
  );
}

/** The stretch that a rule about time shares looks at: from time zero to the last word, or the part `time` names. */
export function stretchInScope(view: SessionView, spec: ScopeSpec): Span | null {
  const zero = view.zero(spec.zero);
  const end = view.end(spec.zero);
  if (zero === null || end === null) return null;
  const bounds = spec.time ? timeBounds(view, spec.time, spec.zero) : { fromMs: zero, toMs: end };
  const span = { startMs: Math.max(zero, bounds.fromMs), endMs: Math.min(end, bounds.toMs) };
  return span.endMs > span.startMs ? span : null;
}

export function nothingSaid(operator: string): Outcome {
  return notApplicable(operator, both('Nothing was said in the time looked at.', '检查时段内没有通话内容。'));
}
