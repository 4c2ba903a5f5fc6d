import { dayNames, type CalendarValue, type Hours } from './schema.ts';
import {
  addDays,
  type Day,
  daysBetween,
  dayText,
  mergeSpans,
  overlapMs,
  type Span,
  weekday,
  type ZoneClock,
  zoneClock,
} from '../../session/index.ts';

/** Ticket systems are not older: a longer stretch is a broken clock. */
const longestDays = 20_000;
const keptDays = 20_000;

/** Working time of one office. Immutable but for what it remembers. */
export class BusinessCalendar {
  readonly id: string | null;
  readonly zone: string;
  readonly #clock: ZoneClock;
  readonly #week: ReadonlyMap<number, readonly Hours[]>;
  readonly #extra: readonly Hours[];
  readonly #holidays: ReadonlySet<string>;
  readonly #workdays: ReadonlySet<string>;
  readonly #known = new Map<string, readonly Span[]>();

  constructor(value: CalendarValue) {
    this.id = value.id ?? null;
    this.zone = value.zone;
    this.#clock = zoneClock(value.zone);
    this.#week = weekOf(value);
    this.#extra = [...this.#week.entries()].sort(([a], [b]) => a - b)[0]?.[1] ?? [];
    this.#holidays = new Set((value.holidays ?? []).flat());
    this.#workdays = new Set((value.workdays ?? []).flat());
  }

  /**
   * Working time between two instants (ms since 1970), in ms of real time: an hour that summer time skips is not worked,
   * one that it repeats is worked twice. 0 where the second instant is not the later one; null where the stretch is
   * longer than fifty years.
   */
  workingMs(fromMs: number, toMs: number): number | null {
    if (toMs <= fromMs) return 0;
    if (!Number.isFinite(toMs - fromMs) || toMs - fromMs > longestDays * 86_400_000) return null;
    // A shift that began on the day before may reach into the first day.
    const first = addDays(this.#clock.day(fromMs), -1);
    const count = daysBetween(first, this.#clock.day(toMs));
    const range = { startMs: fromMs, endMs: toMs };
    const shifts: Span[] = [];
    for (let index = 0; index <= count; index++) shifts.push(...this.#shifts(addDays(first, index)));
    return mergeSpans(shifts).reduce((sum, shift) => sum + overlapMs(shift, range), 0);
  }

  /** The instant at which a wall clock of this zone shows a time written without a zone: `2026-03-02 09:15:30`. */
  localInstant(day: Day, seconds: number): number {
    const minutes = Math.floor(seconds / 60);
    return this.#clock.instant(day, minutes) + (seconds - minutes * 60) * 1000;
  }

  /** The shifts that begin on a day. */
  #shifts(day: Day): readonly Span[] {
    const key = dayText(day);
    const known = this.#known.get(key);
    if (known) return known;
    const shifts = this.#hours(day, key)
      .map(({ from, to }) => ({ startMs: this.#clock.instant(day, from), endMs: this.#clock.instant(day, to) }))
      .filter(({ startMs, endMs }) => endMs > startMs);
    if (this.#known.size >= keptDays) this.#known.clear();
    this.#known.set(key, shifts);
    return shifts;
  }

  #hours(day: Day, key: string): readonly Hours[] {
    const usual = this.#week.get(weekday(day));
    if (this.#workdays.has(key)) return usual ?? this.#extra;
    return this.#holidays.has(key) ? [] : (usual ?? []);
  }
}

const allDay: readonly Hours[] = [{ from: 0, to: 1440 }];
const workweek = [0, 1, 2, 3, 4];

/** Hours by weekday, 0 for Monday. */
function weekOf({ days, hours }: CalendarValue): Map<number, readonly Hours[]> {
  if (hours && !Array.isArray(hours) && !('from' in hours))
    return new Map(
      Object.entries(hours).map(([name, of]) => [dayNames.findIndex((one) => one === name), [of].flat()] as const),
    );
  const every = hours ? [hours].flat() : allDay;
  return new Map((days?.flat() ?? workweek).map((day) => [day, every] as const));
}
