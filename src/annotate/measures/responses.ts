import type { Measures, Turn } from '../../session/index.ts';
import { courtesy } from './courtesy.ts';

type Response = Measures['responses'][number];

/**
 * Each first unanswered customer message with the next public message of a human agent.
 * - Automatic replies, bots and system messages answer nothing.
 * - Courtesy closers ("great, thanks", 好的谢谢) wait for nothing; a bare "ok" waits only if an agent did go on.
 * - A speaker nobody could name may have been the agent: a message before such a turn is left out, not called unanswered.
 * `waitMs` runs from the end of that customer message to the start of the answer, and is 0 where the answer begins
 * before it has ended.
 */
export function responses(turns: readonly Turn[], timesTrusted: boolean): Response[] {
  const found: Response[] = [];
  let waiting: Turn | null = null;
  for (const turn of turns) {
    if (turn.speaker === 'unknown') waiting = null;
    else if (turn.speaker === 'customer') {
      if (waiting === null ? courtesy(turn.text) !== 'closer' : courtesy(waiting.text) === 'acknowledgement')
        waiting = courtesy(turn.text) === 'closer' ? null : turn;
    } else if (turn.speaker === 'agent' && turn.auto !== true && waiting !== null) {
      found.push({ customerTurn: waiting.n, agentTurn: turn.n, waitMs: timesTrusted ? wait(waiting, turn) : null });
      waiting = null;
    }
  }
  if (waiting !== null && courtesy(waiting.text) === null)
    found.push({ customerTurn: waiting.n, agentTurn: null, waitMs: null });
  return found;
}

function wait(from: Turn, to: Turn): number | null {
  const start = from.endMs ?? from.startMs;
  return start === null || to.startMs === null ? null : Math.max(0, to.startMs - start);
}
