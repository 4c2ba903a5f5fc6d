import { csvTable } from '../../../report/index.ts';
import type { UiLanguage } from '../../../session/index.ts';
import type { ComparedAnswer, PeriodAnswer } from './schemas.ts';

const heads: Record<UiLanguage, readonly string[]> = {
  en: [
    'Kind',
    'Name',
    'Team',
    'Rank',
    'Sessions',
    'Scored',
    'Mean score',
    'Mean, low',
    'Mean, high',
    'Pass rate',
    'Pass rate, low',
    'Pass rate, high',
    'Auto-fail rate',
    'Critical',
    'High',
    'Medium',
    'Low',
    'Provisional',
  ],
  zh: [
    '类别',
    '名称',
    '班组',
    '名次',
    '会话数',
    '已评分',
    '平均分',
    '平均分下限',
    '平均分上限',
    '合格率',
    '合格率下限',
    '合格率上限',
    '一票否决率',
    '极高风险',
    '高风险',
    '中风险',
    '低风险',
    '暂定',
  ],
};
const kinds = {
  en: { total: 'total', previous: 'previous', day: 'day', agent: 'agent' },
  zh: { total: '合计', previous: '上期', day: '日', agent: '坐席' },
};

/** The report of a period as one table: the whole, the period before, days, agents. */
export function periodCsv(report: ComparedAnswer, language: UiLanguage): string {
  const names = kinds[language];
  const row = (
    kind: string,
    name: string | null,
    figures: PeriodAnswer['total'],
    team: string | null,
    rank: number | null,
  ) => [
    kind,
    name,
    team,
    rank,
    figures.sessions,
    figures.scored,
    rounded(figures.score?.mean),
    rounded(figures.score?.low),
    rounded(figures.score?.high),
    rounded(figures.passRate?.rate, 4),
    rounded(figures.passRate?.low, 4),
    rounded(figures.passRate?.high, 4),
    rounded(figures.autoFailRate?.rate, 4),
    figures.bands.critical,
    figures.bands.high,
    figures.bands.medium,
    figures.bands.low,
    figures.provisional,
  ];
  const { previous } = report;
  return csvTable([
    heads[language],
    row(names.total, `${report.from} – ${report.to}`, report.total, null, null),
    ...(previous ? [row(names.previous, `${previous.from} – ${previous.to}`, previous.total, null, null)] : []),
    ...report.days.map((day) => row(names.day, day.day, day, null, null)),
    ...report.agents.map((agent) => row(names.agent, agent.agentId, agent, agent.team, agent.rank)),
  ]);
}

function rounded(value: number | null | undefined, digits = 2): number | null {
  return value === null || value === undefined ? null : Number(value.toFixed(digits));
}
