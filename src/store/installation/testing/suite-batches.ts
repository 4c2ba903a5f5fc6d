import { expect, it } from 'vitest';
import type { Store } from '../store.ts';
import { agent, all, batch, finished, none, problem, settings, teams, unique, waiting } from './build.ts';

const none0 = { files: 0, filesDone: 0, filesDuplicate: 0, sessions: 0, recorded: 0, dead: 0, failures: 0 };

export function batchSuite(store: () => Store): void {
  const counts = async (id: string) => (await store().batches.get(id, all))?.counts;
  const file = (batchId: string, sha256: string, more: { id?: string; again?: boolean } = {}) =>
    store().batches.addFile({ batchId, name: '../../etc/名.zip', sha256, bytes: 5_000_000_000, ...more });

  it('comes back whole, to those who may see it', async () => {
    const team = unique('north');
    const made = await store().batches.create({ title: 'Q1', team, createdBy: 'hook', settings });
    expect(made).toEqual({
      ...{
        id: made.id,
        title: 'Q1',
        team,
        createdBy: 'hook',
        createdAt: made.createdAt,
        closedAt: null,
        finishedAt: null,
      },
      ...{ state: 'receiving', settings, counts: none0 },
    });
    const seen = async (scope: Parameters<Store['batches']['get']>[1]) => [
      await store().batches.get(made.id, scope),
      (await store().batches.list(scope, { limit: 1_000 })).items.find(({ id }) => id === made.id) ?? null,
    ];
    for (const scope of [all, teams('x', team)]) expect(await seen(scope)).toEqual([made, made]);
    for (const scope of [teams('x'), teams(), agent('a'), none]) expect(await seen(scope)).toEqual([null, null]);
  });

  it('is made once where the caller gives the id', async () => {
    const id = unique('call');
    const make = (title: string) => store().batches.create({ id, title, team: null, createdBy: 'hook', settings });
    const made = await Promise.all(['a', 'b', 'c'].map(make));
    expect(new Set(made.map(({ title }) => title)).size).toBe(1);
    expect(await make('d')).toEqual(made[0]);
  });

  it('is listed newest first, by state, page by page', async () => {
    const team = unique('t');
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.unshift((await batch(store(), team)).id);
    await store().batches.move(made[1]!, ['receiving'], 'paused');
    const first = await store().batches.list(teams(team), { limit: 3 });
    const second = await store().batches.list(teams(team), { limit: 3, cursor: first.next! });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made);
    expect(second.next).toBeNull();
    const paused = await store().batches.list(teams(team), { limit: 3, state: 'paused' });
    expect(paused.items.map(({ id }) => id)).toEqual([made[1]]);
  });

  it('moves only from where it is said to be', async () => {
    const { id } = await batch(store());
    expect(await store().batches.move(id, ['running'], 'paused')).toBeNull();
    expect((await store().batches.move(id, ['receiving', 'running'], 'paused'))?.state).toBe('paused');
    const ended = await store().batches.move(id, ['paused'], 'cancelled');
    expect(ended).toMatchObject({ state: 'cancelled', finishedAt: expect.any(String) as string });
    expect(await store().batches.move('no-such', ['receiving'], 'paused')).toBeNull();
    expect(await store().batches.close(id)).toBeNull();
    expect(await file(id, unique('sha'))).toBeNull();
  });

  it('closes once, and takes no file after that', async () => {
    const { id } = await batch(store());
    const closed = await store().batches.close(id);
    expect(closed).toMatchObject({ state: 'running', closedAt: expect.any(String) as string });
    expect(await store().batches.close(id)).toEqual(closed);
    expect(await file(id, unique('sha'))).toBeNull();
    const paused = await batch(store());
    await store().batches.move(paused.id, ['receiving'], 'paused');
    expect(await store().batches.close(paused.id)).toMatchObject({
      state: 'paused',
      closedAt: expect.any(String) as string,
    });
    expect(await store().batches.close('no-such')).toBeNull();
    expect(await store().batches.update(id, { title: 'New', priority: 9 })).toMatchObject({
      title: 'New',
      settings: { ...settings, priority: 9 },
    });
    expect(await store().batches.update('no-such', {})).toBeNull();
  });

  it('takes files, once by id, and knows content that it has had', async () => {
    const { id } = await batch(store());
    const sha = unique('sha');
    const first = (await file(id, sha, { id: unique('f') }))!;
    expect(first).toEqual({
      ...{ id: first.id, batchId: id, name: '../../etc/名.zip', sha256: sha, bytes: 5_000_000_000, state: 'stored' },
      ...{ duplicateOf: null, problem: null, sessions: 0, createdAt: first.createdAt, sidecar: null },
    });
    expect(await file(id, sha, { id: first.id })).toEqual(first);
    expect(await file(id, sha)).toMatchObject({ state: 'duplicate', duplicateOf: first.id });
    expect(await file((await batch(store())).id, sha)).toMatchObject({ state: 'duplicate', duplicateOf: first.id });
    expect(await file(id, sha, { again: true })).toMatchObject({ state: 'stored', duplicateOf: null });
    expect(await counts(id)).toMatchObject({ files: 3, filesDuplicate: 1, filesDone: 0 });
    expect(await file('no-such', sha)).toBeNull();
  });

  it('finds one original among files that come at once', async () => {
    const [one, two] = [await batch(store()), await batch(store())];
    const sha = unique('sha');
    const made = await Promise.all([one, two, one, two, one].map(({ id }) => file(id, sha)));
    const stored = made.filter((one) => one?.state === 'stored');
    expect(stored).toHaveLength(1);
    expect(new Set(made.flatMap((one) => one?.duplicateOf ?? []))).toEqual(new Set([stored[0]!.id]));
  });

  it('does not take for a duplicate what failed or was cancelled', async () => {
    const [failing, cancelled, next] = [await batch(store()), await batch(store()), await batch(store())];
    const [a, b] = [unique('sha'), unique('sha')];
    await store().batches.moveFile((await file(failing.id, a))!.id, 'failed', problem());
    await file(cancelled.id, b);
    await store().batches.move(cancelled.id, ['receiving'], 'cancelled');
    expect((await file(next.id, a))?.state).toBe('stored');
    expect((await file(next.id, b))?.state).toBe('stored');
  });

  it('counts files as they move, and each of them once', async () => {
    const { id } = await batch(store());
    const { id: fileId } = (await file(id, unique('sha')))!;
    await store().batches.moveFile(fileId, 'reading');
    expect(await counts(id)).toMatchObject({ files: 1, filesDone: 0 });
    for (let n = 0; n < 2; n++) await store().batches.moveFile(fileId, 'failed', problem());
    expect(await counts(id)).toMatchObject({ files: 1, filesDone: 1 });
    expect(await store().batches.file(fileId)).toMatchObject({ state: 'failed', problem: problem() });
    await store().batches.moveFile(fileId, 'reading');
    await store().batches.moveFile(fileId, 'done');
    expect(await store().batches.file(fileId)).toMatchObject({ state: 'done', problem: null });
    expect(await counts(id)).toMatchObject({ files: 1, filesDone: 1 });
    expect(await store().batches.file('no-such')).toBeNull();
    await store().batches.addFile({
      batchId: id,
      name: 'b',
      sha256: unique('s'),
      bytes: 1,
      sidecar: { agent: '王\0' },
    });
    const page = await store().batches.files(id, { limit: 1 });
    const rest = await store().batches.files(id, { limit: 1, cursor: page.next! });
    expect([page.items[0]?.id, rest.items[0]?.sidecar, rest.next]).toEqual([fileId, { agent: '王\0' }, null]);
  });

  it('notes each failure once', async () => {
    const { id } = await batch(store());
    const list = [problem(), problem({ message: 'x' }), problem()];
    await Promise.all([store().batches.addFailures(id, 'f', list), store().batches.addFailures(id, 'f', list)]);
    await store().batches.addFailures(id, 'g', [problem()]);
    await store().batches.addFailures(id, null, []);
    const page = await store().batches.failures(id, { limit: 2 });
    const rest = await store().batches.failures(id, { limit: 2, cursor: page.next! });
    expect([...page.items, ...rest.items].map(({ message }) => message).sort()).toEqual([
      'cannot be decoded',
      'cannot be decoded',
      'x',
    ]);
    expect(await counts(id)).toMatchObject({ failures: 3 });
  });

  it('is done when it was closed, every file read and every session recorded or dead', async () => {
    const { id } = await batch(store());
    const done = () => store().batches.finishIfComplete(id);
    const { id: fileId } = (await file(id, unique('sha')))!;
    const orders = [waiting(id, unique('k'), { fileId }), waiting(id, unique('k'), { fileId })];
    await store().sessions.addWaiting(orders);
    expect((await store().batches.file(fileId))?.sessions).toBe(2);
    await store().sessions.record([finished(orders[0]!)]);
    await store().batches.close(id);
    expect(await done()).toBe(false);
    await store().sessions.bury([orders[1]!.key], problem());
    expect(await done()).toBe(false);
    await store().batches.moveFile(fileId, 'done');
    expect(await Promise.all([done(), done()])).toEqual([true, true]);
    expect(await store().batches.get(id, all)).toMatchObject({
      ...{ state: 'done', finishedAt: expect.any(String) as string },
      counts: { files: 1, filesDone: 1, filesDuplicate: 0, sessions: 2, recorded: 1, dead: 1, failures: 1 },
    });
    const open = await batch(store());
    expect(await store().batches.finishIfComplete(open.id)).toBe(false);
    expect(await store().batches.finishIfComplete('no-such')).toBe(false);
  });

  it('lets what was given up wait again', async () => {
    const { id } = await batch(store());
    const broken = (await file(id, unique('sha')))!;
    const read = (await file(id, unique('sha')))!;
    await store().batches.moveFile(broken.id, 'failed', problem());
    await store().batches.addFailures(id, broken.id, [problem()]);
    await store().batches.moveFile(read.id, 'done');
    const order = waiting(id, unique('k'), { fileId: read.id });
    await store().sessions.addWaiting([order]);
    await store().sessions.bury([order.key], problem());
    await store().batches.close(id);
    expect(await store().batches.finishIfComplete(id)).toBe(true);
    expect(await store().batches.revive(id)).toEqual({ files: [broken.id], keys: [order.key] });
    expect(await store().batches.get(id, all)).toMatchObject({
      ...{ state: 'running', finishedAt: null },
      counts: { files: 2, filesDone: 1, sessions: 1, recorded: 0, dead: 0, failures: 0 },
    });
    expect(await store().batches.revive(id)).toEqual({ files: [], keys: [] });
    expect(await store().batches.revive('no-such')).toEqual({ files: [], keys: [] });
  });

  it('names files whose job may be lost', async () => {
    const { id } = await batch(store());
    const [stored, reading, done] = [
      await file(id, unique('s')),
      await file(id, unique('s')),
      await file(id, unique('s')),
    ];
    await store().batches.moveFile(reading!.id, 'reading');
    await store().batches.moveFile(done!.id, 'done');
    const own = async (olderThan: string) =>
      (await store().batches.strandedFiles({ olderThan, limit: 1_000 })).filter(({ batchId }) => batchId === id);
    const soon = new Date(Date.now() + 60_000).toISOString();
    expect((await own(soon)).map((one) => one.id).sort()).toEqual([stored!.id, reading!.id].sort());
    expect(await own('2020-01-01T00:00:00.000Z')).toEqual([]);
    await store().batches.move(id, ['receiving'], 'cancelled');
    expect(await own(soon)).toEqual([]);
  });
}
