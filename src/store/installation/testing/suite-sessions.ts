import { expect, it } from 'vitest';
import type { SessionFilter, SessionOrder, Store } from '../store.ts';
import { agent, all, batch, finished, none, problem, resultOf, session, teams, unique, waiting } from './build.ts';

const keysOf = async (
  store: Store,
  scope: Parameters<Store['sessions']['list']>[0],
  filter: SessionFilter,
  order: SessionOrder = 'newest',
) => (await store.sessions.list(scope, filter, { order, limit: 100 })).items.map(({ key }) => key);

export function sessionSuite(store: () => Store): void {
  it('lists nothing of a period that ends before it begins', async () => {
    const { id } = await batch(store());
    await store().sessions.addWaiting([waiting(id, unique('k'), { about: { startedAt: '2026-03-02T10:00:00.000Z' } })]);
    const [early, late] = ['2026-03-01T00:00:00Z', '2026-03-03T00:00:00Z'];
    expect(await keysOf(store(), all, { batchId: id, from: early, to: late })).toHaveLength(1);
    expect(await keysOf(store(), all, { batchId: id, from: late, to: early })).toEqual([]);
  });

  it('adds waiting sessions once, counts them, and gives the order back as it came', async () => {
    const { id } = await batch(store(), 'north');
    const [a, b] = [unique('a'), unique('b')];
    const orders = [waiting(id, b, { about: { team: 'south' } }), waiting(id, a), waiting(id, a)];
    expect(await store().sessions.addWaiting(orders)).toEqual([a, b]);
    expect(await store().sessions.addWaiting(orders)).toEqual([]);
    expect((await store().batches.get(id, all))?.counts).toMatchObject({ sessions: 2, recorded: 0, dead: 0 });
    expect(await store().sessions.waiting([b, 'no-such', a])).toEqual([
      { ...orders[0], team: 'south' },
      { ...orders[1], team: 'north' },
    ]);
    expect(await store().sessions.summary(a, all)).toEqual({
      ...{ key: a, id: `id-${a}`, batchId: id, fileId: `file-of-${id}`, channel: 'chat', language: 'zh' },
      ...{ agentId: 'agent-1', customerId: 'customer-1', team: 'north', queue: 'orders' },
      ...{
        startedAt: '2026-03-02T10:00:00.000Z',
        durationMs: null,
        state: 'waiting',
        createdAt: expect.any(String) as string,
      },
      ...{
        recordedAt: null,
        scorecardId: null,
        scorecardVersion: null,
        scorecardHash: null,
        score: null,
        passed: null,
      },
      ...{ provisional: false, autoFails: 0, probability: null, band: null, reason: null },
      ...{ hasRecording: false, held: false },
    });
  });

  it('records a result once, whole, and leaves the one that is there unless it is asked for again', async () => {
    const { id } = await batch(store());
    const order = waiting(id, unique('k'));
    await store().sessions.addWaiting([order]);
    const first = finished(order, { score: 61.25, passed: false, band: 'high', probability: 0.7 });
    expect(await store().sessions.record([first])).toEqual({ recorded: [order.key], repeated: [] });
    expect(await store().sessions.record([finished(order, { score: 1 })])).toEqual({
      recorded: [],
      repeated: [order.key],
    });
    expect(await store().sessions.result(order.key, all)).toEqual({
      result: resultOf(order, { score: 61.25, passed: false, band: 'high', probability: 0.7 }),
      damaged: [],
    });
    expect(await store().sessions.summary(order.key, all)).toMatchObject({
      ...{
        state: 'recorded',
        recordedAt: expect.any(String) as string,
        score: 61.25,
        passed: false,
        band: 'high',
        durationMs: 5_000,
      },
      ...{ scorecardId: 'card', scorecardVersion: 3, probability: 0.7, reason: { en: 'A threat', zh: 'A threat' } },
    });
    expect((await store().sessions.waiting([order.key]))[0]).toMatchObject({
      state: 'recorded',
      session: order.session,
    });
    const again = await store().sessions.record([finished(order, { score: 90 })], { again: true });
    expect(again).toEqual({ recorded: [order.key], repeated: [] });
    expect((await store().sessions.summary(order.key, all))?.score).toBe(90);
    expect((await store().batches.get(id, all))?.counts).toMatchObject({ sessions: 1, recorded: 1, dead: 0 });
  });

  it('records all of a part or nothing', async () => {
    const { id } = await batch(store());
    const orders = [waiting(id, unique('k')), waiting(id, unique('k'))];
    await store().sessions.addWaiting(orders);
    const broken = { ...finished(orders[1]!), engine: null as unknown as string };
    await expect(store().sessions.record([finished(orders[0]!), broken])).rejects.toThrow();
    expect((await store().sessions.summary(orders[0]!.key, all))?.state).toBe('waiting');
    expect(await store().sessions.result(orders[0]!.key, all)).toBeNull();
    expect((await store().batches.get(id, all))?.counts.recorded).toBe(0);
  });

  it('counts each session once, however many deliveries come at once', async () => {
    const { id } = await batch(store());
    const orders = Array.from({ length: 12 }, (_, n) => waiting(id, unique(`k${n}`)));
    await Promise.all([store().sessions.addWaiting(orders), store().sessions.addWaiting([...orders].reverse())]);
    const parts = [orders, [...orders].reverse(), orders.slice(3, 9), orders.slice(6), orders.slice(0, 4)];
    const answers = await Promise.all(
      parts.map((part) => store().sessions.record(part.map((order) => finished(order)))),
    );
    const recorded = answers.flatMap((answer) => answer.recorded);
    expect(recorded.sort()).toEqual(orders.map(({ key }) => key).sort());
    expect((await store().batches.get(id, all))?.counts).toMatchObject({ sessions: 12, recorded: 12 });
  });

  it('ignores results of sessions that are not there', async () => {
    const { id } = await batch(store());
    expect(await store().sessions.record([finished(waiting(id, unique('never')))])).toEqual({
      recorded: [],
      repeated: [],
    });
  });

  it('buries what waits, with the reason, and lets a late result bring it back', async () => {
    const { id } = await batch(store());
    const orders = [waiting(id, unique('k')), waiting(id, unique('k'))];
    await store().sessions.addWaiting(orders);
    await store().sessions.record([finished(orders[0]!)]);
    const keys = orders.map(({ key }) => key);
    await store().sessions.bury(keys, problem({ message: 'given up' }));
    await store().sessions.bury(keys, problem({ message: 'given up again' }));
    const counts = async () => (await store().batches.get(id, all))?.counts;
    expect(await counts()).toMatchObject({ sessions: 2, recorded: 1, dead: 1, failures: 1 });
    expect((await store().batches.failures(id, { limit: 10 })).items).toEqual([problem({ message: 'given up' })]);
    await store().sessions.record([finished(orders[1]!)]);
    expect(await counts()).toMatchObject({ sessions: 2, recorded: 2, dead: 0, failures: 0 });
  });

  it('keeps a running session up to date until its final inspection', async () => {
    const { id } = await batch(store());
    const live = waiting(id, unique('live'), { state: 'live', fileId: '' });
    await store().sessions.updateLive(live, null);
    const more = { ...live, session: { ...live.session, agentId: 'agent-9' } };
    await store().sessions.updateLive(more, finished(more, { score: 40 }));
    expect(await store().sessions.summary(live.key, all)).toMatchObject({
      state: 'live',
      score: 40,
      agentId: 'agent-9',
    });
    expect((await store().sessions.result(live.key, all))?.result.score).toBe(40);
    expect((await store().batches.get(id, all))?.counts).toMatchObject({ sessions: 1, recorded: 0 });
    await store().sessions.updateLive({ ...more, state: 'waiting' }, null);
    await store().sessions.updateLive(more, null);
    expect((await store().sessions.summary(live.key, all))?.state).toBe('waiting');
    await store().sessions.record([finished(more, { score: 70 })]);
    await store().sessions.updateLive(more, finished(more, { score: 10 }));
    expect(await store().sessions.summary(live.key, all)).toMatchObject({ state: 'recorded', score: 70 });
  });

  it('walks waiting sessions that may have lost their job, without those of cancelled batches', async () => {
    const { id } = await batch(store());
    const other = await batch(store());
    const keys = ['1', '2', '3'].map((n) => `0-${id}-${n}`);
    await store().sessions.addWaiting(keys.map((key) => waiting(id, key)));
    await store().sessions.addWaiting([waiting(other.id, `0-${id}-4`)]);
    await store().batches.move(other.id, ['receiving'], 'cancelled');
    const soon = new Date(Date.now() + 60_000).toISOString();
    const own = async (olderThan: string, after?: string) =>
      (await store().sessions.stranded({ olderThan, limit: 1_000, after }))
        .filter(({ key }) => key.startsWith(`0-${id}`))
        .map(({ key }) => key);
    expect(await own(soon)).toEqual(keys);
    expect(await own(soon, keys[0])).toEqual(keys.slice(1));
    expect(await own('2020-01-01T00:00:00.000Z')).toEqual([]);
  });

  it('shows each scope its own sessions, whatever is asked', async () => {
    const [north, south, qa, eve] = [unique('north'), unique('south'), unique('qa'), unique('eve')];
    const { id } = await batch(store(), qa);
    const make = (name: string, team: string | null, agentId: string | null) =>
      waiting(id, unique(name), { about: { team, agentId } });
    const orders = [make('n', north, eve), make('s', south, 'bob'), make('q', null, null)];
    const [n, s, q] = orders.map(({ key }) => key) as [string, string, string];
    await store().sessions.addWaiting(orders);
    await store().sessions.record(orders.map((order) => finished(order)));
    const within = { batchId: id };
    for (const order of ['newest', 'risk', 'score'] as const) {
      const seen = async (scope: Parameters<typeof keysOf>[1]) => (await keysOf(store(), scope, within, order)).sort();
      expect(await seen(all)).toEqual([n, s, q].sort());
      expect(await seen(teams(north))).toEqual([n]);
      expect(await seen(teams(north, south))).toEqual([n, s].sort());
      // The batch is of this team: it sees all that came with it, once.
      expect(await seen(teams(qa, north))).toEqual([n, s, q].sort());
      expect(await seen(agent(eve))).toEqual([n]);
      expect(await seen(agent(''))).toEqual([]);
      expect(await seen(teams())).toEqual([]);
      expect(await seen(none)).toEqual([]);
    }
    expect(await store().sessions.summary(s, teams(north))).toBeNull();
    expect(await store().sessions.result(s, agent(eve))).toBeNull();
    expect((await store().sessions.result(n, agent(eve)))?.result.id).toBe(`id-${n}`);
    const exported = async (scope: Parameters<typeof keysOf>[1]) => {
      const keys: string[] = [];
      for await (const { key } of store().sessions.results(scope, within)) keys.push(key);
      return keys;
    };
    expect(await exported(all)).toEqual([n, s, q].sort());
    expect(await exported(teams(south))).toEqual([s]);
    expect(await exported(none)).toEqual([]);
  });

  it('filters by every field, alone and together', async () => {
    const { id } = await batch(store());
    const base = { agentId: 'a', customerId: 'c', team: 't', queue: 'q' };
    const one = waiting(id, unique('one'), { about: { ...base, id: unique('id'), channel: 'call' } });
    const two = waiting(id, unique('two'), {
      about: { agentId: 'b', customerId: 'd', team: 'u', queue: 'r', startedAt: '2026-03-05T00:00:00.000Z' },
    });
    const three = waiting(id, unique('three'), { about: { startedAt: null } });
    await store().sessions.addWaiting([one, two, three]);
    await store().sessions.record([
      finished(one, { band: 'critical', passed: false, scorecardId: 'x', probability: 0.9, score: 10 }),
      finished(two, { band: 'low', passed: true, scorecardId: 'y' }),
    ]);
    const { channel, id: sourceId } = one.session;
    const hits: SessionFilter[] = [
      { channel },
      { id: sourceId },
      { agentId: 'a' },
      { customerId: 'c' },
      { team: 't' },
      { queue: 'q' },
      { band: 'critical' },
      { passed: false },
      { scorecardId: 'x' },
      { from: '2026-03-02T10:00:00Z', to: '2026-03-02T10:00:00.001Z' },
      { to: '2026-03-04T00:00:00Z' },
      { channel, agentId: 'a', customerId: 'c', team: 't', band: 'critical', state: 'recorded' },
    ];
    for (const order of ['newest', 'risk', 'score'] as const)
      for (const filter of hits)
        expect([filter, await keysOf(store(), all, { batchId: id, ...filter }, order)]).toEqual([filter, [one.key]]);
    expect(await keysOf(store(), all, { batchId: id, state: 'waiting' })).toEqual([three.key]);
    expect(await keysOf(store(), all, { batchId: id, band: 'critical', passed: true })).toEqual([]);
    // What has no time of its own is taken to be of the time when it came in.
    expect(await keysOf(store(), all, { batchId: id, from: '2026-03-06T00:00:00Z' })).toEqual([three.key]);
    expect(await keysOf(store(), all, { batchId: id })).toEqual([three.key, two.key, one.key]);
    expect(await keysOf(store(), all, { batchId: id }, 'risk')).toEqual([one.key, two.key, three.key]);
    expect(await keysOf(store(), all, { batchId: id }, 'score')).toEqual([one.key, two.key, three.key]);
    await expect(keysOf(store(), all, { from: 'yesterday' })).rejects.toMatchObject({ code: 'usage' });
  });

  it('pages through equal values without a gap or a double, in every order', async () => {
    const { id } = await batch(store(), 'paged');
    const orders = Array.from({ length: 23 }, (_, n) =>
      waiting(id, unique(`p${n}`), { about: { team: n % 2 ? 'paged' : 'other' } }),
    );
    await store().sessions.addWaiting(orders);
    await store().sessions.record(
      orders.slice(0, 19).map((order, n) => finished(order, { score: n % 3, probability: (n % 4) / 10 })),
    );
    for (const order of ['newest', 'risk', 'score'] as const)
      for (const scope of [all, teams('paged')]) {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await store().sessions.list(scope, { batchId: id }, { order, limit: 4, cursor });
          seen.push(...page.items.map(({ key }) => key));
          cursor = page.next ?? undefined;
        } while (cursor !== undefined);
        expect(seen).toHaveLength(23);
        expect(new Set(seen)).toEqual(new Set(orders.map(({ key }) => key)));
        expect(seen).toEqual(await keysOf(store(), scope, { batchId: id }, order));
      }
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['nothing', ''],
    ['JSON of another shape', Buffer.from('{"a":1}').toString('base64url')],
    ['a place of another list', Buffer.from('["tokens","a"]').toString('base64url')],
    ['values of another kind', Buffer.from('["sessions:newest","0","1; DROP TABLE sessions"]').toString('base64url')],
    ['a place of another order', Buffer.from('["sessions:risk",0.5,3]').toString('base64url')],
    ['more values than it has', Buffer.from('["sessions:newest",1,2,3]').toString('base64url')],
    ['numbers that are none', Buffer.from('["sessions:newest",1e999,null]').toString('base64url')],
    ['a very long text', 'A'.repeat(1_000_000)],
    ['a NUL', Buffer.from('["\\u0000",1,2]').toString('base64url')],
  ])('refuses a cursor that is %s', async (_, cursor) => {
    const page = { order: 'newest' as const, limit: 5, cursor };
    await expect(store().sessions.list(all, {}, page)).rejects.toMatchObject({ code: 'cursor-invalid' });
    await expect(store().accounts.list({ limit: 5, cursor })).rejects.toMatchObject({ code: 'cursor-invalid' });
    await expect(store().batches.list(all, { limit: 5, cursor })).rejects.toMatchObject({ code: 'cursor-invalid' });
  });

  it('clips a page that is too long or too short', async () => {
    const { id } = await batch(store());
    await store().sessions.addWaiting([waiting(id, unique('k')), waiting(id, unique('k'))]);
    const page = (limit: number) => store().sessions.list(all, { batchId: id }, { order: 'newest', limit });
    expect((await page(0)).items).toHaveLength(1);
    expect((await page(1e9)).items).toHaveLength(2);
  });

  it('keeps and finds hostile text, with NUL and half surrogates made harmless', async () => {
    const { id } = await batch(store(), "'; DROP TABLE sessions; --", 'a\0b\uD800c');
    expect((await store().batches.get(id, all))?.title).toBe('a\uFFFDb\uFFFDc');
    const agentId = unique('a\0%_\uDC00"\'');
    const order = waiting(id, unique('h'), {
      about: { agentId, turns: session().turns.map((turn) => ({ ...turn, text: 'x\0\uD800😀' })) },
    });
    await store().sessions.addWaiting([order]);
    await store().sessions.record([finished(order)]);
    expect(await keysOf(store(), all, { agentId })).toEqual([order.key]);
    expect(await keysOf(store(), agent(agentId), {})).toEqual([order.key]);
    expect(await keysOf(store(), teams("'; DROP TABLE sessions; --"), { batchId: id })).toEqual([order.key]);
    expect((await store().sessions.summary(order.key, all))?.agentId).toBe(agentId.replace(/\0|\uDC00/g, '\uFFFD'));
    // Words are kept to the last unit: they are not columns.
    expect((await store().sessions.result(order.key, all))?.result.turns[0]?.text).toBe('x\0\uD800😀');
  });
}
