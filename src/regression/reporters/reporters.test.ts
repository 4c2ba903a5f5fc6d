import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { coverageOf } from '../coverage/coverage.ts';
import { cardEn, folderWith, suiteOptions } from '../testing/run.ts';
import { runSuite, type SuiteResult } from '../run/suite.ts';
import { reporters } from './index.ts';
import { testReportSchema } from './json.ts';
import { matrixReport } from './matrix.ts';

const fixture = `
scorecard: desk-en
cases:
  - { case: good, session: { turns: [[agent, 0, 1, 'Hello, your name?']] }, expect: { greeting: pass, identity: pass } }
  - { case: 'odd <&"\\ #1, 50%: a::b', session: { turns: [[agent, 0, 1, 'Yes?'], [agent, 12, 13, ']]> your name']] }, expect: { identity: pass } }
  - { case: later, skip: until Monday, session: { turns: [[agent, Hi]] }, expect: { greeting: pass } }
  - { case: typo, session: { turns: [[agent, Hi]] }, expect: { greting: pass } }
`;

const folder = await folderWith({ 'card.yaml': cardEn, 'a.fixture.yaml': fixture });
const suite: SuiteResult = {
  ...(await runSuite([folder.at('a.fixture.yaml')], suiteOptions(folder.path))),
  durationMs: 1234,
};
await folder.remove();
const text = { language: 'en', colour: false, width: 100, cwd: folder.path } as const;

/** Names, attributes and order of elements; throws where the text is no well-formed XML. */
function elements(xml: string): string[] {
  const open: string[] = [];
  const found: string[] = [];
  const token =
    /<\?xml[^>]*\?>|<(\/?)([\w-]+)((?:\s+[\w-]+="(?:[^<&"]|&(?:amp|lt|gt|quot|apos);)*")*)\s*(\/?)>|(?:[^<&]|&(?:amp|lt|gt|quot|apos);)+/gy;
  let at = 0;
  for (const match of xml.matchAll(token)) {
    at += match[0].length;
    const [, end, name, , empty] = match;
    if (name === undefined) continue;
    if (end) expect(open.pop()).toBe(name);
    else {
      found.push(name);
      if (!empty) open.push(name);
    }
  }
  expect([at, open]).toEqual([xml.length, []]);
  return found;
}

describe('reports', () => {
  it('tree: what, expected, found, why, the words and both lines', () => {
    const lines = reporters.tree(suite, text).split('\n');
    expect(lines.slice(0, 6)).toEqual([
      'a.fixture.yaml',
      '  ● good',
      '  ■ odd <&"\\ #1, 50%: a::b',
      '    ■ identity',
      '      expected  pass',
      '      got       fail',
    ]);
    expect(lines.filter((line) => line.length > 110)).toEqual([]);
    expect(lines).toContain('      turn 2, 00:12.0: “your name” – said at 12 s, limit 10 s');
    expect(lines.find((line) => line.includes(' fixture '))).toMatch(
      /^ {6}fixture a\.fixture\.yaml:5:\d+ {2}rule card\.yaml:10:11$/,
    );
    expect(lines).toContain('    Did you mean "greeting"?');
    expect(lines.at(-2)).toBe('1 failed, 1 could not run, 1 passed, 1 skipped, 1 problem of 4 cases in 1 file, 1.2 s');
    expect(
      reporters
        .tree(suite, { ...text, language: 'zh' })
        .split('\n')
        .at(-2),
    ).toBe('失败 1，未能运行 1，通过 1，跳过 1，1 处问题。共 4 个用例，1 个文件，用时 1.2 s');
  });

  it('JUnit: well-formed, with counts, lines and the reason', () => {
    const xml = reporters.junit(suite, text);
    expect(elements(xml)).toEqual([
      'testsuites',
      'testsuite',
      'testcase',
      'testcase',
      'failure',
      'testcase',
      'skipped',
      'testcase',
      'error',
    ]);
    expect(xml).toContain('<testsuites name="earwitness" tests="4" failures="1" errors="1" skipped="1" time="1.234">');
    expect(xml).toContain(
      'name="odd &lt;&amp;&quot;\\ #1, 50%: a::b" classname="desk-en" file="a.fixture.yaml" line="5"',
    );
    expect(xml).toContain('said at 12 s, limit 10 s');
  });

  it('TAP 14: plan, subtests, escaped names and YAML blocks', () => {
    const tap = reporters.tap(suite, text).split('\n');
    expect(tap.slice(0, 5)).toEqual([
      'TAP version 14',
      '1..1',
      '# Subtest: a.fixture.yaml',
      '    1..5',
      '    ok 1 - good',
    ]);
    expect(tap[5]).toBe('    not ok 2 - odd <&"\\\\ \\#1, 50%: a::b');
    const block = tap.slice(tap.indexOf('      ---') + 1, tap.indexOf('      ...')).join('\n');
    expect(parse(block)).toMatchObject({
      severity: 'fail',
      failures: [{ what: 'identity', expected: 'pass', actual: 'fail' }],
    });
    expect(tap).toContain('    ok 3 - later # SKIP until Monday');
    expect(tap.at(-2)).toBe('not ok 1 - a.fixture.yaml');
  });

  it('GitHub: one line for each annotation, escaped', () => {
    const lines = reporters.github(suite, text).trimEnd().split('\n');
    expect(
      lines.map((line) => /^::(error|warning) file=a\.fixture\.yaml,line=\d+,col=\d+,title=[^:,]*::/.test(line)),
    ).toEqual([true, true, true]);
    expect(lines[1]).toContain('title=odd <&"\\ #1%2C 50%25%3A a%3A%3Ab::identity: expected pass, got fail%0A');
  });

  it('JSON: holds against its schema, with paths from here', () => {
    const report = testReportSchema.parse(JSON.parse(reporters.json(suite, text)));
    expect([report.counts, report.files[0]!.path, report.scorecards[0]!.path]).toEqual([
      { cases: 4, passed: 1, failed: 1, couldNotRun: 1, skipped: 1 },
      'a.fixture.yaml',
      'card.yaml',
    ]);
  });

  it('matrix: counts, gaps and coverage, in both languages', () => {
    const coverage = coverageOf(suite.cards, suite.files[0]!.cases);
    expect(matrixReport(coverage, text).split('\n')).toEqual([
      'desk-en v2',
      '            pass  fail  unknown  n/a',
      'Opening     0 of 2 items, 0 %',
      '  greeting     1     !        ·    ·  no failing case',
      '  identity     1     !        ·    ·  no failing case',
      'Conduct     0 of 1 items, 0 %',
      '  polite       !     !        ·    ·  no passing and no failing case',
      '  tone         ·     ·        ·    ·  judged by a person',
      'Coverage 0 of 3 items, 0 %',
      '',
    ]);
    expect(matrixReport(coverage, { ...text, language: 'zh' })).toContain('缺少不通过用例');
  });
});
