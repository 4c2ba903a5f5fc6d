import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { RetryLater } from '../queue/index.ts';
import { createHttpDesk } from './http-desk.ts';

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function deskOf(answer: Answer, tries = 3) {
  server = createServer((request, response) => {
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return createHttpDesk({ server: `http://127.0.0.1:${port}`, token: 't', tries, backoffMs: 1 });
}

const job = { id: 'inspect:1', payload: { batchId: 'b', keys: ['k'], grant: 'g' } };
const { signal } = new AbortController();
const order = { batchId: 'b', sessions: [], scorecards: [], recogniser: 'auto', agentChannel: 'left' };

function json(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

const links = (n: number) => ({ recordings: {}, artefacts: { ab: `/artefact/${n}` }, results: '/results' });

test('asks again while the server is away for a moment', async () => {
  let asked = 0;
  const desk = await deskOf((_request, response) => {
    if (++asked < 3) json(response, 503, {}, { 'retry-after': '0' });
    else json(response, 200, { order, links: links(1) });
  });
  expect(await desk.order(job, signal)).toEqual(order);
  expect(asked).toBe(3);
});

test('gives the job back without costing a try where the server stays away', async () => {
  const desk = await deskOf((_request, response) => response.destroy());
  await expect(desk.order(job, signal)).rejects.toBeInstanceOf(RetryLater);
});

test('an address that has expired is asked for again, once', async () => {
  let orders = 0;
  const desk = await deskOf((request, response) => {
    if (request.method === 'POST') json(response, 200, { order, links: links(++orders) });
    else if (request.url === '/artefact/1') json(response, 403, { detail: 'expired' });
    else response.end('text');
  });
  expect(Buffer.from(await desk.artefact(job, 'ab', signal)).toString()).toBe('text');
  expect(orders).toBe(2);
});

test('what the server refuses is not asked again', async () => {
  let asked = 0;
  const desk = await deskOf((_request, response) => {
    asked++;
    json(response, 422, { detail: 'Not this.', code: 'request-invalid' });
  });
  await expect(desk.order(job, signal)).rejects.toThrow('Not this.');
  expect(asked).toBe(1);
});
