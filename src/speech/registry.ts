import { EarwitnessError } from '../session/index.ts';
import { type RecogniserDefinition, type RecogniserId, recogniserIds } from './recogniser.ts';
import { given } from './recognisers/given.ts';
import { pocketsphinx } from './recognisers/pocketsphinx.ts';
import { sherpa } from './recognisers/sherpa.ts';

export type Registry = Readonly<Record<RecogniserId, RecogniserDefinition>>;

/** Joins names and definitions one to one; throws `internal` on a gap, a double or a stranger. */
export function buildRegistry(ids: readonly string[], definitions: readonly RecogniserDefinition[]): Registry {
  const found = new Map<string, RecogniserDefinition>();
  const faults: string[] = [];
  for (const definition of definitions) {
    if (!ids.includes(definition.id)) faults.push(`"${definition.id}" is not in the list of recognisers`);
    else if (found.has(definition.id)) faults.push(`"${definition.id}" is registered twice`);
    found.set(definition.id, definition);
  }
  for (const id of ids) if (!found.has(id)) faults.push(`"${id}" has no definition`);
  if (faults.length > 0)
    throw new EarwitnessError('internal', 'src/speech/registry.ts', `Recogniser registry: ${faults.join('; ')}.`);
  return Object.fromEntries(found) as unknown as Registry;
}

export const registry: Registry = buildRegistry(recogniserIds, [sherpa, pocketsphinx, given]);
