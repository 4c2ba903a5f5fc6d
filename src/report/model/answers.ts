import type { Localised } from '../../session/index.ts';
import { fixed, percent, plural } from '../format.ts';
import type { Mean } from './statistics.ts';
import type { AgentRow, Answers, Headline, ItemRow } from './types.ts';

/** The four sentences that a supervisor reads first. Only what the figures carry: no ranking of too few sessions. */
export function answer(headline: Headline, items: readonly ItemRow[], agents: readonly AgentRow[]): Answers {
  const costly = items.filter((item) => item.cost > 0);
  return {
    good: goodAnswer(headline),
    where: whereAnswer(costly),
    whom: whomAnswer(headline, agents),
    change: changeAnswer(costly),
  };
}

function goodAnswer({ score, passRate, passMark, autoFailed, coverage }: Headline): Localised {
  if (!score || !passRate)
    return {
      en: `Nothing could be scored: ${plural(coverage.inspected, 'session')} inspected, ${coverage.failed} failed.`,
      zh: `没有可评分的会话：已质检 ${coverage.inspected} 个，失败 ${coverage.failed} 个。`,
    };
  const enMark = passMark === null ? '' : ` (pass mark ${passMark})`;
  const zhMark = passMark === null ? '' : `（合格线 ${passMark} 分）`;
  const enFails = autoFailed > 0 ? `; ${autoFailed} auto-failed` : '';
  const zhFails = autoFailed > 0 ? `，其中 ${autoFailed} 个一票否决` : '';
  return {
    en: `${passRate.count} of ${passRate.n} sessions pass${enMark}${enFails}. Mean score ${spread(score)}.`,
    zh: `${passRate.n} 个会话中 ${passRate.count} 个合格${zhMark}${zhFails}。平均分 ${spread(score)}。`,
  };
}

function whereAnswer(costly: readonly ItemRow[]): Localised {
  if (costly.length === 0) return { en: 'No item cost any points.', zh: '没有评分项被扣分。' };
  const top = costly.slice(0, 3);
  const fails = (item: ItemRow) => `${item.failed}/${item.passed + item.failed}`;
  return {
    en: `${top.map((item) => `${item.title.en} (−${fixed(item.costPerSession)} points per session, fails ${fails(item)})`).join('; ')}.`,
    zh: `${top.map((item) => `${item.title.zh}（每会话 −${fixed(item.costPerSession)} 分，不合格 ${fails(item)}）`).join('；')}。`,
  };
}

function whomAnswer({ score }: Headline, agents: readonly AgentRow[]): Localised {
  const ranked = agents.filter((agent) => agent.rank !== null);
  if (ranked.length === 0)
    return {
      en: 'No agent has enough scored sessions to rank; coach from single sessions.',
      zh: '尚无坐席达到排名所需的会话数，请结合单个会话辅导。',
    };
  // Only an interval that lies wholly below the mean of all says more than chance.
  const below = ranked.filter((agent) => score && agent.score?.high != null && agent.score.high < score.mean);
  if (below.length === 0)
    return {
      en: `None of the ${plural(ranked.length, 'ranked agent')} lies clearly below the mean of all.`,
      zh: `参与排名的 ${ranked.length} 名坐席中，没有明显低于总体平均的。`,
    };
  const shown = below.slice(0, 3);
  const top = (agent: AgentRow, language: keyof Localised) => agent.topFailures[0]?.title[language];
  return {
    en: `${shown.map((agent) => `${agent.label.en}: ${spread(agent.score!)} (n ${agent.score!.n})${top(agent, 'en') ? `, mostly “${top(agent, 'en')}”` : ''}`).join('; ')}.`,
    zh: `${shown.map((agent) => `${agent.label.zh}：${spread(agent.score!)}（n ${agent.score!.n}）${top(agent, 'zh') ? `，主要失分“${top(agent, 'zh')}”` : ''}`).join('；')}。`,
  };
}

function changeAnswer(costly: readonly ItemRow[]): Localised {
  const [first] = costly;
  if (!first) return { en: 'Nothing stands out.', zh: '没有突出问题。' };
  const few = costly.slice(0, 3);
  const share = percent(few.at(-1)!.cumulativeShare);
  const advice = first.coaching ?? first.why;
  const count = few.length;
  return {
    en: `${advice ? `${sentence(advice.en, '.')} ` : ''}${count === 1 ? `“${first.title.en}” carries` : `The ${count === 2 ? 'two' : 'three'} costliest items carry`} ${share} of all points lost.`,
    zh: `${advice ? sentence(advice.zh, '。') : ''}${count === 1 ? `“${first.title.zh}”占` : `失分最多的 ${count} 项占`}全部失分的 ${share}。`,
  };
}

function sentence(text: string, stop: string): string {
  return /[.!?。！？]$/.test(text.trim()) ? text.trim() : `${text.trim()}${stop}`;
}

function spread(mean: Mean): string {
  return mean.halfWidth === null ? fixed(mean.mean) : `${fixed(mean.mean)} ±${fixed(mean.halfWidth)}`;
}
