import { expect, it } from 'vitest';
import { sessionResultSchema } from '../../../session/index.ts';
import type { Store } from '../store.ts';
import { all, batch, finished, problem, teams, unique, waiting } from './build.ts';

const recording = (sha256: string) => ({
  ...{ path: 'secret-name.wav', sha256, durationMs: 9_000, container: 'wav', codec: 'pcm', sampleRate: 8_000 },
  ...{ channels: 1, roles: ['mixed' as const] },
});

export function upkeepSuite(store: () => Store): void {
  async function recorded(customerId: string, more: { sha?: string; startedAt?: string; fileId?: string } = {}) {
    const { id } = await batch(store(), 'kept');
    const order = waiting(id, unique('k'), {
      ...(more.fileId === undefined ? {} : { fileId: more.fileId }),
      recordingSha256: more.sha ?? null,
      about: {
        customerId,
        startedAt: more.startedAt ?? '2026-03-02T10:00:00.000Z',
        recording: more.sha === undefined ? null : recording(more.sha),
      },
      notices: [problem({ path: 'secret-name.wav', message: 'secret-words' })],
    });
    await store().sessions.addWaiting([order]);
    await store().sessions.record([finished(order)]);
    return { ...order, batchId: id };
  }
  const summary = (key: string) => store().sessions.summary(key, all);
  const everything = async (key: string) =>
    JSON.stringify([
      await summary(key),
      await store().sessions.result(key, all),
      await store().sessions.waiting([key]),
    ]);

  it('holds by key and by customer, and says what a customer left', async () => {
    const customer = unique('customer');
    const [a, b] = [await recorded(customer), await recorded(customer, { sha: unique('sha') })];
    expect(await store().upkeep.hold({ keys: [a.key, 'no-such'] }, true)).toBe(1);
    const of = async () => (await store().upkeep.ofCustomer(customer)).map(({ key, held }) => [key, held]);
    expect(await of()).toEqual(
      [
        [a.key, true],
        [b.key, false],
      ].sort(),
    );
    expect(await store().upkeep.hold({ customerId: customer }, true)).toBe(2);
    expect((await summary(b.key))?.held).toBe(true);
    expect(await store().upkeep.strip([a.key, b.key], 'result')).toBe(0);
    expect((await store().sessions.result(a.key, all))?.result.id).toBe(a.session.id);
    await store().upkeep.hold({ customerId: customer }, false);
    expect(await of()).toEqual(
      [
        [a.key, false],
        [b.key, false],
      ].sort(),
    );
  });

  it('names what is older and not held, until it is stripped', async () => {
    const old = await recorded(unique('c'), { startedAt: '1999-05-01T00:00:00.000Z', sha: unique('sha') });
    const held = await recorded(unique('c'), { startedAt: '1999-05-01T00:00:00.000Z', sha: unique('sha') });
    const younger = await recorded(unique('c'), { startedAt: '1999-05-03T00:00:00.000Z', sha: unique('sha') });
    await store().upkeep.hold({ keys: [held.key] }, true);
    const expired = async (artefact: 'recording' | 'transcript' | 'result') =>
      (await store().upkeep.expired(artefact, '1999-05-02T00:00:00.000Z', 1_000)).map(({ key }) => key);
    for (const artefact of ['recording', 'transcript', 'result'] as const) {
      expect(await expired(artefact)).toEqual([old.key]);
      expect(await store().upkeep.strip([old.key], artefact)).toBe(1);
      expect(await store().upkeep.strip([old.key], artefact)).toBe(0);
      expect(await expired(artefact)).toEqual([]);
    }
    expect((await summary(younger.key))?.hasRecording).toBe(true);
    await expect(store().upkeep.expired('result', 'soon', 5)).rejects.toMatchObject({ code: 'usage' });
  });

  it('forgets the name of a recording and keeps what was judged', async () => {
    const sha = unique('sha');
    const { key } = await recorded(unique('c'), { sha });
    await store().upkeep.strip([key], 'recording');
    const kept = await everything(key);
    for (const gone of [sha, 'secret-name']) expect(kept).not.toContain(gone);
    expect(kept).toContain('secret-words');
    const { result, damaged } = (await store().sessions.result(key, all))!;
    expect(damaged).toEqual([]);
    expect(sessionResultSchema.parse(result)).toMatchObject({ score: 80, recording: { durationMs: 9_000, path: '' } });
    expect(await summary(key)).toMatchObject({ hasRecording: false, state: 'recorded' });
  });

  it('forgets every word and quote, and keeps verdicts, scores and times', async () => {
    const { key } = await recorded(unique('c'));
    const before = (await store().sessions.result(key, all))!.result;
    await store().upkeep.strip([key], 'transcript');
    const kept = await everything(key);
    expect(kept).not.toContain('secret-words');
    const { result, damaged } = (await store().sessions.result(key, all))!;
    expect(damaged).toEqual([]);
    expect(sessionResultSchema.parse(result)).toEqual(result);
    expect([
      result.score,
      result.passed,
      result.risk.probability,
      result.items.map(({ id, verdict }) => [id, verdict]),
    ]).toEqual([
      ...[before.score, before.passed, before.risk.probability],
      before.items.map(({ id, verdict }) => [id, verdict]),
    ]);
    expect(result.turns.map(({ speaker, startMs, text }) => [speaker, startMs, text])).toEqual([
      ['customer', 0, ''],
      ['agent', 5_000, ''],
    ]);
    expect(await store().sessions.waiting([key])).toEqual([]);
  });

  it('leaves only the key and times of an erased session, and lets nothing of it come back', async () => {
    const customer = unique('customer');
    const order = await recorded(customer, { sha: unique('sha') });
    const { key } = order;
    const webhookId = unique('w');
    await store().webhooks.create({
      ...{
        id: webhookId,
        url: 'https://example.com',
        events: [],
        team: null,
        active: true,
        createdBy: 'a',
        secret: 's',
      },
      createdAt: '2026-01-01T00:00:00.000Z',
    });
    const told = {
      id: unique('d'),
      webhookId,
      event: 'e',
      body: JSON.stringify({ data: { key, quote: 'secret-words' } }),
    };
    await store().webhooks.addDelivery(told);
    await store().replies.claim('idem', key, 'h', '2026-01-01T00:00:00.000Z');
    await store().replies.settle('idem', key, { status: 200, body: told.body });
    const before = (await summary(key))!;
    expect(await store().upkeep.strip([key], 'result')).toBe(1);
    expect(await summary(key)).toEqual({
      ...before,
      ...{ id: '', language: 'und', agentId: null, customerId: null, team: null, queue: null, durationMs: null },
      ...{
        scorecardId: null,
        scorecardVersion: null,
        scorecardHash: null,
        score: null,
        passed: null,
        provisional: false,
      },
      ...{ autoFails: 0, probability: null, band: null, reason: null, hasRecording: false },
    });
    expect(await store().sessions.result(key, all)).toBeNull();
    expect(await summary(key)).not.toEqual(await store().sessions.summary(key, teams('kept')));
    expect(await store().upkeep.ofCustomer(customer)).toEqual([]);
    expect(await store().webhooks.delivery(told.id)).toMatchObject({ body: '{}', state: 'dead', lastError: 'erased' });
    expect(await store().replies.claim('idem', key, 'h', '2026-01-01T00:00:00.000Z')).toBeNull();
    expect(await store().sessions.record([finished(order)], { again: true })).toEqual({ recorded: [], repeated: [] });
    expect(await store().sessions.addWaiting([order])).toEqual([]);
    expect(await everything(key)).not.toContain('secret');
  });

  it('counts a waiting session as dead when what it rests on is erased', async () => {
    const { id } = await batch(store());
    const order = waiting(id, unique('k'));
    await store().sessions.addWaiting([order]);
    await store().upkeep.strip([order.key], 'result');
    expect((await store().batches.get(id, all))?.counts).toMatchObject({ sessions: 1, recorded: 0, dead: 1 });
    await store().batches.close(id);
    expect(await store().batches.finishIfComplete(id)).toBe(true);
    expect(await store().batches.revive(id)).toEqual({ files: [], keys: [] });
  });

  it('knows which archive objects are still needed, and for what', async () => {
    const { id } = await batch(store());
    const [upload, other, call, stray] = [unique('zip'), unique('chats'), unique('wav'), unique('stray')];
    const add = (sha256: string) => store().batches.addFile({ batchId: id, name: 'secret-name', sha256, bytes: 1 });
    const [zip, chats] = [(await add(upload))!, (await add(other))!];
    const unneeded = () => store().upkeep.unreferenced([upload, other, call, stray]);
    const references = async () => {
      const found: string[] = [];
      for await (const { sha256, kind, target } of store().upkeep.references())
        if ([upload, other, call].includes(sha256)) found.push(`${kind} ${target}`);
      return found.sort();
    };
    expect(await unneeded()).toEqual([call, stray]);
    const spoken = waiting(id, unique('k'), { fileId: zip.id, recordingSha256: call });
    const written = waiting(id, unique('k'), { fileId: chats.id });
    await store().sessions.addWaiting([spoken, written]);
    await store().sessions.record([finished(spoken), finished(written)]);
    for (const file of [zip, chats]) await store().batches.moveFile(file.id, 'done');
    await store().batches.close(id);
    await store().batches.finishIfComplete(id);
    expect(await unneeded()).toEqual([stray]);
    expect(await references()).toEqual(
      [`file file:${zip.id}`, `file file:${chats.id}`, `recording session:${spoken.key}`].sort(),
    );
    await store().upkeep.hold({ keys: [spoken.key] }, true);
    expect(await store().upkeep.heldIn([upload, other])).toEqual([{ key: spoken.key, fileSha256: upload }]);
    await store().upkeep.hold({ keys: [spoken.key] }, false);
    await store().upkeep.strip([spoken.key], 'recording');
    expect(await unneeded()).toEqual([upload, call, stray]);
    expect(await store().upkeep.forgetFiles([other], 'erased 2026')).toBe(1);
    expect(await unneeded()).toEqual([upload, other, call, stray]);
    expect(await references()).toEqual([]);
    expect((await store().batches.file(chats.id))?.name).toBe('erased 2026');
    await store().upkeep.strip([spoken.key], 'result');
    expect((await store().batches.file(zip.id))?.name).toBe('');
  });
}
