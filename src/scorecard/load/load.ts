import type { z } from 'zod';
import { EarwitnessError, primaryLanguage, type Session } from '../../session/index.ts';
import { defaultConfidence } from '../evaluate/confidence.ts';
import { fieldText } from '../evaluate/evidence.ts';
import { type Finder, PhraseIndex } from '../matching.ts';
import { valueAt } from '../operators/meta.ts';
import type { CompiledScorecard, CompiledSection } from '../scorecard.ts';
import { compose, type Composed } from './compose/compose.ts';
import { layerKeys } from './compose/layers.ts';
import { readCalendars } from './calendars.ts';
import { ConditionCompiler } from './conditions.ts';
import { type ReadText, SourceFiles } from './files.ts';
import { Fragments, parameterSpecs } from './fragments.ts';
import { contentHash } from './hash.ts';
import { compileItem, defaultScope, localise } from './items.ts';
import { readKnowledgeBases } from './knowledge.ts';
import { readLexicons } from './lexicons/read.ts';
import { ScorecardProblems, type Report, type ScorecardProblem } from './problems.ts';
import { rawScorecardSchema, type RawScorecard } from './schema.ts';
import { readSource, type Source } from './source.ts';
import { shapeAt } from './shapes.ts';
import { CompileTrace, type Insides } from './trace.ts';
import { reportIssues } from './zodProblems.ts';

export interface LoadOptions {
  /** Where files come from; default: the disk. */
  read?: ReadText;
}

/** What is compiled once and shared by a scorecard and its variants. */
export interface Workshop {
  files: SourceFiles;
  index: PhraseIndex;
  patterns: Map<string, Finder>;
  /** Set where somebody wants to know how the scorecard is written; gets it once it is compiled. */
  show?: (insides: Insides) => void;
}

/** A scorecard of which only some items are compiled; the others are taken as they are from one that is loaded. */
interface Variant {
  of: CompiledScorecard;
  items: ReadonlySet<string>;
}

/**
 * Reads, checks and compiles a scorecard with its lexicons and knowledge bases.
 * @throws EarwitnessError `path-not-found` where there is no such file; ScorecardProblems (`scorecard-invalid`) with
 * every problem at once.
 */
export async function loadScorecard(path: string, options: LoadOptions = {}): Promise<CompiledScorecard> {
  return load(path, newWorkshop(options), null);
}

/**
 * Reads a scorecard and shows how it is written beside what it is compiled into.
 * @throws as `loadScorecard`
 */
export async function loadWithInsides(
  path: string,
  options: LoadOptions = {},
): Promise<{ card: CompiledScorecard; insides: Insides }> {
  let insides: Insides | undefined;
  const workshop = { ...newWorkshop(options), show: (given: Insides) => (insides = given) };
  const card = await load(path, workshop, null);
  return { card, insides: insides! };
}

export function newWorkshop(options: LoadOptions): Workshop {
  return { files: new SourceFiles(options.read), index: new PhraseIndex(), patterns: new Map() };
}

/** @throws as `loadScorecard` */
export async function load(path: string, workshop: Workshop, variant: Variant | null): Promise<CompiledScorecard> {
  const problems: ScorecardProblem[] = [];
  const { files } = workshop;
  const source = await readSource(path, files, problems);
  const missing = problems.find((one) => one.code === 'file-unreadable' && one.message.startsWith('There is no'));
  if (missing)
    throw new EarwitnessError(
      'path-not-found',
      path,
      'There is no such scorecard.',
      'Check the path after --scorecard.',
    );
  if (!source) throw new ScorecardProblems(path, problems);
  const composed = await compose(source, files, problems);
  if (!composed) throw new ScorecardProblems(path, unique(problems));
  const { value, report } = composed.composition;
  const parsed = rawScorecardSchema.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    reportIssues(parsed.error.issues, [], report, shapeAt);
    // The shape is broken somewhere; what can be read is still compiled, so that all problems show at once.
    const rest = salvage(value, parsed.error.issues);
    if (rest) await compile(rest, source, composed, workshop, variant, problems);
    throw new ScorecardProblems(path, unique(problems));
  }
  const compiled = await compile(parsed.data, source, composed, workshop, variant, problems);
  if (problems.length > 0 || !compiled) throw new ScorecardProblems(path, unique(problems));
  return compiled;
}

async function compile(
  raw: RawScorecard,
  source: Source,
  composed: Composed,
  { files: sources, index, patterns, show }: Workshop,
  variant: Variant | null,
  problems: ScorecardProblem[],
): Promise<CompiledScorecard | null> {
  const { composition, parts, contents } = composed;
  const { report } = composition;
  const lexicons = await readLexicons(composed, sources, problems);
  const knowledge = await readKnowledgeBases(raw, composed, sources);
  const calendars = await readCalendars(raw, composed, sources, problems);
  // A variant is asked and thrown away: nothing is ever pinned to it.
  const content = variant
    ? variant.of.ref.hash
    : contentHash({ ...(source.value as object), $schema: undefined }, contents);
  const pins = new Map<string, string>();
  const named = raw.conditions ?? {};
  const method = raw.method ?? 'sectionPercent';
  const zero = raw.zero ?? 'first-speech';
  const trace = show ? new CompileTrace() : null;
  const fragments = new Fragments(composition, parameterSpecs(composition, raw.fragments));
  const compiler = new ConditionCompiler({
    report,
    lexicons,
    knowledge,
    calendars,
    fragments,
    index,
    patterns,
    named,
    pins,
    trace,
  });
  for (const name of variant ? [] : Object.keys(named))
    compiler.compile(named[name], ['conditions', name], {
      scope: defaultScope(zero),
      when: { hits: true },
      trail: [name],
    });
  reportDoubles(raw, report);
  const others = new Map(variant?.of.sections.flatMap((section) => section.items).map((item) => [item.id, item]));
  const sections: CompiledSection[] = raw.sections.map((section, s) => ({
    id: section.id,
    title: localise(section.title),
    weight: section.weight ?? 1,
    items: section.items
      .map((item, i) =>
        variant && !variant.items.has(item.id)
          ? (others.get(item.id) ?? null)
          : compileItem(item, ['sections', s, 'items', i], { compiler, report, method, zero }),
      )
      .filter((item) => item !== null),
  }));
  if (problems.length > 0) return null;
  if (trace) show?.({ raw, composition, lexicons, trace });
  const hash = pins.size === 0 ? content : contentHash({ content, pins: Object.fromEntries(pins) }, new Map());
  return {
    ref: { id: raw.id, version: raw.version, language: raw.language, title: localise(raw.title ?? raw.id), hash },
    path: source.file,
    parts,
    sources: sources.sources,
    models: pins,
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
    else if (path[0] !== 'sections') remove(copy, path.slice(0, isNamed(path[0]) ? 2 : 1));
    else remove(copy, path[2] === 'items' ? path.slice(0, 5) : path.slice(0, 3));
  }
  const again = rawScorecardSchema.safeParse(fill(copy));
  return again.success ? again.data : null;
}

const isNamed = (key: string | undefined) => (layerKeys as readonly (string | undefined)[]).includes(key);

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
