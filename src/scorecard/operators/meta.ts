import { z } from 'zod';
import type { Session } from '../../session/index.ts';
import { fieldEvidence, fieldText } from '../evaluate/evidence.ts';
import { truthOf } from '../evaluate/kleene.ts';
import { outcome } from '../evaluate/outcome.ts';
import { both, quoted } from '../wording.ts';
import { metaExamples } from './examples/meta.ts';
import { key } from './fields.ts';
import { defineOperator } from './operator.ts';

const valueField = z.union([z.string(), z.number(), z.boolean()]).meta({ title: 'text, number, true or false' });

/** What is known of a session beside its words, by the name that a scorecard uses. */
const facts = ['id', 'channel', 'language', 'agentId', 'customerId', 'team', 'queue', 'startedAt'] as const;

/** A fact of the session, or an attribute by its name; dots lead into nested attributes. */
export function valueAt(session: Session, path: string): unknown {
  const name = path.startsWith('attributes.') ? path.slice('attributes.'.length) : path;
  const fact = facts.find((one) => one === name);
  if (fact && name === path) return session[fact];
  if (Object.hasOwn(session.attributes, name)) return session.attributes[name];
  let value: unknown = session.attributes;
  for (const key of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

export const meta = defineOperator({
  name: 'meta',
  summary: both('facts about the session', '会话属性'),
  details: 'One or more of the tests beside `path`; all must hold.',
  example: '{ meta: { path: queue, in: [complaints, refunds] } }',
  value: z.strictObject({
    path: z.string().min(1).max(200).meta({
      title: 'name',
      description:
        'id, channel, language, agentId, customerId, team, queue, startedAt, or an attribute; dots lead into nested ones.',
    }),
    eq: key(valueField, 'It is this.'),
    in: key(z.array(valueField).min(1).max(1000).meta({ title: 'list of values' }), 'It is one of these.'),
    gt: key(z.number(), 'It is a number greater than this.'),
    lt: key(z.number(), 'It is a number less than this.'),
    exists: key(z.boolean(), 'Whether it is filled in.'),
    regex: key(z.string().min(1).max(2000).meta({ title: 'pattern' }), 'Its value has this form (RE2 syntax).'),
  }),
  options: z.strictObject({}),
  scope: [],
  hits: false,
  examples: metaExamples,
  compile({ path, eq, in: options, gt, lt, exists, regex }, _options, context) {
    if ([eq, options, gt, lt, exists, regex].every((one) => one === undefined))
      context.problem(
        ['meta'],
        'missing-key',
        '`meta` needs one of eq, in, gt, lt, exists, regex.',
        'Example: { meta: { path: queue, eq: complaints } }.',
      );
    const pattern = regex === undefined ? null : context.pattern(regex, ['meta', 'regex']);
    return (_scope, { view }) => {
      const value = valueAt(view.session, path);
      const text = fieldText(value);
      const number = typeof value === 'number' ? value : text.trim() === '' ? NaN : Number(text);
      const held =
        (eq === undefined || text === fieldText(eq)) &&
        (options === undefined || options.some((one) => fieldText(one) === text)) &&
        (gt === undefined || number > gt) &&
        (lt === undefined || number < lt) &&
        (exists === undefined || (text !== '') === exists) &&
        (pattern === null || pattern.findIn(text).length > 0);
      const shown = text === '' ? both('empty', '空') : quoted(text);
      return outcome('meta', truthOf(held), both(`“${path}” is ${shown.en}.`, `“${path}”为${shown.zh}。`), {
        evidence: held && text !== '' ? [fieldEvidence('meta', value, both(`field “${path}”`, `字段“${path}”`))] : [],
        hits: [],
        measured: Number.isFinite(number) ? { value: number, unit: 'score' } : null,
      });
    };
  },
});
