import { z } from 'zod';
import type { BusinessCalendar } from '../calendar/calendar.ts';
import { calendarField } from '../calendar/schema.ts';
import { outcome, notApplicable, type Outcome } from '../evaluate/outcome.ts';
import type { SessionView } from '../evaluate/view.ts';
import { both, capital, length } from '../wording.ts';
import { compared } from './compared.ts';
import { limitShape, limitWords, requireLimit, withinLimits, withinLimitsFrom, type Limits } from './comparison.ts';
import { elapsedExamples } from './examples/elapsed.ts';
import { durationField, key } from './fields.ts';
import { sessionStart, timeBetween, withoutDate, workingWords } from './moments.ts';
import { defineOperator } from './operator.ts';
import { untimed } from './speech.ts';
import { eventNames, events, type Moment, momentOf, ofField } from './ticketEvents.ts';

const point = z
  .union([z.enum(events), z.strictObject({ field: z.string().min(1).max(200) })])
  .meta({ title: 'event or { field: name }' });
type Point = z.infer<typeof point>;
interface Options {
  from: Point;
  to: Point;
  limits: Limits<number>;
  calendar: BusinessCalendar | null;
}
const example = '{ elapsed: { to: resolved, atMost: 3d } }';

export const elapsed = defineOperator({
  name: 'elapsed',
  summary: both('the time from one event of a ticket to another', '工单两个节点之间的时长'),
  details:
    'An event that has not come is decided where the time that passed decides, else unknown; a reply that never came is too late.',
  example,
  value: z.strictObject({
    from: key(
      point,
      'Where the time starts: opened (the first message), firstReply, lastReply (of a person), lastMessage, resolved, or a field that holds a time.',
      'opened',
    ),
    to: point.meta({
      description:
        'Where it ends. `resolved`: the first filled of resolvedAt, solvedAt, closedAt, completedAt, 解决时间 …; else the last reply of a ticket whose status is solved or closed.',
    }),
    ...limitShape(durationField),
    calendar: key(calendarField, 'Count working time only: a calendar in place, or { file: calendars/office.yaml }.'),
  }),
  options: z.strictObject({}),
  scope: [],
  hits: false,
  examples: elapsedExamples,
  compile({ from = 'opened', to, calendar, ...limits }, _options, context) {
    requireLimit(context, 'elapsed', limits, example);
    const options: Options = { from, to, limits, calendar: context.calendar(calendar) };
    return (_scope, { view }) => askElapsed(options, view);
  },
});

function askElapsed(options: Options, view: SessionView): Outcome {
  const { from, to, limits, calendar } = options;
  if (calendar && sessionStart(view) === null) return outcome('elapsed', 'unknown', withoutDate);
  if (!view.speakersKnown && [from, to].some((one) => one === 'firstReply' || one === 'lastReply'))
    return outcome('elapsed', 'unknown', both('No turn of this session names its speaker.', '该会话没有标明说话人。'));
  const missing = [from, to].some((one) => typeof one === 'string') ? untimed('elapsed', view) : null;
  if (missing) return missing;
  const [start, end] = [momentAt(view, from, calendar), momentAt(view, to, calendar)];
  if (!start) return missingStart(from);
  if (!end) return stillOpen(options, start, view);
  const value = end.ms < start.ms ? null : timeBetween(view, calendar, start.ms, end.ms);
  if (value === null)
    return outcome(
      'elapsed',
      'unknown',
      both(
        `The times contradict one another: ${nameOf(to).en} lies before ${nameOf(from).en}, or too far from it.`,
        `时间自相矛盾：${nameOf(to).zh}早于${nameOf(from).zh}，或相距过久。`,
      ),
      { nearMisses: [start.evidence, end.evidence] },
    );
  const working = workingWords(calendar);
  return compared({
    operator: 'elapsed',
    measured: { value, unit: 'ms' },
    limits,
    show: length,
    places: [
      {
        ...end.evidence,
        measured: value,
        threshold: limits.atMost ?? limits.below ?? limits.atLeast ?? limits.above ?? null,
        unit: 'ms',
        note: both(
          `${length(value).en}${working.en} after ${nameOf(from).en}`,
          `距${nameOf(from).zh} ${length(value).zh}${working.zh}`,
        ),
      },
    ],
    sentence: both(
      `From ${nameOf(from).en} to ${nameOf(to).en} it took ${length(value).en}${working.en}`,
      `从${nameOf(from).zh}到${nameOf(to).zh}用时 ${length(value).zh}${working.zh}`,
    ),
  });
}

function momentAt(view: SessionView, at: Point, calendar: BusinessCalendar | null): Moment | null {
  return typeof at === 'string' ? momentOf(view, at, calendar) : ofField(view, at.field, calendar);
}

function nameOf(at: Point) {
  return typeof at === 'string' ? eventNames[at] : both(`“${at.field}”`, `“${at.field}”`);
}

function missingStart(from: Point): Outcome {
  const name = nameOf(from);
  if (typeof from === 'string' && from !== 'resolved')
    return notApplicable('elapsed', both(`There was not ${name.en} to count from.`, `没有${name.zh}，无从计时。`));
  return outcome(
    'elapsed',
    'unknown',
    both(`The session does not say when ${name.en} was.`, `会话没有说明${name.zh}的时间。`),
  );
}

/**
 * The event has not come. A reply that never came is endlessly late. For the rest, the session was exported at some
 * time after its last message, so the time is at least that long: often that decides, else it is unknown.
 */
function stillOpen({ from, to, limits, calendar }: Options, start: Moment, view: SessionView): Outcome {
  const last = Math.max(start.ms, view.end('first-speech') ?? start.ms);
  const least = timeBetween(view, calendar, start.ms, last) ?? 0;
  const never = to === 'firstReply' || to === 'lastReply';
  const truth = never ? (withinLimits(Infinity, limits) ? 'true' : 'false') : withinLimitsFrom(least, limits);
  const wanted = limitWords(limits, length);
  const name = nameOf(to);
  const message = never
    ? both(`${capital(name.en)} never came (condition ${wanted.en}).`, `始终没有${name.zh}（条件 ${wanted.zh}）。`)
    : both(
        `${capital(name.en)} is not there yet, ${length(least).en}${workingWords(calendar).en} after ${nameOf(from).en} at least (condition ${wanted.en}).`,
        `尚无${name.zh}的时间，距${nameOf(from).zh}至少已有 ${length(least).zh}${workingWords(calendar).zh}（条件 ${wanted.zh}）。`,
      );
  const evidence = [{ ...start.evidence, measured: never ? null : least, unit: 'ms' }];
  return outcome('elapsed', truth, message, {
    evidence: truth === 'true' ? evidence : [],
    nearMisses: truth === 'true' ? [] : evidence,
    hits: [],
  });
}
