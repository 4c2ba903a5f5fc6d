import type { UiLanguage } from '../../../session/index.ts';
import type { CardReport, MutationReport, Survivor, Tally } from './model.ts';
import { reportWords } from './words.ts';

/** Mutation testing as Markdown, for the summary of a pull request. */
export function mutationMarkdown(report: MutationReport, language: UiLanguage): string {
  const words = reportWords(language);

  const table = (title: string, head: string, rows: readonly [string, Tally][]): string[] => [
    `#### ${title}`,
    '',
    `| ${head} | ${words.killed} | ${words.survived} | ${words.share} |`,
    '|---|---:|---:|---:|',
    ...rows.map(([name, one]) => `| ${name} | ${one.killed} | ${one.survived} | ${words.rate(one.killRate)} |`),
    '',
  ];

  const survivorLines = (one: Survivor): string[] => {
    const { sketch } = one;
    const why = words.why(one);
    const existing = sketch?.existing;
    const lead =
      sketch && existing
        ? words.existing(existing.name, `${existing.file}:${existing.line}`, sketch.item, sketch.original)
        : words.sketched;
    return [
      `<details><summary><code>${one.file}:${one.line}</code> ${escaped(one.items.join(', '))}: ${escaped(one.change)}</summary>`,
      '',
      ...fenced('diff', `${marked('-', one.before)}\n${marked('+', one.after)}`),
      ...(why === '' ? [] : [why, '']),
      ...(sketch ? [lead, '', ...fenced('yaml', sketch.yaml.trimEnd())] : []),
      '</details>',
      '',
    ];
  };

  const card = (one: CardReport): string[] => [
    `### ${one.id} v${one.version}`,
    '',
    `${words.headline(one)}.`,
    '',
    ...one.failing.flatMap((each) => [`${words.failing} \`${each.file}:${each.line}\` ${each.name}: ${each.what}`, '']),
    ...table(
      words.kinds,
      words.kind,
      one.kinds.map((each) => [words.kindNames[each.kind], each]),
    ),
    ...table(
      words.items,
      words.item,
      one.items.map((each) => [`\`${each.id}\``, each]),
    ),
    ...(one.survivors.length > 0 ? [`#### ${words.survivors}`, '', ...one.survivors.flatMap(survivorLines)] : []),
  ];

  const lines = [`## ${words.title}`, '', `${words.headline(report)}.`, '', ...report.scorecards.flatMap(card)];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** A code block whose fence is longer than any in the text. */
function fenced(language: string, text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [fence + language, text, fence, ''];
}

function marked(sign: string, lines: string): string {
  return lines
    .split('\n')
    .map((line) => sign + line)
    .join('\n');
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!);
}
