import { formatDuration, type Localised, type Session } from '../session/index.ts';
import { type Finding, quoteMeasure, quoteTurn, type RiskInput } from './reason.ts';
import { findThreats, threatKinds } from './threats.ts';
import { ramp } from './weights.ts';

/** Turns below this are negative (as in the sentiment summary). */
const negative = -0.25;

/** Threats and complaints in the customer's own words. */
export function fromThreats({ session }: RiskInput): Finding[] {
  const hits = findThreats(session);
  const quote = (chosen: typeof hits) =>
    chosen
      .slice(0, 4)
      .flatMap(({ kind, turn, charStart, charEnd }) => quoteTurn(session, turn, kind, {}, charStart, charEnd));
  const findings: Finding[] = [];
  const threats = hits.filter(({ kind }) => kind !== 'complaint');
  const worst = (['authority', 'public', 'leave'] as const).find((kind) => threats.some((hit) => hit.kind === kind));
  if (worst)
    findings.push({
      code: 'customer-threat',
      strength: threatKinds[worst].strength,
      title: threatKinds[worst].title,
      item: null,
      evidence: quote(threats),
    });
  const complaints = hits.filter(({ kind }) => kind === 'complaint');
  if (complaints.length > 0)
    findings.push({
      code: 'customer-complaint',
      strength: 1,
      title: { en: 'The customer complains or asks for a superior', zh: '客户投诉或要求找上级' },
      item: null,
      evidence: quote(complaints),
    });
  return findings;
}

/** The customer's mood at the end and on the way, and the agent's tone. */
export function fromSentiment({ session, annotations }: RiskInput): Finding[] {
  const { customer, agent, turns } = annotations.sentiment;
  const findings: Finding[] = [];
  const add = (code: Finding['code'], strength: number, title: Localised, evidence: Finding['evidence']) => {
    if (strength > 0) findings.push({ code, strength, title, item: null, evidence });
  };
  if (customer) {
    // One turn is a thin base for a mood.
    const base = customer.turns >= 2 ? 1 : 0.5;
    const own = turns.filter(({ speaker }) => speaker === 'customer');
    const last = own.slice(-3).reduce((low, turn) => (turn.score < low.score ? turn : low));
    const lowest = quoteTurn(session, customer.minTurn, 'sentiment', { measured: customer.min, threshold: negative });
    const end = quoteTurn(session, last.turn, 'sentiment', { measured: customer.end, threshold: negative });
    add(
      'sentiment-end',
      base * ramp(customer.end, -0.15, -0.65),
      {
        en: `The customer ends in a bad mood (${customer.end.toFixed(2)})`,
        zh: `客户结束时情绪差（${customer.end.toFixed(2)}）`,
      },
      end,
    );
    add(
      'sentiment-run',
      ramp(customer.negativeRun, 1, 4),
      {
        en: `${customer.negativeRun} negative customer turns in a row`,
        zh: `客户连续 ${customer.negativeRun} 轮情绪负面`,
      },
      lowest,
    );
    // A fall counts where it ends in something negative, not where great delight turns into calm.
    const fell = customer.min < negative;
    add(
      'sentiment-swing',
      fell ? ramp(customer.swing, 0.6, 1.4) : 0,
      {
        en: `The customer's mood falls by ${customer.swing.toFixed(2)}`,
        zh: `客户情绪骤降 ${customer.swing.toFixed(2)}`,
      },
      lowest,
    );
    add(
      'sentiment-trend',
      fell && customer.turns >= 3 ? ramp(customer.trend, -0.3, -1.2) : 0,
      {
        en: `The customer's mood declines (${customer.trend.toFixed(2)})`,
        zh: `客户情绪持续走低（${customer.trend.toFixed(2)}）`,
      },
      lowest,
    );
  }
  if (agent)
    add(
      'agent-tone',
      ramp(agent.min, -0.35, -0.85),
      { en: 'The agent sounds impatient or blaming', zh: '客服语气不耐烦或有指责' },
      quoteTurn(session, agent.minTurn, 'sentiment', { measured: agent.min, threshold: -0.35 }),
    );
  return findings;
}

/** How it ends: on a customer whom nobody answers, or on a negative word. */
export function fromEnding({ session, annotations }: RiskInput): Finding[] {
  const findings: Finding[] = [];
  const open = annotations.measures.responses.find(({ agentTurn }) => agentTurn === null);
  if (open)
    findings.push({
      code: 'unanswered-end',
      strength: 1,
      title: { en: 'It ends on a customer who gets no answer', zh: '会话在客户未获答复时结束' },
      item: null,
      evidence: quoteTurn(session, open.customerTurn, 'unanswered'),
    });
  const last = annotations.sentiment.turns.filter(({ speaker }) => speaker === 'customer').at(-1);
  if (last && last.score < negative)
    findings.push({
      code: 'negative-end',
      strength: ramp(last.score, negative + 0.05, -0.75),
      title: { en: "The customer's last words are negative", zh: '客户最后一句话情绪负面' },
      item: null,
      evidence: quoteTurn(session, last.turn, 'sentiment', { measured: last.score, threshold: negative }),
    });
  return findings;
}

