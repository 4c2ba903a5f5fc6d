import { z } from 'zod';
import { both } from '../wording.ts';
import { countField, key } from './fields.ts';
import { regexExamples } from './examples/regex.ts';
import { defineOperator } from './operator.ts';
import { askText } from './textual.ts';

const patternField = z.string().min(1).max(2000).meta({ title: 'pattern' });

export const regex = defineOperator({
  name: 'regex',
  summary: both('text of a certain form', '符合某种格式的文本'),
  example: "{ regex: '\\b(my name is|this is) \\w+', by: agent }",
  value: patternField.meta({
    description:
      'RE2 syntax (no look-around, no back references), matched without regard to case against the folded text: lower case, half width, simplified characters.',
  }),
  options: z.strictObject({
    except: key(patternField, 'A turn that holds this pattern does not count.'),
    minHits: key(countField, 'Hits wanted in one unit.', 1),
  }),
  scope: ['by', 'turns', 'time', 'zero', 'quantifier', 'unit', 'visibility', 'anchor'],
  hits: true,
  examples: regexExamples,
  compile(value, { except, minHits = 1 }, context) {
    const finder = context.pattern(value, ['regex']);
    const excepted = except === undefined ? null : context.pattern(except, ['except']);
    return (scope, evaluation) =>
      askText({ op: 'regex', finder, except: excepted, wanted: { kind: 'any' }, minHits }, scope, evaluation);
  },
});
