import type { Path } from './problems.ts';
import { rawScorecardSchema } from './schema.ts';

const sectionShape = rawScorecardSchema.shape.sections.element.shape;
const itemShape = sectionShape.items.element.shape;

/** The keys that may stand at a place of a scorecard, for suggestions. */
export function shapeAt(path: Path): readonly string[] {
  if (path.length === 0) return Object.keys(rawScorecardSchema.shape);
  if (path[0] === 'sections' && path.length === 2) return Object.keys(sectionShape);
  if (path[0] === 'sections' && path[2] === 'items' && path.length === 4) return Object.keys(itemShape);
  if (path[0] === 'confidence') return ['words', 'scope'];
  if (path[0] === 'appliesTo') return ['queue', 'team', 'attributes'];
  if (path[0] === 'lexicons') return ['file', 'id', 'version', 'phrases'];
  const last = path.at(-1);
  if (last === 'title' || last === 'why' || last === 'coaching') return ['en', 'zh'];
  if (path.includes('levels')) return ['points', 'expect'];
  if (path.includes('bands')) return ['from', 'to', 'points'];
  return [];
}
