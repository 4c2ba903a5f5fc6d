import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../context.ts';

const partSchema = z.enum(['ok', 'failed']);
const readySchema = z.object({ ready: z.boolean(), store: partSchema, queue: partSchema, archive: partSchema });
type Ready = z.infer<typeof readySchema>;

/** An answer is kept so long: asking a hundred times must not ask the database a hundred times. */
const keptMs = 1_000;
const patienceMs = 3_000;

/** /health/live: the process answers. /health/ready: what it stands on answers too. */
export function installHealth(app: FastifyInstance, context: Context): void {
  let last: { at: number; answer: Promise<Ready> } | null = null;

  app.get(
    '/health/live',
    {
      config: { open: 'asked by whatever keeps the process running' },
      schema: { response: { 200: z.object({ live: z.literal(true) }) } },
    },
    async () => ({ live: true as const }),
  );

  app.get(
    '/health/ready',
    {
      config: { open: 'asked by load balancers; says which part failed, never why' },
      schema: { response: { 200: readySchema, 503: readySchema } },
    },
    async (_request, reply) => {
      const at = performance.now();
      if (!last || at - last.at > keptMs) last = { at, answer: check(context) };
      const answer = await last.answer;
      return reply
        .code(answer.ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(answer);
    },
  );
}

async function check({ store, queue, archive, log }: Context): Promise<Ready> {
  const [storeState, queueState, archiveState] = await Promise.all(
    (
      [
        ['store', () => store.health()],
        ['queue', () => queue.health()],
        ['archive', () => archive.health()],
      ] as const
    ).map(async ([part, ask]) => {
      try {
        await inTime(ask());
        return 'ok' as const;
      } catch (error) {
        log.warn({ err: error, part }, 'a part is not ready');
        return 'failed' as const;
      }
    }),
  );
  const parts = { store: storeState!, queue: queueState!, archive: archiveState! };
  return { ready: Object.values(parts).every((state) => state === 'ok'), ...parts };
}

async function inTime(answer: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), patienceMs);
  });
  try {
    await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
