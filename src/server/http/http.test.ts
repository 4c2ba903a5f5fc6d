import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { type Credentials, openTestApp, type TestApp } from '../testing/app.ts';
import { pageQuerySchema } from './paging.ts';

const open = 'a test';
let test: TestApp;
let lead: Credentials;
let made = 0;
let release: (() => void) | undefined;

function extend(instance: FastifyInstance, { store }: Context) {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  app.get('/api/v1/list', { config: { open }, schema: { querystring: pageQuerySchema } }, async () => ({ a: 'same' }));
  app.get('/api/v1/broken', { config: { open } }, async () => {
    throw new Error('SELECT secret FROM customers failed for mei.lin@example.com');
  });
  app.get('/api/v1/full', { config: { open } }, async () => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  });
  app.get('/api/v1/wrong-cursor', { config: { open } }, async () =>
    store.accounts.list({ limit: 10, cursor: 'forged' }),
  );
  app.post(
    '/api/v1/things',
    {
      config: { right: 'account.own', idempotent: true },
      schema: {
        body: z.strictObject({ name: z.string().min(3), size: z.number().int(), wait: z.boolean().optional() }),
      },
    },
    async (request, reply) => {
      if (request.body.wait) await new Promise<void>((resolve) => (release = resolve));
      if (request.body.size === 13) throw new Error('unlucky');
      made++;
      return reply.code(201).send({ number: made, name: request.body.name });
    },
  );
}

beforeAll(async () => {
  test = await openTestApp({ extend });
  lead = await test.login(await test.account('lead'));
});
afterAll(() => test.close());

const problem = async (options: Parameters<TestApp['ask']>[0]) => {
  const answer = await test.ask(options);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const body = answer.json<Record<string, unknown>>();
  expect(body).toMatchObject({ status: answer.statusCode, type: `urn:earwitness:problem:${String(body['code'])}` });
  expect(body['requestId']).toBe(answer.headers['x-request-id']);
  return { status: answer.statusCode, code: body['code'], body, headers: answer.headers };
};

describe('refusals', () => {
  it('are problem+json, whatever is refused', async () => {
    const json = { 'content-type': 'application/json' };
    const things = { method: 'POST', url: '/api/v1/things', as: lead } as const;
    const asked = [
      { url: '/nowhere?secret=1' },
      { url: '/api/v1/nowhere' },
      { method: 'DELETE', url: '/api/v1/list' },
      { ...things, headers: json, payload: '{"name":' },
      { ...things, headers: json, payload: '' },
      { ...things, headers: { 'content-type': 'text/plain' }, payload: 'name=x' },
      { ...things, headers: { 'content-type': 'application/xml' }, payload: '<x/>' },
      { ...things, headers: json, payload: JSON.stringify({ name: 'x'.repeat(5 * 1024 * 1024) }) },
      { url: '/api/v1/%zz' },
      { url: '/api/v1/full' },
      { url: '/api/v1/wrong-cursor' },
    ] as const;
    const answers = [];
    for (const one of asked) {
      const { status, code, body } = await problem(one);
      expect(body['instance']).not.toContain('secret');
      answers.push(`${status} ${String(code)}`);
    }
    expect(answers).toEqual([
      '404 not-found',
      '404 not-found',
      '405 method-not-allowed',
      '400 body-invalid',
      '400 body-invalid',
      '415 media-type-unsupported',
      '415 media-type-unsupported',
      '413 body-too-large',
      '400 request-invalid',
      '507 disk-full',
      '400 cursor-invalid',
    ]);
  });

  it('name every wrong field at once', async () => {
    const { body } = await problem({
      method: 'POST',
      url: '/api/v1/things',
      as: lead,
      payload: { name: 'x', size: 1.5, more: 1 },
    });
    expect((body['errors'] as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      'body',
      'body.name',
      'body.size',
    ]);
    const query = await problem({ url: '/api/v1/list?limit=500&cursor=' });
    expect((query.body['errors'] as { path: string }[]).map(({ path }) => path)).toEqual([
      'query.limit',
      'query.cursor',
    ]);
  });

  it('are bounded however many fields are wrong', async () => {
    const payload = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`field${n}`, n]));
    const { status, body } = await problem({ method: 'POST', url: '/api/v1/things', as: lead, payload });
    expect(status).toBe(400);
    expect(JSON.stringify(body).length).toBeLessThan(20_000);
  });

  it('do not tell what broke, but the log tells where', async () => {
    const { status, body } = await problem({ url: '/api/v1/broken' });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/SELECT|mei\.lin|at \w+/);
    const line = test.logged.find((one) => one.includes(String(body['requestId'])) && one.includes('request failed'));
    expect(line).toContain('http.test.ts');
    expect(line).not.toMatch(/SELECT|mei\.lin/);
  });

  it('survive strange keys in the body', async () => {
    for (const payload of [
      '{"__proto__":{"admin":true},"name":"abc","size":1}',
      '{"constructor":{"prototype":{}},"name":"abc","size":1}',
    ]) {
      const answer = await test.ask({
        method: 'POST',
        url: '/api/v1/things',
        as: lead,
        headers: { 'content-type': 'application/json' },
        payload,
      });
      expect(answer.statusCode).toBe(400);
    }
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });
});

