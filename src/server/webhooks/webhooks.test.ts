import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GiveUp, RetryLater } from '../../queue/index.ts';
import { type Credentials, openTestApp, type TestApp } from '../testing/app.ts';
import { chat, recordSession, rude } from '../routes/testing/recorded.ts';
import { addressGuard, type Lookup } from './addresses.ts';
import { announceRecorded } from './announce.ts';
import { deliverer, startWebhooks } from './deliver.ts';
import { guardedFetch, refusalOf } from './guardedFetch.ts';
import { rotated, secretsAt } from './secrets.ts';
import { newSecret, sign, verify } from './signing.ts';

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '2002:7f00:1::',
    '2001:db8::1',
    'ff02::1',
    'nonsense',
  ])('refuses %s', (address) => {
    expect(addressGuard([])(address)).toBe(false);
  });

  it.each(['93.184.216.34', '2606:2800:220:1::1', '64:ff9b::5db8:d822'])('lets %s through', (address) => {
    expect(addressGuard([])(address)).toBe(true);
  });

  it('lets allowed networks through, and no others', () => {
    const guard = addressGuard(['10.0.0.0/8', 'fd00::/8']);
    expect(['10.2.3.4', '::ffff:10.2.3.4', 'fd12::1', '192.168.0.1'].map(guard)).toEqual([true, true, true, false]);
    expect(() => addressGuard(['everywhere'])).toThrow();
  });

  it.each([
    'ftp://example.org/',
    'file:///etc/passwd',
    'http://a:b@example.org/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://localhost:80/',
    'http://x.localhost/',
    'not a url',
  ])('refuses the URL %s', (url) => {
    expect(refusalOf(url, addressGuard([]))).not.toBeNull();
  });
});

describe('signatures', () => {
  it('are those of the Standard Webhooks specification', () => {
    const at = new Date(1_674_087_231_000);
    const headers = sign(
      ['whsec_plJ3nmyCDGBKInavdOK15jsl'],
      'msg_loFOjxBNrRLzqYUf',
      at,
      '{"event_type":"ping","data":{"success":true}}',
    );
    expect(headers).toEqual({
      'webhook-id': 'msg_loFOjxBNrRLzqYUf',
      'webhook-timestamp': '1674087231',
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/) as string,
    });
  });

  it('hold for the body, the time and the secret that they were made with', () => {
    const [secret, other] = [newSecret(), newSecret()];
    const now = new Date();
    const headers = sign([other, secret], 'msg_1', now, '{}');
    expect(verify(secret, headers, '{}', { now })).toBe(true);
    expect(verify(newSecret(), headers, '{}', { now })).toBe(false);
    expect(verify(secret, headers, '{ }', { now })).toBe(false);
    expect(verify(secret, headers, '{}', { now: new Date(now.getTime() + 600_000) })).toBe(false);
    expect(verify(secret, {}, '{}', { now })).toBe(false);
  });

  it('are made with the old secret too for a day after it was replaced', () => {
    const now = new Date('2026-01-05T10:00:00Z');
    const kept = rotated('whsec_old', 'whsec_new', now);
    expect(secretsAt(kept, now)).toEqual(['whsec_new', 'whsec_old']);
    expect(secretsAt(kept, new Date('2026-01-06T10:00:00Z'))).toEqual(['whsec_new']);
  });
});

let server: Server;
let port: number;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let got: { headers: IncomingMessage['headers']; body: string }[];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      answer(request, response);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  got = [];
  answer = (_request, response) => response.writeHead(200).end('ok');
});

