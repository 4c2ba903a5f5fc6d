import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Credentials, openTestApp, type TestApp } from '../../testing/app.ts';
import { chat, civil, publishCard, type Recorded, recordSession, rude } from '../testing/recorded.ts';

let test: TestApp;
let lead: Credentials;
let raw: Credentials;
let other: Credentials;
let good: Recorded;
let bad: Recorded;
const sound = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));

const get = (url: string, as = lead, headers: Record<string, string> = {}) =>
  test.ask({ method: 'GET', url: `/api/v1${url}`, as, headers });

beforeAll(async () => {
  test = await openTestApp();
  lead = await test.login(await test.account('lead'));
  raw = await test.login(await test.account('lead', { mayReadRaw: true }));
  other = await test.login(await test.account('supervisor', { teams: ['B'], mayReadRaw: true }));
  await publishCard(test.context);
  good = await recordSession(test.context, chat(civil));
  bad = await recordSession(test.context, chat(rude, { agentId: 'agent-2' }), { sound });
});
afterAll(() => test.close());

const audited = async (action: string) => (await test.context.store.audit.list({ limit: 100, action })).items.length;

describe('sessions', () => {
  it('are listed by filters and pages, within the scope', async () => {
    const all = (await get('/sessions?order=score')).json<{ items: { key: string; score: number }[] }>();
    expect(all.items.map(({ key }) => key)).toEqual([bad.key, good.key]);
    const failed = (
      await get('/sessions?passed=false&channel=chat&from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00%2B08:00')
    ).json();
    expect(failed).toMatchObject({
      items: [{ key: bad.key, agentId: 'agent-2', passed: false, hasRecording: true }],
      next: null,
    });
    const first = (await get('/sessions?limit=1')).json<{ items: { key: string }[]; next: string }>();
    const second = (await get(`/sessions?limit=1&cursor=${encodeURIComponent(first.next)}`)).json<typeof first>();
    expect(new Set([...first.items, ...second.items].map(({ key }) => key))).toEqual(new Set([good.key, bad.key]));
    expect((await get('/sessions', other)).json()).toEqual({ items: [], next: null });
    expect((await get('/sessions?band=huge&limit=0&from=yesterday')).json()).toMatchObject({
      status: 400,
      code: 'request-invalid',
      errors: [{ path: 'query.limit' }, { path: 'query.band' }, { path: 'query.from' }],
    });
  });

  it('are shown whole and redacted, with an ETag', async () => {
    const answer = await get(`/sessions/${good.key}`);
    const body = answer.json<{ result: { turns: { text: string }[]; items: { id: string; verdict: string }[] } }>();
    expect(body.result.turns[1]!.text).not.toContain('13800138000');
    expect(Object.fromEntries(body.result.items.map(({ id, verdict }) => [id, verdict]))).toEqual({
      identity: 'pass',
      'no-insult': 'pass',
      thanks: 'pass',
    });
    const etag = answer.headers.etag as string;
    expect((await get(`/sessions/${good.key}`, lead, { 'if-none-match': etag })).statusCode).toBe(304);
    expect((await get(`/sessions/${good.key}`, other)).statusCode).toBe(404);
    expect((await get('/sessions/nothing')).json()).toMatchObject({ code: 'not-found' });
  });

  it('are shown raw by right alone, and that is written down', async () => {
    const refused = await get(`/sessions/${good.key}?raw=true`);
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([403, 'raw-not-allowed']);
    const before = await audited('raw.read');
    const shown = await get(`/sessions/${good.key}?raw=true`, raw);
    expect(shown.body).toContain('13800138000');
    expect(await audited('raw.read')).toBe(before + 1);
  });

  it('are reported as a page that runs apart from the site', async () => {
    const page = await get(`/sessions/${bad.key}/report.html?language=zh`);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain('sandbox');
    expect(page.body).toContain('lang="zh"');
    expect(page.body).toContain('idiot');
    expect((await get(`/sessions/${bad.key}/report.html`, other)).statusCode).toBe(404);
  });

  it('are held and released', async () => {
    const url = `/api/v1/sessions/${good.key}/hold`;
    expect((await test.ask({ method: 'POST', url, as: lead, payload: { reason: 'law suit' } })).json()).toEqual({
      key: good.key,
      held: true,
    });
    expect((await get(`/sessions/${good.key}`)).json()).toMatchObject({ summary: { held: true } });
    expect((await test.ask({ method: 'DELETE', url, as: lead })).json()).toEqual({ key: good.key, held: false });
    expect((await test.ask({ method: 'POST', url, as: other, payload: { reason: 'x' } })).statusCode).toBe(403);
    expect(await audited('session.hold')).toBe(1);
  });

  it('are queued to be inspected anew', async () => {
    const url = `/api/v1/sessions/${good.key}/reinspect`;
    const answer = await test.ask({ method: 'POST', url, as: lead });
    expect(answer.statusCode).toBe(202);
    expect(await test.context.queue.counts('inspect')).toMatchObject({ waiting: 1 });
    expect((await test.ask({ method: 'POST', url, as: other })).statusCode).toBe(403);
  });
});

describe('a recording', () => {
  const url = () => `/sessions/${bad.key}/recording`;

  it('is sent whole to those who may hear it, and that is written down once', async () => {
    const whole = await get(url(), raw);
    expect([whole.statusCode, whole.headers['content-type'], whole.headers['accept-ranges']]).toEqual([
      200,
      'audio/wav',
      'bytes',
    ]);
    expect(whole.rawPayload.equals(sound)).toBe(true);
    await get(url(), raw, { range: 'bytes=500-' });
    expect(await audited('raw.listen')).toBe(1);
    expect((await get(url(), lead)).statusCode).toBe(403);
    expect((await get(url(), other)).statusCode).toBe(404);
    expect((await get(`/sessions/${good.key}/recording`, raw)).statusCode).toBe(404);
    const etag = whole.headers.etag as string;
    expect((await get(url(), raw, { 'if-none-match': etag })).statusCode).toBe(304);
  });

  it.each([
    ['bytes=0-99', 0, 99],
    ['bytes=990-', 990, 999],
    ['bytes=-10', 990, 999],
    ['bytes=900-5000', 900, 999],
    ['bytes=-5000', 0, 999],
  ])('is sent in part: %s', async (range, start, end) => {
    const part = await get(url(), raw, { range });
    expect([part.statusCode, part.headers['content-range'], part.headers['content-length']]).toEqual([
      206,
      `bytes ${start}-${end}/1000`,
      String(end - start + 1),
    ]);
    expect(part.rawPayload.equals(sound.subarray(start, end + 1))).toBe(true);
  });

  it.each([
    'bytes=1000-',
    'bytes=5-4',
    'bytes=-0',
    'bytes=-',
    'bytes=a-b',
    'items=0-1',
    'bytes=0-1,5-9',
    'bytes=99999999999999999999-',
    '0-1',
  ])('is refused in the range %s', async (range) => {
    const answer = await get(url(), raw, { range });
    expect([answer.statusCode, answer.headers['content-range'], answer.json<{ code: string }>().code]).toEqual([
      416,
      'bytes */1000',
      'range-invalid',
    ]);
  });

  it('is sent whole where it is no longer the one that the range was for', async () => {
    const answer = await get(url(), raw, { range: 'bytes=0-1', 'if-range': '"older"' });
    expect([answer.statusCode, answer.rawPayload.length]).toEqual([200, 1000]);
  });
});
