import type { Node, YAMLMap } from 'yaml';
import type { Path } from '../edit.ts';
import { otherNumbers, otherTexts } from '../figures.ts';
import { isScalar, isSeq, pairOf } from '../source.ts';
import { dropEntries, dropKey, replace, valueOf, type Walk } from '../site.ts';
import { walkCondition } from '../walk.ts';

const scoringKeys = ['weight', 'points', 'once', 'perHit', 'max'] as const;

/** An item: its rule, when it applies and to which channels, and (if asked for) what it is worth. */
export function mutateItem(walk: Walk, item: YAMLMap, path: Path): void {
  const { source, propose } = walk;
  const swap = (from: string, to: string) => {
    const found = pairOf(item, from);
    if (found) propose('logic', source.rename(found.pair, [...path, from], to), `${from} → ${to}`);
  };
  swap('expect', 'forbid');
  swap('forbid', 'expect');
  const anchored = /\b(after|before|around|same):\s*when\b/.test(textOf(walk, item));
  // Without its `when` a rule that is anchored there has no place to look from: no scorecard at all.
  if (!anchored) dropKey(walk, 'logic', item, 'when', path);
  dropKey(walk, 'logic', item, 'naWhen', path);
  for (const key of ['when', 'naWhen', 'expect', 'forbid', 'measure'])
    walkCondition(walk, valueOf(item, key), [...path, key], {});
  mutateChannels(walk, item, path);
  mutateLevels(walk, item, path);
  mutateScoring(walk, item, path);
}

function textOf(walk: Walk, node: Node): string {
  return walk.source.text.slice(node.range![0], node.range![1]);
}

function mutateChannels(walk: Walk, item: YAMLMap, path: Path): void {
  const channels = valueOf(item, 'channels');
  if (!isSeq(channels)) return;
  dropEntries(walk, 'channel', channels, [...path, 'channels'], false);
  if (channels.items.length < 3) dropKey(walk, 'channel', item, 'channels', path);
}

function mutateLevels(walk: Walk, item: YAMLMap, path: Path): void {
  const levels = valueOf(item, 'levels');
  if (isSeq(levels)) {
    dropEntries(walk, 'logic', levels, [...path, 'levels'], false);
    for (const [index, level] of levels.items.entries())
      walkCondition(walk, valueOf(level as YAMLMap, 'expect'), [...path, 'levels', index, 'expect'], {});
  }
  const bands = valueOf(item, 'bands');
  if (!isSeq(bands)) return;
  for (const [index, band] of bands.items.entries())
    for (const key of ['from', 'to']) {
      const edge = pairOf(band as YAMLMap, key);
      if (!edge || !isScalar(edge.pair.value)) continue;
      const at = [...path, 'bands', index, key];
      const { value } = edge.pair.value;
      if (typeof value === 'number')
        for (const other of otherNumbers(value)) replace(walk, 'threshold', edge.pair, at, other.value, other.clue);
      if (typeof value === 'string')
        for (const other of otherTexts(value))
          replace(walk, other.boundary ? 'boundary' : 'threshold', edge.pair, at, other.value, other.clue);
    }
}

function mutateScoring(walk: Walk, item: YAMLMap, path: Path): void {
  for (const key of scoringKeys) {
    const found = pairOf(item, key);
    if (!found || !isScalar(found.pair.value) || typeof found.pair.value.value !== 'number') continue;
    for (const other of otherNumbers(found.pair.value.value))
      replace(walk, 'scoring', found.pair, [...path, key], other.value, other.clue);
  }
  for (const key of ['autoFail', 'severity', 'critical']) dropKey(walk, 'scoring', item, key, path);
}
