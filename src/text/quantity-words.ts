export type QuantityUnit =
  'second' | 'minute' | 'hour' | 'day' | 'businessDay' | 'week' | 'month' | 'year' | 'percent' | 'money' | 'clock';

/** Said before or after a quantity: a limit above, a limit below, an approximation. */
export type QuantityBound = 'exact' | 'atMost' | 'atLeast' | 'about';

export interface UnitWord {
  keys: readonly string[];
  unit: QuantityUnit;
  /** ISO 4217. */
  currency?: string;
  /** Number of the unit that one of this word is (a fortnight is 2 weeks). */
  times?: number;
}

const words = (text: string): readonly string[] => (/\p{sc=Han}/u.test(text) ? [...text] : text.split(' '));

function table(unit: QuantityUnit, names: string, extra: Partial<UnitWord> = {}): UnitWord[] {
  return names.split('|').map((name) => ({ keys: words(name), unit, ...extra }));
}

/** Longest first, so that 工作日 is not read as 日 and “business days” not as something else. */
export const unitWords: readonly UnitWord[] = [
  ...table('second', 'second|seconds|sec|secs|秒|秒钟'),
  ...table('minute', 'minute|minutes|min|mins|分钟'),
  ...table('minute', '刻钟', { times: 15 }),
  ...table('hour', 'hour|hours|hr|hrs|h|小时|个小时|钟头|个钟头|个钟'),
  ...table('businessDay', 'business day|business days|working day|working days|work days|workdays|workday|weekdays'),
  ...table('businessDay', '工作日|个工作日|个工作天'),
  ...table('day', 'day|days|calendar day|calendar days|天|日|个自然日|自然日|天时间'),
  ...table('week', 'week|weeks|wk|wks|周|个周|星期|个星期|礼拜|个礼拜'),
  ...table('week', 'fortnight', { times: 2 }),
  ...table('month', 'month|months|calendar months|个月'),
  ...table('year', 'year|years|yr|yrs|年'),
  ...table('percent', 'percent'),
  ...table('money', 'dollar|dollars|usd|bucks|buck|us dollars|美元|美金|刀', { currency: 'USD' }),
  ...table('money', 'yuan|rmb|cny|renminbi|元|元钱|块|块钱|人民币|元人民币', { currency: 'CNY' }),
  ...table('money', 'euro|euros|eur|欧元', { currency: 'EUR' }),
  ...table('money', 'gbp|pounds sterling|英镑', { currency: 'GBP' }),
  ...table('money', 'hkd|港币|港元', { currency: 'HKD' }),
].sort((a, b) => b.keys.length - a.keys.length);

export const currencySigns: Record<string, string> = { $: 'USD', '¥': 'CNY', '￥': 'CNY', '€': 'EUR', '£': 'GBP' };

interface BoundWord {
  keys: readonly string[];
  bound: QuantityBound;
}

function bounds(bound: QuantityBound, names: string): BoundWord[] {
  return names.split('|').map((name) => ({ keys: words(name), bound }));
}

export const boundsBefore: readonly BoundWord[] = [
  ...bounds('atMost', 'within|up to|at most|no more than|not more than|no later than|not later than|no longer than'),
  ...bounds('atMost', 'less than|under|fewer than|a maximum of|maximum|in under|does not exceed|not exceed'),
  ...bounds('atMost', '不超过|最多|至多|少于|最迟|最晚|最长|不多于|不到|不会超过'),
  ...bounds('atLeast', 'at least|more than|over|a minimum of|minimum|no less than|not less than|not under|longer than'),
  ...bounds('atLeast', '至少|最少|超过|不少于|不低于|不止|不只|多于|起码'),
  ...bounds('about', 'about|around|approximately|roughly|almost|nearly|大约|大概|约|差不多|将近|大致'),
].sort((a, b) => b.keys.length - a.keys.length);

export const boundsAfter: readonly BoundWord[] = [
  ...bounds('atMost', '以内|之内|内|以下|or less|or fewer|at most|max|maximum|tops'),
  ...bounds('atLeast', '以上|起|or more|at least|minimum'),
  ...bounds('about', '左右|上下|or so|approximately'),
].sort((a, b) => b.keys.length - a.keys.length);

/** Parts of the day that move a clock time: hours to add when the hour is below 12. */
export const dayParts: Record<string, number> = {
  早上: 0,
  早晨: 0,
  上午: 0,
  凌晨: 0,
  清晨: 0,
  中午: 12,
  下午: 12,
  傍晚: 12,
  晚上: 12,
  夜里: 12,
};
