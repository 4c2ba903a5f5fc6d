import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderWith } from '../regression/testing/run.ts';
import { run } from './testing/run.ts';

// The programs in a process of their own, as a rule author runs them.

const card = (phrases: string, version = 1) => `id: mini-en
version: ${version}
language: en
sections:
  - id: s
    title: { en: S, zh: 部分 }
    items:
      # said first
      - { id: greeting, title: Greets, expect: { phrase: [${phrases}], by: agent } }
`;
const fixture = (verdict: string) => `scorecard: mini-en
cases:
  - { case: greeted, session: { turns: [[agent, Good morning.]] }, expect: { greeting: ${verdict} } }
`;

let folder: Awaited<ReturnType<typeof folderWith>>;
beforeEach(async () => {
  folder = await folderWith({
    'rules/mini.yaml': card('good morning, Good Morning!'),
    'f/mini.fixture.yaml': fixture('pass'),
  });
});
afterEach(() => folder.remove());
const earwitness = (...args: string[]) => run(args, { cwd: folder.path });
const text = (name: string) => readFileSync(folder.at(name), 'utf8');

describe('earwitness lint', () => {
  it('answers 1 with the place, mends with --fix, then answers 0', async () => {
    const found = await earwitness('lint');
    expect([found.status, found.stdout]).toEqual([
      1,
      `rules/mini.yaml
  ◆ 9:73     "Good Morning!" stands in this list already, as "good morning".  duplicate-phrase
             Keep one of the two; --fix takes it out.

1 warning, 1 note · 1 scorecard
1 below the level shown; --show info lists it.
--fix takes 1 of them away.
`,
    ]);
    const tried = await earwitness('lint', '--fix', '--dry-run', '--fail-on', 'error', '--ui-language', 'zh');
    expect([tried.status, tried.stderr.includes('未写入任何内容'), text('rules/mini.yaml')]).toEqual([
      0,
      true,
      card('good morning, Good Morning!'),
    ]);
    const fixed = await earwitness('lint', '--fix', '--format', 'json');
    expect([fixed.status, fixed.stderr.includes('+       - { id: greeting'), text('rules/mini.yaml')]).toEqual([
      0,
      true,
      card('good morning'),
    ]);
    expect(JSON.parse(fixed.stdout)).toMatchObject({ counts: { error: 0, warning: 0, info: 1 } });
  });

  it('tells broken scorecards and fixtures as errors, and answers 2 where there is nothing to read', async () => {
    await folder.write('rules/mini.yaml', card('good morning').replace('phrase:', 'phrsae:'));
    await folder.write('f/mini.fixture.yaml', 'scorecard: mini-en\ncase: x\nsesion: {}\n');
    const { status, stdout } = await earwitness('lint', '--format', 'github', '--fail-on', 'error');
    expect([
      status,
      stdout.includes('file=rules/mini.yaml,line=9,'),
      stdout.includes('title=fixture/unknown-key'),
    ]).toEqual([1, true, true]);
    for (const args of [['nowhere'], ['--dry-run'], ['--format', 'xml']])
      expect((await earwitness('lint', ...args)).status).toBe(2);
    await folder.write('rules/mini.yaml', 'just: text\n');
    await folder.write('f/mini.fixture.yaml', 'x');
    expect((await earwitness('lint', 'rules')).stderr).toContain('There is no scorecard here.');
  });
});

describe('earwitness publish', () => {
  const publish = () => earwitness('publish', 'rules/mini.yaml', '--fixtures', 'f');

  it('records a version once, and refuses another content under it', async () => {
    const first = await publish();
    expect([first.status, first.stdout]).toEqual([
      0,
      '● Published mini-en version 1 (1 case passes); recorded in rules/published.json.\n',
    ]);
    const recorded = text('rules/published.json');
    expect(JSON.parse(recorded)).toMatchObject([{ id: 'mini-en', version: 1, items: ['greeting'] }]);
    expect((await publish()).stdout).toContain('published already');
    await folder.write('rules/mini.yaml', card('good morning, hello'));
    const refused = await publish();
    expect([refused.status, refused.stdout.includes('Write version: 2.')]).toEqual([1, true]);
    expect(text('rules/published.json')).toBe(recorded);
    await folder.write('rules/mini.yaml', card('good morning, hello', 2));
    expect((await publish()).status).toBe(0);
    const lines = text('rules/published.json').split('\n');
    expect([lines.length, lines[1]]).toEqual([5, `${recorded.split('\n')[1]},`]);
  });

  it('refuses what fails its fixtures, what has none, and a broken record', async () => {
    await folder.write('f/mini.fixture.yaml', fixture('fail'));
    expect(await publish()).toMatchObject({
      status: 1,
      stdout:
        '  ■ greeted\n■ Not published: not every fixture passes. earwitness test f --scorecard rules/mini.yaml says why.\n',
    });
    await folder.write(
      'f/mini.fixture.yaml',
      fixture('pass').replace('mini-en', 'service-en').replace('greeting: pass', 'score: { atLeast: 0 }'),
    );
    expect((await publish()).stdout).toContain('Not published');
    await folder.write('rules/published.json', '[{]');
    expect(await publish()).toMatchObject({ status: 2 });
    expect((await earwitness('publish', 'rules/mini.yaml')).status).toBe(2);
  });
});
