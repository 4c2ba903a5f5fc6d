import { styleText } from 'node:util';
import type { UiLanguage } from '../../../session/index.ts';
import type { Severity } from '../check.ts';
import { type Finding, type LintResult, reaches } from '../lint.ts';
import { counted, shownPath } from './shown.ts';

export interface LintTextOptions {
  language: UiLanguage;
  colour: boolean;
  cwd: string;
  /** Findings below this are counted only. */
  least: Severity;
}

const marks = { error: '■', warning: '◆', info: '○' } as const;
const colours = { error: 'red', warning: 'yellow', info: 'gray' } as const;
const words = {
  en: { error: ['error', 'errors'], warning: ['warning', 'warnings'], info: ['note', 'notes'] },
  zh: { error: ['个错误', '个错误'], warning: ['个警告', '个警告'], info: ['条提示', '条提示'] },
} as const;

/** Findings by file, and a line that sums up. */
export function textReport({ cards, findings }: LintResult, options: LintTextOptions): string {
  const { language, cwd, least } = options;
  const zh = language === 'zh';
  const shown = findings.filter((one) => reaches(one, least));
  const lines: string[] = [];
  for (const file of new Set(shown.map((one) => one.file))) {
    lines.push(shownPath(file, cwd));
    for (const one of shown.filter((other) => other.file === file)) lines.push(...findingLines(one, options));
    lines.push('');
  }
  const counts = counted(findings);
  const parts = (['error', 'warning', 'info'] as const)
    .filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${words[language][severity][counts[severity] === 1 ? 0 : 1]}`);
  const of = zh
    ? `已检查 ${cards.length} 张评分卡`
    : `${cards.length} ${cards.length === 1 ? 'scorecard' : 'scorecards'}`;
  lines.push(
    `${parts.length === 0 ? paint(options, 'green', '●') + (zh ? ' 未发现问题' : ' nothing found') : parts.join(zh ? '，' : ', ')} · ${of}`,
  );
  const hidden = findings.length - shown.length;
  if (hidden > 0)
    lines.push(
      zh
        ? `另有 ${hidden} 条提示未显示；--show info 可查看。`
        : `${hidden} below the level shown; --show info lists ${hidden === 1 ? 'it' : 'them'}.`,
    );
  const fixable = findings.filter((one) => one.fixable).length;
  if (fixable > 0) lines.push(zh ? `其中 ${fixable} 处可用 --fix 自动处理。` : `--fix takes ${fixable} of them away.`);
  return `${lines.join('\n')}\n`;
}

function findingLines({ severity, line, column, code, message, hint }: Finding, options: LintTextOptions): string[] {
  const { language } = options;
  const place = `${line}:${column}`.padEnd(8);
  return [
    `  ${paint(options, colours[severity], marks[severity])} ${place} ${message[language]}  ${paint(options, 'gray', code)}`,
    ...(hint ? [`             ${paint(options, 'gray', hint[language])}`] : []),
  ];
}

function paint({ colour }: LintTextOptions, style: Parameters<typeof styleText>[0], text: string): string {
  return colour ? styleText(style, text, { validateStream: false }) : text;
}
