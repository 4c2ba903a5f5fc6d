import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everything, type ListeningApp, openListeningApp } from '../../testing/listening.ts';

let server: ListeningApp;
let open: ListeningApp;
let telephony: Server;
let recordings: string;
beforeAll(async () => {
  server = await openListeningApp();
  open = await openListeningApp({ config: { webhookNetworks: ['127.0.0.0/8'] } });
  telephony = createServer((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/a.wav' }).end();
    else if (request.url === '/gone') response.writeHead(404).end();
    else if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setTimeout(() => response.destroy(), 30);
    } else response.writeHead(200).end(`sound of ${request.url}`);
  });
  await new Promise<void>((go) => telephony.listen(0, '127.0.0.1', go));
  recordings = `http://127.0.0.1:${(telephony.address() as AddressInfo).port}`;
});
afterAll(async () => {
  telephony.close();
  await server.close();
  await open.close();
});

interface Answer {
  batchId: string;
  fileId: string;
  repeated: boolean;
}
const ask = (to: ListeningApp, body: unknown) =>
  to.fetch('/api/v1/hooks/recordings', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const form = (call: unknown, recording: string | null) => {
  const made = new FormData();
  if (call !== null) made.append('metadata', typeof call === 'string' ? call : JSON.stringify(call));
  if (recording !== null) made.append('recording', new Blob([recording]), 'call.wav');
  return made;
};
const send = (body: FormData, as?: Record<string, string>) =>
  server.fetch('/api/v1/hooks/recordings', { method: 'POST', body, ...(as ? { as } : {}) });

describe('the hook of a telephone system', () => {
  it('takes a recording with what is known of the call, once for each call', async () => {
    const call = {
      callId: 'c-1',
      team: 'North',
      agentId: 'agent-7',
      queue: 'Repairs',
      startedAt: '2026-03-02T10:00:00Z',
      vip: true,
    };
    const first = await send(form(call, 'sound'));
    expect(first.status).toBe(202);
    const taken = (await first.json()) as Answer;
    const { store } = server.context;
    expect(await store.batches.file(taken.fileId)).toMatchObject({
      batchId: taken.batchId,
      name: 'call.wav',
      sidecar: { id: 'c-1', team: 'North', agentId: 'agent-7', queue: 'Repairs', vip: true },
    });
    expect(await store.batches.get(taken.batchId, { kind: 'all' })).toMatchObject({
      createdBy: 'hook',
      team: 'North',
      state: 'receiving',
      title: expect.stringMatching(/^Telephony North \d{4}-\d\d-\d\d$/),
    });
    const again = await send(form(call, 'sound'));
    expect([again.status, await again.json()]).toMatchObject([200, { fileId: taken.fileId, repeated: true }]);
    // Another call of the day goes into the same batch; the same id of another team is another call.
    expect(await (await send(form({ callId: 'c-2', team: 'North' }, 'other'))).json()).toMatchObject({
      batchId: taken.batchId,
    });
    const south = (await (await send(form({ callId: 'c-1', team: 'South' }, 'third'))).json()) as Answer;
    expect(south.fileId).not.toBe(taken.fileId);
    expect(south.batchId).not.toBe(taken.batchId);
  });

  it('is for those who may open batches, in their teams', async () => {
    const north = await server.token(await server.account('supervisor', { teams: ['North'] }), everything);
    expect(await (await send(form({ callId: 'x', team: 'South' }, 'a'), north)).json()).toMatchObject({
      code: 'team-not-yours',
    });
    expect((await send(form({ callId: 'x-north' }, 'b'), north)).status).toBe(202);
    const reader = await server.token(await server.account('lead'), ['batches.read']);
    expect((await send(form({ callId: 'x' }, 'a'), reader)).status).toBe(403);
  });

  it('says what is missing', async () => {
    expect(await (await ask(server, { callId: 'n' })).json()).toMatchObject({ status: 422, code: 'file-missing' });
    expect(await (await ask(server, {})).json()).toMatchObject({ status: 400, errors: [{ path: 'body.callId' }] });
    expect(await (await ask(server, [])).json()).toMatchObject({ status: 400 });
    expect(await (await send(form({ callId: 'n' }, null))).json()).toMatchObject({ status: 400, code: 'file-missing' });
    expect(await (await send(form(null, 'sound'))).json()).toMatchObject({ status: 400, code: 'body-invalid' });
    expect(await (await send(form('{', 'sound'))).json()).toMatchObject({ status: 400, code: 'body-invalid' });
    expect(await (await send(form({ callId: 'n', sha256: '0'.repeat(64) }, 'sound'))).json()).toMatchObject({
      code: 'upload-hash-wrong',
    });
  });

  it('fetches from public addresses alone', async () => {
    for (const recordingUrl of [
      `${recordings}/%ff`,
      'http://169.254.169.254/latest/meta-data',
      'http://localhost/x',
      'http://[::ffff:127.0.0.1]/x',
      'http://2130706433/x',
      'file:///etc/passwd',
      'http://user:secret@example.com/x',
    ])
      expect(await (await ask(server, { callId: recordingUrl, recordingUrl })).json()).toMatchObject({
        status: 422,
        code: 'address-refused',
      });
  });

  it('fetches where it was allowed to, and says when that fails', async () => {
    const taken = (await (
      await ask(open, { callId: 'f-1', recordingUrl: `${recordings}/a%20b.wav` })
    ).json()) as Answer;
    expect(await open.context.store.batches.file(taken.fileId)).toMatchObject({
      name: 'a b.wav',
      bytes: 19,
      sidecar: { id: 'f-1' },
    });
    for (const path of ['/moved', '/gone', '/cut'])
      expect(await (await ask(open, { callId: path, recordingUrl: recordings + path })).json()).toMatchObject({
        status: 424,
        code: 'recording-unreachable',
      });
    const batch = await open.context.store.batches.files(taken.batchId, { limit: 10 });
    expect(batch.items).toHaveLength(1);
  });
});
