import type { Annotations, Session, Turn } from '../../session/index.ts';
import { timeOfChars } from '../../session/index.ts';
import type { TimeZero } from '../scope/types.ts';

/** A session as rules look at it: what several rules need is worked out once and kept for this evaluation. */
export class SessionView {
  readonly session: Session;
  readonly annotations: Annotations;
  /** False where not a single turn names the agent or the customer. */
  readonly speakersKnown: boolean;
  readonly #memo = new Map<string, unknown>();

  constructor(session: Session, annotations: Annotations) {
    this.session = session;
    this.annotations = annotations;
    this.speakersKnown =
      session.turns.length === 0 ||
      session.turns.some((turn) => turn.speaker === 'agent' || turn.speaker === 'customer');
  }

  /** Computes once per key for this session. Keys are prefixed by the file that uses them. */
  memo<T>(key: string, compute: () => T): T {
    if (!this.#memo.has(key)) this.#memo.set(key, compute());
    return this.#memo.get(key) as T;
  }

  turn(n: number): Turn | undefined {
    return this.session.turns[n - 1];
  }

  get timesTrusted(): boolean {
    return this.annotations.measures.timesTrusted;
  }

  /** Time 0 of a rule, ms on the session's clock; null where the session has no such moment. */
  zero(which: TimeZero): number | null {
    const { zero } = this.annotations.measures;
    switch (which) {
      case 'recording-start':
        return zero.recordingStart;
      case 'first-agent-word':
        return zero.firstAgentWord;
      case 'first-customer-word':
        return zero.firstCustomerWord;
      case 'first-speech':
        return zero.firstSpeech;
    }
  }

  /** Where the conversation ends: its last word, or the recording's end where time is counted from its start. */
  end(which: TimeZero): number | null {
    if (which === 'recording-start' && this.annotations.measures.durationMs !== null)
      return this.annotations.measures.durationMs;
    return this.memo('end', () => {
      const ends = this.session.turns.map((turn) => turn.endMs ?? turn.startMs).filter((ms) => ms !== null);
      return ends.length > 0 ? ends.reduce((a, b) => Math.max(a, b)) : null;
    });
  }

  /** When words of a turn were said; null where the session does not know. */
  timeOf(turn: Turn, charStart: number, charEnd: number): { startMs: number | null; endMs: number | null } {
    return timeOfChars(turn, charStart, charEnd);
  }
}
