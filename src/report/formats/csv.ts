import { stringify } from 'csv-stringify/sync';
import type { BatchResult, Localised, SessionResult, UiLanguage } from '../../session/index.ts';
import { buildReportModel } from '../model/model.ts';
import type { ItemRow } from '../model/types.ts';
import { bandNames, channelNames, criticalNames, verdictNames, words } from '../words.ts';

type Cell = string | number | null;
interface Column<Row> {
  title: Localised;
  value(row: Row, language: UiLanguage): Cell;
}

/** One row per session; see docs/reference/report.md for the columns. */
export function* sessionsCsv(batch: BatchResult, language: UiLanguage): Generator<string> {
  yield* sheet(sessionColumns, batch.sessions, language);
}

/** The same rows for sessions that come one after the other and never stand in memory together. */
export async function* sessionsCsvStream(
  sessions: AsyncIterable<SessionResult>,
  language: UiLanguage,
): AsyncGenerator<string> {
  yield headLine(sessionColumns, language);
  for await (const session of sessions) yield rowLine(sessionColumns, session, language);
}

/** One row per item, most expensive first. */
export function* itemsCsv(batch: BatchResult, language: UiLanguage): Generator<string> {
  yield* sheet(itemColumns, buildReportModel(batch).items, language);
}

/** UTF-8 with a byte order mark, so that Excel shows Chinese; CRLF line ends (RFC 4180). */
function* sheet<Row>(columns: readonly Column<Row>[], rows: readonly Row[], language: UiLanguage): Generator<string> {
  yield headLine(columns, language);
  for (const row of rows) yield rowLine(columns, row, language);
}

function headLine<Row>(columns: readonly Column<Row>[], language: UiLanguage): string {
  return line(
    columns.map((column) => column.title[language]),
    true,
  );
}

function rowLine<Row>(columns: readonly Column<Row>[], row: Row, language: UiLanguage): string {
  return line(columns.map((column) => column.value(row, language)));
}

export function line(cells: readonly Cell[], bom = false): string {
  return stringify([cells.map(neutral)], { bom, record_delimiter: 'windows', quoted_match: /[\r\n;]/ });
}

/**
 * Numbers as they are. Text that a spreadsheet would run as a formula (= + - @ tab carriage return, in full width too)
 * gets a leading apostrophe, as OWASP's page on CSV injection advises. Wider than csv-stringify's `escape_formulas`,
 * which lets a formula after a blank or a line break through.
 */
function neutral(value: Cell): Cell {
  if (typeof value !== 'string') return value;
  // eslint-disable-next-line no-control-regex
  const clean = value.replace(/\u0000/g, '').replace(/\p{Surrogate}/gu, '\uFFFD');
  return /^[\s\uFEFF]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(clean) ? `'${clean}` : clean;
}

const titlesOf = (session: SessionResult, verdict: SessionResult['items'][number]['verdict'], language: UiLanguage) =>
  session.items
    .filter((item) => item.verdict === verdict)
    .map((item) => item.title[language])
    .join(language === 'zh' ? '；' : '; ');

const yesNo = (value: boolean, language: UiLanguage) =>
  ({ en: value ? 'yes' : 'no', zh: value ? '是' : '否' })[language];

export const sessionColumns: Column<SessionResult>[] = [
  { title: { en: 'Session', zh: '会话' }, value: (row) => row.id },
  { title: words.channel, value: (row, language) => channelNames[row.channel][language] },
  { title: words.languageColumn, value: (row) => row.language },
  { title: words.agent, value: (row) => row.agentId },
  { title: words.team, value: (row) => row.team },
  { title: words.queue, value: (row) => row.queue },
  { title: { en: 'Started', zh: '开始时间' }, value: (row) => row.startedAt },
  { title: { en: 'Duration (ms)', zh: '时长（毫秒）' }, value: (row) => row.measures.durationMs },
  { title: { en: 'Turns', zh: '轮次' }, value: (row) => row.turns.length },
  { title: words.score, value: (row) => rounded(row.score) },
  { title: { en: 'Score before auto-fail', zh: '一票否决前得分' }, value: (row) => rounded(row.scoreBeforeAutoFail) },
  {
    title: words.verdict,
    value: (row, language) =>
      (row.passed === null ? words.unscored : verdictNames[row.passed ? 'pass' : 'fail'])[language],
  },
  { title: words.provisional, value: (row, language) => yesNo(row.provisional, language) },
  { title: words.autoFails, value: (row) => row.autoFails.map((each) => each.item).join('; ') },
  { title: words.risk, value: (row, language) => bandNames[row.risk.band][language] },
  { title: { en: 'Risk probability', zh: '风险概率' }, value: (row) => rounded(row.risk.probability, 4) },
  {
    title: words.whyRisk,
    value: (row, language) =>
      row.risk.reasons.map((reason) => reason.title[language]).join(language === 'zh' ? '；' : '; '),
  },
  { title: { en: 'Failed items', zh: '不合格项' }, value: (row, language) => titlesOf(row, 'fail', language) },
  { title: { en: 'Unknown items', zh: '待人工项' }, value: (row, language) => titlesOf(row, 'unknown', language) },
  {
    title: { en: 'Customer mood at the end', zh: '客户结束时情绪' },
    value: (row) => rounded(row.sentiment.customer?.end ?? null, 3),
  },
  { title: words.scorecard, value: (row) => row.scorecard?.id ?? null },
  { title: words.version, value: (row) => row.scorecard?.version ?? null },
  { title: { en: 'Scorecard hash', zh: '评分卡哈希' }, value: (row) => row.scorecard?.hash ?? null },
  {
    title: words.source,
    value: (row) => (row.source.entry === null ? row.source.path : `${row.source.path}#${row.source.entry}`),
  },
];

const itemColumns: Column<ItemRow>[] = [
  { title: words.item, value: (row) => row.id },
  { title: { en: 'Title', zh: '名称' }, value: (row, language) => row.title[language] },
  { title: { en: 'Section', zh: '分区' }, value: (row, language) => row.sectionTitle[language] },
  {
    title: { en: 'Critical', zh: '关键类别' },
    value: (row, language) => row.critical && criticalNames[row.critical][language],
  },
  { title: words.autoFailItem, value: (row, language) => yesNo(row.autoFail !== 'none', language) },
  { title: { en: 'Applicable', zh: '适用' }, value: (row) => row.applicable },
  { title: { en: 'Passed', zh: '合格' }, value: (row) => row.passed },
  { title: words.failed, value: (row) => row.failed },
  { title: words.unknown, value: (row) => row.unknown },
  { title: words.na, value: (row) => row.na },
  { title: words.failRate, value: (row) => rounded(row.failRate?.rate ?? null, 4) },
  { title: { en: 'Fail rate, low', zh: '不合格率下限' }, value: (row) => rounded(row.failRate?.low ?? null, 4) },
  { title: { en: 'Fail rate, high', zh: '不合格率上限' }, value: (row) => rounded(row.failRate?.high ?? null, 4) },
  { title: { en: 'Cost (points)', zh: '失分合计' }, value: (row) => rounded(row.cost) },
  { title: words.cost, value: (row) => rounded(row.costPerSession, 3) },
  { title: { en: 'Of which auto-fail', zh: '其中一票否决' }, value: (row) => rounded(row.autoFailCost) },
  { title: words.share, value: (row) => rounded(row.costShare, 4) },
];

/** Rounded for display; a spreadsheet is one. */
function rounded(value: number | null, digits = 2): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}
