import { z } from 'zod';
import { fieldEvidence, fieldText } from '../evaluate/evidence.ts';
import { truthOf } from '../evaluate/kleene.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import type { SessionView } from '../evaluate/view.ts';
import { both } from '../wording.ts';
import { compared } from './compared.ts';
import { limitShape, requireLimit, withinLimits, withinLimitsFrom, type Limits } from './comparison.ts';
import { reopenCountExamples } from './examples/reopenCount.ts';
import { key } from './fields.ts';
import { valueAt } from './meta.ts';
import { defineOperator } from './operator.ts';
import { isClosed } from './ticketEvents.ts';

/** Where exports count reopenings, or say that there was one; the first that is filled in counts. */
const countFields = [
  'reopenCount',
  'reopens',
  'reopened',
  'reopenTimes',
  '重开次数',
  '重新打开次数',
  '重启次数',
  '是否重开',
];
/** Where exports list the states that a ticket went through. */
const historyFields = ['statusHistory', 'statusChanges', 'statuses', '状态历史', '状态变更'];
const example = '{ reopenCount: { atMost: 0 } }';

export const reopenCount = defineOperator({
  name: 'reopenCount',
  summary: both('how often a ticket was opened again', '工单重新打开的次数'),
  details: 'Unknown where the session says nothing of it.',
  example,
  value: z.strictObject({
    ...limitShape(z.number().int().min(0)),
    field: key(
      z.string().min(1).max(200),
      'The field that counts it. Left out: reopenCount, reopens, reopened, 重开次数 …, the first that is filled in; else the list statusHistory is counted through.',
    ),
  }),
  options: z.strictObject({}),
  scope: [],
  hits: false,
  examples: reopenCountExamples,
  compile({ field, ...limits }, _options, context) {
    requireLimit(context, 'reopenCount', limits, example);
    return (_scope, { view }) => askCount(limits, field === undefined ? countFields : [field], view);
  },
});

function askCount(limits: Limits<number>, fields: readonly string[], view: SessionView): Outcome {
  const name = fields.find((one) => fieldText(valueAt(view.session, one)).trim() !== '');
  if (name !== undefined) {
    const stated = readCount(valueAt(view.session, name));
    return stated === null ? unreadable(name, view) : counted(stated, name, limits, view);
  }
  const history = historyFields.find((one) => Array.isArray(valueAt(view.session, one)));
  const states = history === undefined ? null : readStates(valueAt(view.session, history));
  if (history !== undefined && states)
    return counted({ least: reopenings(states), exact: true }, history, limits, view);
  return outcome(
    'reopenCount',
    'unknown',
    both('No field of this session says how often it was opened again.', '没有字段说明工单重新打开的次数。'),
  );
}

/** `exact` false: opened again, but it is not said how often. */
interface Count {
  least: number;
  exact: boolean;
}

function readCount(value: unknown): Count | null {
  const text = fieldText(value).trim();
  if (/^\d{1,6}$/.test(text)) return { least: Number(text), exact: true };
  if (/^(?:false|no|否|无)$/i.test(text)) return { least: 0, exact: true };
  if (/^(?:true|yes|是|有)$/i.test(text)) return { least: 1, exact: false };
  return null;
}

/** States in order: texts, or groups with `status`, `to` or `state`. */
function readStates(value: unknown): string[] | null {
  const states = (value as unknown[]).map((one) => {
    if (typeof one === 'string') return one;
    const { to, status, state } = (one ?? {}) as Record<string, unknown>;
    return fieldText(to ?? status ?? state);
  });
  return states.every((state) => state !== '') ? states : null;
}

/** Steps from a closed state to an open one. Solved → closed is none. */
function reopenings(states: readonly string[]): number {
  return states.filter((state, index) => index > 0 && isClosed(states[index - 1]) && !isClosed(state)).length;
}

function counted({ least, exact }: Count, name: string, limits: Limits<number>, view: SessionView): Outcome {
  const truth = exact ? truthOf(withinLimits(least, limits)) : withinLimitsFrom(least, limits);
  const number = exact ? String(least) : `${least} or more`;
  const times = both(least === 1 && exact ? 'once' : `${number} times`, exact ? `${least} 次` : `至少 ${least} 次`);
  const field = fieldEvidence('reopenCount', valueAt(view.session, name), both(`field “${name}”`, `字段“${name}”`));
  return compared({
    operator: 'reopenCount',
    measured: { value: least, unit: 'count' },
    limits,
    truth,
    show: (value) => both(String(value), String(value)),
    places: [{ ...field, measured: least, unit: 'count' }],
    sentence: both(
      least === 0 ? 'The ticket was never opened again' : `The ticket was opened again ${times.en}`,
      least === 0 ? '工单没有重新打开' : `工单重新打开 ${times.zh}`,
    ),
  });
}

function unreadable(name: string, view: SessionView): Outcome {
  const evidence = fieldEvidence('reopenCount', valueAt(view.session, name), both(`field “${name}”`, `字段“${name}”`));
  return outcome('reopenCount', 'unknown', both(`The field “${name}” holds no number.`, `字段“${name}”不是数字。`), {
    nearMisses: [evidence],
  });
}
