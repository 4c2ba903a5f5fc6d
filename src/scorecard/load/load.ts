import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { EarwitnessError, primaryLanguage, type Session } from '../../session/index.ts';
import { defaultConfidence } from '../evaluate/confidence.ts';
import { fieldText } from '../evaluate/evidence.ts';
import { PhraseIndex } from '../matching.ts';
import { valueAt } from '../operators/meta.ts';
import type { CompiledScorecard, CompiledSection } from '../scorecard.ts';
import { ConditionCompiler } from './conditions.ts';
import { contentHash } from './hash.ts';
import { compileItem, defaultScope, localise } from './items.ts';
import { readKnowledgeBases } from './knowledge.ts';
import { readLexicons } from './lexicons.ts';
import { ScorecardProblems, type Report, type ScorecardProblem } from './problems.ts';
import { rawScorecardSchema, type RawScorecard } from './schema.ts';
import { readSource, type Source } from './source.ts';
import { shapeAt } from './shapes.ts';
import { reportIssues } from './zodProblems.ts';

/**
 * Reads, checks and compiles a scorecard with its lexicons and knowledge bases.
 * @throws EarwitnessError `path-not-found` where there is no such file; ScorecardProblems (`scorecard-invalid`) with
 * every problem at once.
 */
export async function loadScorecard(path: string): Promise<CompiledScorecard> {
  const problems: ScorecardProblem[] = [];
  const source = await readSource(path, problems);
  const missing = problems.find((one) => one.code === 'file-unreadable' && one.message.startsWith('There is no'));
  if (missing)
    throw new EarwitnessError(
      'path-not-found',
      path,
      'There is no such scorecard.',
      'Check the path after --scorecard.',
    );
  if (!source) throw new ScorecardProblems(path, problems);
  const parsed = rawScorecardSchema.safeParse(source.value, { reportInput: true });
  if (!parsed.success) {
    reportIssues(parsed.error.issues, [], source.report, shapeAt);
    // The shape is broken somewhere; what can be read is still compiled, so that all problems show at once.
    const rest = salvage(source.value, parsed.error.issues);
    if (rest) await compile(rest, source, path, problems);
    throw new ScorecardProblems(path, unique(problems));
  }
  const compiled = await compile(parsed.data, source, path, problems);
  if (problems.length > 0 || !compiled) throw new ScorecardProblems(path, unique(problems));
  return compiled;
}

async function compile(
  raw: RawScorecard,
  source: Source,
  path: string,
  problems: ScorecardProblem[],
): Promise<CompiledScorecard | null> {
  const { report } = source;
  const files = new Map<string, unknown>();
  const lexicons = await readLexicons(raw.lexicons, path, report, problems, files);
  const knowledge = await readKnowledgeBases(raw, (file) => resolve(dirname(path), file), report, files);
  // Every part of the matcher's key is content, so equal scorecards give equal keys.
  const hash = contentHash({ ...raw, $schema: undefined }, files);
  const named = raw.conditions ?? {};
  const method = raw.method ?? 'sectionPercent';
  const zero = raw.zero ?? 'first-speech';
  const compiler = new ConditionCompiler({ report, lexicons, knowledge, index: new PhraseIndex(hash), named });
  for (const name of Object.keys(named))
    compiler.compile(named[name], ['conditions', name], {
      scope: defaultScope(zero),
      when: { hits: true },
      trail: [name],
    });
  reportDoubles(raw, report);
  const sections: CompiledSection[] = raw.sections.map((section, s) => ({
    id: section.id,
    title: localise(section.title),
    weight: section.weight ?? 1,
    items: section.items
      .map((item, i) => compileItem(item, ['sections', s, 'items', i], { compiler, report, method, zero }))
      .filter((item) => item !== null),
  }));
  if (problems.length > 0) return null;
  return {
    ref: { id: raw.id, version: raw.version, language: raw.language, title: localise(raw.title ?? raw.id), hash },
    path,
    passMark: raw.passMark ?? 80,
    method,
    deductPer: raw.deductPer ?? 'form',
    confidence: {
      words: raw.confidence?.words ?? defaultConfidence.words,
      scope: raw.confidence?.scope ?? defaultConfidence.scope,
    },
    sections,
    appliesTo: (session) => applies(raw, session),
  };
}

function applies(raw: RawScorecard, session: Session): boolean {
  if (primaryLanguage(raw.language) !== primaryLanguage(session.language)) return false;
  if (raw.channels && !raw.channels.includes(session.channel)) return false;
  const { queue, team, attributes = {} } = raw.appliesTo ?? {};
  const fits = (wanted: unknown, value: unknown) =>
    wanted === undefined ||
    (Array.isArray(wanted) ? wanted : [wanted]).some((one) => fieldText(one) === fieldText(value));
  return (
    fits(queue, session.queue) &&
    fits(team, session.team) &&
    Object.entries(attributes).every(([key, wanted]) => fits(wanted, valueAt(session, `attributes.${key}`)))
  );
}

function reportDoubles(raw: RawScorecard, report: Report): void {
  const sections = new Set<string>();
  const items = new Map<string, string>();
  for (const [s, section] of raw.sections.entries()) {
    if (sections.has(section.id))
      report(
        ['sections', s, 'id'],
        'duplicate-id',
        `There are two sections "${section.id}".`,
        'Give each section an id of its own.',
      );
    sections.add(section.id);
    for (const [i, item] of section.items.entries()) {
      const other = items.get(item.id);
      if (other !== undefined)
        report(
          ['sections', s, 'items', i, 'id'],
          'duplicate-id',
          `The item "${item.id}" is there already, in section "${other}".`,
          'Give each item an id of its own.',
        );
      items.set(item.id, section.id);
    }
  }
}

/** Takes out what zod refused, key by key, so that the rest can be checked too; null where too little is left. */
function salvage(value: unknown, issues: readonly z.core.$ZodIssue[]): RawScorecard | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const copy: unknown = structuredClone(value);
  for (const issue of issues) {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) remove(copy, [...path, key]);
    // A key of an item is path[4], of a section path[2]; what lies deeper goes with it, positions in lists stay.
    else if (path[0] !== 'sections') remove(copy, path.slice(0, 1));
    else remove(copy, path[2] === 'items' ? path.slice(0, 5) : path.slice(0, 3));
  }
  const again = rawScorecardSchema.safeParse(fill(copy));
  return again.success ? again.data : null;
}

function remove(root: unknown, path: readonly string[]): void {
  let node = root;
  for (const step of path.slice(0, -1)) node = (node as Record<string, unknown> | undefined)?.[step];
  const key = path.at(-1);
  if (key === undefined || typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) node[Number(key)] = {};
  else delete (node as Record<string, unknown>)[key];
}

/** Puts something in the place of what must be there, so that an id that is missing does not hide a wrong rule. */
function fill(copy: unknown): unknown {
  const card = copy as { sections?: { items?: Record<string, unknown>[] }[] };
  const sections = (card.sections ?? []).map((section, s) => ({
    id: `section-${s}`,
    title: '?',
    ...section,
    items: (section.items ?? []).map((item, i) => ({
      id: `item-${s}-${i}`,
      title: '?',
      ...item,
    })),
  }));
  return { id: 'unnamed', version: 1, language: 'en', ...card, sections };
}

/** A named condition is read wherever it is used; its problems are told once. */
function unique(problems: readonly ScorecardProblem[]): ScorecardProblem[] {
  return [
    ...new Map(
      problems.map((one) => [`${one.file}:${one.line}:${one.column}:${one.code}:${one.message}`, one]),
    ).values(),
  ];
}
