import type { IncomingMessage } from 'node:http';

export interface Arriving {
  bytes: AsyncGenerator<Buffer>;
  /** True when the sender fell silent before the end. */
  readonly stalled: boolean;
}

/**
 * A request's bytes as far as they come. A sender that breaks off or falls silent ends them like any other end: what came
 * counts, and how much that is, the offset says. Leaving early leaves the connection whole, so that a refusal can be told.
 */
export function arriving(raw: IncomingMessage, idleMs: number): Arriving {
  const state = { stalled: false };
  async function* bytes(): AsyncGenerator<Buffer> {
    const chunks = raw.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
    for (;;) {
      const next = await within(chunks.next(), idleMs);
      if (next === 'silent') state.stalled = true;
      if (next === 'silent' || next === 'broken' || next.done) return;
      yield next.value;
    }
  }
  return {
    bytes: bytes(),
    get stalled() {
      return state.stalled;
    },
  };
}

async function within<T>(next: Promise<T>, ms: number): Promise<T | 'silent' | 'broken'> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silent'>((resolve) => {
    timer = setTimeout(resolve, ms, 'silent').unref();
  });
  try {
    return await Promise.race([next.catch(() => 'broken' as const), silence]);
  } finally {
    clearTimeout(timer);
  }
}
