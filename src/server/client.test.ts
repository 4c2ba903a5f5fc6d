import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rights } from './access/rights.ts';
import { createClient, EarwitnessApiError, type EarwitnessClient } from './client.ts';
import { chat, civil, publishCard, recordSession } from './routes/testing/recorded.ts';
import { openTestApp, type TestApp } from './testing/app.ts';

let test: TestApp;
let url: string;
let token: string;
let client: EarwitnessClient;
const keys: string[] = [];

beforeAll(async () => {
  test = await openTestApp();
  const admin = await test.account('admin', { mayReadRaw: true });
  token = (await test.token(admin, [...Object.keys(rights), 'raw.read']))['authorization']!.slice('Bearer '.length);
  url = await test.app.listen({ port: 0, host: '127.0.0.1' });
  client = createClient({ url, token, backoffMs: 10 });
  await publishCard(test.context);
  for (let n = 0; n < 5; n++)
    keys.push((await recordSession(test.context, chat(civil), { sound: Buffer.from('0123456789') })).key);
}, 30_000);
afterAll(() => test.close());

async function listed<T>(from: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of from) found.push(one);
  return found;
}

describe('the client', () => {
  it('asks a real server', async () => {
    expect((await client.me()).account.role).toBe('admin');
    const sessions = await listed(client.sessions.list({ limit: 2, channel: 'chat' }));
    expect(sessions.map(({ key }) => key).sort()).toEqual([...keys].sort());
    const detail = await client.sessions.get(keys[0]!);
    expect(detail.result?.items.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
    const part = await client.sessions.recording(keys[0]!, { start: 2, end: 4 });
    expect([part.status, await part.text()]).toEqual([206, '234']);
    expect(await client.sessions.report(keys[0]!, { language: 'en' })).toContain('<!doctype html>');
    expect((await listed(client.exports.sessions({ channel: 'chat' }))).map(({ key }) => key).sort()).toEqual(
      [...keys].sort(),
    );
    const period = await client.reports.period({ from: '2026-01-01', to: '2026-01-31' });
    expect(period.total.sessions).toBe(5);
    expect((await client.scorecards.list()).map(({ id }) => id)).toEqual(['desk-en']);
    expect(await client.audit.verify()).toMatchObject({ whole: true });
    expect(await client.queue.get()).toMatchObject({ backend: 'embedded' });
    const { webhook, secret } = await client.webhooks.create({
      url: 'https://example.org/',
      events: ['batch.finished'],
    });
    expect(secret).toMatch(/^whsec_/);
    expect(await client.webhooks.remove(webhook.id)).toBeNull();
    expect((await listed(client.batches.list())).length).toBe(5);
  });

  it('follows a running contact', async () => {
    const { key } = await client.live.open({ id: 'c-1', channel: 'chat', language: 'en' });
    const alerts = listed(client.live.alerts(key));
    const state = await client.live.say(key, [{ n: 1, speaker: 'agent', text: 'You idiot.', startMs: 0 }]);
    expect(state.alerts.map(({ item }) => item)).toEqual(['no-insult']);
    expect(await client.live.end(key)).toEqual({ key, state: 'waiting' });
    expect((await alerts).map(({ item }) => item)).toEqual(['no-insult']);
  }, 30_000);

  it('makes errors of refusals', async () => {
    const missing = await client.sessions.get('none').catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(EarwitnessApiError);
    expect(missing).toMatchObject({ status: 404, code: 'not-found', problem: { instance: '/api/v1/sessions/none' } });
    const stranger = createClient({ url, token: 'ew_wrong' });
    await expect(stranger.me()).rejects.toMatchObject({ status: 401 });
  });

  it('sends again after 429 and 503, when it is told to', async () => {
    const answers = [429, 503, 200];
    let asked = 0;
    const patient = createClient({
      url,
      token,
      backoffMs: 1,
      fetch: (...given) => {
        const status = answers[asked++] ?? 200;
        if (status === 200) return fetch(...given);
        return Promise.resolve(new Response('{}', { status, headers: { 'retry-after': '0' } }));
      },
    });
    expect((await patient.me()).account.role).toBe('admin');
    expect(asked).toBe(3);
    const hopeless = createClient({
      url,
      token,
      retries: 1,
      backoffMs: 1,
      fetch: () => Promise.resolve(new Response('', { status: 503 })),
    });
    await expect(hopeless.me()).rejects.toMatchObject({ status: 503, code: 'unknown' });
  });
});
