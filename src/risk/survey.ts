import type { Session } from '../session/index.ts';

export interface SurveyScore {
  key: string;
  /** As the source wrote it. */
  written: string;
  /** 0 (worst) … 1 (best). */
  level: number;
}

const keys =
  /^(?:csat|nps|survey|rating|satisfaction|customersatisfaction|satisfactionscore|satisfactionrating|surveyscore|surveyresult|csatscore|npsscore|满意度|满意度评分|满意度得分|评分|客户评分|服务评分|服务评价|客户评价|调查得分|满意度调查)$/;
const words: readonly (readonly [RegExp, number])[] = [
  [/^(?:非常不满意|很不满意|极不满意|very dissatisfied|very unsatisfied|very bad|terrible)$/, 0],
  [/^(?:不满意|不太满意|差评?|dissatisfied|unsatisfied|bad|poor|unhappy|negative)$/, 0.2],
  [/^(?:一般|中立|中评|neutral|average|ok|fair)$/, 0.5],
  [/^(?:满意|比较满意|好评?|satisfied|good|happy|positive)$/, 0.8],
  [/^(?:非常满意|很满意|十分满意|very satisfied|excellent|great)$/, 1],
];

/**
 * The survey score among a session's attributes, on 0…1. Scales: `3/5`, `80%`; otherwise 0–10 for NPS, 1–5 up to 5,
 * 1–10 up to 10, 0–100 beyond. Null when there is none or it cannot be read.
 */
export function surveyScore(session: Session): SurveyScore | null {
  for (const [key, value] of Object.entries(session.attributes)) {
    const name = key.toLowerCase().replaceAll(/[\s_.-]/g, '');
    if (!keys.test(name) || (typeof value !== 'number' && typeof value !== 'string')) continue;
    const written = String(value).trim();
    const level = readLevel(written.toLowerCase().normalize('NFKC'), name.startsWith('nps'));
    if (level !== null) return { key, written, level };
  }
  return null;
}

function readLevel(written: string, nps: boolean): number | null {
  const word = words.find(([pattern]) => pattern.test(written));
  if (word) return word[1];
  const match = /^(\d+(?:\.\d+)?)\s*(?:(?:\/|out of|of)\s*(\d+(?:\.\d+)?)|(%)|分|stars?|星)?$/.exec(written);
  if (!match) return null;
  const value = Number(match[1]);
  const top = match[3] ? 100 : match[2] ? Number(match[2]) : nps ? 10 : value <= 5 ? 5 : value <= 10 ? 10 : 100;
  if (value > top || top <= 1) return null;
  const bottom = nps || top === 100 ? 0 : 1;
  return Math.max(0, (value - bottom) / (top - bottom));
}
