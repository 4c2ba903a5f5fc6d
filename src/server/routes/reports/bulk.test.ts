import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Credentials, openTestApp, type TestApp } from '../../testing/app.ts';
import { cardText, chat, civil, publishCard, type Recorded, recordSession, rude } from '../testing/recorded.ts';

let test: TestApp;
let admin: Credentials;
let supervisor: Credentials;
const recorded: Recorded[] = [];
const hostile = '=HYPERLINK("http://evil")';

const get = (url: string, as = admin) => test.ask({ method: 'GET', url: `/api/v1${url}`, as });
const post = (url: string, payload: object, as = admin) =>
  test.ask({ method: 'POST', url: `/api/v1${url}`, as, payload });

beforeAll(async () => {
  test = await openTestApp();
  admin = await test.login(await test.account('admin', { mayReadRaw: true }));
  supervisor = await test.login(await test.account('supervisor', { teams: ['B'] }));
  await publishCard(test.context);
  const days = ['2026-01-05', '2026-01-06'];
  for (let n = 0; n < 6; n++)
    recorded.push(
      await recordSession(
        test.context,
        chat(n === 0 ? rude : civil, {
          startedAt: `${days[n % 2]}T10:00:00.000Z`,
          agentId: n < 5 ? 'agent-1' : hostile,
        }),
      ),
    );
}, 30_000);
afterAll(() => test.close());

describe('the report of a period', () => {
  const period = '/reports/period?from=2026-01-05&to=2026-01-06';

  it('gives means and rates with intervals, ranks only where there is enough, and compares', async () => {
    const report = (await get(`${period}&compare=previous`)).json<Record<string, never>>();
    expect(report).toMatchObject({
      total: { sessions: 6, scored: 6, passRate: { count: 5, n: 6 }, score: { n: 6 } },
      days: [
        { day: '2026-01-05', sessions: 3 },
        { day: '2026-01-06', sessions: 3 },
      ],
      agents: [
        { agentId: 'agent-1', rank: 1, sessions: 5 },
        { agentId: hostile, rank: null, sessions: 1 },
      ],
      previous: { from: '2026-01-03', to: '2026-01-04', total: { sessions: 0, score: null }, scoreChange: null },
    });
    const { passRate } = (report as unknown as { total: { passRate: { low: number; high: number } } }).total;
    // Wilson, 5 of 6.
    expect([passRate.low, passRate.high].map((x) => x.toFixed(3))).toEqual(['0.436', '0.970']);
    expect((await get(period, supervisor)).json()).toMatchObject({
      total: { sessions: 0 },
      agents: [],
      previous: null,
    });
  });

  it('comes as a table whose cells run nothing', async () => {
    const csv = await get(period.replace('period?', 'period.csv?'));
    const rows = parse(csv.body, { bom: true, columns: false });
    expect(rows.map(([kind]) => kind)).toEqual(['Kind', 'total', 'day', 'day', 'agent', 'agent']);
    expect(rows.at(-1)![1]).toBe(`'${hostile}`);
  });

  it('refuses periods that are none', async () => {
    expect((await get('/reports/period?from=2026-01-07&to=2026-01-05')).statusCode).toBe(400);
    expect((await get('/reports/period?from=2010-01-07&to=2026-01-05')).statusCode).toBe(400);
    expect((await get('/reports/period?from=yesterday&to=today')).statusCode).toBe(400);
  });
});

describe('exports', () => {
  it('stream the sessions of the scope, redacted, with cells that run nothing', async () => {
    const csv = await get('/exports/sessions.csv');
    const rows = parse(csv.body, { bom: true, columns: false });
    expect(rows).toHaveLength(7);
    expect(rows.map((row) => row[3])).toContain(`'${hostile}`);
    const lines = (await get('/exports/sessions.ndjson?passed=true')).body.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { key: string }).key).sort()).toEqual(
      recorded
        .slice(1)
        .map(({ key }) => key)
        .sort(),
    );
    expect(lines.join()).not.toContain('13800138000');
    expect((await get('/exports/sessions.ndjson?raw=true')).body).toContain('13800138000');
    expect((await get('/exports/sessions.ndjson', supervisor)).body).toBe('');
    expect((await get('/exports/sessions.csv?raw=true', supervisor)).statusCode).toBe(403);
  });

  it('make no more than the reader takes', async () => {
    let made = 0;
    // Few and large: what the line takes before it is full is soon made.
    const large = {
      ...recorded[1]!.result,
      notices: [],
      attributes: { pad: Array.from({ length: 2_000 }, () => 'x'.repeat(100)) },
    };
    const { sessions } = test.context.store;
    const results = sessions.results.bind(sessions);
    sessions.results = async function* () {
      for (; made < 2_000; made++) yield { key: `k${made}`, result: large };
    };
    const address = await test.app.listen({ port: 0, host: '127.0.0.1' });
    const line = new AbortController();
    try {
      const url = `${address}/api/v1/exports/sessions.ndjson`;
      const answer = await fetch(url, { headers: admin, signal: line.signal });
      await answer.body!.getReader().read();
      // Nobody reads on: what is made stops growing once the line is full.
      const grown = async () => {
        const before = made;
        await new Promise((resolve) => setTimeout(resolve, 400));
        return made - before;
      };
      await expect.poll(grown, { timeout: 15_000 }).toBe(0);
      expect(made).toBeLessThan(2_000);
    } finally {
      line.abort();
    }
    sessions.results = results;
  }, 30_000);

  it('give a session as a vCon', async () => {
    const answer = await get(`/sessions/${recorded[1]!.key}/vcon`);
    expect(answer.headers['content-type']).toContain('application/vcon+json');
    expect(answer.json()).toMatchObject({ vcon: '0.4.0', dialog: [{ type: 'text' }, {}, {}] });
    expect(answer.body).not.toContain('13800138000');
    expect((await get(`/sessions/${recorded[1]!.key}/vcon`, supervisor)).statusCode).toBe(404);
  });
});

