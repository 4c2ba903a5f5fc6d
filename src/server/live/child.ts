import { endWithParent } from '../../worker/index.ts';
import { turnJudge } from './judge-turns.ts';
import type { JudgeAnswer, JudgeRequest } from './protocol.ts';

// The entry of the child that judges running contacts: a long one takes a good part of a second, in which the server would
// answer nobody.

const judge = turnJudge();
let before: Promise<unknown> = Promise.resolve();

async function answer({ id, ...request }: JudgeRequest): Promise<JudgeAnswer> {
  try {
    return { id, judgement: await judge(request) };
  } catch (error) {
    return { id, failed: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (request: JudgeRequest) => {
  // One after the other: scorecards that one brings are there for the next.
  before = before.then(() => answer(request)).then((told) => process.send?.(told));
});

endWithParent();
