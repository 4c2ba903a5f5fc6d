import { didYouMean } from '../suggest.ts';
import { childOf, elementsOf, entriesOf, groupOf, isGroup, listOf, tellAt, type Written } from './written.ts';

/** Keys that say what becomes of an inherited section or item; they are gone once the scorecard is put together. */
const changeKeys = ['remove', 'before', 'after'] as const;
const ruleKeys = ['expect', 'forbid', 'levels', 'measure', 'bands'];
/** Rules of one kind stand for one another: naming one drops the inherited others. */
const ruleOf: Record<string, readonly string[]> = {
  expect: ['expect'],
  forbid: ['forbid'],
  levels: ['levels'],
  measure: ['measure', 'bands'],
};

/** The inherited sections with what the extending scorecard says of them. */
export function overlaySections(lower: Written, upper: Written): Written {
  const all = new Map<string, string>();
  for (const section of elementsOf(lower))
    for (const item of elementsOf(childOf(section, 'items'))) all.set(idOf(item) ?? '', idOf(section) ?? '');
  return overlayList('section', lower, upper, (section, change) => {
    const parts = overlayKeys(section, change);
    const [items, changed] = [childOf(section, 'items'), childOf(change, 'items')];
    if (items && changed && Array.isArray(items.value) && Array.isArray(changed.value))
      parts.set('items', overlayList('item', items, changed, overlayItem, all));
    return groupOf(parts, change.origin);
  });
}

function overlayItem(item: Written, change: Written): Written {
  const parts = overlayKeys(item, change);
  const given = Object.keys(ruleOf).filter((key) => childOf(change, key) !== undefined);
  if (given.length > 0)
    for (const key of ruleKeys)
      if (childOf(change, key) === undefined && !given.some((one) => ruleOf[one]!.includes(key))) parts.delete(key);
  return groupOf(parts, change.origin);
}

/** Keys of a group replaced by those of another; those named under `remove` are dropped. */
function overlayKeys(lower: Written, upper: Written): Map<string, Written> {
  const parts = new Map(entriesOf(lower));
  for (const dropped of elementsOf(childOf(upper, 'remove'))) {
    const key = String(dropped.value);
    if (key === 'id' || key === 'items' || !parts.delete(key))
      tellAt(
        dropped,
        [],
        'unknown-key',
        `There is no inherited key "${key}" to leave out.`,
        didYouMean(
          key,
          [...parts.keys()].filter((one) => one !== 'id'),
        ),
      );
  }
  for (const [key, value] of withoutChangeKeys(upper)) parts.set(key, value);
  return parts;
}

const idOf = (entry: Written | undefined): string | null => {
  const id: unknown = entry && isGroup(entry.value) ? entry.value.id : null;
  return typeof id === 'string' ? id : null;
};

/** Changes, drops, places and appends entries of a list by their ids. */
function overlayList(
  what: 'section' | 'item',
  lower: Written,
  upper: Written,
  merge: (entry: Written, change: Written) => Written,
  elsewhere: ReadonlyMap<string, string> = new Map(),
): Written {
  const list = elementsOf(lower).map((entry) => ({ id: idOf(entry), entry }));
  const seen = new Set<string>();
  for (const change of elementsOf(upper)) {
    const id = idOf(change);
    const index = id === null || seen.has(id) ? -1 : list.findIndex((one) => one.id === id);
    if (id !== null) seen.add(id);
    const found = list[index];
    const removal = childOf(change, 'remove');
    if (removal && !Array.isArray(removal.value)) {
      if (removal.value !== true)
        tellAt(
          change,
          ['remove'],
          'bad-value',
          '"remove" is true, or a list of keys to leave out.',
          'Example: { id: greeting, remove: true } or { id: empathy, remove: [when] }.',
        );
      else if (found) list.splice(index, 1);
      else unknown(what, id, change, list, elsewhere);
      continue;
    }
    if (!found && id !== null && isFragmentary(what, change) && !seenTwice(list, id)) {
      unknown(what, id, change, list, elsewhere);
      continue;
    }
    const entry = found ? merge(found.entry, change) : groupOf(withoutChangeKeys(change), change.origin);
    const next = { id, entry: isGroup(change.value) ? entry : change };
    const target = placeOf(what, change, list);
    if (target === null) {
      if (found) list[index] = next;
      else list.push(next);
      continue;
    }
    const anchor = list[target.at]!;
    if (found) list.splice(index, 1);
    list.splice(list.indexOf(anchor) + (target.behind ? 1 : 0), 0, next);
  }
  return listOf(
    list.map((one) => one.entry),
    upper.origin,
  );
}

const knownIds = (list: readonly { id: string | null }[]) => list.flatMap((one) => (one.id === null ? [] : [one.id]));
const seenTwice = (list: readonly { id: string | null }[], id: string) => list.some((one) => one.id === id);

/** Without a title it can only be meant as a change of something inherited. */
function isFragmentary(what: 'section' | 'item', change: Written): boolean {
  return what === 'section'
    ? childOf(change, 'title') === undefined
    : childOf(change, 'title') === undefined || !['manualOnly', ...ruleKeys].some((key) => childOf(change, key));
}

function unknown(
  what: 'section' | 'item',
  id: string | null,
  change: Written,
  list: readonly { id: string | null }[],
  elsewhere: ReadonlyMap<string, string>,
): void {
  const section = id === null ? undefined : elsewhere.get(id);
  const more = what === 'item' ? 'A new item needs a title and a rule.' : 'A new section needs a title and its items.';
  tellAt(
    change,
    ['id'],
    'unknown-id',
    section === undefined
      ? `There is no ${what} "${id ?? ''}" here to change.`
      : `The item "${id ?? ''}" stands in section "${section}", not here.`,
    section === undefined ? `${didYouMean(id ?? '', knownIds(list))} ${more}` : `Change it in section "${section}".`,
  );
}

function withoutChangeKeys(change: Written): [string, Written][] {
  return entriesOf(change).filter(([key]) => !(changeKeys as readonly string[]).includes(key));
}

/** Where `before` or `after` put an entry; null where neither is given or can be followed. */
function placeOf(
  what: string,
  change: Written,
  list: readonly { id: string | null }[],
): { at: number; behind: boolean } | null {
  const given = (['before', 'after'] as const).filter((key) => childOf(change, key) !== undefined);
  const [key] = given;
  if (key === undefined) return null;
  if (given.length > 1)
    tellAt(
      change,
      ['after'],
      'two-operators',
      'It stands before or after another, not both.',
      `Example: before: greeting.`,
    );
  const target = childOf(change, key)!.value;
  const at = typeof target === 'string' ? list.findIndex((one) => one.id === target) : -1;
  if (at >= 0 && target !== idOf(change)) return { at, behind: key === 'after' };
  tellAt(
    change,
    [key],
    'unknown-id',
    `There is no other ${what} "${typeof target === 'string' ? target : ''}" here to stand ${key}.`,
    didYouMean(typeof target === 'string' ? target : '', knownIds(list)),
  );
  return null;
}
