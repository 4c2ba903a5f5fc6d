import { z } from 'zod';
import type { Evidence } from '../../session/index.ts';
import type { BusinessCalendar } from '../calendar/calendar.ts';
import { calendarField } from '../calendar/schema.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { wordsEvidence } from '../evaluate/evidence.ts';
import { between } from '../evaluate/kleene.ts';
import { notApplicable, outcome, type Outcome } from '../evaluate/outcome.ts';
import type { Finder } from '../matching.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, length, quoted } from '../wording.ts';
import { courtesy } from './closers.ts';
import { unansweredExamples } from './examples/unanswered.ts';
import { countField, durationField, key, phraseList } from './fields.ts';
import { sessionStart, withoutDate, workingWords } from './moments.ts';
import { defineOperator } from './operator.ts';
import { type Wait, waitsOf } from './waits.ts';

interface Options {
  within: number | null;
  atLeast: number;
  closers: Finder;
  calendar: BusinessCalendar | null;
}

export const unanswered = defineOperator({
  name: 'unanswered',
  summary: both('a customer message that no person answered', '客户消息未得到人工回复'),
  details: 'True where messages of the customer got no reply from a person by the end, or none in time.',
  example: '{ unanswered: { within: 5min } }',
  value: z.strictObject({
    within: key(durationField, 'A reply after this is none. Left out: any reply before the end of the session counts.'),
    atLeast: key(countField, 'So many messages must be unanswered.', 1),
    closers: key(
      phraseList,
      'Courtesies that need no reply, in place of the built-in list (thanks, ok, 好的, 谢谢 …).',
    ),
    calendar: key(calendarField, 'Count working time only: a calendar in place, or { file: calendars/office.yaml }.'),
  }),
  options: z.strictObject({}),
  scope: ['turns', 'time', 'zero', 'anchor'],
  hits: true,
  examples: unansweredExamples,
  compile({ within, atLeast = 1, closers, calendar }, _options, context) {
    if (calendar && within === undefined)
      context.problem(
        ['unanswered', 'calendar'],
        'misplaced-key',
        'A calendar counts the time of `within`, and there is none.',
        'Example: { unanswered: { within: 4h, calendar: { zone: Europe/Berlin, hours: 09:00-18:00 } } }.',
      );
    const options: Options = {
      within: within ?? null,
      atLeast,
      closers: context.phrases(closers ?? courtesy, ['unanswered', 'closers']),
      calendar: context.calendar(calendar),
    };
    return (scope, evaluation) => askUnanswered(options, scope, evaluation);
  },
});

function askUnanswered(options: Options, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view } = context;
  const { within, atLeast, calendar } = options;
  const scope = resolveScope(view, { ...spec, by: ['customer'] }, context.window);
  if (scope.blind) return outcome('unanswered', 'unknown', scope.blind);
  const inScope = new Set(scope.turns.map(({ n }) => n));
  const waits = waitsOf(view, options.closers, calendar).filter(({ turn }) => inScope.has(turn.n));
  if (waits.length === 0)
    return notApplicable(
      'unanswered',
      both('No customer message in scope needed a reply.', '检查范围内没有需要回复的客户消息。'),
    );
  const open = (wait: Wait) => wait.reply === null || (within !== null && wait.ms !== null && wait.ms > within);
  const certain = waits.filter(open);
  const doubtful = waits.filter((wait) => !open(wait) && within !== null && wait.ms === null).length;
  const truth = between(certain.length >= atLeast, certain.length + doubtful >= atLeast);
  const evidence = certain.map((wait) => show(wait, options, context));
  const limit =
    within === null
      ? both('', '')
      : both(
          ` within ${length(within).en}${workingWords(calendar).en}`,
          `在 ${length(within).zh}${workingWords(calendar).zh}内`,
        );
  const first = certain[0];
  const slowest = waits
    .filter((wait) => !open(wait) && wait.ms !== null)
    .sort((a, b) => b.ms! - a.ms!)
    .slice(0, 2);
  const message =
    truth === 'true' && first
      ? both(
          `${quoted(first.turn.text).en} was not answered by a person${limit.en}${certain.length > 1 ? `, nor ${certain.length === 2 ? 'was another message' : `were ${certain.length - 1} other messages`}` : ''}.`,
          `${quoted(first.turn.text).zh}${limit.zh}没有人工回复${certain.length > 1 ? `，另有 ${certain.length - 1} 条` : ''}。`,
        )
      : truth === 'unknown'
        ? calendar && sessionStart(view) === null
          ? withoutDate
          : both('The waiting times of this session are not known well enough.', '该会话的等待时长不够可靠。')
        : certain.length > 0
          ? both(
              `${certain.length} of ${waits.length} messages ${certain.length === 1 ? 'was' : 'were'} not answered${limit.en} (limit ${atLeast}).`,
              `${waits.length} 条消息中有 ${certain.length} 条${limit.zh}没有人工回复（判定条数 ${atLeast}）。`,
            )
          : both(
              `A person answered ${waits.length === 1 ? 'the one message' : `all ${waits.length} messages`} that needed a reply${limit.en}.`,
              `需要回复的 ${waits.length} 条消息${limit.zh}均有人工回复。`,
            );
  return outcome('unanswered', truth, message, {
    evidence: truth === 'true' ? evidence.slice(0, 20) : [],
    hits: truth === 'true' ? evidence : [],
    nearMisses:
      truth === 'true' ? [] : [...evidence, ...slowest.map((wait) => show(wait, options, context))].slice(0, 3),
    measured: { value: certain.length, unit: 'count' },
  });
}

function show({ turn, ms, reply }: Wait, { within }: Options, { view }: EvalContext): Evidence {
  return wordsEvidence(view, 'unanswered', turn, 0, turn.text.length, {
    measured: reply ? ms : null,
    threshold: within,
    unit: 'ms',
    note: reply
      ? both(`answered after ${length(ms!).en}`, `${length(ms!).zh}后回复`)
      : both('never answered by a person', '始终没有人工回复'),
  });
}
