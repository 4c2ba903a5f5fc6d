import { isAbsolute, relative } from 'node:path';
import type { UiLanguage } from '../session/index.ts';

/** A path as one would type it from here. */
export function shown(path: string): string {
  if (!isAbsolute(path)) return path;
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

/** One line of at most `columns`; what could steer a terminal or turn text around is taken out. */
export function clip(text: string, columns: number): string {
  const line = text
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
  if (width(line) <= columns) return line;
  let kept = '';
  let used = 1;
  for (const character of line) {
    used += width(character);
    if (used > columns) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Lines of at most `columns`, broken between words, or between any two characters where there are no spaces. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [''];
  for (const piece of text.match(/[^\s\u2e80-\u9fff\uff00-\uff60]+\s*|[\u2e80-\u9fff\uff00-\uff60]|\s+/gu) ?? []) {
    const line = lines.at(-1)!;
    if (line !== '' && width(line + piece.trimEnd()) > columns && !/^[，。；：、）”]/u.test(piece)) lines.push(piece);
    else lines[lines.length - 1] = line + piece;
  }
  return lines.map((line) => line.trimEnd());
}

/** Columns on a terminal: Chinese characters and full-width signs take two. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text)
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  return columns;
}

export function colon(language: UiLanguage): string {
  return language === 'zh' ? '：' : ': ';
}
