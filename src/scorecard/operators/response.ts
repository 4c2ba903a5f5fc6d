import { z } from 'zod';
import type { Evidence, Localised } from '../../session/index.ts';
import type { BusinessCalendar } from '../calendar/calendar.ts';
import { calendarField } from '../calendar/schema.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { wordsEvidence } from '../evaluate/evidence.ts';
import { notApplicable, outcome, type Outcome } from '../evaluate/outcome.ts';
import type { Finder } from '../matching.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, length, quoted } from '../wording.ts';
import { courtesy } from './closers.ts';
import { responseExamples } from './examples/response.ts';
import { durationField, key, phraseList } from './fields.ts';
import { sessionStart, withoutDate, workingWords } from './moments.ts';
import { defineOperator } from './operator.ts';
import { waitsOf } from './waits.ts';

const kinds = ['first', 'each', 'average', 'max'] as const;
interface Options {
  which: (typeof kinds)[number];
  within: number;
  closers: Finder;
  calendar: BusinessCalendar | null;
}

export const response = defineOperator({
  name: 'response',
  summary: both('how long the customer waits for a reply', '客户等待回复的时长'),
  details:
    'Replies are a person’s public messages. A message never answered is too late, unless it is a mere courtesy. Where nothing needed a reply: n/a.',
  example: '{ response: { which: first, within: 30s } }',
  value: z.strictObject({
    which: key(z.enum(kinds), 'Which replies: the first, every one, their average, or the slowest.', 'first'),
    within: durationField.meta({
      description: 'The limit, inclusive. An item of type number reads the wait by its bands.',
    }),
    closers: key(
      phraseList,
      'Courtesies that need no reply, in place of the built-in list (thanks, ok, 好的, 谢谢 …).',
    ),
    calendar: key(calendarField, 'Count working time only: a calendar in place, or { file: calendars/office.yaml }.'),
  }),
  options: z.strictObject({}),
  scope: ['turns', 'time', 'zero', 'anchor'],
  hits: false,
  examples: responseExamples,
  compile({ which = 'first', within, closers, calendar }, _options, context) {
    const options: Options = {
      which,
      within,
      closers: context.phrases(closers ?? courtesy, ['response', 'closers']),
      calendar: context.calendar(calendar),
    };
    return (scope, evaluation) => askResponse(options, scope, evaluation);
  },
});

interface Shown {
  evidence: Evidence;
  ms: number | null;
}

function askResponse(options: Options, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view } = context;
  const scope = resolveScope(view, { ...spec, by: ['customer'] }, context.window);
  if (scope.blind) return outcome('response', 'unknown', scope.blind);
  const inScope = new Set(scope.turns.map((turn) => turn.n));
  const waits: Shown[] = [];
  for (const { turn, ms } of waitsOf(view, options.closers, options.calendar)) {
    if (!inScope.has(turn.n)) continue;
    const note =
      ms === null
        ? both('the waiting time is unknown', '等待时长未知')
        : ms === Infinity
          ? both('never answered by a person', '始终没有人工回复')
          : both(
              `answered after ${length(ms).en}, limit ${length(options.within).en}`,
              `${length(ms).zh}后回复，时限 ${length(options.within).zh}`,
            );
    waits.push({
      ms,
      evidence: wordsEvidence(view, 'response', turn, 0, turn.text.length, {
        measured: ms === Infinity ? null : ms,
        threshold: options.within,
        unit: 'ms',
        note,
      }),
    });
  }
  const asked = options.which === 'first' ? waits.slice(0, 1) : waits;
  if (asked.length === 0)
    return notApplicable(
      'response',
      both('No customer message in scope needed a reply.', '检查范围内没有需要回复的客户消息。'),
    );
  return judge(options, asked, options.calendar && sessionStart(view) === null ? withoutDate : null);
}

function judge(options: Options, waits: readonly Shown[], undated: Localised | null): Outcome {
  const known = waits.map((one) => one.ms).filter((ms) => ms !== null);
  const unknown = waits.length - known.length;
  const average = options.which === 'average';
  const mean = known.reduce((sum, ms) => sum + ms, 0) / Math.max(1, known.length);
  const worst = known.reduce((a, b) => Math.max(a, b), 0);
  const measured = average ? mean : worst;
  const late = waits.filter((one) => one.ms !== null && one.ms > options.within);
  const slow = average ? unknown === 0 && mean > options.within : late.length > 0;
  const value = { value: measured, unit: 'ms' as const };
  const shown = Number.isFinite(measured) ? { measured: value } : {};
  const limit = length(options.within);
  const working = workingWords(options.calendar);
  if (!slow && unknown > 0)
    return outcome(
      'response',
      'unknown',
      undated ?? both('The waiting times of this session are not known well enough.', '该会话的等待时长不够可靠。'),
      { evidence: [] },
    );
  if (slow) {
    const first = (late[0] ?? waits[0]!).evidence;
    const en =
      first.measured === null
        ? `${quoted(first.quote).en} was never answered by a person.`
        : average
          ? `The customer waited ${length(mean).en} on average, limit ${limit.en}${working.en}.`
          : `The customer waited ${length(first.measured).en} for a reply to ${quoted(first.quote).en}, limit ${limit.en}${working.en}${late.length > 1 ? ` (${late.length} times too long)` : ''}.`;
    const zh =
      first.measured === null
        ? `${quoted(first.quote).zh}始终没有人工回复。`
        : average
          ? `客户平均等待 ${length(mean).zh}，时限 ${limit.zh}${working.zh}。`
          : `客户等了 ${length(first.measured).zh}才得到对${quoted(first.quote).zh}的回复，时限 ${limit.zh}${working.zh}${late.length > 1 ? `（共 ${late.length} 次超时）` : ''}。`;
    return outcome('response', 'false', both(en, zh), {
      nearMisses: (average ? waits : late).slice(0, 3).map((one) => one.evidence),
      ...shown,
    });
  }
  const what =
    options.which === 'first'
      ? both('The first reply came', '首次回复用时')
      : average
        ? both('Replies came on average', '平均回复用时')
        : both(`The slowest of ${waits.length} replies came`, `${waits.length} 次回复中最慢用时`);
  return outcome(
    'response',
    'true',
    both(
      `${what.en} after ${length(measured).en}, limit ${limit.en}${working.en}.`,
      `${what.zh} ${length(measured).zh}，时限 ${limit.zh}${working.zh}。`,
    ),
    {
      evidence: waits.slice(0, 3).map((one) => one.evidence),
      hits: [],
      ...shown,
    },
  );
}
