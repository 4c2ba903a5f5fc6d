import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LineCounter, type Node, parseDocument } from 'yaml';
import { EarwitnessError, isNodeError, type Problem } from '../session/index.ts';
import { isSearchable } from '../text/index.ts';
import { compileKnowledge, type KnowledgeBase } from './compile.ts';
import { type KnowledgeFile, knowledgeSchema } from './schema.ts';

/** A knowledge base that cannot be used, with every problem in it. The error's own message lists them all. */
export class KnowledgeError extends EarwitnessError {
  readonly problems: readonly Problem[];

  constructor(path: string, problems: readonly Problem[]) {
    const lines = problems.map((problem) => `${problem.path}: ${problem.message}`);
    super(
      'scorecard-invalid',
      path,
      `The knowledge base has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}:\n${lines.join('\n')}`,
      'See docs/reference/knowledge-base.md for every key with an example.',
    );
    this.name = 'KnowledgeError';
    this.problems = problems;
  }
}

/**
 * Reads and compiles a knowledge base.
 * @throws KnowledgeError with every problem as file:line:column; EarwitnessError `path-not-found`.
 */
export async function loadKnowledge(path: string): Promise<KnowledgeBase> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isNodeError(error) && (error.code === 'ENOENT' || error.code === 'EISDIR'))
      throw new EarwitnessError(
        'path-not-found',
        path,
        'There is no knowledge base here.',
        'Check the path; it is relative to the scorecard that names it.',
        { cause: error },
      );
    throw error;
  }
  return parseKnowledge(text, path);
}

/** Compiles a knowledge base from its YAML text; `path` is for messages. @throws KnowledgeError */
export function parseKnowledge(text: string, path: string): KnowledgeBase {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0)
    throw new KnowledgeError(
      path,
      document.errors.map((error) => problem(at(error.pos[0]), error.message)),
    );
  const locate = (keys: readonly PropertyKey[]) => {
    for (let length = keys.length; length >= 0; length--) {
      const node = document.getIn(keys.slice(0, length), true) as Node | undefined;
      if (node?.range) return at(node.range[0]);
    }
    return at(0);
  };
  const parsed = knowledgeSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => problem(locate(issue.path), issueText(issue)));
    throw new KnowledgeError(path, problems);
  }
  const problems = semanticProblems(parsed.data).map(({ keys, message }) => problem(locate(keys), message));
  if (problems.length > 0) throw new KnowledgeError(path, problems);
  return compileKnowledge(parsed.data, path, createHash('sha256').update(text).digest('hex'));
}

function problem(path: string, message: string): Problem {
  return { path, code: 'scorecard-invalid', message, hint: null };
}

function issueText(issue: { code?: string; path: PropertyKey[]; message: string; keys?: string[] }): string {
  const where = issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ` : '';
  if (issue.code === 'unrecognized_keys' && issue.keys)
    return `${where}unknown ${issue.keys.length === 1 ? 'key' : 'keys'} ${issue.keys.join(', ')}`;
  return `${where}${issue.message}`;
}

/** What the schema cannot see: ids used twice, phrases with no word in them. */
function semanticProblems(file: KnowledgeFile): { keys: (string | number)[]; message: string }[] {
  const found: { keys: (string | number)[]; message: string }[] = [];
  const phrases = (list: readonly string[], keys: (string | number)[]) => {
    for (const [i, phrase] of list.entries())
      if (!isSearchable(phrase)) found.push({ keys: [...keys, i], message: `“${phrase}” holds no word to look for` });
  };
  phrases(file.hedges, ['hedges']);
  phrases(file.ignorance, ['ignorance']);
  const ids = new Set<string>();
  for (const [i, entry] of file.entries.entries()) {
    if (ids.has(entry.id)) found.push({ keys: ['entries', i, 'id'], message: `the id ${entry.id} is used twice` });
    ids.add(entry.id);
    for (const key of ['asks', 'right', 'wrong', 'unless'] as const) phrases(entry[key], ['entries', i, key]);
    for (const [j, fact] of entry.facts.entries()) phrases(fact.subject, ['entries', i, 'facts', j, 'subject']);
  }
  return found;
}
