import type { z } from 'zod';
import type { Path, Report } from './problems.ts';
import { lowerFirst, shownValue, typeName } from './shownValue.ts';
import { closestName, didYouMean } from './suggest.ts';

/** What a valid value looks like, by key; shown beside what is wrong. */
const examples: Record<string, string> = {
  id: 'id: identity-within-10s',
  version: 'version: 3',
  title: 'title: { en: Opening, zh: 开场 }',
  language: 'language: en',
  channels: 'channels: [call, chat]',
  passMark: 'passMark: 80',
  method: 'method: sectionPercent',
  weight: 'weight: 25',
  type: 'type: yesno',
  severity: 'severity: high',
  critical: 'critical: compliance',
  autoFail: 'autoFail: form',
  sections: 'sections: [{ id: opening, title: Opening, weight: 25, items: [...] }]',
  items: 'items: [{ id: greeting, title: Greets, expect: { phrase: $greeting, by: agent } }]',
  lexicons: 'lexicons: { greeting: [good morning, welcome to] }',
  confidence: 'confidence: { words: 0.3 }',
  appliesTo: 'appliesTo: { queue: [repairs, returns] }',
  knowledge: 'knowledge: knowledge/shop.en.yaml',
  extends: 'extends: ./base.yaml',
  use: 'use: [fragments/common.en.yaml]',
  earwitness: 'earwitness: 1',
  fragments: 'fragments: { said-early: { params: [what], condition: { phrase: <what>, by: agent, time: first 10s } } }',
  levels: 'levels: [{ points: 2, expect: { phrase: $full } }, { points: 1, expect: { phrase: $partly } }]',
  bands: 'bands: [{ to: 30s, points: 2 }, { from: 30s, to: 60s, points: 1 }]',
  calendar: 'calendar: { zone: Europe/Berlin, days: mon-fri, hours: 09:00-18:00, holidays: [2026-12-25] }',
  zone: 'zone: Asia/Shanghai',
  days: 'days: mon-fri',
  hours: 'hours: 09:00-18:00',
  holidays: 'holidays: [2026-10-01..2026-10-07]',
  workdays: 'workdays: [2026-10-10]',
  manualOnly: 'manualOnly: true',
  points: 'points: 5',
  perHit: 'perHit: 2',
  once: 'once: 5',
  max: 'max: 10',
  zero: 'zero: first-agent-word',
  why: 'why: { en: Nothing may be disclosed before. }',
};

/** Keys of sections and items that change inherited ones. */
const changeKeys = ['remove', 'before', 'after'];

/** Turns what zod found into problems of the scorecard, each with its place, a suggestion and an example. */
export function reportIssues(
  issues: readonly z.core.$ZodIssue[],
  base: Path,
  report: Report,
  known: (path: Path) => readonly string[],
): void {
  for (const issue of issues) {
    const path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
    const key = [...path].reverse().find((step) => typeof step === 'string') ?? '';
    const example = examples[key] ? `Example: ${examples[key]}.` : null;
    switch (issue.code) {
      case 'unrecognized_keys':
        for (const name of issue.keys)
          report(
            [...path, name],
            'unknown-key',
            `Unknown key "${name}".`,
            path[0] === 'sections' && changeKeys.includes(name)
              ? `"${name}" belongs to a scorecard that extends another.`
              : didYouMean(name, known(path)),
          );
        break;
      case 'invalid_value': {
        const given: unknown = issue.input;
        const near = typeof given === 'string' ? closestName(given, issue.values.map(String)) : null;
        report(
          path,
          'bad-value',
          `"${key}" takes one of ${issue.values.map(String).join(', ')}; ${shownValue(given)} is none of them.`,
          near ? `Did you mean "${near}"?` : example,
        );
        break;
      }
      case 'invalid_type':
        if (issue.input === undefined) report(path, 'missing-key', `"${key}" is missing.`, example);
        else
          report(
            path,
            'wrong-type',
            custom(issue) ?? `"${key}" should be ${typeName(issue.expected)}, and is ${shownValue(issue.input)}.`,
            example,
          );
        break;
      case 'invalid_union':
        report(path, 'wrong-type', `"${key}" cannot be ${shownValue(issue.input)}.`, example ?? deepest(issue));
        break;
      case 'invalid_key':
        report(path, 'bad-value', issue.issues[0]?.message ?? issue.message);
        break;
      default:
        report(
          path,
          'bad-value',
          issue.code === 'custom' || issue.code === 'invalid_format'
            ? issue.message
            : `"${key}": ${lowerFirst(issue.message)}.`,
          example,
        );
    }
  }
}

function custom(issue: z.core.$ZodIssue): string | null {
  return issue.message.startsWith('Invalid input') || issue.message === '' ? null : issue.message;
}

/** The most telling issue among the branches of a union. */
function deepest(issue: z.core.$ZodIssueInvalidUnion): string | null {
  const all = issue.errors.flat().filter((one) => one.path.length > 0);
  const one = all.sort((a, b) => b.path.length - a.path.length)[0];
  return one ? `At ${one.path.map(String).join('.')}: ${one.message}.` : null;
}
