import type { BatchResult, Problem, SessionResult, UiLanguage } from '../session/index.ts';
import { page } from './html/page.ts';

export { sessionsCsvStream } from './formats/csv.ts';

/** What can be told only when the last session was read. */
export type ReportTail = Pick<BatchResult, 'scorecards' | 'recogniser'>;
/** What a report says beside that, its sessions and its failures. */
export type ReportHead = Omit<BatchResult, 'sessions' | 'failures' | keyof ReportTail>;

/**
 * A whole report as JSON (docs/reference/report.schema.json) of sessions that never stand in memory together. The tail
 * is asked for after the last session was written.
 */
export async function* reportJsonStream(
  head: ReportHead,
  sessions: AsyncIterable<SessionResult>,
  failures: AsyncIterable<Problem>,
  tail: () => Promise<ReportTail>,
): AsyncGenerator<string> {
  yield JSON.stringify(head, null, 2).replace(/\n\}$/, ',\n  "sessions": [');
  yield* list(sessions);
  yield `],\n  "failures": [`;
  yield* list(failures);
  const { scorecards, recogniser } = await tail();
  yield `],\n  "scorecards": ${JSON.stringify(scorecards)},\n  "recogniser": ${JSON.stringify(recogniser)}\n}\n`;
}

async function* list(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  let first = true;
  for await (const value of values) {
    yield `${first ? '' : ','}\n${JSON.stringify(value)}`;
    first = false;
  }
  if (!first) yield '\n  ';
}

/** report.html by itself, in pieces: nothing beside it, so recordings are named and not linked. */
export function reportPage(batch: BatchResult, language: UiLanguage): Generator<string> {
  return page(batch, {
    language,
    recordingOf: (session) => ({ kind: session.recording ? 'left-out' : 'no-recording' }),
  });
}
