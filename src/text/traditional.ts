import table from 'opencc-js/dict/TSCharacters';

let simplified: Map<string, string> | undefined;

/**
 * OpenCC's character table (first choice per character), built on first use. Character by character and never by
 * phrase: each character keeps its place, so offsets into the original stay exact.
 */
function load(): Map<string, string> {
  const map = new Map<string, string>();
  for (const row of table.split('|')) {
    const [from, to] = row.split(' ', 2);
    if (from && to) map.set(from, to);
  }
  // The table is made to be reversible; these it leaves alone although both forms are one word to a reader.
  for (const [from, to] of [
    ['妳', '你'],
    ['著', '着'],
    ['裏', '里'],
    ['裡', '里'],
    ['祢', '你'],
  ] as const)
    if ((map.get(from) ?? from) === from) map.set(from, to);
  // A chain (a→b, b→c) would make folding unstable: follow it to its end once, here.
  for (const [from, to] of map) {
    let end = to;
    for (let hops = 0; hops < 4 && map.has(end) && map.get(end) !== end; hops++) end = map.get(end)!;
    map.set(from, end);
  }
  return map;
}

/** The simplified form of one Chinese character; the character itself when it has none. */
export function toSimplified(character: string): string {
  simplified ??= load();
  return simplified.get(character) ?? character;
}
