import { EarwitnessError } from '../../session/index.ts';
import { loadKnowledge, type KnowledgeBase } from '../../knowledge/index.ts';
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

/** Loads every knowledge base that a scorecard names anywhere. `files` collects their hashes, for the content hash. */
export async function readKnowledgeBases(
  raw: RawScorecard,
  locate: (file: string) => string,
  report: Report,
  files: Map<string, unknown>,
): Promise<KnowledgeBases> {
  const loaded = new Map<string, KnowledgeRef | null>();
  for (const [file, path] of namedIn(raw, [])) {
    if (loaded.has(file)) continue;
    try {
      const base = await loadKnowledge(locate(file));
      loaded.set(file, { file, base });
      files.set(file, base.ref);
    } catch (error) {
      if (!(error instanceof EarwitnessError)) throw error;
      loaded.set(file, null);
      report(
        path,
        'knowledge-invalid',
        `The knowledge base "${file}" cannot be used. ${error.message}`,
        error.problem.hint,
      );
    }
  }
  return {
    get: (file, path, tell) => {
      const wanted = file ?? raw.knowledge;
      if (wanted !== undefined) return loaded.get(wanted) ?? null;
      tell(
        path,
        'missing-key',
        'No knowledge base is named, neither here nor for the scorecard.',
        'Example: { answer: { is: wrong, knowledge: knowledge/shop.en.yaml } }.',
      );
      return null;
    },
  };
}

/** Every `knowledge: path` of a scorecard, with its place. */
function namedIn(value: unknown, path: Path): [string, Path][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): [string, Path][] => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === 'knowledge' && typeof inner === 'string') return [[inner, at]];
    return namedIn(inner, at);
  });
}
