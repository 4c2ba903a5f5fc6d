import { type Forked, forkProgram } from '../../worker/index.ts';
import type { CardTexts, JudgeAnswer, JudgeRequest, LiveJudgement } from './protocol.ts';

export interface LiveJudge {
  /** @throws Error where two children in a row could not judge */
  judge(request: {
    ordered: JudgeRequest['ordered'];
    cards: readonly string[];
    raised: JudgeRequest['raised'];
  }): Promise<LiveJudgement>;
  close(): Promise<void>;
}

export interface JudgeOptions {
  /** Texts of a scorecard by its hash. */
  card: (hash: string) => Promise<CardTexts>;
  /** A child that answers nothing for so long is ended. */
  timeoutMs?: number;
  /** A child that had nothing to do for so long is ended. */
  idleMs?: number;
}

interface Child {
  forked: Forked;
  /** Scorecards that it was given. */
  given: Set<string>;
  waiting: Map<number, { settle: (judgement: LiveJudgement) => void; fail: (error: Error) => void }>;
  ended: boolean;
}

/** Judges in a child that is started when the first contact comes and ended when there are none. */
export function openJudge({ card, timeoutMs = 20_000, idleMs = 300_000 }: JudgeOptions): LiveJudge {
  let present: Promise<Child> | null = null;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;
  let ids = 0;

  const start = async (): Promise<Child> => {
    const forked = await forkProgram({ bundle: 'live-child', source: 'child.ts', from: import.meta.url, heapMb: 512 });
    const child: Child = { forked, given: new Set(), waiting: new Map(), ended: false };
    forked.process.on('message', (answer: JudgeAnswer) => {
      const asked = child.waiting.get(answer.id);
      if (!asked) return;
      child.waiting.delete(answer.id);
      if ('judgement' in answer) asked.settle(answer.judgement);
      else asked.fail(new Error(answer.failed));
    });
    void forked.ended.then((how) => {
      child.ended = true;
      for (const { fail } of child.waiting.values()) fail(new Error(`The child that judges ended with ${how}.`));
      child.waiting.clear();
    });
    return child;
  };

  const childNow = async (): Promise<Child> => {
    const child = present && (await present.catch(() => null));
    if (child?.forked.alive) return child;
    if (child) await end(child);
    present = start();
    return present;
  };

  const end = async (child: Child): Promise<void> => {
    await child.forked.end();
  };

  const rest = () => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      const resting = present;
      void resting?.then(async (child) => {
        if (child.waiting.size > 0 || present !== resting) return;
        present = null;
        await end(child);
      });
    }, idleMs);
    idle.unref();
  };

  const once = async (request: Omit<JudgeRequest, 'id' | 'fresh'>): Promise<LiveJudgement> => {
    const child = await childNow();
    const missing = request.cards.filter((hash) => !child.given.has(hash));
    const fresh = await Promise.all(missing.map(card));
    for (const hash of missing) child.given.add(hash);
    const id = ++ids;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<LiveJudgement>((settle, fail) => {
        child.waiting.set(id, { settle, fail });
        timer = setTimeout(() => {
          child.waiting.delete(id);
          fail(new Error(`The child that judges said nothing for ${timeoutMs} ms.`));
          void end(child);
        }, timeoutMs);
        child.forked.process.send({ id, ...request, fresh } satisfies JudgeRequest, (error) => {
          if (error) fail(error);
        });
      });
    } catch (error) {
      for (const hash of missing) child.given.delete(hash);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    async judge(request) {
      if (closed) throw new Error('The server is closing.');
      try {
        return await once(request);
      } catch {
        return await once(request);
      } finally {
        if (!closed) rest();
      }
    },
    async close() {
      closed = true;
      clearTimeout(idle);
      const child = present && (await present.catch(() => null));
      if (child) await end(child);
    },
  };
}
