import { resolve } from 'node:path';
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { type SourceFiles, UnusableFile } from './files.ts';
import type { Path, Report, ScorecardProblem, ScorecardProblemCode } from './problems.ts';
import { offsetOf } from './yamlPlaces.ts';

/** Far above any scorecard written by people; what lies beyond is a mistake or an attack. */
const limits = { depth: 40, nodes: 600_000, aliases: 100, syntaxErrors: 100 };

/** A file with its content and the way back from a key to its line. */
export interface Source {
  file: string;
  value: unknown;
  report: Report;
  /** Line and column (1-based) of the deepest part of a path that exists. */
  placeOf: (path: Path) => { line: number; column: number };
}

/** Reads and parses one YAML file. Returns null when it cannot be used at all; the reason is then among `problems`. */
export async function readSource(
  file: string,
  files: SourceFiles,
  problems: ScorecardProblem[],
): Promise<Source | null> {
  const path = resolve(file);
  if (files.parsed.has(path))
    return {
      file,
      value: files.parsed.get(path),
      // Values that come without their text have no lines: everything is told of the file.
      report: (at, code, message, hint = null) =>
        problems.push({ file, line: 1, column: 1, code, message: `${at.join('.')}: ${message}`, hint }),
      placeOf: () => ({ line: 1, column: 1 }),
    };
  try {
    const source = parseSource(file, await files.text(path), problems);
    if (source) files.parsed.set(path, source.value);
    return source;
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    problems.push({ file, line: 1, column: 1, code: error.code, message: error.message, hint: error.hint });
    return null;
  }
}

/** Parses YAML text. Depth, size and aliases are bounded before anything is expanded. */
export function parseSource(file: string, text: string, problems: ScorecardProblem[]): Source | null {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const push = (offset: number, code: ScorecardProblemCode, message: string, hint: string | null) => {
    problems.push({ file, ...at(offset), code, message, hint });
  };
  const deep = nestingTooDeep(text);
  if (deep !== null) {
    problems.push({ file, line: deep, column: 1, ...tooDeep });
    return null;
  }
  // A %YAML directive must not bring back what version 1.1 knew: merge keys, octal numbers, dates, tags of objects.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    merge: false,
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    for (const error of faults.slice(0, limits.syntaxErrors))
      push(
        error.pos[0],
        'yaml-syntax',
        error.code === 'MULTIPLE_DOCS' ? 'A second document starts here; a file holds one.' : sentence(error.message),
        'Quote texts that hold : # { [ or start with a special sign.',
      );
    return null;
  }
  const unsafe = findUnsafe(document, push);
  if (unsafe) return null;
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: limits.aliases });
  } catch {
    push(
      0,
      'yaml-unsafe',
      'Its aliases expand to too much.',
      'Use lexicons and named conditions in place of YAML aliases.',
    );
    return null;
  }
  const report: Report = (path, code, message, hint = null) => push(offsetOf(document, path), code, message, hint);
  return { file, value, report, placeOf: (path) => at(offsetOf(document, path)) };
}

const tooDeep = {
  code: 'yaml-unsafe' as const,
  message: `Nested deeper than ${limits.depth} levels.`,
  hint: 'Name parts under `conditions` and refer to them.',
};

function sentence(message: string): string {
  const line = message.split('\n', 1)[0]!.replace(/ at line \d+, column \d+:?$/, '');
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/** Brackets and indentation bound the parser's recursion; the line is returned where they run too deep. */
function nestingTooDeep(text: string): number | null {
  const rows = text.split('\n');
  let open = 0;
  for (const [index, row] of rows.entries()) {
    const marks = /^[\s?:-]*/.exec(row)![0].replace(/\s/g, '');
    if (marks.length > limits.depth && !/^-+\s*$/.test(row)) return index + 1;
    for (const sign of row) {
      if (sign === '[' || sign === '{') open++;
      else if (sign === ']' || sign === '}') open = Math.max(0, open - 1);
    }
    // Brackets inside quoted patterns are counted too, hence the generous factor; the tree itself is measured below.
    if (open > limits.depth * 25) return index + 1;
  }
  return null;
}

type Push = (offset: number, code: ScorecardProblemCode, message: string, hint: string | null) => void;

/** Finds what must not be expanded, and keys that are none. True after a problem. */
function findUnsafe(document: Document, push: Push): boolean {
  let nodes = 0;
  let aliases = 0;
  let found = false;
  const tell: Push = (...problem) => {
    push(...problem);
    found = true;
  };
  visit(document, {
    Node(_key, node: Node, path) {
      const offset = node.range?.[0] ?? 0;
      const depth = path.filter((part) => isMap(part) || isSeq(part)).length;
      if (depth > limits.depth) tell(offset, tooDeep.code, tooDeep.message, tooDeep.hint);
      else if (++nodes > limits.nodes)
        tell(offset, 'yaml-unsafe', `More than ${limits.nodes} entries.`, 'Split the file up.');
      else if (isAlias(node) && ++aliases > limits.aliases)
        tell(
          offset,
          'yaml-unsafe',
          `More than ${limits.aliases} YAML aliases.`,
          'Use lexicons and named conditions in their place.',
        );
      else if (isAlias(node) && !node.resolve(document))
        tell(
          offset,
          'yaml-syntax',
          `There is no anchor "${shorten(node.source)}" for this alias.`,
          'Quote a text that starts with *.',
        );
      else if (isAlias(node) && path.includes(node.resolve(document) as (typeof path)[number]))
        tell(offset, 'yaml-unsafe', 'This alias lies inside what it stands for.', 'Write out what is meant.');
      else {
        if (isMap(node)) checkKeys(node.items, offset, tell);
        return undefined;
      }
      return visit.BREAK;
    },
  });
  return found;
}

function checkKeys(pairs: readonly Pair[], around: number, tell: Push): void {
  const seen = new Set<string>();
  for (const { key } of pairs) {
    const offset = isNode(key) ? (key.range?.[0] ?? around) : around;
    if (!isScalar(key) || key.value === null) {
      tell(offset, 'yaml-syntax', 'A key is a word; this one is empty, an alias, a list or a group.', null);
      continue;
    }
    const name = typeof key.value === 'string' ? key.value : JSON.stringify(key.value);
    if (seen.has(name))
      tell(offset, 'yaml-syntax', `The key "${shorten(name)}" stands twice in one group.`, 'Keep one of the two.');
    else if (name === '<<')
      tell(
        offset,
        'yaml-unsafe',
        'Merge keys (<<) are not part of the language.',
        'Use named conditions, fragments or extends.',
      );
    else if (name === '__proto__') tell(offset, 'yaml-unsafe', 'The key "__proto__" is not allowed.', null);
    seen.add(name);
  }
}

const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
