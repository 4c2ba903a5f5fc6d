import { styleText } from 'node:util';
import {
  agreementText,
  backtestAnswers,
  backtestWords as words,
  byFall,
  cardNames,
  changeText,
  flipText,
  flipTotal,
  scoreChangeText,
} from '../report/index.ts';
import {
  type Backtest,
  type Flip,
  type FlipSide,
  formatClock,
  type GroupChange,
  type ItemChange,
  type SessionList,
  type Standing,
  type UiLanguage,
} from '../session/index.ts';
import { clip, colon, shown } from './terminal.ts';

const signs = { pass: '●', fail: '■', unknown: '◆', na: '○' } as const;
const colours = { pass: 'green', fail: 'red', unknown: 'yellow', na: 'gray' } as const;

/** Items, and groups, spelled out on the terminal; page and --json hold all. */
const maxRows = 12;
const maxExamples = 2;

/** What `backtest` prints: what changes, for whom, with the words that prove it. */
export function backtestText(
  result: Backtest,
  files: readonly string[],
  language: UiLanguage,
  colour: boolean,
): string {
  const paint: Paint = (style, text) => (colour ? styleText(style, text) : text);
  const answers = backtestAnswers(result);
  const { passed, autoFailed, score } = result;
  const sep = colon(language);
  return [
    paint('bold', `${cardNames(result)[language]} · ${sessionsText(result, language)}`),
    answers.what[language],
    `${words.meanScore[language]} ${scoreChangeText(score)} · ${words.passRate[language]} ${passed.before.passed}/${passed.before.n} → ${passed.after.passed}/${passed.after.n} · ${words.autoFails[language]} ${autoFailed.before} → ${autoFailed.after}`,
    ...itemLines(result, language, paint),
    ...lists(result).flatMap(([title, list]) => listLine(title[language], list, language)),
    ...groupLines(words.agents[language] + sep, result.agents, language),
    ...groupLines(words.teams[language] + sep, result.teams, language),
    answers.work[language],
    ...(result.reviews ? agreementLines(result, language) : []),
    ...cardLines(result, language),
    ...result.failures
      .slice(0, 3)
      .map(({ path, message }) => paint('red', `■ ${clip(`${shown(path)}: ${message}`, 116)}`)),
    ...(result.failures.length > 3 ? [`  … ${result.failures.length - 3} ${words.more[language]}`] : []),
    ...files.map((file) => `${words.page[language]}${sep}${shown(file)}`),
    '',
  ].join('\n');
}

type Paint = (style: 'bold' | 'red' | 'green' | 'yellow' | 'gray', text: string) => string;

function sessionsText(
  { sessions: { judged, leftOut, newlyCovered, noLongerCovered } }: Backtest,
  language: UiLanguage,
) {
  const zh = language === 'zh';
  return [
    zh ? `评定 ${judged} 个会话` : `${judged} session${judged === 1 ? '' : 's'} judged`,
    ...(newlyCovered > 0 ? [zh ? `新纳入 ${newlyCovered} 个` : `${newlyCovered} newly covered`] : []),
    ...(noLongerCovered > 0 ? [zh ? `不再适用 ${noLongerCovered} 个` : `${noLongerCovered} no longer covered`] : []),
    ...(leftOut > 0 ? [zh ? `${leftOut} 个不属于此评分卡，未计` : `${leftOut} of other scorecards left out`] : []),
  ].join(zh ? '，' : ', ');
}

function itemLines({ items }: Backtest, language: UiLanguage, paint: Paint): string[] {
  const flipped = items
    .filter(({ flips }) => flipTotal(flips) > 0)
    .sort((a, b) => flipTotal(b.flips) - flipTotal(a.flips));
  const rest = flipped.length - maxRows;
  return [
    ...flipped
      .slice(0, maxRows)
      .flatMap((item) => [
        paint('bold', `  ${clip(item.title[language], 60)}  (${item.id})  ${flipText(item.flips)[language]}`),
        ...item.examples.slice(0, maxExamples).map((flip) => `    ${flipLine(flip, language, paint)}`),
      ]),
    ...(rest > 0 ? [`  … ${rest} ${words.more[language]}`] : []),
  ];
}

