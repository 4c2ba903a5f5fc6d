import { readFile, stat } from 'node:fs/promises';
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import { isNodeError } from '../../session/index.ts';
import type { Path, Report, ScorecardProblem, ScorecardProblemCode } from './problems.ts';

/** Far above any scorecard written by people; a file beyond it is a mistake or an attack. */
const limits = { bytes: 2_000_000, depth: 40, nodes: 200_000, aliases: 100 };

/** A YAML file with its content and the way back from a key to its line. */
export interface Source {
  file: string;
  value: unknown;
  report: Report;
}

/** Reads and parses one YAML file. Returns null when it cannot be used at all; the reason is then among `problems`. */
export async function readSource(file: string, problems: ScorecardProblem[]): Promise<Source | null> {
  const fail = (code: ScorecardProblemCode, message: string, hint: string | null, line = 1, column = 1) => {
    problems.push({ file, line, column, code, message, hint });
    return null;
  };
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > limits.bytes)
      return fail('file-too-large', `The file has ${size} bytes; at most ${limits.bytes} are read.`, 'Split it up.');
    text = await readFile(file, 'utf8');
  } catch (error) {
    const why = isNodeError(error) && error.code === 'ENOENT' ? 'There is no such file.' : 'The file cannot be read.';
    return fail('file-unreadable', why, 'Paths are relative to the scorecard that names them.');
  }
  return parseSource(file, text, problems);
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
    lines.addNewLine(0);
    problems.push({
      file,
      line: deep,
      column: 1,
      code: 'yaml-unsafe',
      message: `Nested deeper than ${limits.depth} levels.`,
      hint: 'Name parts under `conditions` and refer to them.',
    });
    return null;
  }
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false, version: '1.2' });
  if (document.errors.length > 0) {
    for (const error of document.errors)
      push(
        error.pos[0],
        'yaml-syntax',
        firstLine(error.message),
        'Quote texts that hold : # { [ or start with a special sign.',
      );
    return null;
  }
  const unsafe = findUnsafe(document);
  if (unsafe) {
    push(unsafe.offset, 'yaml-unsafe', unsafe.message, unsafe.hint);
    return null;
  }
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
  return { file, value, report };
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!.replace(/ at line \d+, column \d+:?$/, '.');
}

/** Brackets and indentation bound the parser's recursion; the line is returned where they run too deep. */
function nestingTooDeep(text: string): number | null {
  const rows = text.split('\n');
  let open = 0;
  for (const [index, row] of rows.entries()) {
    const dashes = /^[\s-]*/.exec(row)![0].replace(/\s/g, '').length;
    if (dashes > limits.depth && !/^-+\s*$/.test(row)) return index + 1;
    for (const sign of row) {
      if (sign === '[' || sign === '{') open++;
      else if (sign === ']' || sign === '}') open = Math.max(0, open - 1);
    }
    // Brackets inside quoted patterns are counted too, hence the generous factor; the tree itself is measured below.
    if (open > limits.depth * 25) return index + 1;
  }
  return null;
}

function findUnsafe(document: Document): { offset: number; message: string; hint: string } | null {
  let nodes = 0;
  let aliases = 0;
  let found: { offset: number; message: string; hint: string } | null = null;
  visit(document, {
    Node(_key, node: Node, path) {
      const offset = node.range?.[0] ?? 0;
      const depth = path.filter((part) => isMap(part) || isSeq(part)).length;
      if (depth > limits.depth)
        found = {
          offset,
          message: `Nested deeper than ${limits.depth} levels.`,
          hint: 'Name parts under `conditions` and refer to them.',
        };
      else if (++nodes > limits.nodes)
        found = { offset, message: `More than ${limits.nodes} entries.`, hint: 'Split the file up.' };
      else if (isAlias(node) && ++aliases > limits.aliases)
        found = {
          offset,
          message: `More than ${limits.aliases} YAML aliases.`,
          hint: 'Use lexicons and named conditions in their place.',
        };
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}

/** Offset of the deepest part of `path` that exists; of the key itself where the last step is a key of a map. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && String((item.key as { value?: unknown })?.value) === String(step),
      );
      if (!pair) return offset;
      const key = pair.key;
      if (isNode(key)) offset = key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (!isNode(item)) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}
