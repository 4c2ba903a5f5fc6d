import { type UiLanguage, type Verdict, verdictSchema } from '../../session/index.ts';
import type { CardCoverage, ItemCoverage } from '../coverage/coverage.ts';
import { columns, padded, painter, type TextOptions } from './text.ts';

const heads: Record<Verdict, Record<UiLanguage, string>> = {
  pass: { en: 'pass', zh: '通过' },
  fail: { en: 'fail', zh: '不通过' },
  unknown: { en: 'unknown', zh: '无法判断' },
  na: { en: 'n/a', zh: '不适用' },
};

/** Items × verdicts: how many cases expect each and found it. What is missing for coverage is marked. */
export function matrixReport(coverage: readonly CardCoverage[], options: TextOptions): string {
  return coverage.map((card) => cardLines(card, options).join('\n')).join('\n\n') + '\n';
}

function cardLines(card: CardCoverage, { language, colour }: TextOptions): string[] {
  const paint = painter(colour);
  const items = card.sections.flatMap(({ list }) => list);
  const verdicts = verdictSchema.options;
  const name = (item: ItemCoverage) => (language === 'zh' ? `${item.id}  ${item.title.zh}` : item.id);
  const first = Math.max(...items.map((item) => columns(name(item)) + 2), 4);
  const widths = verdicts.map((verdict) => Math.max(3, columns(heads[verdict][language])));
  const cell = (text: string, index: number) => ' '.repeat(Math.max(0, widths[index]! - columns(text))) + text;
  const head = `  ${padded('', first)}${verdicts.map((verdict, index) => cell(heads[verdict][language], index)).join('  ')}`;
  const row = (item: ItemCoverage) => {
    const cells = verdicts.map((verdict, index) => {
      const missing = !item.manualOnly && item.counts[verdict] === 0 && (verdict === 'pass' || verdict === 'fail');
      const count = item.counts[verdict] === 0 ? (missing ? '!' : '·') : String(item.counts[verdict]);
      return missing ? paint('red', cell(count, index)) : cell(count, index);
    });
    return `  ${padded(name(item), first)}${cells.join('  ')}${gap(item, language)}`.trimEnd();
  };
  return [
    paint('bold', `${card.scorecard} v${card.version}`),
    paint('gray', head),
    ...card.sections.flatMap((section) => [
      `${padded(section.title[language], first + 2)}${coverText(section, language)}`,
      ...section.list.map(row),
    ]),
    paint('bold', `${language === 'zh' ? '覆盖率' : 'Coverage'} ${coverText(card, language)}`),
  ];
}

function gap({ counts, manualOnly }: ItemCoverage, language: UiLanguage): string {
  if (manualOnly) return language === 'zh' ? '  人工项' : '  judged by a person';
  const missing = (['pass', 'fail'] as const).filter((verdict) => counts[verdict] === 0);
  if (missing.length === 0) return '';
  const names = missing.map((verdict) => heads[verdict][language]);
  return language === 'zh'
    ? `  缺少${names.join('、')}用例`
    : `  no ${names.map((name) => `${name}ing`).join(' and no ')} case`;
}

/** `3 of 4 items, 75 %` */
export function coverText(
  { covered, items, percent }: { covered: number; items: number; percent: number },
  language: UiLanguage,
): string {
  const figure = `${Number(percent.toFixed(1))} %`;
  return language === 'zh' ? `${covered}/${items} 项，${figure}` : `${covered} of ${items} items, ${figure}`;
}