describe('headers', () => {
  it('are strict on every answer', async () => {
    for (const url of ['/api/v1/list', '/nowhere', '/health/live']) {
      const { headers } = await test.ask({ url });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['content-security-policy']).toMatch(/default-src 'self';.*frame-ancestors 'none'/);
      expect(headers['content-security-policy']).not.toMatch(/unsafe|https:/);
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(headers['x-powered-by']).toBeUndefined();
    }
    expect((await test.ask({ url: '/api/v1/list' })).headers['cache-control']).toBe('private, no-store');
  });

  it('take over a harmless request id and no other', async () => {
    const id = async (given: string) =>
      (await test.ask({ url: '/health/live', headers: { 'x-request-id': given } })).headers['x-request-id'];
    expect(await id('chain-0123456789')).toBe('chain-0123456789');
    for (const bad of ['short', 'x'.repeat(65), 'with space 12', '<script>alert(1)</script>', '"},{"level":60'])
      expect(await id(bad)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tag JSON so that it need not be sent twice', async () => {
    const first = await test.ask({ url: '/api/v1/list' });
    const tag = String(first.headers['etag']);
    expect(tag).toMatch(/^W\/"[\w-]{27}"$/);
    for (const given of [tag, `"x", ${tag}`, tag.slice(2), '*']) {
      const again = await test.ask({ url: '/api/v1/list', headers: { 'if-none-match': given } });
      expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', tag]);
    }
    expect((await test.ask({ url: '/api/v1/list', headers: { 'if-none-match': '"x"' } })).statusCode).toBe(200);
  });
});

describe('idempotency keys', () => {
  const post = (key: string, payload: object, as = lead) =>
    test.ask({ method: 'POST', url: '/api/v1/things', as, headers: { 'idempotency-key': key }, payload });

  it('make one thing of two requests', async () => {
    const before = made;
    const first = await post('key-1', { name: 'one', size: 1 });
    const second = await post('key-1', { name: 'one', size: 1 });
    expect([second.statusCode, second.body, second.headers['idempotent-replayed']]).toEqual([201, first.body, 'true']);
    expect(made).toBe(before + 1);
    expect((await post('key-1', { name: 'two', size: 1 })).json()).toMatchObject({
      status: 422,
      code: 'idempotency-key-reused',
    });
    const other = await test.login(await test.account('lead'));
    expect((await post('key-1', { name: 'two', size: 1 }, other)).statusCode).toBe(201);
  });

  it('say so while the first is at work', async () => {
    const first = post('key-2', { name: 'slow', size: 1, wait: true });
    await expect.poll(() => release).toBeDefined();
    const second = await post('key-2', { name: 'slow', size: 1, wait: true });
    expect([second.statusCode, second.json<{ code: string }>().code, second.headers['retry-after']]).toEqual([
      409,
      'idempotency-in-progress',
      '1',
    ]);
    release!();
    expect((await first).statusCode).toBe(201);
  });

  it('are free again after a failure, and must be plain', async () => {
    expect((await post('key-3', { name: 'bad', size: 13 })).statusCode).toBe(500);
    expect((await post('key-3', { name: 'good', size: 1 })).statusCode).toBe(201);
    expect((await post('with space', { name: 'good', size: 1 })).json()).toMatchObject({ code: 'header-invalid' });
  });
});

describe('rate limit', () => {
  it('counts by account, and by address where nobody is logged in', async () => {
    const limits = { uploadBytes: 1, filesPerBatch: 1, bodyBytes: 1_024, requestsPerMinute: 5 };
    const small = await openTestApp({ config: { limits }, extend });
    try {
      const [one, two] = [
        await small.login(await small.account('lead')),
        await small.login(await small.account('lead')),
      ];
      const statuses = async (as: Credentials, times: number) => {
        const all = [];
        for (let n = 0; n < times; n++) all.push((await small.ask({ url: '/api/v1/list', as })).statusCode);
        return all;
      };
      expect(await statuses(one, 6)).toEqual([200, 200, 200, 200, 200, 429]);
      expect(await statuses(two, 1)).toEqual([200]);
      expect(await statuses({}, 6)).toEqual([200, 200, 200, 200, 200, 429]);
      const refused = await small.ask({ url: '/api/v1/list' });
      expect(refused.json()).toMatchObject({ code: 'rate-limited' });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect((await small.ask({ url: '/health/live' })).statusCode).toBe(200);
    } finally {
      await small.close();
    }
  });
});

describe('raw sockets', () => {
  async function send(text: string): Promise<string> {
    await test.app.listen({ port: 0, host: '127.0.0.1' }).catch(() => undefined);
    const { port } = test.app.server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(text));
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });
  }

  it('get a status for what is no HTTP, and nothing injected comes back as a header', async () => {
    expect(await send('GET / HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await send(`GET / HTTP/1.1\r\nHost: x\r\nx-long: ${'a'.repeat(40_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    const injected = await send('GET /%0d%0aset-cookie:%20evil=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(injected).toMatch(/^HTTP\/1\.1 404 /);
    expect(injected.split('\r\n\r\n')[0]).not.toMatch(/^set-cookie/im);
    const smuggled = await send(
      'POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    );
    expect(smuggled).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('are not waited for without end', () => {
    const { server } = test.app;
    expect([server.headersTimeout, server.requestTimeout, server.timeout]).toEqual([20_000, 7_200_000, 60_000]);
  });
});
