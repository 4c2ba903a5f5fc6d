import { z } from 'zod';
import { both } from '../wording.ts';
import { countField, key, phraseList } from './fields.ts';
import { phraseExamples } from './examples/phrase.ts';
import { defineOperator } from './operator.ts';
import { askText, type Wanted } from './textual.ts';

/** How many of several phrases must be there, as written: `any`, `all`, `none`, `atLeast 2`. */
const matchField = z
  .string()
  .regex(/^(any|all|none|atLeast [1-9]\d*)$/, 'Write any, all, none or atLeast 2.')
  .meta({ title: 'any, all, none or atLeast n', examples: ['any', 'all', 'none', 'atLeast 2'] });

function readMatch(given: string): Wanted {
  if (given === 'any' || given === 'all' || given === 'none') return { kind: given };
  return { kind: 'atLeast', n: Number(given.slice('atLeast '.length)) };
}

export const phrase = defineOperator({
  name: 'phrase',
  summary: both('words said or written, as given', '说出或写出的指定话术'),
  details:
    'Width, case, traditional characters, punctuation, hesitations and the spelling of numbers make no difference; English matches whole words; `*` stands for one word or up to four characters: [text matching](../text-matching.md).',
  example: '{ phrase: [thank you for calling, $greeting], by: agent, turns: first 2 }',
  value: phraseList,
  options: z.strictObject({
    match: key(
      matchField,
      'How many different phrases one unit must hold. For “all, anywhere in scope” add `unit: joined`. `none`: nothing in the whole scope.',
      'any',
    ),
    minHits: key(countField, 'Hits wanted in one unit; of phrases inside one another the longest counts.', 1),
    maxGap: key(
      z.number().int().min(0).max(20),
      'Other words (Chinese: characters) tolerated between two words of the phrase.',
      0,
    ),
    sound: key(
      z.enum(['exact', 'near', 'homophone']),
      '`near`: also what recognition confuses; `homophone`: also what sounds alike in Chinese. What was taken for what is shown.',
      'exact',
    ),
    except: key(phraseList, 'A turn that holds one of these does not count.'),
  }),
  scope: ['by', 'turns', 'time', 'zero', 'quantifier', 'unit', 'visibility', 'anchor'],
  hits: true,
  examples: phraseExamples,
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
