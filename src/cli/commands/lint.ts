import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { Command, Option } from 'commander';
import { engine } from '../../pipeline/index.ts';
import { diffLines, loadFile } from '../../regression/index.ts';
import {
  type Finding,
  findScorecards,
  githubReport,
  inOrder,
  jsonReport,
  lintScorecards,
  planFixes,
  reaches,
  requireSome,
  sarifReport,
  severities,
  type Severity,
  textReport,
} from '../../scorecard/index.ts';
import { EarwitnessError, type UiLanguage } from '../../session/index.ts';
import { exitStatus } from '../exit-status.ts';

const formats = ['text', 'json', 'sarif', 'github'] as const;

interface LintCommandOptions {
  failOn: Severity;
  show: Severity | undefined;
  fix: boolean;
  dryRun: boolean;
  format: (typeof formats)[number];
  uiLanguage: UiLanguage;
}

/** `earwitness lint`: everything that is wrong or doubtful about scorecards, without a session. */
export function lintCommand(report: (status: number) => void): Command {
  return new Command('lint')
    .description(
      'Tell everything that is wrong or doubtful about scorecards: contradictions, unused words, dead scopes.',
    )
    .argument('[paths...]', 'scorecards, folders or globs', ['.'])
    .addOption(
      new Option('--fail-on <severity>', 'exit status 1 from this severity on').choices(severities).default('warning'),
    )
    .addOption(new Option('--show <severity>', 'list findings from this severity on').choices(severities))
    .option('--fix', 'take out what can go without changing a verdict, after showing the difference', false)
    .option('--dry-run', 'with --fix: show the difference, write nothing', false)
    .addOption(new Option('--format <name>', 'how findings are told').choices(formats).default('text'))
    .addOption(new Option('--ui-language <tag>', 'language of the output').choices(['en', 'zh']).default('en'))
    .addHelpText('after', '\nExit status: 0 clean, 1 findings at or above --fail-on, 2 could not run.')
    .action(async (paths: string[], options: LintCommandOptions) => {
      if (options.dryRun && !options.fix)
        throw new EarwitnessError('usage', '', '--dry-run goes with --fix.', 'Give --fix too.');
      report(await lint(paths, options));
    });
}

async function lint(paths: string[], options: LintCommandOptions): Promise<number> {
  const { scorecards, fixtures } = await findScorecards(paths);
  requireSome([...scorecards, ...fixtures], paths);
  if (options.fix) await fix(scorecards, options);
  const result = await lintScorecards(scorecards);
  const all = { ...result, findings: inOrder([...result.findings, ...(await problemsOfFixtures(fixtures))]) };
  process.stdout.write(shown(all, options));
  return all.findings.some((one) => reaches(one, options.failOn)) ? exitStatus.findings : exitStatus.clean;
}

function shown(result: Parameters<typeof textReport>[0], options: LintCommandOptions): string {
  const { format, uiLanguage: language, failOn, show } = options;
  const cwd = process.cwd();
  switch (format) {
    case 'json':
      return jsonReport(result, cwd);
    case 'sarif':
      return sarifReport(result, cwd, engine);
    case 'github':
      return githubReport(result, cwd, language);
    case 'text': {
      const colour = process.stdout.isTTY && !process.env['NO_COLOR'] && process.env['CI'] !== 'true';
      return textReport(result, { language, cwd, colour, least: show ?? failOn });
    }
  }
}

/** Shows what goes, then writes it. What is read by a program stays alone on standard output. */
async function fix(scorecards: readonly string[], { dryRun, uiLanguage }: LintCommandOptions): Promise<void> {
  const { files, removed } = await planFixes(scorecards);
  for (const { path, before, after } of files) {
    process.stderr.write(
      `${relative(process.cwd(), path)}\n${diffLines(before, after)
        .map((line) => `  ${line}\n`)
        .join('')}\n`,
    );
    if (dryRun) continue;
    try {
      await writeFile(path, after);
    } catch (error) {
      throw new EarwitnessError('output-unwritable', path, 'The file cannot be written.', 'Check its permissions.', {
        cause: error,
      });
    }
  }
  const zh = uiLanguage === 'zh';
  if (removed === 0) process.stderr.write(zh ? '没有可自动处理的内容。\n' : 'Nothing to take out.\n');
  else if (dryRun) process.stderr.write(zh ? '未写入任何内容。\n' : 'Nothing was written.\n');
  else
    process.stderr.write(
      zh ? `已删除 ${removed} 处。\n` : `Took out ${removed} ${removed === 1 ? 'entry' : 'entries'}.\n`,
    );
}

/** What keeps fixtures from being read; whether they hold is for `earwitness test` to say. */
async function problemsOfFixtures(paths: readonly string[]): Promise<Finding[]> {
  const files = await Promise.all(paths.map((path) => loadFile(path)));
  return files.flatMap(({ problems }) =>
    problems.map(({ file, line, column, code, message, hint }) => ({
      code: `fixture/${code}`,
      severity: 'error' as const,
      file,
      line,
      column,
      message: { en: message, zh: message },
      hint: hint === null ? null : { en: hint, zh: hint },
      fixable: false,
    })),
  );
}