describe('requests at the wish of others', () => {
  const networks = ['127.0.0.0/8'];

  it('go to allowed addresses, and to those that the name was looked up to', async () => {
    const lookup: Lookup = (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]);
    const url = `http://hooks.example.org:${port}/`;
    expect(await guardedFetch({ networks, lookup })({ url, body: '{}' })).toMatchObject({ status: 200, cut: false });
    await expect(guardedFetch({ networks: [], lookup })({ url, body: '{}' })).rejects.toThrow('may not reach');
    const mixed: Lookup = (_name, _options, callback) =>
      callback(null, [
        { address: '93.184.216.34', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    await expect(guardedFetch({ networks: [], lookup: mixed })({ url, body: '{}' })).rejects.toThrow('may not reach');
    await expect(guardedFetch({ networks: [] })({ url: `http://127.0.0.1:${port}/` })).rejects.toThrow(
      'not a public address',
    );
    expect(got).toHaveLength(1);
  });

  it('look at the name once, however its answer changes', async () => {
    let looks = 0;
    const lookup: Lookup = (_name, _options, callback) =>
      callback(null, [{ address: ++looks === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
    await guardedFetch({ networks, lookup })({ url: `http://rebind.example.org:${port}/`, body: '{}' });
    expect([looks, got.length]).toEqual([1, 1]);
  });

  it('follow no redirect, read little, and wait little', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    const fetch = guardedFetch({ networks });
    const url = `http://127.0.0.1:${port}/`;
    expect(await fetch({ url })).toMatchObject({ status: 302 });
    answer = (_request, response) => response.writeHead(200).end('x'.repeat(1_000_000));
    const long = await fetch({ url, maxBytes: 1000 });
    expect([long.body.length, long.cut]).toEqual([1000, true]);
    answer = () => undefined;
    await expect(fetch({ url, timeoutMs: 50 })).rejects.toThrow('No complete answer');
  });
});

describe('deliveries', () => {
  let test: TestApp;
  let lead: Credentials;
  const signal = new AbortController().signal;

  beforeEach(async () => {
    test = await openTestApp({ config: { webhookNetworks: ['127.0.0.0/8'] } });
    lead = await test.login(await test.account('lead'));
  });
  afterEach(() => test.close());

  const create = async (more: object = {}) => {
    const payload = { url: `http://127.0.0.1:${port}/hook`, events: ['session.high-risk'], ...more };
    const made = await test.ask({ method: 'POST', url: '/api/v1/webhooks', as: lead, payload });
    return made.json<{ webhook: { id: string }; secret: string }>();
  };
  const deliveries = async (id: string) => (await test.context.store.webhooks.deliveries(id, { limit: 10 })).items;

  it('tell of a session at high risk once, signed and redacted, through the queue', async () => {
    const { webhook, secret } = await create();
    const other = await create({ team: 'B' });
    const { key } = await recordSession(test.context, chat(rude));
    await announceRecorded(test.context, [key]);
    await announceRecorded(test.context, [key]);
    const consumer = startWebhooks(test.context);
    await expect.poll(async () => (await deliveries(webhook.id))[0]?.state, { timeout: 5000 }).toBe('delivered');
    await consumer.drain();
    expect(got).toHaveLength(1);
    expect(verify(secret, got[0]!.headers, got[0]!.body, { now: new Date() })).toBe(true);
    expect(JSON.parse(got[0]!.body)).toMatchObject({ type: 'session.high-risk', data: { key, team: 'A' } });
    expect(await deliveries(other.webhook.id)).toEqual([]);
    const again = await test.ask({
      method: 'POST',
      url: `/api/v1/webhooks/${webhook.id}/deliveries/${(await deliveries(webhook.id))[0]!.id}/redeliver`,
      as: lead,
    });
    expect(again.statusCode).toBe(202);
    expect(await test.context.queue.counts('webhook')).toMatchObject({ waiting: 1 });
  });

  const pinged = async (waits: readonly number[] = [1000]) => {
    const { webhook } = await create();
    const sent = await test.ask({ method: 'POST', url: `/api/v1/webhooks/${webhook.id}/ping`, as: lead });
    const { delivery } = sent.json<{ delivery: string }>();
    const job = { payload: { deliveryId: delivery, before: 0 } };
    return {
      webhook,
      attempt: () => deliverer(test.context, { waits, timeoutMs: 1000 })(job, signal).catch((e: unknown) => e),
    };
  };

  it('are tried again after failures, then given up', async () => {
    answer = (_request, response) => response.writeHead(500).end();
    const { webhook, attempt } = await pinged([1000, 2000]);
    expect(await attempt()).toMatchObject({ name: 'RetryLater', afterMs: 1000 });
    expect(await attempt()).toMatchObject({ afterMs: 2000 });
    expect(await attempt()).toBeInstanceOf(GiveUp);
    expect(await deliveries(webhook.id)).toMatchObject([
      { state: 'dead', attempts: 3, lastStatus: 500, lastError: 'Answered 500.' },
    ]);
  });

  it('wait as long as the receiver asks for, even where there is no try left', async () => {
    answer = (_request, response) => response.writeHead(503, { 'retry-after': '120' }).end();
    const { webhook, attempt } = await pinged([]);
    const error = await attempt();
    expect(error).toBeInstanceOf(RetryLater);
    expect(error).toMatchObject({ afterMs: 120_000 });
    expect(await deliveries(webhook.id)).toMatchObject([{ state: 'waiting', lastStatus: 503 }]);
  });

  it('follow no redirect, and end where the receiver is gone', async () => {
    answer = (_request, response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/x` }).end();
    const first = await pinged([]);
    expect(await first.attempt()).toBeInstanceOf(GiveUp);
    expect(got).toHaveLength(1);
    answer = (_request, response) => response.writeHead(410).end();
    const second = await pinged();
    expect(await second.attempt()).toBeUndefined();
    expect(await test.context.store.webhooks.get(second.webhook.id)).toMatchObject({ active: false });
  });

  it('are refused to addresses that are not public, when they are made and when they are sent', async () => {
    const closed = await openTestApp();
    const as = await closed.login(await closed.account('lead'));
    for (const url of ['http://127.0.0.1/', 'http://169.254.169.254/latest', 'http://[::1]/', 'http://localhost/']) {
      const refused = await closed.ask({
        method: 'POST',
        url: '/api/v1/webhooks',
        as,
        payload: { url, events: ['batch.finished'] },
      });
      expect([url, refused.statusCode, refused.json<{ code: string }>().code]).toEqual([url, 422, 'url-refused']);
    }
    const payload = { url: 'https://rebind.example.org/', events: ['batch.finished'] };
    const { webhook } = (await closed.ask({ method: 'POST', url: '/api/v1/webhooks', as, payload })).json<{
      webhook: { id: string };
    }>();
    const ping = await closed.ask({ method: 'POST', url: `/api/v1/webhooks/${webhook.id}/ping`, as });
    const lookup: Lookup = (_name, _options, callback) => callback(null, [{ address: '169.254.169.254', family: 4 }]);
    const deliver = deliverer(closed.context, { lookup });
    await deliver({ payload: { deliveryId: ping.json<{ delivery: string }>().delivery, before: 0 } }, signal);
    expect((await closed.context.store.webhooks.deliveries(webhook.id, { limit: 5 })).items).toMatchObject([
      { state: 'dead', lastStatus: null },
    ]);
    await closed.close();
  });

  it('show the secret when it is made and when it is replaced, and never again', async () => {
    const { webhook, secret } = await create();
    expect(secret).toMatch(/^whsec_/);
    const url = `/api/v1/webhooks/${webhook.id}`;
    const rotatedSecret = (await test.ask({ method: 'POST', url: `${url}/secret`, as: lead })).json<{
      secret: string;
    }>().secret;
    expect(rotatedSecret).not.toBe(secret);
    for (const path of [url, '/api/v1/webhooks'])
      expect((await test.ask({ method: 'GET', url: path, as: lead })).body).not.toContain('whsec_');
    const changed = await test.ask({ method: 'PATCH', url, as: lead, payload: { active: false, team: 'A' } });
    expect(changed.json()).toMatchObject({ active: false, team: 'A', events: ['session.high-risk'] });
    expect((await test.ask({ method: 'DELETE', url, as: lead })).statusCode).toBe(204);
    expect((await test.ask({ method: 'GET', url, as: lead })).statusCode).toBe(404);
  });
});
