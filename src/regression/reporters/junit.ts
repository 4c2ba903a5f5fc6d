import type { UiLanguage } from '../../session/index.ts';
import type { CaseResult } from '../run/result.ts';
import type { FileResult } from '../run/files.ts';
import type { SuiteResult } from '../run/suite.ts';
import { failureLines, shownPath, shownPlace } from './text.ts';

/** JUnit XML as Jenkins, GitLab and Azure read it: a file is a suite, a case a test. */
export function junitReport(suite: SuiteResult, { language, cwd }: { language: UiLanguage; cwd: string }): string {
  const files = suite.files.map((file) => ({ ...file, cases: [...file.cases, ...brokenFile(file, cwd)] }));
  const cases = files.flatMap((file) => file.cases);
  const cards = suite.problems.map(
    ({ message }) =>
      `    <testcase name="scorecard" classname="scorecard" time="0"><error message=${attribute(message.split('\n', 1)[0]!)}>${text(message)}</error></testcase>`,
  );
  const extra =
    cards.length > 0
      ? [
          `  <testsuite name="scorecards" tests="${cards.length}" failures="0" errors="${cards.length}" skipped="0" time="0">`,
          ...cards,
          '  </testsuite>',
        ]
      : [];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="earwitness" ${counts(cases, cards.length)} time="${seconds(suite.durationMs)}">`,
    ...files.flatMap((file) => suiteLines(file, language, cwd)),
    ...extra,
    '</testsuites>',
    '',
  ].join('\n');
}

/** Problems of a file that no case stands for. */
function brokenFile({ path, cases, problems }: FileResult, cwd: string): CaseResult[] {
  const told = new Set(cases.map(({ problem }) => problem?.message.en));
  const rest = problems.filter(({ message }) => !told.has(message));
  if (rest.length === 0) return [];
  const message = rest.map((one) => `${shownPlace(one, cwd)}: ${one.message}`).join('\n');
  const { file, line, column } = rest[0]!;
  return [
    {
      id: path,
      name: 'the file can be read',
      place: { file, line, column },
      at: { document: 0, index: null },
      scorecard: null,
      status: 'could-not-run',
      assertions: [],
      problem: { message: { en: message, zh: message }, hint: rest[0]!.hint },
      verdicts: {},
      confirmed: {},
      durationMs: 0,
    },
  ];
}

function suiteLines({ path, cases }: Pick<FileResult, 'path' | 'cases'>, language: UiLanguage, cwd: string): string[] {
  const time = cases.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const name = shownPath(path, cwd);
  return [
    `  <testsuite name=${attribute(name)} ${counts(cases, 0)} time="${seconds(time)}" file=${attribute(name)}>`,
    ...cases.map((one) => caseLine(one, name, language, cwd)),
    '  </testsuite>',
  ];
}

function caseLine(one: CaseResult, file: string, language: UiLanguage, cwd: string): string {
  const head = `    <testcase name=${attribute(one.name)} classname=${attribute(one.scorecard?.id ?? file)} file=${attribute(file)} line="${one.place.line}" time="${seconds(one.durationMs)}"`;
  const because = one.problem?.message[language] ?? '';
  switch (one.status) {
    case 'passed':
      return `${head}/>`;
    case 'skipped':
      return `${head}><skipped message=${attribute(because)}/></testcase>`;
    case 'could-not-run':
      return `${head}><error message=${attribute(because.split('\n', 1)[0]!)} type="could-not-run">${text([because, one.problem?.hint ?? ''].join('\n').trim())}</error></testcase>`;
    case 'failed': {
      const wrong = one.assertions.filter(({ pass }) => !pass);
      const all = wrong.map((assertion) => failureLines(assertion, language, cwd));
      return `${head}><failure message=${attribute(all.map((lines) => lines[0]).join('; '))} type="${wrong[0]!.kind}">${text(all.map((lines) => lines.join('\n  ')).join('\n'))}</failure></testcase>`;
    }
  }
}

function counts(cases: readonly CaseResult[], more: number): string {
  const count = (status: CaseResult['status']) => cases.filter((one) => one.status === status).length;
  return `tests="${cases.length + more}" failures="${count('failed')}" errors="${count('could-not-run') + more}" skipped="${count('skipped')}"`;
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);

/** Characters that XML 1.0 does not know are left out, the five special ones written as entities. */
function text(value: string): string {
  return value
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (sign) => entities[sign]!);
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

const attribute = (value: string) => `"${text(value).replace(/\s/g, ' ')}"`;
