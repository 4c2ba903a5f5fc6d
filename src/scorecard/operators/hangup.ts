import { z } from 'zod';
import type { Evidence, Localised, Truth, Turn } from '../../session/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { doubtfulAbsence } from '../evaluate/confidence.ts';
import { fieldEvidence, fieldText, wordsEvidence } from '../evaluate/evidence.ts';
import { and, not, truthOf } from '../evaluate/kleene.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import { readWithin, type Within } from '../load/units.ts';
import type { Finder } from '../matching.ts';
import { both, capital, length, listed, quoted, speakerName } from '../wording.ts';
import { courtesy } from './closers.ts';
import { hangupExamples } from './examples/hangup.ts';
import { key, phraseList } from './fields.ts';
import { valueAt } from './meta.ts';
import { defineOperator } from './operator.ts';
import { waitsOf } from './waits.ts';

const parties = ['agent', 'customer'] as const;
type Party = (typeof parties)[number];
interface Options {
  by: Party | null;
  fields: readonly string[];
  lastWords: Party | null;
  waiting: boolean | null;
  without: Finder | null;
  within: Within;
  closers: Finder;
}

/** Where exports say who ended the contact; the first that is filled in counts. */
const endedByFields = [
  'disconnectedBy',
  'disconnectReason',
  'hangupBy',
  'hangupParty',
  'endedBy',
  'releasedBy',
  'disconnectType',
  '挂机方',
  '挂断方',
  '结束方',
];
/** Words by which platforms name the two sides: CUSTOMER_DISCONNECT, `peer` (the far end), 坐席挂机 … */
const sides: Record<Party, RegExp> = {
  customer: /customer|caller|consumer|visitor|external|peer|客户|顾客|用户|访客|客戶/i,
  agent: /agent|operator|seat|staff|坐席|座席|客服/i,
};
const example = '{ hangup: { by: agent, without: [have a nice day, goodbye], within: 4 turns } }';

/** How the conversation ended. Every key that is given must hold. */
export const hangup = defineOperator({
  name: 'hangup',
  summary: both('how the conversation ended: who ended it, who was left waiting', '会话如何结束：挂机方、是否正常结束'),
  details: 'All that is given must hold.',
  example,
  value: z.strictObject({
    by: key(z.enum(parties), 'This side ended it, as the platform says in a field; unknown where no field says so.'),
    field: key(
      z.string().min(1).max(200),
      `The field that says who ended it. Left out: ${endedByFields.slice(0, 7).join(', ')} …, the first that is filled in.`,
    ),
    lastWords: key(z.enum(parties), 'This side had the last words; bots and automatic messages have none.'),
    waiting: key(
      z.boolean(),
      'Whether it ended on a customer’s message that needed a reply and got none from a person.',
    ),
    without: key(phraseList, 'True if the agent said none of these near the end: it ended without a closing.'),
    within: key(
      z.string().meta({ title: 'turns or length of time', examples: ['4 turns', '30s'] }),
      'How near to the end `without` looks: the last turns of anybody, or the last seconds.',
      '4 turns',
    ),
  }),
  options: z.strictObject({}),
  scope: [],
  hits: false,
  examples: hangupExamples,
  compile({ by, field, lastWords, waiting, without, within = '4 turns' }, _options, context) {
    if ([by, lastWords, waiting, without].every((one) => one === undefined))
      context.problem(
        ['hangup'],
        'missing-key',
        '`hangup` needs one of by, lastWords, waiting, without.',
        `Example: ${example}.`,
      );
    const read = readWithin(within);
    if (!read.ok) context.problem(['hangup', 'within'], 'bad-value', read.message, read.hint);
    const options: Options = {
      by: by ?? null,
      fields: field === undefined ? endedByFields : [field],
      lastWords: lastWords ?? null,
      waiting: waiting ?? null,
      without: without === undefined ? null : context.phrases(without, ['hangup', 'without']),
      within: read.ok ? read.value : { turns: 4 },
      closers: context.phrases(courtesy, ['hangup']),
    };
    return (_scope, evaluation) => askHangup(options, evaluation);
  },
});

interface Part {
  truth: Truth;
  message: Localised;
  evidence: Evidence[];
}

function askHangup(options: Options, context: EvalContext): Outcome {
  const turns = context.view.session.turns.filter(({ visibility }) => visibility === 'public');
  if (turns.length === 0)
    return outcome('hangup', 'false', both('There is no conversation to end.', '没有会话内容。'), { empty: true });
  const parts = [
    options.by && endedBy(options.by, options.fields, context),
    options.lastWords && lastWordsBy(options.lastWords, turns, context),
    options.waiting !== null ? leftWaiting(options, turns, context) : null,
    options.without && unclosed(options.without, options.within, turns, context),
  ].filter((part) => part !== null);
  const truth = and(parts.map((part) => part.truth));
  const telling = parts.filter((part) => part.truth === truth);
  const evidence = telling.flatMap((part) => part.evidence);
  return outcome(
    'hangup',
    truth,
    both(telling.map(({ message }) => message.en).join(' '), telling.map(({ message }) => message.zh).join('')),
    { evidence: truth === 'true' ? evidence : [], nearMisses: truth === 'true' ? [] : evidence, hits: [] },
  );
}

