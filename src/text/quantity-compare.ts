import type { Quantity } from './quantities.ts';
import type { QuantityUnit } from './quantity-words.ts';

/** What a quantity is held against: a policy's number. */
export interface QuantityFact {
  low: number;
  high: number;
  unit: QuantityUnit;
  /** ISO 4217, or null where any currency is meant. */
  currency?: string | null;
}

export type Dimension = 'duration' | 'money' | 'percent' | 'clock';

/** Kind of thing that a unit measures; only quantities of one dimension can contradict each other. */
export function dimensionOf(unit: QuantityUnit | null): Dimension | null {
  if (unit === null) return null;
  return unit === 'money' || unit === 'percent' || unit === 'clock' ? unit : 'duration';
}

const minutesOf: Partial<Record<QuantityUnit, number>> = {
  second: 1 / 60,
  minute: 1,
  hour: 60,
  day: 1440,
  week: 10_080,
};
const monthsOf: Partial<Record<QuantityUnit, number>> = { month: 1, year: 12 };

/** The span of calendar minutes that an amount may stand for: months vary in length, business days skip week-ends. */
function calendarSpan(amount: number, unit: QuantityUnit): [number, number] {
  const minutes = minutesOf[unit];
  if (minutes !== undefined) return [amount * minutes, amount * minutes];
  const months = monthsOf[unit];
  if (months !== undefined) return [amount * months * 28 * 1440, amount * months * 31 * 1440];
  return [amount * 1440, (amount + 2 * Math.ceil(amount / 5)) * 1440];
}

/** Factor to a common unit, when both units convert exactly. */
function exactFactors(a: QuantityUnit, b: QuantityUnit): [number, number] | null {
  if (a === b) return [1, 1];
  for (const factors of [minutesOf, monthsOf]) {
    const x = factors[a];
    const y = factors[b];
    if (x !== undefined && y !== undefined) return [x, y];
  }
  return null;
}

/**
 * Does what was said agree with the policy? `same`: the policy's own numbers (24 months = 2 years). `inside`: nothing
 * said contradicts it (“7 business days” of 5 to 7; “a month” of 30 days; “at least 14 days” of 30). `different`:
 * contradicts it. `incomparable`: another dimension or currency, or no number.
 */
export function compareQuantity(said: Quantity, fact: QuantityFact): 'same' | 'inside' | 'different' | 'incomparable' {
  if (said.low === null || said.high === null || said.unit === null) return 'incomparable';
  if (dimensionOf(said.unit) !== dimensionOf(fact.unit)) return 'incomparable';
  if (said.unit === 'money' && said.currency && fact.currency && said.currency !== fact.currency) return 'incomparable';
  if (said.unit === 'clock') return compareClock(said, said.low, said.high, fact);
  const factors = exactFactors(said.unit, fact.unit);
  if (!factors) return compareCalendar(said.low, said.high, said.unit, fact);
  const low = said.low * factors[0];
  const high = said.high * factors[0];
  const factLow = fact.low * factors[1];
  const factHigh = fact.high * factors[1];
  if (equal(low, factLow) && equal(high, factHigh)) return 'same';
  const slack = said.bound === 'about' ? 0.15 : 1e-9;
  const notBelow = low >= factLow * (1 - slack);
  const notAbove = high <= factHigh * (1 + slack);
  if (said.bound === 'atLeast') return low <= factHigh * (1 + slack) ? 'inside' : 'different';
  if (said.bound === 'atMost') return high >= factLow && notAbove ? 'inside' : 'different';
  return notBelow && notAbove ? 'inside' : 'different';
}

function equal(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

function compareCalendar(low: number, high: number, unit: QuantityUnit, fact: QuantityFact): 'inside' | 'different' {
  if (low === fact.low && high === fact.high && unit !== 'month' && unit !== 'year') {
    // “5 to 7 days” for 5 to 7 business days: loose, not false. Hours or weeks for days are false.
    const days = (name: QuantityUnit) => name === 'day' || name === 'businessDay';
    if (days(unit) && days(fact.unit)) return 'inside';
  }
  const said = [calendarSpan(low, unit)[0], calendarSpan(high, unit)[1]] as const;
  const policy = [calendarSpan(fact.low, fact.unit)[0], calendarSpan(fact.high, fact.unit)[1]] as const;
  return said[0] <= policy[1] && said[1] >= policy[0] ? 'inside' : 'different';
}

function compareClock(said: Quantity, low: number, high: number, fact: QuantityFact): 'same' | 'inside' | 'different' {
  const agree = (a: number, b: number) => (a - b) % (said.halfDay ? 720 : 1440) === 0;
  if (said.low !== said.high) return agree(low, fact.low) && agree(high, fact.high) ? 'same' : 'different';
  // One end of the opening hours, or a moment within them.
  if (agree(low, fact.low) || agree(low, fact.high)) return 'inside';
  return low > fact.low && low < fact.high ? 'inside' : 'different';
}
