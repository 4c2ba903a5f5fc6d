import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'fixtures/README.md', ...globSync('docs/**/*.md')];

describe('documents', () => {
  it('link to files that exist', () => {
    const broken = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .map((match) => match[1]!)
        .filter((target) => !/^[a-z]+:/.test(target))
        .filter((target) => !existsSync(resolve(join(dirname(page), target))))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('name only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const known = new Set([...Object.keys(scripts), 'ci', 'install']);
    const unknown = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/npm (?:run )?([a-z][a-z:-]*)/g)]
        .map((match) => match[1]!)
        .filter((name) => name.length > 2 && !known.has(name) && readFileSync(page, 'utf8').includes(`npm run ${name}`))
        .map((name) => `${page}: npm run ${name}`),
    );
    expect(unknown).toEqual([]);
  });
});