function endedBy(by: Party, fields: readonly string[], { view }: EvalContext): Part {
  const name = fields.find((one) => fieldText(valueAt(view.session, one)).trim() !== '');
  const value = name === undefined ? '' : fieldText(valueAt(view.session, name));
  const side = parties.find((party) => sides[party].test(value));
  const named = parties.filter((party) => sides[party].test(value));
  if (name === undefined || named.length > 1)
    return {
      truth: 'unknown',
      message: both('No field says who ended it.', '没有字段说明由谁结束会话。'),
      evidence: [],
    };
  const who = side ? speakerName(side) : both('neither side', '双方以外的原因');
  const message = both(
    `${capital(who.en)} ended it (field “${name}”: ${quoted(value).en}).`,
    `由${who.zh}结束（字段“${name}”：${quoted(value).zh}）。`,
  );
  return {
    truth: truthOf(side === by),
    message,
    evidence: [fieldEvidence('hangup', valueAt(view.session, name), both(`field “${name}”`, `字段“${name}”`))],
  };
}

function lastWordsBy(party: Party, turns: readonly Turn[], { view }: EvalContext): Part {
  const last = turns.findLast(({ speaker, auto }) => speaker !== 'system' && speaker !== 'bot' && auto !== true);
  if (!last) return { truth: 'false', message: both('No person said anything.', '没有人说话。'), evidence: [] };
  const who = speakerName(last.speaker);
  return {
    truth: last.speaker === 'unknown' ? 'unknown' : truthOf(last.speaker === party),
    message: both(
      `${capital(who.en)} had the last words: ${quoted(last.text).en}.`,
      `最后一句出自${who.zh}：${quoted(last.text).zh}。`,
    ),
    evidence: [words(view, last)],
  };
}

function leftWaiting({ closers, waiting }: Options, turns: readonly Turn[], { view }: EvalContext): Part {
  const open = waitsOf(view, closers, null).find(({ reply }) => reply === null);
  const wanted = (truth: Truth) => (waiting ? truth : not(truth));
  if (open)
    return {
      truth: wanted('true'),
      message: both(
        `It ended while the customer was waiting: nobody answered ${quoted(open.turn.text).en}.`,
        `会话结束时客户仍在等待：${quoted(open.turn.text).zh}没有人工回复。`,
      ),
      evidence: [words(view, open.turn)],
    };
  const last = turns.at(-1)!;
  if (last.speaker === 'unknown' || !view.speakersKnown)
    return {
      truth: 'unknown',
      message: both('It is not known who spoke last.', '最后说话的人身份不明。'),
      evidence: [words(view, last)],
    };
  return {
    truth: wanted('false'),
    message: both('The customer was not left waiting.', '结束时没有客户在等待回复。'),
    evidence: [words(view, last)],
  };
}

function unclosed(finder: Finder, within: Within, turns: readonly Turn[], context: EvalContext): Part {
  const { view } = context;
  const end = view.end('first-speech');
  const timed = !('turns' in within);
  if (timed && (!view.timesTrusted || end === null))
    return {
      truth: 'unknown',
      message: both('The times of this session are not known well enough.', '该会话的时间信息不够可靠。'),
      evidence: [],
    };
  const near = timed ? turns.filter(({ endMs }) => (endMs ?? 0) >= end! - within.ms) : turns.slice(-within.turns);
  const spoken = near.filter(({ speaker, auto }) => (speaker === 'agent' || speaker === 'unknown') && auto !== true);
  const found = spoken.flatMap((turn) =>
    finder
      .find(view, turn)
      .slice(0, 1)
      .map((match) => ({ turn, match })),
  );
  const closing = found.find(({ turn }) => turn.speaker === 'agent') ?? found[0];
  const span = timed
    ? both(`the last ${length(within.ms).en}`, `最后 ${length(within.ms).zh}`)
    : both(`the last ${within.turns} turns`, `最后 ${within.turns} 轮`);
  if (closing) {
    const { turn, match } = closing;
    const text = turn.text.slice(match.start, match.end);
    return {
      truth: turn.speaker === 'agent' ? 'false' : 'unknown',
      message: both(`The agent closed with ${quoted(text).en}.`, `客服有结束语${quoted(text).zh}。`),
      evidence: [wordsEvidence(view, 'hangup', turn, match.start, match.end)],
    };
  }
  const doubt = doubtfulAbsence(view, context.confidence, spoken);
  const last = near.findLast(({ speaker }) => speaker === 'agent') ?? turns.at(-1)!;
  return {
    truth: doubt === null ? 'true' : 'unknown',
    message:
      doubt === null
        ? both(
            `In ${span.en} the agent said none of ${listed(finder.wanted).en}.`,
            `${span.zh}客服没有说出${listed(finder.wanted).zh}。`,
          )
        : both('The end was recognised too poorly to miss a closing in it.', '结尾识别质量太低，无法判断有无结束语。'),
    evidence: [words(view, last)],
  };
}

function words(view: EvalContext['view'], turn: Turn): Evidence {
  return wordsEvidence(view, 'hangup', turn, 0, turn.text.length);
}
