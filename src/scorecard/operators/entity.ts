import { z } from 'zod';
import type { Localised } from '../../session/index.ts';
import { entityTypes, type EntityType, findEntities } from '../../text/index.ts';
import { everyTurn, type Finder, type Match } from '../matching.ts';
import { both } from '../wording.ts';
import { entityExamples } from './examples/entity.ts';
import { key } from './fields.ts';
import { defineOperator } from './operator.ts';
import { askText } from './textual.ts';

const typeField = z.enum(entityTypes).meta({
  title: 'kind of thing',
  description: entityTypes.map((type) => `\`${type}\``).join(', '),
});
const manyField = z.number().int().min(0).max(1000);

const typeNames: Record<EntityType, Localised> = {
  email: both('an e-mail address', '邮箱'),
  url: both('a web address', '网址'),
  idNumber: both('an identity number', '证件号'),
  bankCard: both('a bank card number', '银行卡号'),
  phone: both('a telephone number', '电话号码'),
  orderNumber: both('an order number', '订单号'),
  plate: both('a number plate', '车牌号'),
  address: both('a street address', '地址'),
  date: both('a date', '日期'),
  time: both('a time of day', '时间点'),
  money: both('an amount of money', '金额'),
  duration: both('a length of time', '时长'),
  person: both('a name', '姓名'),
};

export const entity = defineOperator({
  name: 'entity',
  summary: both(
    'things named: amounts, dates, numbers of telephones and orders …',
    '提及的金额、日期、电话、订单号等信息',
  ),
  example: '{ entity: { type: [orderNumber, phone], min: 1 }, by: agent }',
  value: z
    .union([
      typeField,
      z.strictObject({
        type: z.union([typeField, z.array(typeField).min(1)]).meta({
          title: 'kind of thing, or a list of them',
          description: 'What counts; any of several.',
        }),
        min: key(manyField, 'How many there must be at least.', 1),
        max: key(manyField, 'How many there may be at most; any number where it is left out.'),
        checked: key(
          z.boolean(),
          'Only what a checksum or the calendar confirms (bank cards, identity numbers, full dates).',
          false,
        ),
      }),
    ])
    .meta({
      description:
        'One kind, or a group of keys. Said or written, they are counted over the scope as a whole; [what is recognised](../text-matching.md#things-named).',
    }),
  options: z.strictObject({}),
  scope: ['by', 'turns', 'time', 'zero', 'visibility', 'anchor'],
  hits: true,
  examples: entityExamples,
  compile(value, _options, context) {
    const given = typeof value === 'string' ? { type: value } : value;
    const { type, min = 1, max, checked = false } = given;
    if (max !== undefined && max < min)
      context.problem(['entity', 'max'], 'bad-value', `"max" is ${max} and "min" is ${min}: no number is both.`);
    if (min === 0 && max === undefined)
      context.problem(
        ['entity', 'min'],
        'bad-value',
        '"min: 0" alone always holds.',
        'Example: { entity: { type: phone, min: 0, max: 1 } }.',
      );
    const finder = entityFinder(Array.isArray(type) ? type : [type], checked);
    return (scope, evaluation) =>
      askText(
        {
          op: 'entity',
          finder,
          except: null,
          wanted: { kind: 'any' },
          minHits: min,
          ...(max === undefined ? {} : { maxHits: max }),
        },
        // Counted over the whole scope: “at most one telephone number” is meant of the conversation.
        { ...scope, unit: 'joined', quantifier: { kind: 'any' } },
        evaluation,
      );
  },
});

function entityFinder(types: readonly EntityType[], checked: boolean): Finder {
  const find: Finder['find'] = (view, turn) =>
    view
      .memo(`entities:${turn.n}`, () => findEntities(turn.text))
      .filter((one) => types.includes(one.type) && (one.checked || !checked))
      .map(({ start, end, type, value }): Match => {
        const shown = value === null ? both('', '') : both(` (${value})`, `（${value}）`);
        return {
          start,
          end,
          alternative: types.indexOf(type),
          note: both(`${typeNames[type].en}${shown.en}`, `${typeNames[type].zh}${shown.zh}`),
        };
      });
  return {
    wanted: types,
    names: both(
      types.map((type) => typeNames[type].en).join(' or '),
      types.map((type) => typeNames[type].zh).join('或'),
    ),
    find,
    found: everyTurn(find),
    // The end of one turn and the start of the next are two statements, not one number.
    findIn: () => [],
    closest: () => null,
  };
}
