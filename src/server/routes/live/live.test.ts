import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveContacts } from '../../live/index.ts';
import { type Credentials, openTestApp, type TestApp } from '../../testing/app.ts';
import { publishCard } from '../testing/recorded.ts';

let test: TestApp;
let lead: Credentials;
let address: string;

interface State {
  turns: number;
  judged: boolean;
  alerts: { item: string; turn: number; evidence: { quote: string }[] }[];
  verdicts: { item: string; verdict: string }[];
}

const post = (path: string, payload: object, as = lead) =>
  test.ask({ method: 'POST', url: `/api/v1/sessions/${path}`, as, payload });
const open = async (id: string, more: object = {}) =>
  (await post('live', { id, channel: 'call', language: 'en', agentId: 'agent-1', team: 'A', ...more })).json<{
    key: string;
  }>().key;
const turn = (n: number, speaker: string, startS: number, text: string) => ({
  n,
  speaker,
  text,
  startMs: startS * 1000,
  endMs: startS * 1000 + 1500,
});
const say = async (key: string, ...turns: object[]) => (await post(`${key}/turns`, { turns })).json<State>();
const verdicts = (state: State) => Object.fromEntries(state.verdicts.map(({ item, verdict }) => [item, verdict]));
const deliveries = async (id: string) => (await test.context.store.webhooks.deliveries(id, { limit: 50 })).items;

beforeAll(async () => {
  test = await openTestApp({ config: { port: 0 } });
  lead = await test.login(await test.account('lead'));
  await publishCard(test.context);
  address = await test.app.listen({ port: 0, host: '127.0.0.1' });
  await test.context.store.webhooks.create({
    id: 'wh',
    url: 'https://example.org/hook',
    events: ['alert.live'],
    team: null,
    active: true,
    createdBy: 'x',
    createdAt: new Date().toISOString(),
    secret: 'whsec_AAAA',
  });
}, 30_000);
afterAll(() => test.close());

