import { isAbsolute, relative } from 'node:path';
import { styleText } from 'node:util';
import type { ReportModel } from '../report/index.ts';
import { type BatchResult, formatClock, type Localised, type UiLanguage } from '../session/index.ts';

/** Longest summary, in lines: it must fit a terminal of 25. */
const maxLines = 25;

const words = {
  inspected: { en: 'Inspected', zh: '已质检' },
  failed: { en: 'could not be inspected', zh: '个未能质检' },
  recogniser: { en: 'Recogniser', zh: '语音识别' },
  score: { en: 'Mean score', zh: '平均分' },
  passRate: { en: 'Pass rate', zh: '合格率' },
  autoFails: { en: 'auto-fails', zh: '一票否决' },
  provisional: { en: 'need a person for some items', zh: '个会话有评分项待人工判定' },
  top: { en: 'Where points are lost', zh: '主要失分项' },
  of: { en: 'of', zh: '/' },
  risk: { en: 'Hear these first', zh: '请优先复检' },
  none: { en: 'No high-risk session.', zh: '没有高风险会话。' },
  report: { en: 'Report', zh: '报告' },
  more: { en: 'more in the report', zh: '个见报告' },
} satisfies Record<string, Localised>;

/** What `inspect` prints at its end: at most 25 lines, the most useful first, colour only on a terminal. */
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
  const { headline } = model;
  const head = [
    bold(`${say('inspected')} ${counts(model, language)}`) +
      (batch.failures.length > 0 ? red(` · ${batch.failures.length} ${say('failed')}`) : ''),
    ...batch.failures.slice(0, 3).map((one) => red(`  ■ ${one.path}: ${clip(one.message, 110)}`)),
    ...(batch.recogniser
      ? [
          `${say('recogniser')}: ${batch.recogniser.name} ${batch.recogniser.version}`,
          `  ${clip(batch.recogniser.reason[language], 200)}`,
        ]
      : []),
    ...(batch.recogniser?.caveats ?? []).slice(0, 1).map((caveat) => `  ${clip(caveat[language], 200)}`),
    figures(model, language),
    ...(headline.coverage.provisional > 0 ? [`  ◆ ${headline.coverage.provisional} ${say('provisional')}`] : []),
  ];
  const failing = model.items.filter((item) => item.failed > 0).slice(0, 5);
  const top = failing.map((item) => {
    const judged = item.passed + item.failed;
    return `  ■ ${item.title[language]}  ${item.failed} ${say('of')} ${judged} (−${item.cost.toFixed(0)})`;
  });
  const foot = [`${say('report')}: ${files.map((file) => shown(file)).join('  ')}`];
  const room = maxLines - head.length - foot.length - top.length - 2;
  const shownRisks = model.highRisk.slice(0, Math.max(1, Math.min(8, room - 1)));
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

function counts(model: ReportModel, language: UiLanguage): string {
  const names = {
    call: { en: 'calls', zh: '通通话' },
    chat: { en: 'chats', zh: '个在线会话' },
    ticket: { en: 'tickets', zh: '张工单' },
  };
  const parts = model.channels.map((row) => {
    const name = names[row.key as keyof typeof names];
    return language === 'zh' ? `${row.sessions} ${name.zh}` : `${row.sessions} ${name.en}`;
  });
  return parts.join(language === 'zh' ? '、' : ', ');
}

function figures(model: ReportModel, language: UiLanguage): string {
  const { score, passRate, autoFailed } = model.headline;
  const mean =
    score === null
      ? '–'
      : `${score.mean.toFixed(1)}${score.halfWidth === null ? '' : ` ±${score.halfWidth.toFixed(1)}`} (n ${score.n})`;
  const rate =
    passRate === null
      ? '–'
      : `${Math.round(passRate.rate * 100)} % [${Math.round(passRate.low * 100)}–${Math.round(passRate.high * 100)}]`;
  return `${words.score[language]} ${mean} · ${words.passRate[language]} ${rate} · ${autoFailed} ${words.autoFails[language]}`;
}

function riskLine(
  session: ReportModel['highRisk'][number],
  language: UiLanguage,
  red: (text: string) => string,
): string {
  const proof = session.reasons.find((reason) => reason.evidence !== null)?.evidence ?? null;
  const at = proof?.startMs == null ? '' : `:${formatClock(proof.startMs)}`;
  const why = session.reasons.slice(0, 2).map((reason) => reason.title[language]);
  const entry = session.source.entry ? `#${session.source.entry}` : '';
  const quote = proof === null || proof.quote === '' ? '' : ` “${clip(proof.quote, 50)}”`;
  return `  ${red(`${session.band} ${session.probability.toFixed(2)}`)} ${shown(session.source.path)}${entry}${at} ${clip(why.join('; '), 90)}${quote}`;
}

/** A path as one would type it from here. */
function shown(path: string): string {
  if (!isAbsolute(path)) return path;
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

/** One line of at most `length` characters; what could steer a terminal or turn text around is taken out. */
function clip(text: string, length: number): string {
  const line = text
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
