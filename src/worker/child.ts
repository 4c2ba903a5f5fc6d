import { EarwitnessError, toProblem, type WorkOrder } from '../session/index.ts';
import { type Computer, createComputer, type ParentLine } from './compute.ts';
import { endWithParent } from './fork.ts';
import type { Answer, FromChild, Question, ToChild } from './protocol.ts';

// The entry of a worker's child: everything that costs time or can crash happens here. One job at a time; scorecards and
// the recogniser stay loaded between jobs. It opens nothing of the installation: what it needs, it asks its parent for.

let computer: Computer | null = null;
let running: AbortController | null = null;
let asked = 0;
const waiting = new Map<number, (answer: Answer) => void>();

const send = (message: FromChild) => void process.send?.(message);

async function ask(question: Question): Promise<Uint8Array | string | null> {
  const id = ++asked;
  const answer = await new Promise<Answer>((resolve) => {
    waiting.set(id, resolve);
    send({ type: 'ask', id, question });
  });
  if (answer.ok) return answer.value;
  const { code, path, message, hint } = answer.problem;
  throw new EarwitnessError(code, path, message, hint);
}

const line: ParentLine = {
  artefact: async (sha256) => (await ask({ what: 'artefact', sha256 })) as Uint8Array,
  recording: async (sha256) => (await ask({ what: 'recording', sha256 })) as string,
  submit: async (work) => void (await ask({ what: 'submit', work })),
  begin: (key) => send({ type: 'begin', key }),
  progress: (fraction) => send({ type: 'progress', fraction }),
};

async function work(order: WorkOrder): Promise<void> {
  const controller = new AbortController();
  running = controller;
  let troubled;
  try {
    troubled = await computer!.run(order, line, controller.signal);
  } catch (error) {
    // Nothing of the order could be begun (no scorecard), or its results found no taker: all of it is tried again.
    const problem = toProblem(error, '');
    troubled = order.sessions.map(({ key }) => ({ key, problem }));
  }
  running = null;
  send({ type: 'done', troubled, rssBytes: process.memoryUsage.rss() });
}

process.on('message', (message: ToChild) => {
  switch (message.type) {
    case 'setup':
      computer = createComputer(message.setup);
      send({ type: 'ready' });
      return;
    case 'job':
      void work(message.order);
      return;
    case 'answer':
      waiting.get(message.id)?.(message.answer);
      waiting.delete(message.id);
      return;
    case 'stop':
      running?.abort();
  }
});

endWithParent();