interface Longest {
  code: 'long-silence' | 'long-hold';
  from: number;
  to: number;
  title: (length: Localised) => Localised;
}

const gaps: Record<'quiet' | 'hold', Longest> = {
  quiet: {
    code: 'long-silence',
    from: 10_000,
    to: 40_000,
    title: ({ en, zh }) => ({ en: `Nobody speaks for ${en}`, zh: `静音长达${zh}` }),
  },
  hold: {
    code: 'long-hold',
    from: 60_000,
    to: 300_000,
    title: ({ en, zh }) => ({ en: `On hold for ${en}`, zh: `保持等待长达${zh}` }),
  },
};

/** Waits per channel, in ms, at which `long-wait` begins and is at its full strength. */
const waits = { chat: [180_000, 900_000], ticket: [86_400_000, 259_200_000] } as const;

const inWords = (ms: number): Localised => ({ en: formatDuration(ms, 'en'), zh: ` ${formatDuration(ms, 'zh')}` });

/** Dead air and holds inside a call, long waits in writing. */
export function fromWaiting({ session, annotations: { measures } }: RiskInput): Finding[] {
  const findings: Finding[] = [];
  if (!measures.timesTrusted) return findings;
  for (const [kind, { code, from, to, title }] of Object.entries(gaps)) {
    const longest = measures.silences
      .filter(
        ({ hold, previousTurn, nextTurn }) => hold === (kind === 'hold') && previousTurn !== null && nextTurn !== null,
      )
      .reduce<(typeof measures.silences)[number] | null>(
        (best, gap) => (best === null || gap.endMs - gap.startMs > best.endMs - best.startMs ? gap : best),
        null,
      );
    if (longest === null) continue;
    const length = longest.endMs - longest.startMs;
    if (length <= from) continue;
    const [before] = quoteTurn(session, longest.previousTurn!, 'silence');
    findings.push({
      code,
      strength: ramp(length, from, to),
      title: title(inWords(length)),
      item: null,
      evidence: before
        ? [
            {
              ...before,
              kind: 'gap',
              startMs: longest.startMs,
              endMs: longest.endMs,
              measured: length,
              threshold: from,
              unit: 'ms',
            },
          ]
        : [],
    });
  }
  if (session.channel !== 'call') findings.push(...longWait(session, measures.responses, waits[session.channel]));
  return findings;
}

function longWait(
  session: Session,
  responses: RiskInput['annotations']['measures']['responses'],
  [from, to]: readonly [number, number],
): Finding[] {
  const longest = responses.reduce<{ customerTurn: number; waitMs: number } | null>(
    (best, { customerTurn, waitMs }) =>
      waitMs !== null && waitMs > (best?.waitMs ?? from) ? { customerTurn, waitMs } : best,
    null,
  );
  if (longest === null) return [];
  const length = inWords(longest.waitMs);
  return [
    {
      code: 'long-wait',
      strength: ramp(longest.waitMs, from, to),
      title: { en: `The customer waits ${length.en} for an answer`, zh: `客户等待答复${length.zh}` },
      item: null,
      evidence: quoteTurn(session, longest.customerTurn, 'response', {
        kind: 'gap',
        measured: longest.waitMs,
        threshold: from,
        unit: 'ms',
      }),
    },
  ];
}

/** Recognition that failed or is unsure of itself: the machine asks to be checked. */
export function fromRecognition({ session, notices }: RiskInput): Finding[] {
  const failure = notices.find(({ code }) =>
    ['recogniser-failed', 'recogniser-missing', 'audio-decode-failed', 'audio-truncated'].includes(code),
  );
  if (session.turns.length === 0 || failure)
    return [
      {
        code: 'not-transcribed',
        strength: session.turns.length === 0 ? 1 : 0.5,
        title:
          session.turns.length === 0
            ? { en: 'There is no transcript to judge', zh: '没有可供质检的转写文本' }
            : { en: 'The transcript is incomplete', zh: '转写文本不完整' },
        item: null,
        evidence: failure ? [quoteMeasure('notice', failure.code)] : [],
      },
    ];
  const confidence = session.transcript.confidence;
  if (confidence === null || confidence >= 0.75) return [];
  const figure = `${Math.round(confidence * 100)} %`;
  return [
    {
      code: 'low-confidence',
      strength: ramp(confidence, 0.75, 0.45),
      title: { en: `The recogniser is only ${figure} sure of the words`, zh: `语音识别置信度仅 ${figure}` },
      item: null,
      evidence: [quoteMeasure('confidence', figure, { measured: confidence, threshold: 0.75 })],
    },
  ];
}
