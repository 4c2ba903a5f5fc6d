import { z } from 'zod';
import type { Evidence, Session } from '../../session/index.ts';
import { fieldEvidence, fieldText } from '../evaluate/evidence.ts';
import { truthOf } from '../evaluate/kleene.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import type { Finder } from '../matching.ts';
import { both, quoted } from '../wording.ts';
import { valueAt } from './meta.ts';
import { fieldExamples } from './examples/field.ts';
import { key } from './fields.ts';
import { defineOperator } from './operator.ts';

const nameField = z.string().min(1).max(200);
const valueField = z.union([z.string(), z.number(), z.boolean()]);

export const field = defineOperator({
  name: 'field',
  summary: both('ticket fields filled in, and filled in properly', '工单字段的完整性与规范性'),
  details: 'Fields are attributes of the session, or `queue`, `team`, `agentId` and the like.',
  example: '{ field: { required: [category, priority, orderNumber] } }',
  value: z.strictObject({
    required: key(
      z.union([nameField, z.array(nameField).min(1).max(100)]).meta({ title: 'name or list of names' }),
      'Fields that must be filled in; blank is missing. Dots lead into nested ones.',
    ),
    name: key(nameField, 'The field that `regex` or `in` speak about.'),
    regex: key(
      z.string().min(1).max(2000).meta({ title: 'pattern' }),
      'The form that its value must have (RE2 syntax).',
    ),
    in: key(z.array(valueField).min(1).max(1000).meta({ title: 'list of values' }), 'The values that it may have.'),
  }),
  options: z.strictObject({}),
  scope: [],
  hits: false,
  examples: fieldExamples,
  compile({ required, name, regex, in: allowed }, _options, context) {
    const names = required === undefined ? [] : Array.isArray(required) ? required : [required];
    if (name === undefined && names.length === 0)
      context.problem(
        ['field'],
        'missing-key',
        '`field` needs `required`, or `name` with `regex` or `in`.',
        'Example: { field: { required: [category, orderNumber] } }.',
      );
    if (name !== undefined && regex === undefined && allowed === undefined)
      context.problem(
        ['field', 'name'],
        'missing-key',
        '`name` needs `regex` or `in` beside it.',
        "Example: { field: { name: orderNumber, regex: '^A\\d{6}$' } }.",
      );
    if (name === undefined && (regex !== undefined || allowed !== undefined))
      context.problem(
        ['field'],
        'missing-key',
        '`regex` and `in` need `name`, the field that they speak about.',
        "Example: { field: { name: orderNumber, regex: '^A\\d{6}$' } }.",
      );
    const pattern = regex === undefined ? null : context.pattern(regex, ['field', 'regex']);
    return (_scope, { view }) => askField(view.session, names, name ?? null, pattern, allowed ?? null);
  },
});

function askField(
  session: Session,
  required: readonly string[],
  name: string | null,
  pattern: Finder | null,
  allowed: readonly unknown[] | null,
): Outcome {
  const missing = required.filter((one) => text(session, one) === '');
  const evidence: Evidence[] = required
    .filter((one) => !missing.includes(one))
    .map((one) => fieldEvidence('field', valueAt(session, one), both(`field “${one}”`, `字段“${one}”`)));
  const wrong: Evidence[] = [];
  if (name !== null) {
    const value = text(session, name);
    const filled = value !== '';
    const good =
      filled &&
      (pattern === null || pattern.findIn(value).length > 0) &&
      (allowed === null || allowed.some((one) => fieldText(one) === value));
    const one = fieldEvidence('field', valueAt(session, name), both(`field “${name}”`, `字段“${name}”`));
    if (good) evidence.push(one);
    else if (filled)
      wrong.push({ ...one, note: both(`field “${name}” is not of the expected form`, `字段“${name}”不符合要求`) });
    else missing.push(name);
  }
  const held = missing.length === 0 && wrong.length === 0;
  const parts = both(missing.map((one) => `“${one}”`).join(', '), missing.map((one) => `“${one}”`).join('、'));
  const message = held
    ? both('All the fields asked for are filled in.', '所查字段均已规范填写。')
    : missing.length > 0
      ? both(`Not filled in: ${parts.en}.`, `未填写：${parts.zh}。`)
      : both(
          `The field “${name}” holds ${quoted(wrong[0]!.quote).en}, which is not of the expected form.`,
          `字段“${name}”的值${quoted(wrong[0]!.quote).zh}不符合要求。`,
        );
  return outcome('field', truthOf(held), message, {
    evidence: held ? evidence : [],
    hits: [],
    nearMisses: wrong,
    measured: { value: missing.length + wrong.length, unit: 'count' },
  });
}

function text(session: Session, name: string): string {
  return fieldText(valueAt(session, name)).trim();
}
