import { z } from 'zod';
import { addDays, dayText, daysBetween, isZone, readDay } from '../../session/index.ts';

export const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Working hours of one day in minutes after midnight; `to` beyond 1440 runs into the next day. */
export interface Hours {
  from: number;
  to: number;
}

const longestRange = 400;

/** `09:00-18:00` → minutes; an end that is not later than the start lies on the next day. */
function readHours(text: string): Hours | null {
  const match = /^\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*$/.exec(text);
  if (!match) return null;
  const [h1, m1, h2, m2] = match.slice(1).map(Number) as [number, number, number, number];
  if (m1 > 59 || m2 > 59 || h1 > 23 || h2 > 24 || (h2 === 24 && m2 > 0)) return null;
  const from = h1 * 60 + m1;
  const to = h2 * 60 + m2;
  return { from, to: to <= from ? to + 1440 : to };
}

/** `mon`, `mon-fri` → the days' numbers, 0 for Monday. */
function readWeekdays(text: string): number[] | null {
  const [from, to = from, ...rest] = text.split('-').map((part) => dayNames.findIndex((name) => name === part.trim()));
  if (from === undefined || from < 0 || to === undefined || to < 0 || rest.length > 0) return null;
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7);
}

/** `2026-10-01`, `2026-10-01..2026-10-07` → the days as texts. */
function readDates(text: string): string[] | null {
  const [from, to] = text.split('..').map((part) => readDay(part.trim()));
  if (!from || to === null) return null;
  const length = daysBetween(from, to ?? from);
  if (length < 0 || length > longestRange) return null;
  return Array.from({ length: length + 1 }, (_, index) => dayText(addDays(from, index)));
}

function field<T>(read: (text: string) => T | null, message: string, example: string) {
  return z
    .string({ error: message })
    .meta({ examples: [example] })
    .transform((text, context) => {
      const value = read(text);
      if (value !== null) return value;
      context.addIssue({ code: 'custom', message: `"${text.slice(0, 60)}": ${message}` });
      return z.NEVER;
    });
}

const hoursField = field(readHours, 'Working hours are written 09:00-18:00.', '09:00-18:00');
const weekdaysField = field(readWeekdays, 'Days are written mon, tue … sun, or mon-fri.', 'mon-fri');
const datesField = field(readDates, 'A date is written 2026-10-01, or 2026-10-01..2026-10-07.', '2026-10-01');
const dates = z.array(datesField).max(2000);
const hoursOfDay = z.union([hoursField, z.array(hoursField).min(1).max(10)]);

/** When people work. The same shape stands inline in a rule or in a file of its own. */
export const calendarShape = z
  .strictObject({
    id: z.string().max(100).optional().meta({ description: 'A name, for people.' }),
    zone: z
      .string()
      .refine(isZone, 'There is no such time zone. Write it like Europe/Berlin, Asia/Shanghai or UTC.')
      .meta({ description: 'Time zone of the IANA data base.', examples: ['Asia/Shanghai'] }),
    days: z
      .union([weekdaysField, z.array(weekdaysField).min(1).max(7)])
      .optional()
      .meta({ description: 'Working days of the week.', default: 'mon-fri' }),
    hours: z
      .union([hoursOfDay, z.partialRecord(z.enum(dayNames), hoursOfDay)])
      .optional()
      .meta({
        description:
          'Working hours, the same on every working day or by day: { mon: 09:00-18:00, sat: [10:00-12:00, 13:00-16:00] }. An end before the start lies on the next day. By day, `days` is not needed.',
        default: '00:00-24:00',
      }),
    holidays: dates.optional().meta({ description: 'Days on which nobody works, with ranges.' }),
    workdays: dates.optional().meta({ description: 'Days of work in spite of weekday or holiday (调休).' }),
  })
  .meta({ description: 'When people work: time zone, working days and hours, holidays.' });

export type CalendarValue = z.infer<typeof calendarShape>;

/** What a rule says: a calendar in place, or the file that holds one. One shape, so that every problem keeps its place. */
export const calendarField = z
  .strictObject({
    ...calendarShape.shape,
    file: z.string().min(1).max(1000).optional().meta({ description: 'A file that holds the calendar, alone.' }),
    zone: calendarShape.shape.zone.optional(),
  })
  .superRefine((given, context) => {
    const others = Object.keys(given).filter((name) => name !== 'file');
    if (given.file === undefined && given.zone === undefined)
      context.addIssue({ code: 'custom', path: [], message: 'A calendar needs `zone`, or `file`.' });
    if (given.file !== undefined && others.length > 0)
      context.addIssue({
        code: 'custom',
        path: [others[0]!],
        message: 'Beside `file` nothing is said: it holds it all.',
      });
  })
  .meta({ title: 'calendar', description: 'A calendar in place, or the file that holds one.' });
export type CalendarGiven = z.infer<typeof calendarField>;

/** The calendar that stands in place; null where it is in a file. */
export function inPlace({ file, zone, ...rest }: CalendarGiven): CalendarValue | null {
  return file === undefined && zone !== undefined ? { ...rest, zone } : null;
}
