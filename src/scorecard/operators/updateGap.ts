import { z } from 'zod';
import type { Evidence } from '../../session/index.ts';
import type { BusinessCalendar } from '../calendar/calendar.ts';
import { calendarField } from '../calendar/schema.ts';
import { spanEvidence } from '../evaluate/evidence.ts';
import { notApplicable, outcome, type Outcome } from '../evaluate/outcome.ts';
import type { SessionView } from '../evaluate/view.ts';
import { both, length, quoted } from '../wording.ts';
import { compared } from './compared.ts';
import { limitShape, requireLimit, type Limits } from './comparison.ts';
import { updateGapExamples } from './examples/updateGap.ts';
import { durationField, key } from './fields.ts';
import { timeBetween, withoutDate, workingWords } from './moments.ts';
import { defineOperator } from './operator.ts';
import { untimed } from './speech.ts';
import { momentOf, updatesOf } from './ticketEvents.ts';

const example = '{ updateGap: { atMost: 24h } }';

/**
 * The longest time in which a customer heard nothing: from the opening to the first public message of a person, between
 * two of them, and from the last one to the resolution, or (not resolved) to the last thing that happened.
 */
export const updateGap = defineOperator({
  name: 'updateGap',
  summary: both(
    'the longest time between updates to the customer while the ticket is open',
    '工单未结期间向客户更新的最长间隔',
  ),
  details:
    'The longest time without a public message of a person: to the resolution, or to the last thing that happened.',
  example,
  value: z.strictObject({
    ...limitShape(durationField),
    calendar: key(calendarField, 'Count working time only: a calendar in place, or { file: calendars/office.yaml }.'),
  }),
  options: z.strictObject({}),
  scope: [],
  hits: false,
  examples: updateGapExamples,
  compile({ calendar, ...limits }, _options, context) {
    requireLimit(context, 'updateGap', limits, example);
    const counted = context.calendar(calendar);
    return (_scope, { view }) => askGap(limits, counted, view);
  },
});

interface Gap {
  ms: number;
  evidence: Evidence;
}

function askGap(limits: Limits<number>, calendar: BusinessCalendar | null, view: SessionView): Outcome {
  if (view.session.turns.length === 0)
    return notApplicable('updateGap', both('There is nothing in this session.', '会话没有内容。'));
  if (!view.speakersKnown)
    return outcome(
      'updateGap',
      'unknown',
      both('No turn of this session names its speaker.', '该会话没有标明说话人。'),
    );
  const missing = untimed('updateGap', view);
  if (missing) return missing;
  const gaps = gapsOf(view, calendar);
  if (gaps.some(({ ms }) => ms === null)) return outcome('updateGap', 'unknown', withoutDate);
  const known = gaps.filter((gap): gap is Gap => gap.ms !== null).sort((a, b) => b.ms - a.ms);
  const longest = known[0];
  if (!longest) return notApplicable('updateGap', both('The ticket was never open.', '工单没有处于打开状态的时间。'));
  const working = workingWords(calendar);
  const after = longest.evidence.quote;
  return compared({
    operator: 'updateGap',
    measured: { value: longest.ms, unit: 'ms' },
    limits,
    show: length,
    places: known.slice(0, 3).map(({ evidence }) => evidence),
    sentence: both(
      `The customer heard nothing for ${length(longest.ms).en}${working.en}${after === '' ? '' : ` after ${quoted(after).en}`}`,
      `客户最长 ${length(longest.ms).zh}${working.zh}没有收到进展${after === '' ? '' : `，始于${quoted(after).zh}`}`,
    ),
  });
}

function gapsOf(view: SessionView, calendar: BusinessCalendar | null): { ms: number | null; evidence: Evidence }[] {
  const opened = view.session.turns.find(({ visibility }) => visibility === 'public');
  const updates = updatesOf(view).filter(({ n }) => n !== opened?.n);
  const resolved = momentOf(view, 'resolved', calendar)?.ms ?? null;
  const seen = view.session.turns.flatMap(({ startMs }) => startMs ?? []);
  const closedAt = resolved ?? Math.max(...seen);
  const starts = [opened, ...updates].filter((turn) => turn !== undefined && turn.startMs !== null);
  return starts.flatMap((turn, index) => {
    const from = turn!.startMs!;
    const to = Math.min(starts[index + 1]?.startMs ?? closedAt, closedAt);
    if (to <= from) return [];
    const ms = timeBetween(view, calendar, from, to);
    const evidence = spanEvidence('updateGap', 'gap', turn, from, to, {
      measured: ms,
      unit: 'ms',
      note: ms === null ? null : both(`${length(ms).en} without an update`, `${length(ms).zh}没有更新`),
    });
    return [{ ms, evidence }];
  });
}
