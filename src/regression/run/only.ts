import type { FixtureCase } from '../fixtures/fixture.ts';

/**
 * Whether one of the patterns names the case: by its own name (a part of it is enough), by an item that it expects
 * something of, or by its file. `*` stands for anything. No pattern: every case.
 */
export function isWanted(one: FixtureCase, patterns: readonly string[]): boolean {
  if (patterns.length === 0) return true;
  const items = one.expect.flatMap((expected) => (expected.kind === 'item' ? [expected.item] : []));
  return patterns.some((pattern) => {
    const whole = new RegExp(`^${toSource(pattern)}$`, 'iu');
    const part = new RegExp(toSource(pattern), 'iu');
    return (
      part.test(one.name) ||
      items.some((item) => whole.test(item)) ||
      whole.test(one.place.file) ||
      endsWith(one.place.file, pattern)
    );
  });
}

const toSource = (pattern: string) =>
  pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');

const endsWith = (file: string, pattern: string) =>
  /\.ya?ml$/.test(pattern) && new RegExp(`(^|[/\\\\])${toSource(pattern)}$`, 'u').test(file);
