import { z } from 'zod';
import { both } from '../wording.ts';
import { countField, phraseList } from './fields.ts';
import { defineOperator } from './operator.ts';
import { askText, type Wanted } from './textual.ts';

/** How many of several phrases must be there, as written: `any`, `all`, `none`, `atLeast 2`. */
const matchField = z
  .string()
  .regex(/^(any|all|none|atLeast [1-9]\d*)$/, 'Write any, all, none or atLeast 2.')
  .meta({ examples: ['any', 'all', 'none', 'atLeast 2'] });

function readMatch(given: string): Wanted {
  if (given === 'any' || given === 'all' || given === 'none') return { kind: given };
  return { kind: 'atLeast', n: Number(given.slice('atLeast '.length)) };
}

export const phrase = defineOperator({
  name: 'phrase',
  summary: both('words said or written, as given', '说出或写出的指定话术'),
  example: '{ phrase: [thank you for calling, $greeting], by: agent, turns: first 2 }',
  value: phraseList,
  options: z.strictObject({
    match: matchField.optional(),
    minHits: countField.optional(),
    maxGap: z.number().int().min(0).max(20).optional(),
    sound: z.enum(['exact', 'near', 'homophone']).optional(),
    except: phraseList.optional(),
  }),
  scope: ['by', 'turns', 'time', 'zero', 'quantifier', 'unit', 'visibility', 'anchor'],
  hits: true,
  compile(value, { match = 'any', minHits = 1, maxGap = 0, sound = 'exact', except }, context) {
    const finder = context.phrases(value, ['phrase'], { maxGap, sound });
    const excepted = except === undefined ? null : context.phrases(except, ['except'], { maxGap, sound });
    const wanted = readMatch(match);
    if (wanted.kind === 'atLeast' && wanted.n > finder.wanted.length && finder.wanted.length > 0)
      context.problem(['match'], 'bad-value', `atLeast ${wanted.n} of ${finder.wanted.length} phrases can never hold.`);
    if (wanted.kind === 'none' && context.scope.quantifier.kind !== 'any')
      context.problem(
        ['match'],
        'misplaced-key',
        '`match: none` speaks about the whole scope and takes no quantifier.',
        'Use not: { phrase: … } with a quantifier inside.',
      );
    return (scope, evaluation) =>
      askText({ op: 'phrase', finder, except: excepted, wanted, minHits }, scope, evaluation);
  },
});
