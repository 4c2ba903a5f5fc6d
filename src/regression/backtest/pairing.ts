import type { CompiledScorecard } from '../../scorecard/index.ts';
import type { CardComparison, Localised } from '../../session/index.ts';

type Item = CompiledScorecard['sections'][number]['items'][number];

/** How the items of two cards belong together. */
export interface Pairing extends Pick<CardComparison, 'added' | 'removed' | 'renamed' | 'settings'> {
  /** Id in the current card → id in the candidate; those that are gone keep theirs. */
  idOf(currentId: string): string;
}

const settingsOf = (item: Item, section: string): Record<string, string> => ({
  section,
  title: titleOf(item.title),
  type: item.type,
  weight: String(item.weight),
  points: String(item.possible),
  severity: item.severity,
  critical: item.critical ?? 'no',
  autoFail: item.autoFail,
  manualOnly: item.manualOnly ? 'yes' : 'no',
  channels: item.channels?.join(', ') ?? 'all',
});

/**
 * Pairs items by id. One that is gone and one that is new are the same under another id where both titles are equal and no other
 * item shares them. What the rules say is not compared: that is what the verdicts are for.
 */
export function pairItems(current: CompiledScorecard, candidate: CompiledScorecard): Pairing {
  const [before, after] = [itemsOf(current), itemsOf(candidate)];
  const gone = [...before.values()].filter(({ item }) => !after.has(item.id));
  const fresh = [...after.values()].filter(({ item }) => !before.has(item.id));
  const titled = (list: typeof gone, title: Localised) =>
    list.filter(({ item }) => titleOf(item.title) === titleOf(title));
  const renamed = gone.flatMap(({ item }) => {
    const twins = titled(fresh, item.title);
    return twins.length === 1 && titled(gone, item.title).length === 1
      ? [{ from: item.id, to: twins[0]!.item.id }]
      : [];
  });
  const newIds = new Map(renamed.map(({ from, to }) => [from, to]));
  const oldIds = new Map(renamed.map(({ from, to }) => [to, from]));
  const idOf = (id: string) => newIds.get(id) ?? id;
  return {
    added: fresh.map(({ item }) => item.id).filter((id) => !oldIds.has(id)),
    removed: gone.map(({ item }) => item.id).filter((id) => !newIds.has(id)),
    renamed,
    settings: [
      ...differing(null, cardSettings(current), cardSettings(candidate)),
      ...[...after.values()].flatMap(({ item, section }) => {
        const old = before.get(oldIds.get(item.id) ?? item.id);
        return old ? differing(item.id, settingsOf(old.item, old.section), settingsOf(item, section)) : [];
      }),
    ],
    idOf,
  };
}

function itemsOf(card: CompiledScorecard): Map<string, { item: Item; section: string }> {
  return new Map(
    card.sections.flatMap((section) => section.items.map((item) => [item.id, { item, section: section.id }] as const)),
  );
}

function cardSettings(card: CompiledScorecard): Record<string, string> {
  const weights = card.sections.map((section) => [`weight of section ${section.id}`, String(section.weight)] as const);
  return { passMark: String(card.passMark), method: card.method, ...Object.fromEntries(weights) };
}

function differing(item: string | null, a: Record<string, string>, b: Record<string, string>): Pairing['settings'] {
  return Object.keys({ ...a, ...b })
    .filter((setting) => a[setting] !== b[setting])
    .map((setting) => ({ item, setting, before: a[setting] ?? '–', after: b[setting] ?? '–' }));
}

function titleOf({ en, zh }: Localised): string {
  return en === zh ? en : `${en} / ${zh}`;
}
