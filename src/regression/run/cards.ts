import type { CompiledScorecard } from '../../scorecard/index.ts';
import type { Localised } from '../../session/index.ts';

/** What reports, coverage and watchers know of a scorecard; plain data. */
export interface CardSummary {
  id: string;
  version: number;
  hash: string;
  path: string;
  title: Localised;
  sections: { id: string; title: Localised; items: { id: string; title: Localised; manualOnly: boolean }[] }[];
  /** Every file that it was made from. */
  files: string[];
}

export function summariseCard({ ref, path, sections, sources }: CompiledScorecard): CardSummary {
  return {
    id: ref.id,
    version: ref.version,
    hash: ref.hash,
    path,
    title: ref.title,
    sections: sections.map(({ id, title, items }) => ({
      id,
      title,
      items: items.map((item) => ({ id: item.id, title: item.title, manualOnly: item.manualOnly })),
    })),
    files: sources.map((source) => source.path),
  };
}