describe('a running contact', () => {
  it('is judged turn by turn; an alert is raised once, when nothing can take it back', async () => {
    const key = await open('call-1');
    const first = await say(key, turn(1, 'agent', 0, 'Good morning.'));
    expect(verdicts(first)).toEqual({ identity: 'pending', 'no-insult': 'pending', thanks: 'pending' });
    expect(first.alerts).toEqual([]);
    const second = await say(
      key,
      turn(2, 'customer', 5, 'My parcel, number 13800138000.'),
      turn(3, 'agent', 12, 'Wait.'),
    );
    expect(verdicts(second)).toMatchObject({ identity: 'fail', 'no-insult': 'pending', thanks: 'pending' });
    expect(second.alerts).toMatchObject([{ item: 'identity', turn: 3 }]);
    const third = await say(key, turn(4, 'agent', 20, 'Shut up, you idiot. Thank you for contacting us.'));
    expect(verdicts(third)).toEqual({ identity: 'fail', 'no-insult': 'fail', thanks: 'pass' });
    expect(third.alerts.map(({ item, turn: at }) => [item, at])).toEqual([['no-insult', 4]]);
    const again = await say(key, turn(4, 'agent', 20, 'Shut up, you idiot. Thank you for contacting us.'));
    expect(again).toEqual(third);
    const told = (await deliveries('wh')).map(({ body }) => (JSON.parse(body) as { data: { item: string } }).data.item);
    expect(told.sort()).toEqual(['identity', 'no-insult']);
    const shown = await test.ask({ method: 'GET', url: `/api/v1/sessions/${key}`, as: lead });
    expect(shown.json()).toMatchObject({ summary: { state: 'live' }, result: { turns: { length: 4 } } });
  }, 30_000);

  it('is told of over server-sent events, from the first alert to its end', async () => {
    const key = await open('call-2');
    await say(key, turn(1, 'agent', 0, 'You idiot.'));
    const follow = await fetch(`${address}/api/v1/sessions/${key}/alerts`, {
      headers: lead,
      signal: AbortSignal.timeout(15_000),
    });
    expect(follow.headers.get('content-type')).toContain('text/event-stream');
    const text = follow.text();
    await say(key, turn(2, 'agent', 15, 'Hm.'));
    expect((await post(`${key}/end`, {})).statusCode).toBe(202);
    const events = [...(await text).matchAll(/^event: (\w+)$/gm)].map((found) => found[1]);
    expect(events).toEqual(['alert', 'alert', 'end']);
    const later = await fetch(`${address}/api/v1/sessions/${key}/alerts`, {
      headers: { ...lead, 'last-event-id': 'no-insult' },
      signal: AbortSignal.timeout(15_000),
    });
    expect([...(await later.text()).matchAll(/^(?:event|id): (\S+)$/gm)].map((found) => found[1])).toEqual([
      'identity',
      'alert',
      'end',
    ]);
  }, 30_000);

  it('ends once, and its final inspection is queued', async () => {
    const key = await open('call-3');
    await say(key, turn(1, 'agent', 0, 'Your name please?'));
    const before = (await test.context.queue.counts('inspect')).waiting;
    expect((await post(`${key}/end`, { attributes: { survey: 5 } })).json()).toEqual({ key, state: 'waiting' });
    expect((await post(`${key}/end`, {})).statusCode).toBe(202);
    expect((await test.context.queue.counts('inspect')).waiting).toBe(before + 1);
    const [stored] = await test.context.store.sessions.waiting([key]);
    expect(stored).toMatchObject({ state: 'waiting', session: { attributes: { survey: 5 }, turns: { length: 1 } } });
    expect((await post(`${key}/turns`, { turns: [turn(2, 'agent', 5, 'x')] })).statusCode).toBe(409);
    expect((await post('live', { id: 'call-3', channel: 'call', language: 'en', team: 'A' })).statusCode).toBe(409);
  }, 30_000);

  it('is opened once, and takes turns in order alone', async () => {
    const key = await open('call-4');
    expect((await post('live', { id: 'call-4', channel: 'call', language: 'en', team: 'A' })).json()).toMatchObject({
      key,
      opened: false,
    });
    await say(key, turn(1, 'agent', 10, 'Hello.'));
    const refused = async (given: object) => {
      const answer = await post(`${key}/turns`, { turns: [given] });
      return [answer.statusCode, answer.json<{ code: string }>().code];
    };
    expect(await refused(turn(3, 'agent', 20, 'gap'))).toEqual([409, 'conflict']);
    expect(await refused(turn(1, 'agent', 10, 'Other words.'))).toEqual([409, 'conflict']);
    expect(await refused(turn(2, 'agent', 5, 'back in time'))).toEqual([422, 'request-invalid']);
    expect(await refused({ n: 2, speaker: 'agent', text: 'no time' })).toEqual([422, 'request-invalid']);
    expect(await refused(turn(2, 'unknown', 12, 'who'))).toEqual([400, 'request-invalid']);
    const both = await Promise.all([
      post(`${key}/turns`, { turns: [turn(2, 'customer', 12, 'One.')] }),
      post(`${key}/turns`, { turns: [turn(2, 'customer', 12, 'One.')] }),
    ]);
    expect(both.map((answer) => answer.json<State>().turns)).toEqual([2, 2]);
    const agent = await test.login(await test.account('agent', { agentId: 'agent-1' }));
    expect((await post(`${key}/turns`, { turns: [turn(3, 'agent', 20, 'x')] }, agent)).statusCode).toBe(403);
  }, 30_000);

  it('keeps its words where judging fails, and judges them with the next', async () => {
    const contacts = new LiveContacts(test.context, {
      judge: () => Promise.reject(new Error('no child')),
      close: () => Promise.resolve(),
    });
    const key = await open('call-5');
    const scope = { kind: 'all' } as const;
    const given = {
      n: 1,
      speaker: 'agent',
      text: 'You idiot.',
      startMs: 0,
      endMs: 1000,
      visibility: 'public',
    } as const;
    const state = await contacts.say(key, scope, [given]);
    expect(state).toMatchObject({ turns: 1, judged: false, alerts: [] });
    const next = await say(key, turn(2, 'agent', 2, 'Hm.'));
    expect(next).toMatchObject({ turns: 2, judged: true, alerts: [{ item: 'no-insult', turn: 2 }] });
  }, 30_000);

  it('leaves the server free while it is judged', async () => {
    const key = await open('chat-long', { channel: 'chat' });
    const turns = Array.from({ length: 200 }, (_, i) => ({
      n: i + 1,
      speaker: i % 2 ? 'customer' : 'agent',
      text: `May I ask for the order number once more, please? It was ${i}.`,
      startMs: i * 4000,
    }));
    for (let from = 0; from < 150; from += 50) await say(key, ...turns.slice(from, from + 50));
    let done = false;
    const asked = say(key, ...turns.slice(150)).finally(() => (done = true));
    let alive = 0;
    for (; !done && alive < 500; alive++) {
      expect((await test.ask({ method: 'GET', url: '/api/v1/me', as: lead })).statusCode).toBe(200);
      await setImmediate();
    }
    const answer = await asked;
    expect(answer).toMatchObject({ turns: 200, judged: true });
    expect(alive).toBeGreaterThan(1);
  }, 60_000);
});
