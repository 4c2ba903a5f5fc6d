import { answer } from './answer.ts';
import { duration } from './duration.ts';
import { entity } from './entity.ts';
import { elapsed } from './elapsed.ts';
import { energy } from './energy.ts';
import { field } from './field.ts';
import { hangup } from './hangup.ts';
import { interruption } from './interruption.ts';
import { judge } from './judge.ts';
import { meta } from './meta.ts';
import { near } from './near.ts';
import type { OperatorDefinition } from './operator.ts';
import { phrase } from './phrase.ts';
import { regex } from './regex.ts';
import { repeat } from './repeat.ts';
import { reopenCount } from './reopenCount.ts';
import { response } from './response.ts';
import { sentiment } from './sentiment.ts';
import { sequence } from './sequence.ts';
import { silence } from './silence.ts';
import { similar } from './similar.ts';
import { silenceShare } from './silenceShare.ts';
import { speechRate } from './speechRate.ts';
import { talkShare } from './talkShare.ts';
import { turnCount } from './turnCount.ts';
import { unanswered } from './unanswered.ts';
import { updateGap } from './updateGap.ts';

/** Every operator of the language. One that is named here and not defined, or defined and not named, stops the program. */
export const operatorNames = [
  'phrase',
  'regex',
  'sequence',
  'silence',
  'interruption',
  'response',
  'sentiment',
  'field',
  'answer',
  'meta',
  'duration',
  'turnCount',
  'near',
  'entity',
  'similar',
  'repeat',
  'judge',
  'silenceShare',
  'talkShare',
  'speechRate',
  'hangup',
  'unanswered',
  'elapsed',
  'updateGap',
  'reopenCount',
  'energy',
] as const;

/** Holds definitions against the names that the language promises: no gap, no double, no stranger. */
export function buildRegistry(
  names: readonly string[],
  definitions: readonly OperatorDefinition[],
): ReadonlyMap<string, OperatorDefinition> {
  const registry = new Map<string, OperatorDefinition>();
  for (const definition of definitions) {
    if (registry.has(definition.name)) throw new Error(`Two operators are named "${definition.name}".`);
    if (!names.includes(definition.name))
      throw new Error(`The operator "${definition.name}" is not among the names of the language.`);
    registry.set(definition.name, definition);
  }
  const gap = names.find((name) => !registry.has(name));
  if (gap !== undefined) throw new Error(`The language promises the operator "${gap}", and there is none.`);
  return registry;
}

export const operators = buildRegistry(operatorNames, [
  phrase,
  regex,
  sequence,
  silence,
  interruption,
  response,
  sentiment,
  field,
  answer,
  meta,
  duration,
  turnCount,
  near,
  entity,
  similar,
  repeat,
  judge,
  silenceShare,
  talkShare,
  speechRate,
  hangup,
  unanswered,
  elapsed,
  updateGap,
  reopenCount,
  energy,
]);
