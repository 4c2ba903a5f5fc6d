import { sessionField } from './fields.ts';
import { isoTime } from './times.ts';

/** Tried in order on recordings whose sidecar and manifest leave something open. */
export const defaultFileNamePatterns: readonly string[] = [
  '{startedAt}_{agentId}_{customerId}_{queue}',
  '{startedAt}_{agentId}_{customerId}',
  '{startedAt}_{agentId}',
];

interface CompiledPattern {
  regex: RegExp;
  names: string[];
}

/** A pattern such as `{startedAt}_{agentId}` → a matcher for file names without extension; `{_}` matches and ignores. */
export function compilePattern(pattern: string): CompiledPattern | { fault: string } {
  const names: string[] = [];
  let source = '';
  const parts = pattern.split(/(\{[^{}]*\})/).filter((part) => part !== '');
  for (const [i, part] of parts.entries()) {
    if (!part.startsWith('{')) {
      source += part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      continue;
    }
    const next = parts[i + 1];
    if (next?.startsWith('{')) return { fault: `put a separator between ${part} and ${next}` };
    names.push(part.slice(1, -1));
    // Up to the next separator, so that matching is linear and never ambiguous.
    source += next === undefined ? '(.+)' : `([^${next[0]!.replace(/[\\\]^-]/g, '\\$&')}]+)`;
  }
  if (names.length === 0) return { fault: 'it names no field, as in {startedAt}_{agentId}' };
  const twice = names.find((name, i) => name !== '_' && names.indexOf(name) !== i);
  if (twice !== undefined) return { fault: `it names {${twice}} twice` };
  return { regex: new RegExp(`^${source}$`, 'u'), names };
}

/**
 * Metadata in a file name, as keys and values like those of a sidecar; null when no pattern fits. A pattern whose
 * `{startedAt}` part is no time does not fit.
 */
export function readFileName(
  stem: string,
  patterns: readonly string[],
  timeZone: string,
): Record<string, string> | null {
  for (const pattern of patterns) {
    const compiled = compilePattern(pattern);
    if ('fault' in compiled) continue;
    const match = compiled.regex.exec(stem);
    if (!match) continue;
    const found = compiled.names
      .map((name, i): [string, string] => [name, match[i + 1]!])
      .filter(([name]) => name !== '_');
    const start = found.find(([name]) => sessionField(name) === 'startedAt');
    if (start && isoTime(start[1], timeZone) === null) continue;
    return Object.fromEntries(found);
  }
  return null;
}
