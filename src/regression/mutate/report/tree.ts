import { styleText } from 'node:util';
import type { UiLanguage } from '../../../session/index.ts';
import type { CardReport, MutationReport, Survivor } from './model.ts';
import { reportWords } from './words.ts';

type Style = Parameters<typeof styleText>[0];

/** Mutation testing for a terminal: shares, then each survivor with its place, its diff and the fixture that it lacks. */
export function mutationTree(
  report: MutationReport,
  { language, colour }: { language: UiLanguage; colour: boolean },
): string {
  const words = reportWords(language);
  const paint = (style: Style, text: string) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const indent = (text: string, by: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => (by + line).trimEnd());

  const survivorLines = (one: Survivor): string[] => {
    const place = `${one.file}:${one.line}:${one.column}`;
    const why = words.why(one);
    const { sketch } = one;
    const lead =
      sketch?.existing === null || !sketch
        ? words.sketched
        : words.existing(
            sketch.existing.name,
            `${sketch.existing.file}:${sketch.existing.line}`,
            sketch.item,
            sketch.original,
          );
    return [
      `  ${paint('red', '■')} ${place}  ${paint('gray', `${words.kindNames[one.kind]} ${one.id}`)}  ${one.items.join(', ')}`,
      ...indent(one.before.trim(), '    - ').map((line) => paint('red', line)),
      ...indent(one.after.trim(), '    + ').map((line) => paint('green', line)),
      ...(why === '' ? [] : [`    ${why}`]),
      ...(sketch ? [`    ${paint('gray', lead)}`, ...indent(sketch.yaml, '      ')] : []),
    ];
  };

  const cardLines = (card: CardReport): string[] => {
    const counted = card.killed + card.survived + card.invalid;
    const kinds = card.kinds.map((one) => `${words.kindNames[one.kind]} ${words.rate(one.killRate)}`).join(' · ');
    return [
      paint('bold', `${card.id} v${card.version}`) + `  ${words.headline(card)}`,
      `  ${kinds}`,
      `  ${words.speed(counted, card.mutantsMs)}`,
      ...(card.generated > counted ? [`  ${words.drawn(counted, card.generated)}`] : []),
      ...card.failing.flatMap((one) => [
        `  ${paint('yellow', '!')} ${words.failing}`,
        `    ${one.file}:${one.line}:${one.column} ${one.name}: ${one.what}`,
      ]),
      ...[...card.items]
        .sort((a, b) => (a.killRate ?? 101) - (b.killRate ?? 101))
        .map(
          (one) => `  ${words.rate(one.killRate).padStart(8)}  ${one.id}  ${one.killed}/${one.killed + one.survived}`,
        ),
      ...card.survivors.flatMap(survivorLines),
      '',
    ];
  };

  return `${[...report.scorecards.flatMap(cardLines), words.headline(report)].join('\n')}\n`;
}
