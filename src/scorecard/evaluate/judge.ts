import type { Channel, EvalNode, Evidence, Localised, NearMiss, Truth, Verdict } from '../../session/index.ts';
import type { CompiledItem } from '../scorecard.ts';
import { both, clock, figure, quoted } from '../wording.ts';
import type { Condition, EvalContext } from './condition.ts';
import { evaluateCondition } from './conditions.ts';
import { not } from './kleene.ts';
import { toEvalNode, type Outcome } from './outcome.ts';
import { open } from './settle.ts';

/** What came of one item, before it is weighed against the others. */
export interface Judgement {
  item: CompiledItem;
  verdict: Verdict;
  /** A fail that stands even if every opinion of a model is set aside. */
  certain: boolean;
  reason: Localised;
  evidence: Evidence[];
  nearMisses: NearMiss[];
  tree: EvalNode | null;
  /** Points of `item.possible`; null where the item is not scored. */
  earned: number | null;
  /** What deductFrom100 takes off. */
  deducted: number;
}

const channelNames: Record<Channel, Localised> = {
  call: both('calls', '电话'),
  chat: both('chats', '在线聊天'),
  ticket: both('tickets', '工单'),
};

/**
 * Judges one item. What does not apply is decided first and costs no look at the transcript. Without `resemblances`
 * nobody wants to know what came close to words that were not found.
 */
export function judgeItem(item: CompiledItem, context: Omit<EvalContext, 'when' | 'window'>): Judgement {
  const blank = { item, certain: false, evidence: [], nearMisses: [], tree: null, earned: null, deducted: 0 };
  if (item.channels && !item.channels.includes(context.view.session.channel)) {
    const names = item.channels.map((one) => channelNames[one]);
    return {
      ...blank,
      verdict: 'na',
      reason: both(
        `Applies to ${names.map((one) => one.en).join(' and ')} only.`,
        `仅适用于${names.map((one) => one.zh).join('、')}。`,
      ),
    };
  }
  if (item.manualOnly || item.rule.kind === 'manual')
    return {
      ...blank,
      verdict: 'na',
      reason: both('Left to a person: this item is judged by hand.', '人工项：由质检员评定。'),
    };
  const ask: Ask = (condition, when, resemblances = false) =>
    evaluateCondition(condition, {
      ...context,
      when,
      window: null,
      resemblances: resemblances && context.resemblances,
    });
  const exempt = item.naWhen && ask(item.naWhen, null);
  if (exempt?.truth === 'true' && !exempt.na)
    return {
      ...blank,
      verdict: 'na',
      tree: toEvalNode(exempt),
      reason: both(`Does not apply here: ${exempt.message.en}`, `本项不适用：${exempt.message.zh}`),
    };
  const when = item.when && ask(item.when, null);
  if (when && (when.na || when.truth === 'false'))
    return {
      ...blank,
      verdict: 'na',
      tree: toEvalNode(when),
      reason: both(`Nothing called for it: ${when.message.en}`, `未触发本项：${when.message.zh}`),
    };
  if (when?.truth === 'unknown')
    return {
      ...blank,
      verdict: 'unknown',
      tree: toEvalNode(when),
      nearMisses: when.nearMisses,
      reason: both(`Whether it applies cannot be told: ${when.message.en}`, `无法判断是否适用：${when.message.zh}`),
    };
  // The quantity behind the bands can still change, whatever the truth.
  const askMeasure: Ask = (condition, called) => open(ask(condition, called));
  const judged = judgeRule(item, when, context.unfinished && item.rule.kind === 'measure' ? askMeasure : ask);
  const certain =
    judged.certain &&
    (when === null || when.hard === 'true') &&
    (exempt === null || exempt.na || exempt.hard === 'false');
  if (exempt && !exempt.na && exempt.truth === 'unknown' && judged.verdict !== 'na')
    return {
      ...judged,
      verdict: 'unknown',
      earned: null,
      deducted: 0,
      certain: false,
      reason: both(`Whether it applies cannot be told: ${exempt.message.en}`, `无法判断是否适用：${exempt.message.zh}`),
    };
  return { ...judged, certain };
}

type Ask = (condition: Condition, when: Outcome | null, resemblances?: boolean) => Outcome;

function judgeRule(item: CompiledItem, when: Outcome | null, ask: Ask): Judgement {
  const { rule } = item;
  switch (rule.kind) {
    case 'expect':
    case 'forbid':
      return judgeTruth(item, when, ask(rule.condition, when, rule.kind === 'expect'), rule.kind);
    case 'levels':
      return judgeLevels(
        item,
        when,
        rule.levels.map((level) => ({ points: level.points, outcome: ask(level.condition, when, true) })),
      );
    case 'measure':
      return judgeMeasure(item, when, ask(rule.condition, when), rule.bands);
    case 'manual':
      throw new Error(`The manual item ${item.id} was asked.`);
  }
}

