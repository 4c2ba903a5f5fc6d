import type { BatchResult } from '../../session/index.ts';

/** report.json: the whole batch, one session per line, so that large ones stream and small changes show in a diff. */
export function* json(batch: BatchResult): Generator<string> {
  const { sessions, ...rest } = batch;
  yield JSON.stringify(rest, null, 2).replace(/\n\}$/, ',\n  "sessions": [');
  for (const [index, session] of sessions.entries()) yield `${index > 0 ? ',' : ''}\n${JSON.stringify(session)}`;
  yield sessions.length > 0 ? '\n  ]\n}\n' : ']\n}\n';
}
