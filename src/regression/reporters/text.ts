import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { UiLanguage } from '../../session/index.ts';
import type { Place } from '../fixtures/problems.ts';
import type { Assertion } from '../run/result.ts';
import { evidenceWords } from '../run/wording.ts';

export interface TextOptions {
  language: UiLanguage;
  colour: boolean;
  /** Columns of the terminal; Infinity where lines are not broken. */
  width: number;
  /** Paths are shown relative to this folder. */
  cwd: string;
}

type Style = Parameters<typeof styleText>[0];

export function painter(colour: boolean): (style: Style, text: string) => string {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

/** A path as one would type it from here. */
export function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near === '' || near.startsWith('..') ? path : near;
}

export function shownPlace({ file, line, column }: Place, cwd: string): string {
  return `${shownPath(file, cwd)}:${line}:${column}`;
}

/** An assertion that failed, as plain lines: what, why, the words, where. */
export function failureLines(one: Assertion, language: UiLanguage, cwd: string): string[] {
  const [expected, got] = language === 'zh' ? ['期望', '实际'] : ['expected', 'got'];
  const [fixture, rule] = language === 'zh' ? ['用例', '规则'] : ['fixture', 'rule'];
  return [
    `${one.what[language]}: ${expected} ${one.expected[language]}, ${got} ${one.actual[language]}`,
    one.reason[language],
    ...one.evidence.slice(0, 3).map((piece) => evidenceWords(piece)[language]),
    `${fixture} ${shownPlace(one.place, cwd)}${one.rule ? ` · ${rule} ${shownPlace(one.rule, cwd)}` : ''}`,
  ];
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns on a terminal: Chinese characters take two. */
export function columns(text: string): number {
  let sum = 0;
  for (const character of text) sum += wide.test(character) ? 2 : 1;
  return sum;
}

/** Fills up with spaces to so many columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/** What could steer a terminal or a reader's eye is taken out; line ends become spaces. */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
}

/** Lines of at most `width` columns, broken between words, or between any two Chinese characters. */
export function wrapped(text: string, width: number): string[] {
  if (!Number.isFinite(width)) return [text];
  const lines: string[] = [''];
  for (const piece of text.match(/[^\s\u2e80-\u9fff\uff00-\uff60]+\s*|[\u2e80-\u9fff\uff00-\uff60]|\s+/gu) ?? []) {
    const line = lines.at(-1)!;
    if (line !== '' && columns(line + piece.trimEnd()) > width && !/^[，。；：、）”]/u.test(piece)) lines.push(piece);
    else lines[lines.length - 1] = line + piece;
  }
  return lines.map((line) => line.trimEnd());
}
