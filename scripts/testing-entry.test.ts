import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// `earwitness/testing` as a project of somebody else sees it: the package as built, its exports, its types.

const root = resolve(import.meta.dirname, '..');
const bin = (name: string, file: string) => join(root, 'node_modules', name, file);

interface Ran {
  status: number;
  output: string;
}

function node(args: readonly string[], cwd: string): Promise<Ran> {
  const { VITEST: _vitest, ...env } = process.env;
  return new Promise((settle) => {
    execFile(process.execPath, args, { cwd, env: { ...env, NO_COLOR: '1', CI: 'true' } }, (error, stdout, stderr) =>
      settle({ status: error ? Number(error.code ?? 1) : 0, output: stdout + stderr }),
    );
  });
}

const card = `id: desk
version: 1
language: en
sections:
  - id: opening
    title: Opening
    items:
      - { id: greeting, title: Greets, expect: { phrase: [good morning], by: agent, time: first 10s } }
`;
const rules = `import { testScorecard } from 'earwitness/testing';

testScorecard('greeting', 'desk.yaml', {
  item: 'greeting',
  passing: [[['agent', 0, 2, 'Good morning, Acme.']]],
  failing: [
    { name: 'too late', session: [['agent', 0, 1, 'Yes?'], ['agent', 12, 13, 'Good morning.']] },
    { name: 'in time after all', session: [['agent', 4, 5, 'Good morning.']] },
  ],
});
`;
const typed = `import { evaluateFixture, explain, testScorecard, type CaseResult } from 'earwitness/testing';

export const result: Promise<CaseResult> = evaluateFixture('desk.yaml', {
  case: 'c',
  session: { turns: [['agent', 0, 1, 'Good morning.']] },
  facts: { sentiment: { 1: 0.2 } },
  expect: { greeting: 'pass', score: { atLeast: 60 } },
});
export const text: Promise<string> = result.then((one) => explain(one, 'zh'));
// @ts-expect-error a verdict is none of these words
testScorecard('typo', 'desk.yaml', { cases: [{ case: 'c', session: { turns: [] }, expect: { greeting: 'passed' } }] });
// @ts-expect-error nobody of that name speaks
testScorecard('typo', 'desk.yaml', { item: 'greeting', passing: [[['agnet', 0, 1, 'Good morning.']]] });
`;

describe('earwitness/testing', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'earwitness-testing-'));
    const home = join(folder, 'node_modules/earwitness');
    const files: Record<string, string> = {
      'package.json': '{ "type": "module" }',
      'tsconfig.json': JSON.stringify({
        compilerOptions: { module: 'NodeNext', target: 'ES2023', strict: true, noEmit: true, types: [] },
        files: ['typed.ts'],
      }),
      'desk.yaml': card,
      'rules.test.ts': rules,
      'typed.ts': typed,
      'node_modules/earwitness/package.json': await readFile(join(root, 'package.json'), 'utf8'),
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    // As built before the tests, in an installation of its own: a link would lead the other project back to this one.
    await cp(join(root, 'dist'), join(home, 'dist'), { recursive: true });
    for (const name of ['models', 'node_modules']) await symlink(join(root, name), join(home, name));
    await symlink(join(root, 'node_modules/vitest'), join(folder, 'node_modules/vitest'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('tests a scorecard under vitest and tells what failed, and why', async () => {
    const { status, output } = await node([bin('vitest', 'vitest.mjs'), 'run', '--root', folder], folder);
    expect(status).toBe(1);
    expect(output).toMatch(/Tests +1 failed \| 2 passed \(3\)/);
    expect(output).toContain('greeting > in time after all');
    expect(output).toContain('greeting: expected fail, got pass');
    expect(output).toContain('“Good morning”');
    expect(output).toContain('rule desk.yaml:8:11');
  });

  it('has types that know verdicts and speakers', async () => {
    expect(await node([bin('typescript', 'bin/tsc'), '-p', folder], folder)).toEqual({ status: 0, output: '' });
  });
});
