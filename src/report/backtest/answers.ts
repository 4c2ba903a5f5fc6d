import type {
  Agreement,
  Backtest,
  FlipCounts,
  GroupChange,
  ItemChange,
  Localised,
  ScoreChange,
} from '../../session/index.ts';
import { fixed, percent, signed } from '../format.ts';
import { minimumToRank } from '../model/groups.ts';
import { backtestWords, flipNames } from './words.ts';

/** The four things that somebody who has to decide asks first, each in one or two sentences. */
export interface BacktestAnswers {
  what: Localised;
  whom: Localised;
  work: Localised;
  right: Localised;
}

export function backtestAnswers(result: Backtest): BacktestAnswers {
  return { what: what(result), whom: whom(result), work: work(result), right: right(result) };
}

export function flipTotal(flips: FlipCounts): number {
  return Object.values(flips).reduce((sum, n) => sum + n, 0);
}

/** `3 pass → fail, 1 → unknown`; empty where nothing flips. */
export function flipText(flips: FlipCounts): Localised {
  const kinds = (Object.keys(flipNames) as (keyof FlipCounts)[]).filter((kind) => flips[kind] > 0);
  return {
    en: kinds.map((kind) => `${flips[kind]} ${flipNames[kind].en}`).join(', '),
    zh: kinds.map((kind) => `${flips[kind]} 处${flipNames[kind].zh}`).join('，'),
  };
}

/** `82.4 → 79.1, −3.3 ±1.2 (n 20)`. */
export function scoreChangeText(score: ScoreChange | null): string {
  if (score === null) return '–';
  return `${fixed(score.before)} → ${fixed(score.after)}, ${changeText(score)}`;
}

/** `−3.3 ±1.2 (n 20)`; without an interval where too few sessions are behind it, as in the report. */
export function changeText(score: ScoreChange): string {
  const halfWidth = shownHalfWidth(score);
  return `${signed(score.change)}${halfWidth === null ? '' : ` ±${fixed(halfWidth)}`} (n ${score.n})`;
}

/** Half of the interval where enough sessions are behind it: that of two would span the whole scale. */
export function shownHalfWidth({ n, halfWidth }: ScoreChange): number | null {
  return n < minimumToRank ? null : halfWidth;
}

/** `90 % κ 0.74 (n 30)`. */
export function agreementText(agreement: Agreement | null): string {
  if (agreement === null) return '–';
  const kappa = agreement.kappa === null ? '' : ` κ ${fixed(agreement.kappa, 2)}`;
  return `${percent(agreement.rate)}${kappa} (n ${agreement.n})`;
}

/** Agents and teams whose score moves most first; those that do not move last, by name. */
export function byFall(groups: readonly GroupChange[]): GroupChange[] {
  return [...groups].sort((a, b) => (a.score?.change ?? 0) - (b.score?.change ?? 0));
}

function what({ sessions, flips, score, newlyFailed, newlyPassed, newlyAutoFailed }: Backtest): Localised {
  const total = flipTotal(flips);
  if (sessions.judged === 0) return { en: 'No session was judged by either card.', zh: '没有会话适用这两张评分卡。' };
  if (total === 0)
    return {
      en: `No verdict changes in ${plural(sessions.judged, 'session')}${scoreMoves(score) ? `, but the mean score moves by ${signed(score!.change)}` : ''}.`,
      zh: `${sessions.judged} 个会话的判定均无变化${scoreMoves(score) ? `，但平均分变动 ${signed(score!.change)}` : ''}。`,
    };
  const kinds = flipText(flips);
  const tail = [
    ...(newlyAutoFailed.total > 0
      ? [{ en: `${newlyAutoFailed.total} newly auto-failed`, zh: `${newlyAutoFailed.total} 个新增一票否决` }]
      : []),
    ...(newlyFailed.total > 0
      ? [{ en: `${newlyFailed.total} newly below the pass mark`, zh: `${newlyFailed.total} 个变为不合格` }]
      : []),
    ...(newlyPassed.total > 0
      ? [{ en: `${newlyPassed.total} newly passed`, zh: `${newlyPassed.total} 个变为合格` }]
      : []),
  ];
  return {
    en: `${sessions.flipped} of ${plural(sessions.judged, 'session')} get another verdict somewhere: ${kinds.en}.${tail.length > 0 ? ` Sessions: ${tail.map((one) => one.en).join(', ')}.` : ''}`,
    zh: `${sessions.judged} 个会话中有 ${sessions.flipped} 个出现判定变化：${kinds.zh}。${tail.length > 0 ? `其中${tail.map((one) => one.zh).join('，')}。` : ''}`,
  };
}

