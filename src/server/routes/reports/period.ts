import { minimumToRank } from '../../../report/index.ts';
import { tQuantile95, wilsonInterval } from '../../../session/index.ts';
import type { PeriodFigures, PeriodReport } from '../../../store/index.ts';
import type { ComparedAnswer, PeriodAnswer } from './schemas.ts';

type Figures = PeriodAnswer['total'];

/** The sums of a period as figures that a supervisor reads, with intervals. */
export function periodAnswer(report: PeriodReport): PeriodAnswer {
  const { from, to, days, agents, items } = report;
  return {
    from,
    to,
    total: figures(report),
    days: days.map((day) => ({ day: day.day, ...figures(day) })),
    minimumToRank,
    agents: ranked(agents.map((agent) => ({ agentId: agent.agentId, team: agent.team, ...figures(agent) }))),
    items: items
      .map((item) => ({ ...item, failRate: rate(item.fail, item.pass + item.fail) }))
      .sort((a, b) => b.cost - a.cost || (a.item < b.item ? -1 : 1)),
  };
}

function figures(sums: PeriodFigures): Figures {
  const { sessions, scored, passed, autoFailed, provisional, bands } = sums;
  return {
    sessions,
    scored,
    provisional,
    score: mean(sums),
    passRate: rate(passed, scored),
    autoFailRate: rate(autoFailed, scored),
    bands,
  };
}

/** s² from sums, never below zero, which rounding could make of equal scores. */
function variance({ scored, scoreSum, scoreSquares }: PeriodFigures): number {
  return scored < 2 ? 0 : Math.max(0, (scoreSquares - (scoreSum * scoreSum) / scored) / (scored - 1));
}

function mean(sums: PeriodFigures): Figures['score'] {
  const { scored: n, scoreSum } = sums;
  if (n === 0) return null;
  const value = scoreSum / n;
  if (n === 1) return { mean: value, low: null, high: null, n };
  const half = quantile(n - 1) * Math.sqrt(variance(sums) / n);
  return { mean: value, low: Math.max(0, value - half), high: Math.min(100, value + half), n };
}

/** The series of the exact quantile has as many terms as there are degrees of freedom; from here on it changes no digit shown. */
const manyDegrees = 5_000;
const quantiles = new Map<number, number>();

function quantile(df: number): number {
  const whole = Math.max(1, Math.min(manyDegrees, Math.floor(df)));
  let found = quantiles.get(whole);
  if (found === undefined) quantiles.set(whole, (found = tQuantile95(whole)));
  return found;
}

function rate(count: number, n: number): Figures['passRate'] {
  return n === 0 ? null : { count, n, rate: count / n, ...wilsonInterval(count, n) };
}

type Agent = Omit<PeriodAnswer['agents'][number], 'rank'>;

/** Highest mean first; those with too few sessions, or without a name, stand behind and have no rank. */
function ranked(agents: readonly Agent[]): PeriodAnswer['agents'] {
  const canRank = ({ agentId, score }: Agent) => agentId !== null && (score?.n ?? 0) >= minimumToRank;
  const order = (a: Agent, b: Agent) =>
    b.score!.mean - a.score!.mean || ((a.agentId ?? '') < (b.agentId ?? '') ? -1 : 1);
  const first = agents.filter(canRank).sort(order);
  const rest = agents
    .filter((agent) => !canRank(agent))
    .sort((a, b) => ((a.agentId ?? '\uffff') < (b.agentId ?? '\uffff') ? -1 : 1));
  return [
    ...first.map((agent, index) => ({ ...agent, rank: index + 1 })),
    ...rest.map((agent) => ({ ...agent, rank: null })),
  ];
}

/** The period before, of the same length, and what changed. */
export function comparison(now: PeriodReport, before: PeriodReport): NonNullable<ComparedAnswer['previous']> {
  return { from: before.from, to: before.to, total: figures(before), scoreChange: change(now, before) };
}

/** Difference of two means with Welch's interval (B. L. Welch, Biometrika 34, 1947). */
function change(now: PeriodFigures, before: PeriodFigures): NonNullable<ComparedAnswer['previous']>['scoreChange'] {
  if (now.scored === 0 || before.scored === 0) return null;
  const difference = now.scoreSum / now.scored - before.scoreSum / before.scored;
  if (now.scored < 2 || before.scored < 2) return { change: difference, low: null, high: null };
  const [a, b] = [variance(now) / now.scored, variance(before) / before.scored];
  if (a + b === 0) return { change: difference, low: difference, high: difference };
  const df = (a + b) ** 2 / (a ** 2 / (now.scored - 1) + b ** 2 / (before.scored - 1));
  const half = quantile(df) * Math.sqrt(a + b);
  return { change: difference, low: difference - half, high: difference + half };
}

const dayMs = 86_400_000;

/** Days of a period, first and last included. */
export function daysOf(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
}

/** First and last day of the period of the same length before this one. */
export function previousPeriod(from: string, to: string): { from: string; to: string } {
  const day = (before: number) => new Date(Date.parse(from) - before * dayMs).toISOString().slice(0, 10);
  return { from: day(daysOf(from, to)), to: day(1) };
}
