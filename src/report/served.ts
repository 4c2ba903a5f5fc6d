import { type SessionResult, type UiLanguage } from '../session/index.ts';
import { line, sessionColumns } from './formats/csv.ts';
import { page } from './html/page.ts';

// Parts of a report as a server sends them: piece by piece, without a file.

/** The report of one session as a self-contained page; recordings are not played from it. */
export function sessionPage(result: SessionResult, options: { language: UiLanguage; at: Date }): Iterable<string> {
  const { scorecard, method, passMark } = result;
  return page(
    {
      schema: 'earwitness/report/1',
      engine: result.pins.engine,
      generatedAt: options.at.toISOString(),
      title: result.id,
      recogniser: null,
      scorecards:
        scorecard === null || method === null || passMark === null
          ? []
          : [{ ...scorecard, path: scorecard.id, method, passMark }],
      inputs: [result.source.path],
      sessions: [result],
      failures: [],
    },
    { language: options.language, recordingOf: () => ({ kind: 'no-recording' }) },
  );
}

/** First line of the session table. */
export function sessionsCsvHead(language: UiLanguage): string {
  return line(
    sessionColumns.map((column) => column.title[language]),
    true,
  );
}

/** One line of the session table; cells that a spreadsheet would run are neutralised. */
export function sessionsCsvLine(result: SessionResult, language: UiLanguage): string {
  return line(sessionColumns.map((column) => column.value(result, language)));
}

/** Any table of a server in the same form: byte order mark, CRLF, neutralised cells. */
export function csvTable(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row, index) => line(row, index === 0)).join('');
}
