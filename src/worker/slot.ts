import { toProblem, type WorkOrder } from '../session/index.ts';
import type { InspectJob, WorkDesk } from './desk.ts';
import { type Forked, forkProgram } from './fork.ts';
import type { Answer, ChildSetup, FromChild, Question, ToChild, Troubled } from './protocol.ts';

export interface SlotOptions {
  setup: ChildSetup;
  desk: WorkDesk;
  /** A child that says nothing for so long is taken to hang. */
  stallMs: number;
  /** A child that is larger than this after a job is replaced. */
  maxRssBytes: number;
  /** A child without work is ended after so long. */
  idleMs: number;
  entry?: string | undefined;
}

export interface RunOutcome {
  /** Sessions that another try may inspect. */
  troubled: Troubled[];
  /** Set where the child died or hung, with the session that it was at. */
  death: { key: string | null; reason: string } | null;
  /** What the desk threw, where it refused something. */
  refusal: Error | null;
}

/** How long a child that was told to stop may go on before it is killed. */
const graceMs = 3_000;

/** One place for work: holds at most one child, started when there is something to do and replaced when it has died. */
export class Slot {
  readonly #options: SlotOptions;
  #child: Forked | null = null;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  /** Pid of the present child; for whoever watches it. */
  get pid(): number | null {
    return this.#child?.alive ? (this.#child.process.pid ?? null) : null;
  }

  /** Lets the child do an order. Never rejects over what happens in the child. */
  async run(
    job: InspectJob,
    order: WorkOrder,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
    onTaken: (keys: readonly string[]) => void,
  ): Promise<RunOutcome> {
    clearTimeout(this.#idle);
    const child = await this.#ready();
    const outcome = await this.#talk(child, job, order, signal, onProgress, onTaken);
    if (!child.alive) await this.#drop(child);
    else this.#rest(child);
    return outcome;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    if (this.#child) await this.#drop(this.#child);
  }

  async #ready(): Promise<Forked> {
    if (this.#child?.alive) return this.#child;
    if (this.#child) await this.#drop(this.#child);
    const child = await forkProgram({
      bundle: 'worker-child',
      source: 'child.ts',
      from: import.meta.url,
      entry: this.#options.entry,
      heapMb: 1024,
    });
    this.#child = child;
    child.process.send({ type: 'setup', setup: this.#options.setup } satisfies ToChild, () => undefined);
    if (this.#closed) await this.#drop(child);
    return child;
  }

  #rest(child: Forked): void {
    if (this.#closed) return;
    this.#idle = setTimeout(() => void this.#drop(child), this.#options.idleMs);
    this.#idle.unref();
  }

  async #drop(child: Forked): Promise<void> {
    if (this.#child === child) this.#child = null;
    await child.end();
  }

  #talk(
    child: Forked,
    job: InspectJob,
    order: WorkOrder,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
    onTaken: (keys: readonly string[]) => void,
  ): Promise<RunOutcome> {
    const { desk, stallMs, maxRssBytes } = this.#options;
    const outcome: RunOutcome = { troubled: [], death: null, refusal: null };
    const releases: (() => Promise<void>)[] = [];
    let at: string | null = null;
    // Answers under way keep the child waiting, not hanging.
    let answering = 0;
    let isLarge = false;
    let settled = false;
    const send = (message: ToChild) => child.alive && child.process.send(message, () => undefined);

    const answer = async (question: Question): Promise<Answer> => {
      try {
        if (question.what === 'artefact') return { ok: true, value: await desk.artefact(job, question.sha256, signal) };
        if (question.what === 'recording') {
          const recording = await desk.recording(job, question.sha256, signal);
          releases.push(() => recording.release());
          return { ok: true, value: recording.path };
        }
        await desk.submit(job, question.work, signal);
        const { finished, failed } = question.work;
        onTaken([...finished, ...failed].map(({ key }) => key));
        return { ok: true, value: null };
      } catch (error) {
        outcome.refusal ??= error instanceof Error ? error : new Error(String(error));
        return { ok: false, problem: toProblem(error, '') };
      }
    };

    return new Promise<RunOutcome>((resolve) => {
      const settle = () => {
        if (settled) return;
        settled = true;
        clearTimeout(stall);
        clearTimeout(grace);
        child.process.off('message', onMessage);
        signal.removeEventListener('abort', onAbort);
        const tidying = [...releases.map((release) => release()), ...(isLarge ? [this.#drop(child)] : [])];
        void Promise.allSettled(tidying).then(() => resolve(outcome));
      };
      const onStall = () => {
        if (answering > 0) return void stall.refresh();
        outcome.death = { key: at, reason: `It said nothing for ${stallMs / 1000} s and was ended.` };
        void child.end();
      };
      const onAbort = () => {
        send({ type: 'stop' });
        grace = setTimeout(() => void child.end(), graceMs);
      };
      const onMessage = (message: FromChild) => {
        stall.refresh();
        if (message.type === 'begin') at = message.key;
        else if (message.type === 'progress') onProgress(message.fraction);
        else if (message.type === 'ask') {
          answering++;
          void answer(message.question).then((reply) => {
            answering--;
            send({ type: 'answer', id: message.id, answer: reply });
          });
        } else if (message.type === 'done') {
          outcome.troubled = message.troubled;
          isLarge = message.rssBytes > maxRssBytes;
          settle();
        }
      };
      const stall = setTimeout(onStall, stallMs);
      let grace: NodeJS.Timeout | undefined;
      child.process.on('message', onMessage);
      signal.addEventListener('abort', onAbort, { once: true });
      void child.ended.then((how) => {
        const words = child.lastWords();
        if (!signal.aborted && !settled)
          outcome.death ??= {
            key: at,
            reason: `Its process ended with ${how}.${words ? ` Its last words: ${words}` : ''}`,
          };
        settle();
      });
      if (signal.aborted) onAbort();
      send({ type: 'job', order });
    });
  }
}
