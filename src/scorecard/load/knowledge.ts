import { EarwitnessError } from '../../session/index.ts';
import { type KnowledgeBase, parseKnowledge } from '../../knowledge/index.ts';
import { type Composed, hashKey } from './compose/compose.ts';
import { type SourceFiles, UnusableFile } from './files.ts';
import { isPlaceholder } from './fragments.ts';
import type { Path, Report } from './problems.ts';
import type { RawScorecard } from './schema.ts';

/** A knowledge base as a rule refers to it. */
export interface KnowledgeRef {
  file: string;
  base: KnowledgeBase;
}

/** The knowledge bases that a scorecard names, loaded before anything is compiled. */
export interface KnowledgeBases {
  /** By its path as written, or the scorecard's own where none is named; null after a problem. */
  get(file: string | undefined, path: Path, report: Report): KnowledgeRef | null;
}

/** Loads every knowledge base that a scorecard names anywhere; they join its parts and contents. */
export async function readKnowledgeBases(
  raw: RawScorecard,
  { composition, parts, contents }: Composed,
  sources: SourceFiles,
): Promise<KnowledgeBases> {
  const { report } = composition;
  const loaded = new Map<string, KnowledgeRef | null>();
  for (const [file, path] of namedIn({ ...raw, lexicons: null }, [])) {
    const place = composition.locate(file, path);
    if (loaded.has(place)) continue;
    try {
      const base = await readKnowledge(place, sources);
      loaded.set(place, { file, base });
      contents.set(hashKey(composition.file, place), base.ref);
      const { id, version } = base.ref;
      parts.push({ kind: 'knowledge', file: place, id, version, sha256: sources.sha256(place) ?? '' });
    } catch (error) {
      const { why, hint } = whyNot(error);
      loaded.set(place, null);
      report(path, 'knowledge-invalid', `The knowledge base "${file}" cannot be used. ${why}`, hint);
    }
  }
  return {
    get: (file, path, tell) => {
      const place =
        file !== undefined
          ? composition.locate(file, path)
          : raw.knowledge !== undefined
            ? composition.locate(raw.knowledge, ['knowledge'])
            : null;
      const known = place === null ? undefined : loaded.get(place);
      if (known !== undefined) return known;
      if (place === null)
        tell(
          path,
          'missing-key',
          'No knowledge base is named, neither here nor for the scorecard.',
          'Example: { answer: { is: wrong, knowledge: knowledge/shop.en.yaml } }.',
        );
      else
        tell(
          path,
          'knowledge-invalid',
          `The knowledge base "${file ?? ''}" is not named by a key "knowledge".`,
          'A parameter that names a knowledge base is itself called knowledge.',
        );
      return null;
    },
  };
}

async function readKnowledge(path: string, sources: SourceFiles): Promise<KnowledgeBase> {
  const parsed = sources.parsed.get(path);
  if (parsed !== undefined) return parsed as KnowledgeBase;
  const base = parseKnowledge(await sources.text(path), path);
  sources.parsed.set(path, base);
  return base;
}

function whyNot(error: unknown): { why: string; hint: string | null } {
  if (error instanceof EarwitnessError) return { why: error.message, hint: error.problem.hint };
  if (!(error instanceof UnusableFile)) throw error;
  const why = error.code === 'file-unreadable' ? 'There is no knowledge base here.' : error.message;
  return { why, hint: error.hint };
}

/** Every `knowledge: path` of a scorecard, with its place. */
function namedIn(value: unknown, path: Path): [string, Path][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): [string, Path][] => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === 'knowledge' && typeof inner === 'string') return isPlaceholder(inner) ? [] : [[inner, at]];
    return namedIn(inner, at);
  });
}
