import type { SessionInput } from '../pipeline/index.ts';
import { type Session, sessionSchema, type SessionResult } from '../session/index.ts';

const sessionKeys = new Set(Object.keys(sessionSchema.shape));

/** What was judged, taken out of what came of it. The notice that no scorecard fits is the judging's own. */
export function inputOf(result: SessionResult): SessionInput {
  const session = Object.fromEntries(
    Object.entries(result).filter(([key]) => sessionKeys.has(key)),
  ) as unknown as Session;
  return {
    session,
    audio: result.audio,
    source: result.source,
    notices: result.notices.filter(({ code }) => code !== 'scorecard-missing'),
    // What a model said is not asked again: its answers are pinned.
    opinions: result.pins.judge ?? null,
  };
}
