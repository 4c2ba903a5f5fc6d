import type { YAMLMap } from 'yaml';
import type { Path } from '../edit.ts';
import { beyond, otherNumbers, otherTexts } from '../figures.ts';
import { windowPlaces } from '../language.ts';
import { isScalar, isSeq, keyOf, pairOf } from '../source.ts';
import { dropEntries, dropKey, type Inherited, replace, type Walk } from '../site.ts';

const otherPlaces: Record<string, readonly string[]> = {
  after: ['before', 'around'],
  before: ['after', 'around'],
  around: ['after', 'before'],
  same: ['around'],
};
const otherSpeaker: Record<string, string> = { agent: 'customer', customer: 'agent', bot: 'agent', system: 'agent' };
const zeros = ['first-speech', 'recording-start', 'first-agent-word', 'first-customer-word'];
/** What a key stands for where it is left out. */
const defaults: Inherited = { hit: 'any', quantifier: 'any', unit: 'turn', visibility: 'public', zero: 'first-speech' };

/** Who is listened to, when, and where: each scope key swapped, widened, narrowed and left out. */
export function mutateScope(walk: Walk, map: YAMLMap, path: Path, inherited: Inherited, operator: string | null): void {
  for (const key of ['by', 'turns', 'time', 'zero', 'quantifier', 'unit', 'visibility', 'within', 'hit']) {
    const found = pairOf(map, key);
    if (!found) continue;
    const { pair } = found;
    const at = [...path, key];
    const value: unknown = isScalar(pair.value) ? pair.value.value : undefined;
    if (isSeq(pair.value)) dropEntries(walk, 'scope', pair.value, at, false);
    for (const other of alternatives(key, value)) if (other !== value) replace(walk, 'scope', pair, at, other);
    if (key === 'turns' && typeof value === 'number')
      for (const { value: other, clue } of otherNumbers(value))
        if (other !== 0) replace(walk, 'scope', pair, at, other, clue);
    if (typeof value === 'string')
      for (const { value: other, clue, boundary } of otherTexts(value))
        replace(walk, boundary ? 'boundary' : 'scope', pair, at, other, clue);
    const unsaid = key in inherited ? inherited[key] : defaults[key];
    if (unsaid !== value) dropKey(walk, 'scope', map, key, path, beyond(value));
  }
  for (const place of windowPlaces) {
    const found = pairOf(map, place);
    if (!found) continue;
    for (const other of otherPlaces[place]!) {
      // Nothing lies after or before a silence's own words, but much lies around it: all places tell.
      walk.propose('scope', walk.source.rename(found.pair, [...path, place], other), `${place} → ${other}`);
    }
    if (!pairOf(map, 'hit') && operator !== null) {
      const behind = map.items.find((pair) => keyOf(pair) === 'within') ?? found.pair;
      walk.propose('scope', walk.source.add(map, behind, path, 'hit', 'each'), 'hit: any → each');
    }
  }
}

function alternatives(key: string, value: unknown): unknown[] {
  switch (key) {
    case 'by':
      return typeof value === 'string' ? [otherSpeaker[value]].filter((one) => one !== undefined) : [];
    case 'zero':
      return zeros.slice(0, 3);
    case 'quantifier':
      return value === 'all' ? ['any'] : value === 'any' ? ['all'] : ['any'];
    case 'unit':
      return value === 'joined' ? ['turn'] : ['joined'];
    case 'visibility':
      return ['any'];
    case 'hit':
      return typeof value === 'number' ? [value + 1, ...(value > 1 ? [value - 1] : [])] : ['any', 'each'];
    default:
      return [];
  }
}
