/** Wall-clock arithmetic in a time zone of the IANA data base, with nothing but what Intl knows. */

const dayMs = 86_400_000;

/** A calendar day; `month` 1…12. */
export interface Day {
  year: number;
  month: number;
  day: number;
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const clocks = new Map<string, ZoneClock>();

/** The clock of a zone, made once: making one costs a thousand times what reading it does. Throws RangeError. */
export function zoneClock(zone: string): ZoneClock {
  let clock = clocks.get(zone);
  if (!clock) clocks.set(zone, (clock = new ZoneClock(zone)));
  return clock;
}

/** Reads the wall clock of one zone. */
export class ZoneClock {
  readonly #format: Intl.DateTimeFormat;

  /** Throws RangeError where there is no such zone. */
  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** What the wall clock shows at an instant, as if it were UTC; whole seconds. */
  wallMs(instantMs: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(instantMs)) part[type] = Number(value);
    return Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second);
  }

  day(instantMs: number): Day {
    return dayOf(this.wallMs(instantMs));
  }

  /** The instant at which a wall clock shows so many minutes after midnight of a day; see `instantOf`. */
  instant(day: Day, minutes: number): number {
    return this.instantOf(wallOf(day) + minutes * 60_000);
  }

  /**
   * The instant at which a wall clock shows `wallMs`, as if it were UTC. A time that summer time skips is the instant of
   * the change; of a time that comes twice the first is taken.
   */
  instantOf(wallMs: number): number {
    const wall = Math.floor(wallMs / 1000) * 1000;
    const offsets = [wall - dayMs, wall + dayMs].map((near) => this.#offset(near));
    const candidates = [...new Set(offsets)].map((offset) => wall - offset).sort((a, b) => a - b);
    const exact = candidates.find((instant) => this.wallMs(instant) === wall);
    return exact === undefined ? this.#changeBetween(candidates[0]!, candidates.at(-1)!) : exact + (wallMs - wall);
  }

  /** Wall clock minus UTC, ms. */
  #offset(instantMs: number): number {
    const whole = Math.floor(instantMs / 1000) * 1000;
    return this.wallMs(whole) - whole;
  }

  /** The instant between two others from which the second one's offset holds. */
  #changeBetween(low: number, high: number): number {
    const after = this.#offset(high);
    let [from, to] = [low, high];
    while (to - from > 1000) {
      const middle = Math.floor((from + to) / 2000) * 1000;
      if (this.#offset(middle) === after) to = middle;
      else from = middle;
    }
    return to;
  }
}

function wallOf({ year, month, day }: Day): number {
  return Date.UTC(year, month - 1, day);
}

function dayOf(wallMs: number): Day {
  const date = new Date(wallMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The day `count` days later. */
export function addDays(day: Day, count: number): Day {
  return dayOf(wallOf(day) + count * dayMs);
}

/** Days from one day to another. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((wallOf(to) - wallOf(from)) / dayMs);
}

/** 0 is Monday, 6 Sunday. */
export function weekday(day: Day): number {
  return (new Date(wallOf(day)).getUTCDay() + 6) % 7;
}

/** `2026-10-01`. */
export function dayText({ year, month, day }: Day): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** `2026-10-01` → a day; null where there is no such day. */
export function readDay(text: string): Day | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return null;
  const day = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return dayText(dayOf(wallOf(day))) === text ? day : null;
}