function scoreMoves(score: ScoreChange | null): boolean {
  return score !== null && Math.abs(score.change) >= 0.05;
}

/** Somebody is named only where the interval leaves 0 out: otherwise it may be chance. */
function whom({ agents }: Backtest): Localised {
  const moved = byFall(agents).filter(({ key, score }) => key !== null && isSure(score));
  const falls = moved.filter(({ score }) => score!.change < 0);
  if (falls.length > 0) {
    const first = falls[0]!;
    const others = falls.length - 1;
    return {
      en: `Most of all ${first.key}: ${changeText(first.score!)}.${others > 0 ? ` ${plural(others, 'other agent')} ${others === 1 ? 'falls' : 'fall'} beyond chance too.` : ''}`,
      zh: `影响最大的是 ${first.key}：${changeText(first.score!)}。${others > 0 ? `另有 ${others} 名坐席降幅超出偶然范围。` : ''}`,
    };
  }
  const hit = agents.filter(({ flips }) => flips > 0).length;
  if (hit === 0) return { en: 'Nobody: no agent’s verdicts change.', zh: '无人受影响：没有坐席的判定发生变化。' };
  return {
    en: `Verdicts of ${plural(hit, 'agent')} change; no mean score falls further than chance would explain.`,
    zh: `${hit} 名坐席的判定有变化，但平均分降幅均在偶然范围内。`,
  };
}

function isSure(score: ScoreChange | null): boolean {
  const halfWidth = score && shownHalfWidth(score);
  return halfWidth !== null && Math.abs(score!.change) > halfWidth;
}

function work({ workload: { before, after, joined, left } }: Backtest): Localised {
  const calls = before.calls + after.calls > 0;
  const minutes = calls ? `${fixed(before.minutes, 0)} → ${fixed(after.minutes, 0)}` : '';
  const moves = joined.total + left.total > 0;
  return {
    en: `${before.sessions} → ${plural(after.sessions, 'session')} at high risk or provisional${moves ? ` (${joined.total} in, ${left.total} out)` : ''}.${calls ? ` Calls among them: ${minutes} min to hear.` : ''}`,
    zh: `高风险或待定的会话：${before.sessions} → ${after.sessions} 个${moves ? `（新增 ${joined.total}，移出 ${left.total}）` : ''}。${calls ? `其中通话需听 ${minutes} 分钟。` : ''}`,
  };
}

function right({ reviews, items }: Backtest): Localised {
  if (reviews === null)
    return {
      en: 'Not known: no verdicts of people were given (--reviews FILE).',
      zh: '尚不可知：未提供人工判定（--reviews FILE）。',
    };
  const [before, after] = [total(items, 'before'), total(items, 'after')];
  if (before.n + after.n === 0)
    return {
      en: `None of the ${plural(reviews.verdicts, 'verdict')} of people is about these sessions and items.`,
      zh: `${reviews.verdicts} 条人工判定均不涉及这些会话和评分项。`,
    };
  return {
    en: `Agreement with people: ${share(before)} → ${share(after)} of their verdicts.`,
    zh: `与人工判定一致：${share(before)} → ${share(after)}。`,
  };
}

function total(items: readonly ItemChange[], side: 'before' | 'after') {
  const all = items.flatMap(({ agreement }) => agreement?.[side] ?? []);
  return { agree: all.reduce((sum, one) => sum + one.agree, 0), n: all.reduce((sum, one) => sum + one.n, 0) };
}

function share({ agree, n }: { agree: number; n: number }): string {
  return n === 0 ? '–' : `${percent(agree / n)} (${agree}/${n})`;
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `service-en v3`, and where it differs the version that it is compared with. */
export function cardNames({ candidate, against }: Backtest): Localised {
  const name = ({ id, version }: { id: string; version: number }) => `${id} v${version}`;
  const others = against.map(({ card }) => name(card));
  const join = (language: 'en' | 'zh') =>
    others.length === 0
      ? name(candidate)
      : `${name(candidate)} ${backtestWords.against[language]} ${others.slice(0, 3).join(', ')}${others.length > 3 ? ' …' : ''}`;
  return { en: join('en'), zh: join('zh') };
}
