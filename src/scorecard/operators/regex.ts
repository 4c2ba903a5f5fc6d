import { z } from 'zod';
import { both } from '../wording.ts';
import { countField } from './fields.ts';
import { defineOperator } from './operator.ts';
import { askText } from './textual.ts';

const patternField = z.string().min(1).max(2000);

export const regex = defineOperator({
  name: 'regex',
  summary: both('text of a certain form', '符合某种格式的文本'),
  example: "{ regex: '\\b(my name is|this is) \\w+', by: agent }",
  value: patternField.meta({ description: 'RE2 syntax, matched without regard to case against the folded text.' }),
  options: z.strictObject({ except: patternField.optional(), minHits: countField.optional() }),
  scope: ['by', 'turns', 'time', 'zero', 'quantifier', 'unit', 'visibility', 'anchor'],
  hits: true,
  compile(value, { except, minHits = 1 }, context) {
    const finder = context.pattern(value, ['regex']);
    const excepted = except === undefined ? null : context.pattern(except, ['except']);
    return (scope, evaluation) =>
      askText({ op: 'regex', finder, except: excepted, wanted: { kind: 'any' }, minHits }, scope, evaluation);
  },
});
