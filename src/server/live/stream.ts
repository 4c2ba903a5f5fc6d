import { Readable } from 'node:stream';
import type { Context } from '../context.ts';
import type { LiveAlert } from './protocol.ts';

/** So that proxies and clients know that the line is alive. */
const heartbeatMs = 15_000;

/** Alerts of a contact as server-sent events: those that are there first, then those to come, at last `end`. */
export function alertStream(
  { events }: Pick<Context, 'events'>,
  key: string,
  options: { alerts(): Promise<readonly LiveAlert[]>; running(): Promise<boolean>; after: string | undefined },
): Readable {
  const sent = new Set<string>();
  let skipTo = options.after;
  let chain = Promise.resolve();
  const stream = new Readable({ read: () => undefined });

  const tell = async () => {
    const alerts = await options.alerts();
    // What the client has seen before its line broke; an id that is not among them is ignored.
    if (skipTo !== undefined) {
      const seen = alerts.findIndex(({ item }) => item === skipTo);
      for (const { item } of alerts.slice(0, seen + 1)) sent.add(item);
      skipTo = undefined;
    }
    for (const alert of alerts) {
      if (sent.has(alert.item)) continue;
      sent.add(alert.item);
      stream.push(`id: ${lineOf(alert.item)}\nevent: alert\ndata: ${JSON.stringify(alert)}\n\n`);
    }
    if (await options.running()) return;
    stream.push('event: end\ndata: {}\n\n');
    stream.push(null);
  };
  const wake = () => {
    chain = chain.then(async () => {
      if (!stream.destroyed && !stream.readableEnded) await tell();
    });
    chain.catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
  };
  const stops = [
    events.on('alert', (event) => {
      if (event.key === key) wake();
    }),
    events.on('live-ended', (event) => {
      if (event.key === key) wake();
    }),
  ];
  const heart = setInterval(() => stream.push(': \n\n'), heartbeatMs);
  heart.unref();
  stream.once('close', () => {
    clearInterval(heart);
    for (const stop of stops) stop();
  });
  stream.push(': \n\n');
  wake();
  return stream;
}

const lineOf = (text: string) => text.replace(/[\r\n\0]/g, ' ');
