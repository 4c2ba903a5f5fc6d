import { type Localised, readDay } from '../../session/index.ts';
import type { BusinessCalendar } from '../calendar/calendar.ts';
import type { SessionView } from '../evaluate/view.ts';
import { both } from '../wording.ts';

/** The instant of time 0 in ms since 1970; null where the session names none with its zone. */
export function sessionStart(view: SessionView): number | null {
  return view.memo('moments:start', () => readInstant(view.session.startedAt, null));
}

/** Time between two moments of the session's clock, by a calendar where one is given; null where it cannot be told. */
export function timeBetween(
  view: SessionView,
  calendar: BusinessCalendar | null,
  fromMs: number,
  toMs: number,
): number | null {
  if (!calendar) return toMs - fromMs;
  const start = sessionStart(view);
  return start === null ? null : calendar.workingMs(start + fromMs, start + toMs);
}

/** Why working time cannot be counted: nobody knows on which day the session took place. */
export const withoutDate: Localised = both(
  'The session does not say when it took place (startedAt with a time zone), so working hours cannot be counted.',
  '会话没有带时区的开始时间（startedAt），无法计算工作时长。',
);

/** “of working time” where a calendar counts. */
export const workingWords = (calendar: BusinessCalendar | null): Localised =>
  calendar ? both(' of working time', '（工作时间）') : both('', '');

const wallClock = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$/;
const zoned = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/;

/**
 * A point in time as exports write it: ISO 8601 with a zone, seconds or milliseconds since 1970, or (with a calendar) a
 * wall clock in the calendar's zone. Null where it cannot be told.
 */
export function readInstant(value: unknown, calendar: BusinessCalendar | null): number | null {
  if (typeof value === 'number') return value >= 1e11 ? value : value >= 1e8 ? value * 1000 : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (zoned.test(text)) {
    const instant = Date.parse(text);
    return Number.isNaN(instant) ? null : instant;
  }
  if (/^\d{9,13}$/.test(text)) return readInstant(Number(text), calendar);
  const match = calendar && wallClock.exec(text);
  const day = match && readDay(match[1]!);
  if (!match || !day || !calendar || Number(match[2]) > 23 || Number(match[3]) > 59) return null;
  return calendar.localInstant(day, Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0));
}
