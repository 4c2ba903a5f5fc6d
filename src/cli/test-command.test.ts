import { readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cardEn, cardZh, folderWith } from '../regression/testing/run.ts';
import { run } from './testing/run.ts';

// The program in a process of its own, as a rule author runs it.

let folder: Awaited<ReturnType<typeof folderWith>>;
beforeEach(async () => {
  folder = await folderWith({
    'rules/card.yaml': cardEn,
    'rules/karte.yaml': cardZh,
    'a.fixture.yaml': `scorecard: desk-en # the desk
cases:
  - case: late
    session: { turns: [[agent, 0, 2, Hello], [agent, 12.4, 15, 'And your name?']] }
    expect: { greeting: pass, identity: { verdict: fail, near: { at: 12.4s, limit: 10s } } }
  - case: 及时
    scorecard: desk-zh
    session: { turns: [[agent, 0, 2, '您好，请问您贵姓？']] }
    expect: { greeting: pass, identity: pass, polite: pass }
`,
  });
});
afterEach(() => folder.remove());

const test = (...args: string[]) => run(['test', ...args], { cwd: folder.path });

describe('earwitness test', () => {
  it('answers 0 while every rule holds, 1 with the reason once one is changed, and 0 after --update', async () => {
    const clean = await test();
    expect([clean.status, clean.stderr, clean.stdout.split('\n').slice(0, 3)]).toEqual([
      0,
      '',
      ['a.fixture.yaml', '  ● late', '  ● 及时'],
    ]);
    await folder.write('rules/card.yaml', cardEn.replace('first 10s', 'first 15s'));
    const changed = await test();
    expect(changed.status).toBe(1);
    expect(changed.stdout).toContain('      expected  fail\n      got       pass\n');
    expect(changed.stdout).toContain('fixture a.fixture.yaml:5:31  rule rules/card.yaml:10:11');

    const asked = await test('--update');
    expect([asked.status, asked.stderr.includes('Nothing was written')]).toEqual([1, true]);
    const updated = await test('--update', '--yes');
    expect([updated.status, updated.stderr]).toEqual([
      0,
      `a.fixture.yaml
  @@ 5 @@
        session: { turns: [[agent, 0, 2, Hello], [agent, 12.4, 15, 'And your name?']] }
  -     expect: { greeting: pass, identity: { verdict: fail, near: { at: 12.4s, limit: 10s } } }
  +     expect: { greeting: pass, identity: { verdict: pass } }
      - case: 及时

Updated 1 case in 1 file.
`,
    ]);
    expect(readFileSync(folder.at('a.fixture.yaml'), 'utf8')).toContain('scorecard: desk-en # the desk');
  });

  it('holds coverage against a limit and shows the gaps, in Chinese too', async () => {
    const ran = await test('--only', 'late', '--matrix', '--ui-language', 'zh');
    expect([ran.status, ran.stdout.includes('缺少不通过用例'), ran.stdout.includes('覆盖率 0/3 项，0 %')]).toEqual([
      0,
      true,
      true,
    ]);
    const low = await test('--min-coverage', '50');
    expect([
      low.status,
      low.stdout.includes('desk-en: coverage is too low: 0 of 3 items, 0 %; at least 50 % wanted'),
    ]).toEqual([1, true]);
  });

  it('writes reports beside the tree and answers 2 for what could not run', async () => {
    await folder.write(
      'b.fixture.yaml',
      'scorecard: desk-en\ncase: b\nsession: { turns: [[agent, Hi]] }\nexpect: { greting: pass }\n',
    );
    const ran = await test(
      '--reporter',
      'tree',
      '--reporter',
      'github',
      '--reporter',
      'junit=out/junit.xml',
      '--reporter',
      'json=out/run.json',
    );
    expect([ran.status, ran.stdout.includes('::error file=b.fixture.yaml,line=4,col=11,title=unknown-item::')]).toEqual(
      [2, true],
    );
    expect(readFileSync(folder.at('out/junit.xml'), 'utf8')).toContain('errors="1"');
    expect(JSON.parse(readFileSync(folder.at('out/run.json'), 'utf8'))).toMatchObject({
      counts: { cases: 3, passed: 2, couldNotRun: 1 },
    });
  });

  it.each([
    [['nowhere'], 'There is no such file or folder.'],
    [['rules'], 'There is no fixture'],
    [['--reporter', 'xml'], 'Give one of tree, junit, json, tap, github'],
    [['--reporter', 'tap', '--reporter', 'json'], 'would both go to standard output'],
    [['--only', 'x', '--min-coverage', '1'], 'says nothing about a part'],
    [['--scorecard', 'none.yaml'], 'Check the path after --scorecard.'],
    [['--only', 'no such case'], '0 passed of 0 cases'],
  ])('refuses %j with status 2', async (args, message) => {
    const ran = await test(...args);
    expect([ran.status, (ran.stdout + ran.stderr).includes(message)]).toEqual([2, true]);
  });

  it('watches: runs again what a changed word list affects, and nothing else, until Ctrl-C', async () => {
    await folder.write(
      'rules/card.yaml',
      `${cardEn.replace('[hello, good morning]', '$greeting')}lexicons: { greeting: { file: words.txt } }\n`,
    );
    await folder.write('rules/words.txt', 'hello\n');
    const one = (name: string, card: string, text: string) =>
      `scorecard: ${card}\ncase: ${name}\nsession: { turns: [[agent, 0, 2, ${text}]] }\nexpect: { greeting: pass }\n`;
    await folder.write('a.fixture.yaml', one('greets', 'desk-en', 'Hello'));
    await folder.write('b.fixture.yaml', one('问候', 'desk-zh', '您好'));
    const edits = ['ahoy\n', 'hello\n'];
    const watching = 'Watching for changes; Ctrl-C ends.\n';
    let changes = Promise.resolve();
    let rounds = 0;
    const { status, stdout, stderr } = await run(['test', '--watch'], {
      cwd: folder.path,
      onStdout: (soFar, stop) => {
        for (const shown = soFar.split(watching).length - 1; rounds < shown; rounds++) {
          const text = edits[rounds];
          if (text === undefined) return stop();
          // As editors do: written elsewhere and put in the place of the old file in one step.
          changes = changes
            .then(() => folder.write('rules/words.txt.new', text))
            .then(() => rename(folder.at('rules/words.txt.new'), folder.at('rules/words.txt')));
        }
      },
    });
    await changes;
    const cases = stdout.split(watching).map((round) => round.match(/[ab](?=\.fixture)/g) ?? []);
    expect([status, stderr, cases.map((round) => [...new Set(round)])]).toEqual([
      130,
      '',
      [['a', 'b'], ['a'], ['a'], []],
    ]);
    const verdicts = stdout.split(watching).map((round) => round.includes('expected  pass'));
    expect(verdicts).toEqual([false, true, false, false]);
  });
});
