import type { Assertion, CaseResult } from '../run/result.ts';
import type { FileResult } from '../run/files.ts';
import type { SuiteResult } from '../run/suite.ts';
import { evidenceWords } from '../run/wording.ts';
import { oneLine, painter, shownPath, shownPlace, type TextOptions, wrapped } from './text.ts';

/** The run as a tree of files and cases; what failed is explained under its case. */
export function treeReport(suite: SuiteResult, options: TextOptions): string {
  return [...treeLines(suite, options), ...problemLines(suite, options), summaryLine(suite, options), ''].join('\n');
}

/** Of several files, one in which every case passed takes a line: among hundreds of dots nobody finds what failed. */
function treeLines({ files }: SuiteResult, options: TextOptions): string[] {
  const paint = painter(options.colour);
  const whole = ({ cases, problems }: FileResult) =>
    files.length > 1 && problems.length === 0 && cases.every(({ status }) => status === 'passed');
  const passed = files.filter(whole);
  return [
    ...passed.map(
      ({ path, cases }) =>
        `${paint('green', '●')} ${paint('bold', shownPath(path, options.cwd))}${paint('gray', `  ${cases.length}`)}`,
    ),
    ...(passed.length > 0 ? [''] : []),
    ...files.filter((file) => !whole(file)).flatMap((file) => fileLines(file, options)),
  ];
}

/** One fixture file with its cases. */
function fileLines({ path, cases, problems }: FileResult, options: TextOptions): string[] {
  const paint = painter(options.colour);
  return [
    paint('bold', shownPath(path, options.cwd)),
    ...cases.flatMap((one) => caseLines(one, options)),
    ...problems.flatMap((problem) => [
      `  ${paint('red', '✗')} ${shownPlace(problem, options.cwd)}  ${problem.message}`,
      ...(problem.hint ? [`    ${problem.hint}`] : []),
    ]),
    '',
  ];
}

function caseLines(one: CaseResult, options: TextOptions): string[] {
  const paint = painter(options.colour);
  const because = one.problem ? `  ${oneLine(one.problem.message[options.language])}` : '';
  switch (one.status) {
    case 'passed':
      return [`  ${paint('green', '●')} ${one.name}${timing(one, paint)}`];
    case 'skipped':
      return [`  ${paint('gray', '○')} ${one.name}${paint('gray', because)}`];
    case 'could-not-run':
      return [`  ${paint('yellow', '◆')} ${one.name}${because}`];
    case 'failed':
      return [
        `  ${paint('red', '■')} ${one.name}${timing(one, paint)}`,
        ...failures(one.assertions).flatMap((assertion) => assertionLines(assertion, options)),
      ];
  }
}

/** A case that takes noticeably long says so. */
function timing({ durationMs }: CaseResult, paint: ReturnType<typeof painter>): string {
  return durationMs < 500 ? '' : paint('gray', `  ${Math.round(durationMs)} ms`);
}

/** Where a verdict is wrong, what its evidence should have been is no news. */
function failures(assertions: readonly Assertion[]): Assertion[] {
  const wrong = new Set(assertions.filter(({ kind, pass }) => kind === 'verdict' && !pass).map(({ item }) => item));
  return assertions.filter(
    ({ kind, pass, item }) => !pass && (kind === 'verdict' || item === null || !wrong.has(item)),
  );
}

function assertionLines(one: Assertion, options: TextOptions): string[] {
  const { language, colour, cwd, width } = options;
  const paint = painter(colour);
  const zh = language === 'zh';
  const indent = '      ';
  const told = (text: string) => wrapped(oneLine(text), width - indent.length).map((line) => indent + line);
  const head = one.what[language];
  return [
    `    ${paint('red', '■')} ${paint('bold', head)}`,
    `${indent}${zh ? '期望' : 'expected'}  ${paint('green', one.expected[language])}`,
    `${indent}${zh ? '实际' : 'got     '}  ${paint('red', one.actual[language])}`,
    ...told(one.reason[language]),
    ...one.evidence
      .slice(0, 3)
      .flatMap((piece) => told(evidenceWords(piece)[language]).map((line) => paint('cyan', line))),
    `${indent}${paint('gray', `${zh ? '用例' : 'fixture'} ${shownPlace(one.place, cwd)}${one.rule ? `  ${zh ? '规则' : 'rule'} ${shownPlace(one.rule, cwd)}` : ''}`)}`,
  ];
}

/** Scorecards that could not be used. */
export function problemLines({ problems }: SuiteResult, { colour }: TextOptions): string[] {
  const paint = painter(colour);
  return problems.flatMap(({ message, hint }) => [
    ...message.split('\n').map((line, index) => (index === 0 ? `${paint('red', '✗')} ${line}` : `  ${line}`)),
    ...(hint ? [`  ${hint}`] : []),
    '',
  ]);
}

export function summaryLine(suite: SuiteResult, { language, colour }: TextOptions): string {
  const paint = painter(colour);
  const all = suite.files.flatMap(({ cases }) => cases);
  const words = {
    passed: { en: 'passed', zh: '通过', style: 'green' },
    failed: { en: 'failed', zh: '失败', style: 'red' },
    'could-not-run': { en: 'could not run', zh: '未能运行', style: 'yellow' },
    skipped: { en: 'skipped', zh: '跳过', style: 'gray' },
  } as const;
  const parts = (['failed', 'could-not-run', 'passed', 'skipped'] as const).flatMap((status) => {
    const count = all.filter((one) => one.status === status).length;
    if (count === 0 && status !== 'passed') return [];
    const { style, ...name } = words[status];
    return [paint(count === 0 ? 'gray' : style, language === 'zh' ? `${name.zh} ${count}` : `${count} ${name.en}`)];
  });
  const files = suite.files.length;
  const seconds = `${(suite.durationMs / 1000).toFixed(1)} s`;
  const broken = suite.files.reduce((sum, { problems }) => sum + problems.length, suite.problems.length);
  const faults =
    broken === 0
      ? []
      : [paint('red', language === 'zh' ? `${broken} 处问题` : `${broken} problem${broken === 1 ? '' : 's'}`)];
  return language === 'zh'
    ? `${[...parts, ...faults].join('，')}。共 ${all.length} 个用例，${files} 个文件，用时 ${seconds}`
    : `${[...parts, ...faults].join(', ')} of ${all.length} cases in ${files} file${files === 1 ? '' : 's'}, ${seconds}`;
}
