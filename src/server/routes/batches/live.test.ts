import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../../../session/index.ts';
import { type ListeningApp, openListeningApp } from '../../testing/listening.ts';
import { defaultBatchSettings } from '../../intake/rolling.ts';
import { followBatch } from './follow.ts';
import { Pace, progressOf } from './progress.ts';

let server: ListeningApp;
beforeAll(async () => {
  server = await openListeningApp();
});
afterAll(async () => {
  await server.close();
});

const openBatch = (): Promise<Batch> => {
  const { store, config } = server.context;
  return store.batches.create({ title: 'live', team: null, createdBy: 'x', settings: defaultBatchSettings(config) });
};
const addFile = async (batch: Batch, n: number) => {
  const { store, events } = server.context;
  await store.batches.addFile({
    batchId: batch.id,
    name: `${n}.txt`,
    sha256: n.toString(16).padStart(64, '0'),
    bytes: 1,
    again: true,
  });
  events.emit('batch', { id: batch.id });
};

interface Told {
  event: string;
  id: string;
  data: { state: string; counts: { files: number } };
}
async function* told(answer: Response): AsyncGenerator<Told> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = Object.fromEntries(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      text = text.slice(end + 2);
      if (lines.event) yield { event: lines.event, id: lines.id!, data: JSON.parse(lines.data!) as Told['data'] };
    }
  }
}

describe('events of a batch', () => {
  it('tell the present state, what follows, and the end', async () => {
    const batch = await openBatch();
    const answer = await server.fetch(`/api/v1/batches/${batch.id}/events`, {
      headers: { 'last-event-id': 'whatever' },
    });
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = told(answer);
    expect((await events.next()).value).toMatchObject({
      event: 'progress',
      data: { state: 'receiving', counts: { files: 0 } },
    });
    await addFile(batch, 1);
    expect((await events.next()).value).toMatchObject({ data: { counts: { files: 1 } } });
    await server.fetch(`/api/v1/batches/${batch.id}/cancel`, { method: 'POST' });
    expect((await events.next()).value).toMatchObject({ event: 'end', id: 'end', data: { state: 'cancelled' } });
    expect((await events.next()).done).toBe(true);
    // Who comes again has seen all; who comes anew is told once more.
    const again = await server.fetch(`/api/v1/batches/${batch.id}/events`, { headers: { 'last-event-id': 'end' } });
    expect(again.status).toBe(204);
    const anew = told(await server.fetch(`/api/v1/batches/${batch.id}/events`));
    expect((await anew.next()).value).toMatchObject({ event: 'end' });
  });

  it('come together, and nothing piles up for a reader who does not read', async () => {
    const batch = await openBatch();
    let looks = 0;
    const pace = new Pace(server.context);
    const look = () => {
      looks++;
      return server.context.store.batches.get(batch.id, { kind: 'all' });
    };
    const stream = followBatch(server.context, pace, look, batch.id, {
      gapMs: 20,
      heartbeatMs: 1_000,
      longestMs: 60_000,
    });
    await new Promise((go) => stream.once('readable', go));
    for (let n = 0; n < 300; n++) {
      server.context.events.emit('recorded', { key: `k${n}`, batchId: batch.id, band: null });
      if (n % 30 === 0) await new Promise((go) => setTimeout(go, 25));
    }
    expect(stream.readableLength).toBeLessThan(8_192);
    expect(looks).toBeLessThan(12);
    expect(pace.perMinute(batch.id)).toBeGreaterThanOrEqual(300);
    const gone = new Promise((go) => stream.once('close', go));
    stream.destroy();
    await gone;
    pace.stop();
  });

  it('say something now and then while nothing happens', async () => {
    const batch = await openBatch();
    const stream = followBatch(server.context, new Pace(server.context), () => Promise.resolve(batch), batch.id, {
      gapMs: 5,
      heartbeatMs: 20,
      longestMs: 60_000,
    });
    let text = '';
    for await (const chunk of stream) {
      text += String(chunk);
      if (text.endsWith(':\n\n')) break;
    }
    expect(text.match(/event: progress/g)).toHaveLength(1);
  });
});

describe('progress', () => {
  const at = new Date('2026-03-02T10:00:00Z');
  const counts = { files: 10, filesDone: 4, filesDuplicate: 1, sessions: 40, recorded: 19, dead: 1, failures: 1 };
  const batch = { id: 'b', state: 'running', counts } as Batch;

  it('counts files that are not read yet by those that were', () => {
    const pace = { perMinute: () => 90 } as unknown as Pace;
    // 40 sessions of 4 files, 5 more to read: 90 expected, 70 left at 90 a minute.
    expect(progressOf(batch, pace, at)).toMatchObject({ fraction: 0.2222, sessionsPerMinute: 90, etaSeconds: 47 });
  });

  it('promises nothing where nothing moves', () => {
    const pace = { perMinute: () => 0 } as unknown as Pace;
    expect(progressOf(batch, pace, at)).toMatchObject({ etaSeconds: null });
    expect(progressOf({ ...batch, state: 'paused' }, { perMinute: () => 90 } as unknown as Pace, at)).toMatchObject({
      sessionsPerMinute: 0,
      etaSeconds: null,
    });
    expect(progressOf({ ...batch, state: 'done' }, pace, at)).toMatchObject({ fraction: 1, etaSeconds: 0 });
  });
});

describe('partial reports', () => {
  it('hold what is recorded so far, in every format', async () => {
    const batch = await openBatch();
    await server.context.store.batches.addFailures(batch.id, null, [
      { path: 'x.wav', code: 'audio-no-samples', message: 'No sound in it.', hint: null },
    ]);
    const report = await server.fetch(`/api/v1/batches/${batch.id}/report.json`);
    expect(await report.json()).toMatchObject({
      schema: 'earwitness/report/1',
      title: 'live',
      sessions: [],
      failures: [{ path: 'x.wav' }],
      scorecards: [],
      recogniser: null,
    });
    expect(report.headers.get('content-disposition')).toBe(`attachment; filename="report-${batch.id}.json"`);
    const table = await (await server.fetch(`/api/v1/batches/${batch.id}/report.csv?language=zh`)).text();
    expect(table.split('\r\n')[0]).toContain('会话');
    const page = await server.fetch(`/api/v1/batches/${batch.id}/report.html`);
    expect(page.headers.get('content-security-policy')).toContain('sandbox');
    expect(await page.text()).toContain('</html>');
    const raw = await server.fetch(`/api/v1/batches/${batch.id}/report.csv?raw=true`);
    expect(await raw.json()).toMatchObject({ status: 403, code: 'raw-not-allowed' });
  });
});
