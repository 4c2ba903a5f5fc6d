import type { Speaker } from '../../../session/index.ts';
import type { Condition } from '../../evaluate/condition.ts';
import type { TimeRange } from '../../load/units.ts';
import { both } from '../../wording.ts';
import { everyCondition, type LintedItem } from '../card.ts';
import type { Check } from '../check.ts';

const spoken = ['speechRate', 'talkShare', 'silenceShare', 'energy'];

/** Why a condition of an item can never have anything to judge, or null. */
function emptiness(condition: Condition, { channels, item }: LintedItem) {
  if (condition.kind !== 'operator') return null;
  const { scope, anchor, operator } = condition;
  if (spoken.includes(operator) && !channels.includes('call'))
    return both(
      `"${operator}" measures speech, and this item is for ${channels.join(' and ')} only.`,
      `“${operator}”衡量语音，而本项仅适用于 ${channels.join('、')}。`,
    );
  if (scope.visibility === 'internal' && channels.every((channel) => channel === 'call'))
    return both('Calls hold no internal notes.', '通话没有内部备注。');
  if (
    scope.time &&
    scope.time.kind !== 'percent' &&
    channels.every((channel) => channel === 'ticket') &&
    isShort(scope.time)
  )
    return both(
      'A ticket is written over hours or days; so short a time holds its first or last message at most.',
      '工单跨度为数小时或数天，这么短的时间最多只含首条或末条消息。',
    );
  const target = anchor?.target === 'when' ? item.when : (anchor?.target ?? null);
  if (!anchor || target?.kind !== 'operator') return null;
  const sameTurn =
    anchor.place === 'same' || (anchor.within !== null && 'turns' in anchor.within && anchor.within.turns === 0);
  if (sameTurn && apart(scope.by, target.scope.by))
    return both(
      'One turn has one speaker: what the customer and the agent say never stands in the same turn.',
      '一个发言只有一位说话人，双方的话不会出现在同一轮。',
    );
  const [own, other] = [span(scope.time), span(target.scope.time)];
  if (own && other && scope.zero === target.scope.zero)
    if ((anchor.place === 'after' && own.to <= other.from) || (anchor.place === 'before' && own.from >= other.to))
      return both(
        `The time looked at lies wholly ${anchor.place === 'after' ? 'before' : 'after'} the place it is anchored at.`,
        `检查的时段完全位于锚点${anchor.place === 'after' ? '之前' : '之后'}。`,
      );
  return null;
}

const isShort = (time: TimeRange) =>
  time.kind === 'span' ? time.toMs <= 60_000 : time.kind !== 'percent' && time.ms <= 60_000;

function apart(a: readonly Speaker[] | null, b: readonly Speaker[] | null): boolean {
  return a !== null && b !== null && !a.some((one) => b.includes(one));
}

/** Milliseconds from time zero; null where they depend on the length of the conversation. */
function span(time: TimeRange | null): { from: number; to: number } | null {
  if (time?.kind === 'first') return { from: 0, to: time.ms };
  return time?.kind === 'span' ? { from: time.fromMs, to: time.toMs } : null;
}

export const emptyScope: Check = {
  code: 'empty-scope',
  severity: 'warning',
  title: both('nothing can ever lie in scope', '检查范围必然为空'),
  about:
    'The speakers, times, windows and channels of a condition exclude one another, so that it can never be true. Ranges of turns and times that end before they start are refused when the file is read.',
  example: {
    failing:
      '- id: comfort\n  title: { en: Comforts, zh: 安抚 }\n  expect: { phrase: [so sorry to hear], by: agent, same: { phrase: [it is broken], by: customer } }',
    passing:
      '- id: comfort\n  title: { en: Comforts, zh: 安抚 }\n  expect: { phrase: [so sorry to hear], by: agent, after: { phrase: [it is broken], by: customer } }',
  },
  *run(card) {
    for (const item of card.items) {
      if (item.channels.length === 0)
        yield {
          at: card.at([...item.path, 'channels']),
          message: both(
            `The item "${item.item.id}" is for channels that the scorecard is not for.`,
            `“${item.item.id}”适用的渠道不在评分卡的渠道之内。`,
          ),
          hint: both('Add the channel at the top, or take the item out.', '在评分卡顶部加入该渠道，或删除本项。'),
        };
      else
        for (const condition of item.conditions.flatMap((one) => [...everyCondition(one)])) {
          const why = emptiness(condition, item);
          if (!why) continue;
          yield {
            at: card.placeOf(condition, item.path),
            message: both(`Nothing can lie in scope here. ${why.en}`, `此处的检查范围必然为空：${why.zh}`),
            hint: both('Widen the scope, or change the channels of the item.', '放宽范围，或调整本项的渠道。'),
          };
        }
    }
  },
};