function judgeTruth(item: CompiledItem, when: Outcome | null, found: Outcome, kind: 'expect' | 'forbid'): Judgement {
  const holds = (truth: Truth) => (kind === 'expect' ? truth : not(truth));
  const truth = holds(found.truth);
  const verdict: Verdict = found.na
    ? 'na'
    : truth === 'true'
      ? found.empty
        ? 'na'
        : 'pass'
      : truth === 'false'
        ? 'fail'
        : 'unknown';
  const hits = Math.max(1, found.hits.length);
  const taken = verdict === 'fail' ? deduction(item, kind === 'forbid' ? hits : 1) : 0;
  const base = finish(item, when, found, verdict, holds(found.hard) === 'false');
  return {
    ...base,
    reason:
      verdict === 'na' && found.empty
        ? both(`Nothing to judge. ${found.message.en}`, `没有可判断的内容。${found.message.zh}`)
        : base.reason,
    earned:
      verdict === 'pass'
        ? item.possible
        : verdict === 'fail'
          ? item.type === 'deduction'
            ? item.possible - taken
            : 0
          : null,
    deducted: verdict === 'fail' ? (item.type === 'deduction' ? taken : item.possible) : 0,
  };
}

/** What a failed deduction item takes for so many hits. */
function deduction(item: CompiledItem, hits: number): number {
  const rule = item.deduction;
  if (rule.kind === 'once') return rule.points;
  return Math.min(rule.points * hits, rule.max ?? Infinity, item.possible);
}

function judgeLevels(
  item: CompiledItem,
  when: Outcome | null,
  levels: readonly { points: number; outcome: Outcome }[],
): Judgement {
  const applying = levels.filter((level) => !level.outcome.na);
  if (applying.length === 0) return finish(item, when, levels[0]!.outcome, 'na', false);
  const reached = applying.find((level) => level.outcome.truth !== 'false');
  if (reached?.outcome.truth === 'unknown') return finish(item, when, reached.outcome, 'unknown', false);
  const earned = reached?.points ?? 0;
  const shown = reached?.outcome ?? applying[0]!.outcome;
  const full = earned >= item.possible;
  const judged = finish(
    item,
    when,
    shown,
    full ? 'pass' : 'fail',
    applying.filter((level) => level.points > earned).every((level) => level.outcome.hard === 'false'),
  );
  return scaled(judged, earned);
}

function judgeMeasure(
  item: CompiledItem,
  when: Outcome | null,
  found: Outcome,
  bands: readonly { from: number; to: number; points: number }[],
): Judgement {
  if (found.na || (found.empty && found.measured === null)) return finish(item, when, found, 'na', false);
  if (found.truth === 'unknown') return finish(item, when, found, 'unknown', false);
  const value = found.measured?.value ?? null;
  const band = value === null ? undefined : bands.find((one) => value >= one.from && value < one.to);
  const earned = band?.points ?? 0;
  return scaled(finish(item, when, found, earned >= item.possible ? 'pass' : 'fail', found.hard !== 'unknown'), earned);
}

function scaled(judged: Judgement, earned: number): Judgement {
  const { possible } = judged.item;
  const tail = both(
    ` ${figure(earned)} of ${figure(possible)} points.`,
    `得 ${figure(earned)} 分（满分 ${figure(possible)}）。`,
  );
  return {
    ...judged,
    earned,
    deducted: possible - earned,
    reason: both(judged.reason.en + tail.en, judged.reason.zh + tail.zh),
  };
}

function finish(
  item: CompiledItem,
  when: Outcome | null,
  found: Outcome,
  verdict: Verdict,
  hardFail: boolean,
): Judgement {
  // Where nothing answered what called for the item, the calling words are the place to listen to.
  const calling = verdict === 'fail' && found.evidence.length === 0 ? (when?.hits ?? []).slice(0, 3) : [];
  const nearMisses = verdict === 'na' ? [] : found.nearMisses.slice(0, 3);
  return {
    item,
    verdict,
    certain: verdict === 'fail' && hardFail,
    reason: sentence(when, found, verdict, nearMisses[0]),
    evidence: [...found.evidence, ...calling],
    nearMisses,
    tree: tree(when, found, verdict),
    earned: null,
    deducted: 0,
  };
}

/** What called for the item, what was found, and the closest miss. */
function sentence(when: Outcome | null, found: Outcome, verdict: Verdict, near: NearMiss | undefined): Localised {
  const parts: Localised[] = [];
  if (when && when.hits.length > 0) parts.push(when.message);
  parts.push(found.message);
  if (near?.note && verdict !== 'pass' && !found.message.en.includes(near.note.en)) {
    const at =
      near.startMs === null ? both('', '') : both(` at ${clock(near.startMs).en}`, ` ${clock(near.startMs).zh}`);
    parts.push(
      near.quote === ''
        ? both(`Closest: ${near.note.en}.`, `最接近：${near.note.zh}。`)
        : both(
            `Closest: ${quoted(near.quote).en}${at.en}, ${near.note.en}.`,
            `最接近：${quoted(near.quote).zh}${at.zh}，${near.note.zh}。`,
          ),
    );
  }
  return both(parts.map((part) => part.en).join(' '), parts.map((part) => part.zh).join(''));
}

function tree(when: Outcome | null, found: Outcome, verdict: Verdict): EvalNode {
  const rule = toEvalNode(found);
  if (!when) return rule;
  return {
    op: 'when',
    truth: verdict === 'na' ? 'unknown' : found.truth,
    message: found.message,
    evidence: found.evidence,
    nearMisses: found.nearMisses,
    children: [toEvalNode(when), rule],
  };
}
