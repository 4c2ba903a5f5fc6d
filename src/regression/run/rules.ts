import type { CompiledScorecard } from '../../scorecard/index.ts';
import type { Place } from '../fixtures/problems.ts';
import type { RulePlace } from './assertions.ts';

/** Finds the line that names an item in the files of a scorecard, its own file first. */
export function ruleFinder(card: CompiledScorecard): RulePlace {
  const known = new Map<string, Place | null>();
  return (item) => {
    const found = known.get(item);
    if (found !== undefined) return found;
    const place = find(card, item);
    known.set(item, place);
    return place;
  };
}

function find(card: CompiledScorecard, item: string): Place | null {
  const name = item.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(?<=^|[\\s{,-])["']?id["']?\\s*:\\s*["']?${name}["']?\\s*(?=$|[,}#\\r])`, 'm');
  for (const { path, text } of card.sources) {
    const match = pattern.exec(text);
    if (!match) continue;
    const before = text.slice(0, match.index);
    const lineStart = before.lastIndexOf('\n') + 1;
    return { file: path, line: before.split('\n').length, column: match.index - lineStart + 1 };
  }
  return null;
}
