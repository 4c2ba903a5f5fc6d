import type { Localised, Speaker } from '../session/index.ts';
import { formatClock, formatDuration } from '../session/index.ts';
import type { TimeRange, TurnRange, Within } from './load/units.ts';
import type { AnchorPlace, TimeZero } from './scope/types.ts';

/** A sentence in both languages. */
export const both = (en: string, zh: string): Localised => ({ en, zh });

/** A time on the session's clock. */
export const clock = (ms: number | null): Localised =>
  ms === null ? both('an unknown time', '未知时间') : both(formatClock(ms), formatClock(ms));

/** A length of time. */
export const length = (ms: number): Localised => {
  if (ms >= 60_000) return both(formatDuration(ms, 'en'), formatDuration(ms, 'zh'));
  const seconds = Number((ms / 1000).toFixed(ms < 10_000 ? 2 : 1));
  return both(`${seconds} s`, `${seconds} 秒`);
};

/** A plain number for people: at most two decimals. */
export const figure = (value: number): string => String(Number(value.toFixed(2)));

/** Words of a transcript or of a rule inside a sentence: one line, shortened in the middle of long ones. */
export function quoted(text: string): Localised {
  const line = text.replace(/\s+/g, ' ').trim();
  const short = line.length > 90 ? `${line.slice(0, 60)} … ${line.slice(-24)}` : line;
  return both(`“${short}”`, `“${short}”`);
}

/** A list of phrases: the first few, then how many more. */
export function listed(phrases: readonly string[], shown = 4): Localised {
  const more = phrases.length - shown;
  const head = phrases.slice(0, shown).map((phrase) => quoted(phrase).en);
  return both(
    head.join(', ') + (more > 0 ? ` (+${more} more)` : ''),
    head.join('、') + (more > 0 ? ` 等 ${phrases.length} 条` : ''),
  );
}

const speakers: Record<Speaker, Localised> = {
  agent: both('the agent', '客服'),
  customer: both('the customer', '客户'),
  bot: both('the bot', '机器人'),
  system: both('the system', '系统'),
  unknown: both('an unknown speaker', '身份不明的说话人'),
};

export const speakerName = (speaker: Speaker): Localised => speakers[speaker];

export function speakerNames(by: readonly Speaker[] | null): Localised {
  if (by === null) return both('anyone', '任何一方');
  return both(by.map((one) => speakers[one].en).join(' or '), by.map((one) => speakers[one].zh).join('或'));
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function turnRangeWords({ from, to }: TurnRange): Localised {
  const turns = (n: number) => (n === 1 ? 'turn' : `${n} turns`);
  if (from === 1 && to > 0) return both(`first ${turns(to)}`, `前 ${to} 轮`);
  if (to === -1 && from < 0) return both(`last ${turns(-from)}`, `最后 ${-from} 轮`);
  if (from === 1 && to === -1) return both('turns', '各轮');
  if (from === to) return both(`turn ${from}`, `第 ${from} 轮`);
  return both(`turns ${from} to ${to}`, `第 ${from} 至 ${to} 轮`);
}

export function timeRangeWords(time: TimeRange): Localised {
  switch (time.kind) {
    case 'first':
      return both(`the first ${length(time.ms).en}`, `前 ${length(time.ms).zh}`);
    case 'last':
      return both(`the last ${length(time.ms).en}`, `最后 ${length(time.ms).zh}`);
    case 'span':
      return both(
        `the time from ${length(time.fromMs).en} to ${length(time.toMs).en}`,
        `${length(time.fromMs).zh}至 ${length(time.toMs).zh}之间`,
      );
    case 'percent':
      return both(`the part from ${time.from} % to ${time.to} %`, `${time.from}% 至 ${time.to}% 之间`);
  }
}

export const zeroWords: Record<TimeZero, Localised> = {
  'first-speech': both('the first words', '首句话'),
  'recording-start': both('the start of the recording', '录音开始'),
  'first-agent-word': both("the agent's first word", '客服首句话'),
  'first-customer-word': both("the customer's first word", '客户首句话'),
};

export function withinWords(within: Within | null): Localised {
  if (within === null) return both('', '');
  if ('ms' in within) return both(`within ${length(within.ms).en} `, ` ${length(within.ms).zh}内`);
  return both(`within ${within.turns} ${within.turns === 1 ? 'turn' : 'turns'} `, ` ${within.turns} 轮内`);
}

const places: Record<AnchorPlace, Localised> = {
  after: both('after', '之后'),
  before: both('before', '之前'),
  around: both('around', '前后'),
  same: both('in the same turn as', '所在轮次'),
};

export const placeWords = (place: AnchorPlace): Localised => places[place];
