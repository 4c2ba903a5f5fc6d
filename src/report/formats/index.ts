import type { BatchResult, UiLanguage } from '../../session/index.ts';
import type { RecordingLink } from '../html/context.ts';
import { page } from '../html/page.ts';
import { itemsCsv, sessionsCsv } from './csv.ts';
import { json } from './json.ts';

export interface FormatContext {
  language: UiLanguage;
  recordings: ReadonlyMap<string, RecordingLink>;
}

export type ReportFormat = 'html' | 'json' | 'csv';

/** Format → the files it writes, in pieces. The type refuses a gap; a name that stands twice would fail its test. */
export const formats: Record<
  ReportFormat,
  Record<string, (batch: BatchResult, context: FormatContext) => Iterable<string>>
> = {
  html: {
    'report.html': (batch, { language, recordings }) =>
      page(batch, { language, recordingOf: (session) => recordings.get(session.id) ?? { kind: 'no-recording' } }),
  },
  json: { 'report.json': json },
  csv: {
    'report.csv': (batch, { language }) => sessionsCsv(batch, language),
    'report-items.csv': (batch, { language }) => itemsCsv(batch, language),
  },
};

export const reportFormats = Object.keys(formats) as ReportFormat[];

/** Names of all files that a report consists of. */
export const reportFiles: readonly string[] = reportFormats.flatMap((format) => Object.keys(formats[format]));
