import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { program, run } from './testing/run.ts';

const example = (name: string) => fileURLToPath(new URL(`../../docs/examples/${name}`, import.meta.url));
const exec = promisify(execFile);
let project: string;

const card = `id: mini-en
version: 1
language: en
sections:
  - id: s
    title: S
    items:
      - { id: greeting, title: Greets, expect: { phrase: [good morning], by: agent } }
`;
const fixture = (verdict: string) => `scorecard: mini-en
cases:
  - { case: greeted, session: { turns: [[agent, Good morning.]] }, expect: { greeting: ${verdict} } }
  - { case: not greeted, session: { turns: [[agent, Yes?]] }, expect: { greeting: fail } }
  - { case: the other side, session: { turns: [[customer, Good morning.], [agent, Yes?]] }, expect: { greeting: fail } }
`;
const put = (verdict: string) => writeFile(join(project, 'fixtures', 'mini.fixture.yaml'), fixture(verdict));

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'earwitness-rules-'));
  for (const folder of ['rules', 'fixtures', 'reports']) await mkdir(join(project, folder));
  await writeFile(join(project, 'rules', 'mini.en.yaml'), card);
  await put('pass');
});
afterAll(() => rm(project, { recursive: true }));

/** Every `npx earwitness …` of an example, as arguments. */
function commandLines(text: string): string[][] {
  return [...text.matchAll(/npx earwitness ((?!\})[^\n}]+)/g)].map(([, line]) => line!.trim().split(/\s+/));
}

describe('the pull request example', () => {
  it('is a workflow with the steps that the guide names', async () => {
    const workflow = parse(await readFile(example('github-actions.yml'), 'utf8')) as {
      jobs: { rules: { steps: { name?: string }[] } };
    };
    const steps = workflow.jobs.rules.steps.flatMap(({ name }) => name ?? []);
    expect(steps).toEqual(['Lint', 'Fixtures', 'Mutants', 'Backtest', 'Summary']);
  });

  it('tests a small project with its own command lines', async () => {
    const lines = commandLines(await readFile(example('github-actions.yml'), 'utf8'));
    expect(lines.map(([command]) => command)).toEqual(['lint', 'test', 'test', 'backtest']);
    for (const args of lines.filter(([command]) => command === 'test')) {
      const { status, stderr } = await run(args, { cwd: project });
      expect([args.join(' '), status, stderr]).toEqual([args.join(' '), 0, '']);
    }
    expect(await readFile(join(project, 'reports', 'junit.xml'), 'utf8')).toContain('<testsuite');
    expect(await readFile(join(project, 'reports', 'mutation.md'), 'utf8')).toContain('3 of 3 mutants noticed');
  });
});

describe('the hooks before a commit', () => {
  it('name the same command in the configuration of the framework', async () => {
    const config = parse(await readFile(example('pre-commit-config.yaml'), 'utf8')) as {
      repos: { hooks: { entry: string; pass_filenames: boolean }[] }[];
    };
    expect(config.repos[0]!.hooks[0]).toMatchObject({ entry: 'npx earwitness test fixtures', pass_filenames: false });
  });

  it('really block a commit whose fixture fails, and let a sound one through', async () => {
    const hook = join(project, '.git', 'hooks', 'pre-commit');
    const git = (...args: string[]) =>
      exec('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: project,
        env: { ...process.env, EARWITNESS: `${process.execPath} ${program}` },
      });
    await git('init', '--quiet');
    await mkdir(join(project, '.git', 'hooks'), { recursive: true });
    await copyFile(example('pre-commit.sh'), hook);
    await chmod(hook, 0o755);
    await put('fail');
    await git('add', 'rules', 'fixtures');
    await expect(git('commit', '-m', 'wrong')).rejects.toThrow(/greeted/);
    await put('pass');
    await git('add', 'fixtures');
    await git('commit', '-m', 'right');
    expect((await git('log', '--format=%s')).stdout).toBe('right\n');
  });
});
