import { BusinessCalendar } from '../calendar/calendar.ts';
import { calendarShape, type CalendarGiven, inPlace } from '../calendar/schema.ts';
import { hashKey, type Composed } from './compose/compose.ts';
import type { SourceFiles } from './files.ts';
import type { Path, Report, ScorecardProblem } from './problems.ts';
import type { RawScorecard } from './schema.ts';
import { readSource } from './source.ts';
import { reportIssues } from './zodProblems.ts';

/** The business calendars of a scorecard: those in files are loaded before anything is compiled. */
export interface Calendars {
  /** Null where none is given, or after a problem. */
  get(given: CalendarGiven | undefined): BusinessCalendar | null;
}

/**
 * Loads every calendar file that a scorecard names anywhere; they join its contents. Problems of a file are reported at
 * their place in it.
 */
export async function readCalendars(
  raw: RawScorecard,
  { composition, contents }: Composed,
  sources: SourceFiles,
  problems: ScorecardProblem[],
): Promise<Calendars> {
  const { report } = composition;
  const loaded = new Map<string, BusinessCalendar | null>();
  const places = new Map<string, string>();
  for (const [file, path] of namedIn({ ...raw, lexicons: null }, [])) {
    const place = composition.locate(file, path);
    const other = places.get(file);
    if (other !== undefined && other !== place)
      report(
        path,
        'calendar-invalid',
        `"${file}" is two calendars here: this one, and that of a file in another folder (${other}).`,
        'Rename one of them.',
      );
    if (other !== undefined) continue;
    places.set(file, place);
    const found: ScorecardProblem[] = [];
    const source = await readSource(place, sources, found);
    loaded.set(file, source && readCalendar(source.value, source.report));
    contents.set(hashKey(composition.file, place), source?.value);
    problems.push(...found);
    if (found.length > 0)
      report(
        path,
        'calendar-invalid',
        `The calendar "${file}" cannot be used.`,
        'Example of a calendar file: { zone: Europe/Berlin, days: mon-fri, hours: 09:00-18:00, holidays: [2026-12-25] }.',
      );
  }
  const written = new Map<string, BusinessCalendar>();
  return {
    get: (given) => {
      if (given === undefined) return null;
      const value = inPlace(given);
      if (!value) return given.file === undefined ? null : (loaded.get(given.file) ?? null);
      const key = JSON.stringify(value);
      const calendar = written.get(key) ?? new BusinessCalendar(value);
      written.set(key, calendar);
      return calendar;
    },
  };
}

function readCalendar(value: unknown, report: Report): BusinessCalendar | null {
  const parsed = calendarShape.safeParse(value, { reportInput: true });
  if (parsed.success) return new BusinessCalendar(parsed.data);
  reportIssues(parsed.error.issues, [], report, () => Object.keys(calendarShape.shape));
  return null;
}

/** Every `calendar: { file: path }` of a scorecard, with its place. */
function namedIn(value: unknown, path: Path): [string, Path][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): [string, Path][] => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    const file: unknown = key === 'calendar' ? (inner as { file?: unknown } | null)?.file : undefined;
    return typeof file === 'string' ? [[file, [...at, 'file']]] : namedIn(inner, at);
  });
}