describe('scorecards', () => {
  const publish = (text: string, query = '') =>
    post(`/scorecards${query}`, { path: 'desk.en.yaml', files: { 'desk.en.yaml': text } });

  it('are published by version, and shown with their texts', async () => {
    const second = cardText.replace('version: 1', 'version: 2');
    expect((await publish(second, '?dryRun=true')).json()).toMatchObject({
      id: 'desk-en',
      version: '2',
      published: false,
    });
    expect((await publish(second)).json()).toMatchObject({ published: true });
    expect((await publish(second)).json()).toMatchObject({ published: false });
    expect((await get('/scorecards')).json()).toMatchObject({ items: [{ id: 'desk-en', version: '2' }] });
    const versions = (await get('/scorecards/desk-en/versions')).json<{ items: { version: string }[] }>();
    expect(versions.items.map(({ version }) => version)).toEqual(['2', '1']);
    expect((await get('/scorecards/desk-en?version=1')).json()).toMatchObject({
      version: '1',
      files: [{ text: cardText }],
    });
    expect((await get('/scorecards/none')).statusCode).toBe(404);
    const changed = await publish(second.replace('idiot', 'fool'));
    expect([changed.statusCode, changed.json<{ code: string }>().code]).toEqual([409, 'conflict']);
  });

  it('are refused with every problem at its place', async () => {
    const answer = await publish(
      cardText.replace('forbid: { phrase', 'forbid: { frase').replace('version: 1', 'version: one'),
    );
    expect(answer.statusCode).toBe(422);
    const { code, errors } = answer.json<{ code: string; errors: { path: string }[] }>();
    expect(code).toBe('scorecard-invalid');
    expect(errors.map(({ path }) => path.split(':').slice(0, 2).join(':'))).toEqual([
      'desk.en.yaml:2',
      'desk.en.yaml:16',
    ]);
  });

  it.each(['../up.yaml', '/etc/passwd', 'a/../../b', 'a\\b', 'a//b', './a'])(
    'take no path such as %s',
    async (path) => {
      expect((await post('/scorecards', { path, files: { [path]: cardText } })).statusCode).toBe(400);
    },
  );

  it('read nothing from the disk', async () => {
    const answer = await publish(cardText.replace('version: 1', 'version: 9\nextends: ../../../../etc/hostname'));
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('There is no such file');
  });
});

describe('audit and queue', () => {
  it('show who did what, and whether the chain is whole', async () => {
    const page = (await get('/audit?action=scorecard.publish')).json<{ items: { target: string }[] }>();
    expect(page.items).toMatchObject([{ target: 'scorecard:desk-en' }]);
    const verdict = (await get('/audit/verify')).json<{ whole: boolean; head: { seq: number; hash: string } }>();
    expect(verdict.whole).toBe(true);
    const forged = await get(`/audit/verify?seq=${verdict.head.seq}&hash=${'0'.repeat(64)}`);
    expect(forged.json()).toMatchObject({ whole: false, broken: { seq: verdict.head.seq } });
    expect((await get('/audit', supervisor)).statusCode).toBe(403);
  });

  it('show what waits and what was given up, without payloads, and let it be tried again', async () => {
    const { queue } = test.context;
    await queue.add([
      { id: 'dead-1', kind: 'ingest', group: 'g', priority: 5, lane: null, payload: { secret: 'grant' } },
    ]);
    const consumer = queue.consume({ kinds: ['ingest'], concurrency: 1 }, async () => {
      const { GiveUp } = await import('../../../queue/index.ts');
      throw new GiveUp('cannot be read');
    });
    await expect.poll(async () => (await queue.counts('ingest')).dead, { timeout: 5_000 }).toBe(1);
    await consumer.drain();
    const dead = await get('/queue/dead');
    expect(dead.json()).toMatchObject({ items: [{ id: 'dead-1', reason: 'cannot be read' }], next: null });
    expect(dead.body).not.toContain('grant');
    expect((await get('/queue')).json()).toMatchObject({ backend: 'embedded', kinds: { ingest: { dead: 1 } } });
    expect((await post('/queue/pause', { group: 'g' })).json()).toEqual({ paused: true, group: 'g' });
    expect((await post('/queue/redrive', { ids: ['dead-1'] })).json()).toEqual({ jobs: 1 });
    expect((await post('/queue/resume', { group: 'g' })).json()).toEqual({ paused: false, group: 'g' });
    expect((await post('/queue/redrive', {})).statusCode).toBe(400);
  });
});
