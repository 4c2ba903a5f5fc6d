import { basename } from 'node:path';
import { styleText } from 'node:util';
import { meanText, rateText, type ReportModel } from '../report/index.ts';
import { type BatchResult, formatClock, type Localised, type Problem, type UiLanguage } from '../session/index.ts';
import { clip, colon, shown, width, wrap } from './terminal.ts';

/** Longest summary, in lines: it must fit a terminal of 25. */
const maxLines = 25;

const words = {
  inspected: { en: 'Inspected', zh: '已质检' },
  nothing: { en: 'Nothing was inspected', zh: '没有可质检的内容' },
  recogniser: { en: 'Recogniser', zh: '语音识别' },
  score: { en: 'Mean score', zh: '平均分' },
  passRate: { en: 'Pass rate', zh: '合格率' },
  autoFails: { en: 'auto-fails', zh: '一票否决' },
  provisional: { en: 'sessions need a person for some items', zh: '个会话有评分项待人工判定' },
  provisionalOne: { en: 'session needs a person for some items', zh: '个会话有评分项待人工判定' },
  top: { en: 'Where points are lost', zh: '主要失分项' },
  of: { en: 'of', zh: '/' },
  risk: { en: 'Hear these first', zh: '请优先复检' },
  none: { en: 'No high-risk session.', zh: '没有高风险会话。' },
  report: { en: 'Report', zh: '报告' },
  low: { en: 'low', zh: '低' },
  medium: { en: 'medium', zh: '中' },
  high: { en: 'high', zh: '高' },
  critical: { en: 'critical', zh: '极高' },
  more: { en: 'more in the report', zh: '个见报告' },
} satisfies Record<string, Localised>;

/** What `inspect` prints at its end: at most 25 lines of about 120 columns, the most useful first, colour only on a terminal. */
export function summarise(
  model: ReportModel,
  batch: BatchResult,
  files: readonly string[],
  language: UiLanguage,
  colour: boolean,
): string {
  const say = (key: keyof typeof words) => words[key][language];
  const bold = (text: string) => (colour ? styleText('bold', text) : text);
  const red = (text: string) => (colour ? styleText('red', text) : text);
  const head = [
    bold(inspected(model, language)) + (batch.failures.length > 0 ? red(` · ${failed(batch, language)}`) : ''),
    ...batch.failures.slice(0, 3).flatMap((one) => failureLines(one, red)),
    ...(batch.failures.length > 3 ? [`  … ${batch.failures.length - 3} ${say('more')}`] : []),
    ...recogniser(batch, language),
  ];
  const foot = [`${say('report')}${colon(language)}${places(files)}`];
  if (batch.sessions.length === 0) return [...head, ...foot, ''].join('\n');
  head.push(figures(model, language));
  const { provisional } = model.headline.coverage;
  if (provisional > 0)
    head.push(`  ◆ ${provisional} ${provisional === 1 ? say('provisionalOne') : say('provisional')}`);
  const failing = model.items.filter((item) => item.failed > 0).slice(0, 5);
  const top = failing.map((item) => {
    const judged = item.passed + item.failed;
    return `  ■ ${clip(item.title[language], 90)}  ${item.failed} ${say('of')} ${judged} (−${item.cost.toFixed(0)})`;
  });
  const room = maxLines - head.length - foot.length - top.length - 3;
  const shownRisks = model.highRisk.slice(0, Math.max(1, Math.min(8, room)));
  const risks = shownRisks.map((session) => riskLine(session, language, red));
  const rest = model.highRisk.length - shownRisks.length;
  return [
    ...head,
    ...(top.length > 0 ? [bold(say('top')), ...top] : []),
    bold(model.highRisk.length > 0 ? say('risk') : say('none')),
    ...risks,
    ...(rest > 0 ? [`  … ${rest} ${say('more')}`] : []),
    ...foot,
    '',
  ].join('\n');
}

function inspected(model: ReportModel, language: UiLanguage): string {
  const names = {
    call: { en: ['call', 'calls'], zh: '通通话' },
    chat: { en: ['chat', 'chats'], zh: '个在线会话' },
    ticket: { en: ['ticket', 'tickets'], zh: '张工单' },
  } as const;
  if (model.channels.length === 0) return words.nothing[language];
  const parts = model.channels.map(({ key, sessions }) => {
    const name = names[key as keyof typeof names];
    return language === 'zh' ? `${sessions} ${name.zh}` : `${sessions} ${name.en[sessions === 1 ? 0 : 1]}`;
  });
  return `${words.inspected[language]} ${parts.join(language === 'zh' ? '、' : ', ')}`;
}

/** Problems and not inputs: one file can hold several, as a list of sessions does. */
function failed({ failures }: BatchResult, language: UiLanguage): string {
  if (language === 'zh') return `${failures.length} 处未能质检`;
  return `${failures.length} could not be inspected`;
}

/** What is wrong and where, and in a second line what to do. */
function failureLines({ path, message, hint }: Problem, red: (text: string) => string): string[] {
  return [red(`  ■ ${clip(`${shown(path)}: ${message}`, 116)}`), ...(hint ? [`    ${clip(hint, 116)}`] : [])];
}

function recogniser({ recogniser: chosen }: BatchResult, language: UiLanguage): string[] {
  if (chosen === null) return [];
  const lines = [chosen.reason, ...chosen.caveats.slice(0, 1)].flatMap((text) => wrap(text[language], 116).slice(0, 2));
  return [
    `${words.recogniser[language]}${colon(language)}${chosen.name} ${chosen.version}`,
    ...lines.map((line) => `  ${line}`),
  ];
}

/** The report's files, the page in full because it is the one to open. */
function places(files: readonly string[]): string {
  const [first, ...others] = files;
  if (first === undefined) return '–';
  return [shown(first), ...others.map((file) => basename(file))].join('  ');
}

function figures(model: ReportModel, language: UiLanguage): string {
  const { score, passRate, autoFailed } = model.headline;
  const name = autoFailed === 1 && language === 'en' ? 'auto-fail' : words.autoFails[language];
  return `${words.score[language]} ${meanText(score)} · ${words.passRate[language]} ${rateText(passRate)} · ${autoFailed} ${name}`;
}

function riskLine(
  session: ReportModel['highRisk'][number],
  language: UiLanguage,
  red: (text: string) => string,
): string {
  // Words prove something to a reader of one line; a bare figure or code does not.
  const proof =
    session.reasons.find(({ evidence }) => evidence?.turn != null && evidence.quote !== '')?.evidence ?? null;
  const at = proof?.startMs == null ? '' : `:${formatClock(proof.startMs)}`;
  const entry = session.source.entry ? `#${session.source.entry}` : '';
  const place = `${shown(session.source.path)}${entry}${at}`;
  const quote = proof === null ? '' : ` “${clip(proof.quote, 36)}”`;
  const band = `${words[session.band][language]} ${session.probability.toFixed(2)}`;
  const room = Math.max(30, 116 - width(band) - width(place) - width(quote) - 2);
  const why = session.reasons.slice(0, 2).map((reason) => reason.title[language]);
  return `  ${red(band)} ${place} ${clip(why.join(language === 'zh' ? '；' : '; '), room)}${quote}`;
}
