import { hashKey, type Composed } from '../compose/compose.ts';
import { childOf, entriesOf, isGroup, tellAt, type Written } from '../compose/written.ts';
import type { SourceFiles } from '../files.ts';
import type { ScorecardProblem } from '../problems.ts';
import { didYouMean } from '../suggest.ts';
import { LexiconFiles, tooLarge, tooLargeHint } from './file.ts';
import { type LexiconEntry, Lexicons } from './lexicons.ts';
import { lexiconLimits } from './limits.ts';
import { readPhrases, type PhraseList, type TellRest } from './phraseList.ts';

const keysOf = { file: ['file', 'version', 'add', 'remove'], phrases: ['id', 'version', 'phrases', 'add', 'remove'] };

/** Reads every lexicon of a scorecard with its files, which join the scorecard's parts and contents. */
export async function readLexicons(
  composed: Composed,
  sources: SourceFiles,
  problems: ScorecardProblem[],
): Promise<Lexicons> {
  const files = new LexiconFiles(sources, problems);
  const entries = new Map<string, LexiconEntry>();
  for (const [name, written] of entriesOf(composed.composition.at(['lexicons'])))
    entries.set(name, await readOne(name, written, files, composed));
  return new Lexicons(entries);
}

async function readOne(name: string, written: Written, files: LexiconFiles, composed: Composed): Promise<LexiconEntry> {
  const entry: LexiconEntry = {
    lists: [],
    removed: null,
    tell: (code, message, hint) => tellAt(written, [], code, message, hint),
  };
  const example = `Example: ${name}: [thank you for calling].`;
  if (!Array.isArray(written.value) && !isGroup(written.value)) {
    tellAt(written, [], 'wrong-type', `The lexicon "${name}" is a list of phrases, or names a file.`, example);
    return entry;
  }
  const own = phrasesAt(Array.isArray(written.value) ? written : childOf(written, 'phrases'));
  const added = phrasesAt(childOf(written, 'add'));
  const removed = phrasesAt(childOf(written, 'remove'));
  const named = childOf(written, 'file');
  let fromFile: readonly PhraseList[] = [];
  if (isGroup(written.value)) checkKeys(name, written, named !== undefined);
  if (named && typeof named.value === 'string') {
    const file = await files.open(named);
    for (const { part, content } of file?.read ?? []) {
      const key = hashKey(composed.composition.file, part.file);
      if (!composed.contents.has(key)) composed.parts.push(part);
      composed.contents.set(key, content);
    }
    const version = childOf(written, 'version');
    if (file && version && version.value !== file.version)
      tellAt(
        written,
        ['version'],
        'version-mismatch',
        `The lexicon file is at version ${file.version ?? 'none'}, and version ${String(version.value)} is asked for.`,
        'Look at what has changed, then raise the version here and that of the scorecard.',
      );
    fromFile = file?.lists ?? [];
  }
  const lists = [...fromFile, ...[own, added].filter((list) => list !== null)];
  const count = lists.reduce((sum, list) => sum + list.phrases.length, 0);
  if (count === 0 && !named) tellAt(written, [], 'empty-lexicon', `The lexicon "${name}" holds no phrase.`, example);
  // A file may be named by several lists; phrases given twice count once, hence the generous bound before that is known.
  if (count > lexiconLimits.phrases * 4) {
    entry.tell('lexicon-too-large', tooLarge(count), tooLargeHint);
    return entry;
  }
  return { ...entry, lists, removed };
}

function checkKeys(name: string, written: Written, fromFile: boolean): void {
  const known = fromFile ? keysOf.file : keysOf.phrases;
  for (const [key] of entriesOf(written))
    if (!known.includes(key)) tellAt(written, [key], 'unknown-key', `Unknown key "${key}".`, didYouMean(key, known));
  for (const key of ['phrases', 'add', 'remove']) {
    const list = childOf(written, key);
    if (list && !Array.isArray(list.value))
      tellAt(
        written,
        [key],
        'wrong-type',
        `"${key}" is a list of phrases.`,
        `Example: ${key}: [thank you for calling].`,
      );
  }
  const file = childOf(written, 'file');
  if (file && typeof file.value !== 'string')
    tellAt(
      written,
      ['file'],
      'wrong-type',
      '"file" is the path of a lexicon file.',
      `Example: ${name}: { file: lexicons/${name}.en.yaml }.`,
    );
}

function phrasesAt(list: Written | undefined): PhraseList | null {
  if (!list) return null;
  const places = {
    tell: (index: number, ...rest: TellRest) => tellAt(childOf(list, index)!, [], ...rest),
    originOf: (index: number) => childOf(list, index)!.origin,
  };
  return readPhrases(list.value, places, true);
}