function flipLine({ session, before, after }: Flip, language: UiLanguage, paint: Paint): string {
  const who = clip(session.agentId === null ? session.id : `${session.id} · ${session.agentId}`, 34);
  return `${who}  ${sideText(before, language, paint)} → ${sideText(after, language, paint)}`;
}

/** The words and what they show; where there are none, the reason. */
function sideText({ verdict, quote, startMs, note, reason }: FlipSide, language: UiLanguage, paint: Paint): string {
  const sign = paint(colours[verdict], signs[verdict]);
  if (quote === null) return `${sign} ${clip(reason[language], 44)}`;
  const at = startMs === null ? '' : ` ${formatClock(startMs)}`;
  return `${sign} “${clip(quote, 24)}”${at}${note === null ? '' : ` (${clip(note[language], 36)})`}`;
}

function lists(result: Backtest) {
  return [
    [words.newlyAutoFailed, result.newlyAutoFailed],
    [words.newlyFailed, result.newlyFailed],
    [words.newlyPassed, result.newlyPassed],
    [words.noLongerAutoFailed, result.noLongerAutoFailed],
  ] as const;
}

function listLine(title: string, { total, shown: some }: SessionList, language: UiLanguage): string[] {
  if (total === 0) return [];
  const few = some.slice(0, 3);
  const text = few.map(({ session, before, after }) => `${clip(session.id, 30)} ${score(before)} → ${score(after)}`);
  const rest = total - few.length;
  return [
    `${title} ${total}${colon(language)}${text.join(language === 'zh' ? '；' : '; ')}${rest > 0 ? ` … ${rest} ${words.more[language]}` : ''}`,
  ];
}

function score(standing: Standing | null): string {
  return standing?.score == null ? '–' : standing.score.toFixed(1);
}

/** Only those whose score moves. */
function groupLines(title: string, groups: readonly GroupChange[], language: UiLanguage): string[] {
  const moved = byFall(groups).filter(({ score }) => score !== null && Math.abs(score.change) >= 0.05);
  if (moved.length === 0) return [];
  const few = moved
    .slice(0, 5)
    .map(({ key, score }) => `${clip(key ?? words.notStated[language], 24)} ${changeText(score!)}`);
  const rest = moved.length - few.length;
  return [
    `${title}${few.join(language === 'zh' ? '；' : '; ')}${rest > 0 ? ` … ${rest} ${words.more[language]}` : ''}`,
  ];
}

function agreementLines(result: Backtest, language: UiLanguage): string[] {
  const reviewed = result.items.filter((item): item is ItemChange & { agreement: object } => item.agreement !== null);
  const line = ({ id, agreement }: (typeof reviewed)[number]) =>
    `    ${id}  ${agreementText(agreement.before)} → ${agreementText(agreement.after)}`;
  const rest = reviewed.length - maxRows;
  return [
    backtestAnswers(result).right[language],
    ...reviewed.slice(0, maxRows).map(line),
    ...(rest > 0 ? [`    … ${rest} ${words.more[language]}`] : []),
  ];
}

function cardLines({ against }: Backtest, language: UiLanguage): string[] {
  const sep = colon(language);
  return against.flatMap(({ card, added, removed, renamed, settings }) => {
    const parts = [
      ...(added.length > 0 ? [`${words.added[language]}${sep}${added.join(', ')}`] : []),
      ...(removed.length > 0 ? [`${words.removed[language]}${sep}${removed.join(', ')}`] : []),
      ...(renamed.length > 0
        ? [`${words.renamed[language]}${sep}${renamed.map(({ from, to }) => `${from} → ${to}`).join(', ')}`]
        : []),
      ...settings
        .slice(0, 6)
        .map(({ item, setting, before, after }) => `${item === null ? '' : `${item} `}${setting} ${before} → ${after}`),
    ];
    return parts.length === 0 ? [] : [clip(`${card.id} v${card.version}${sep}${parts.join(' · ')}`, 200)];
  });
}
