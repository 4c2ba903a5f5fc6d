import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../audit.ts';
import type { AuditEntry, Store } from '../store.ts';
import { account, unique } from './build.ts';

export function proofSuite(store: () => Store, fresh: () => Promise<Store>): void {
  describe('audit', () => {
    const entry = (n: number) => ({
      actor: 'acc\0ount',
      action: `do.${n % 2}`,
      target: `session:${n}`,
      detail: { b: [1, { z: null, a: 'x\0\uD800' }], a: n, gone: undefined },
    });

    it('is one chain, however many append at once, and says so', async () => {
      const log = await fresh();
      const made = await Promise.all(Array.from({ length: 20 }, (_, n) => log.audit.append(entry(n))));
      const read: AuditEntry[] = [];
      for await (const one of log.audit.all()) read.push(one);
      expect(read).toEqual(made.sort((a, b) => a.seq - b.seq));
      expect(read.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
      const { seq, hash } = read.at(-1)!;
      expect(await verifyAudit(read, { seq, hash })).toEqual({ entries: 20, head: { seq, hash }, broken: null });
    });

    it('is listed newest first, by who, what and on what', async () => {
      const log = await fresh();
      for (let n = 0; n < 6; n++) await log.audit.append(entry(n));
      const first = await log.audit.list({ limit: 2, action: 'do.1' });
      const second = await log.audit.list({ limit: 2, action: 'do.1', cursor: first.next! });
      expect([...first.items, ...second.items].map(({ seq }) => seq)).toEqual([6, 4, 2]);
      expect((await log.audit.list({ limit: 9, target: 'session:3' })).items.map(({ seq }) => seq)).toEqual([4]);
      expect((await log.audit.list({ limit: 9, actor: 'nobody' })).items).toEqual([]);
      await expect(log.audit.list({ limit: 9, cursor: 'x' })).rejects.toMatchObject({ code: 'cursor-invalid' });
    });
  });

  describe('bundles', () => {
    it('come back with their files, each content once, and the last publication is in force', async () => {
      const [hash, id] = [unique('hash'), unique('card')];
      const sha = unique('sha');
      const bytes = Buffer.from([0, 255, 1]);
      const file = { path: '/a.yaml', sha256: sha, bytes };
      const bundle = {
        kind: 'scorecard' as const,
        hash,
        id,
        version: '3',
        path: '/a.yaml',
        files: [file, { ...file, path: '/b.yaml' }],
      };
      await store().bundles.pin(bundle);
      await store().bundles.pin({ ...bundle, path: '/moved/a.yaml' });
      expect(await store().bundles.get('scorecard', hash)).toEqual({
        ...{ hash, id, version: '3', path: '/moved/a.yaml' },
        files: [
          { path: '/a.yaml', sha256: sha },
          { path: '/b.yaml', sha256: sha },
        ],
      });
      expect(Buffer.from((await store().bundles.artefact(sha))!)).toEqual(bytes);
      expect(await store().bundles.get('sentiment', hash)).toBeNull();
      expect(await store().bundles.artefact('none')).toBeNull();
      for (const version of ['3', '4', '4', '3']) await store().bundles.publish(id, version, `${hash}-${version}`);
      expect((await store().bundles.published()).filter((one) => one.id === id)).toEqual([
        { id, version: '3', hash: `${hash}-3` },
      ]);
      expect((await store().bundles.versions(id)).map(({ version }) => version)).toEqual(['3', '4', '3']);
    });
  });

  describe('webhooks', () => {
    const hook = (id: string) => ({
      ...{ id, url: 'https://example.com/x', events: ['session.high-risk'], team: null, active: true, createdBy: 'a' },
      createdAt: '2026-01-01T00:00:00.000Z',
    });

    it('keep their secret from lists, and change', async () => {
      const id = unique('w');
      await store().webhooks.create({ ...hook(id), secret: 's' });
      expect((await store().webhooks.list()).filter((one) => one.id === id)).toEqual([hook(id)]);
      expect(await store().webhooks.get(id)).toEqual({ ...hook(id), secret: 's' });
      expect(await store().webhooks.update(id, { active: false, team: 'north', secret: 't' })).toBe(true);
      expect(await store().webhooks.get(id)).toEqual({ ...hook(id), active: false, team: 'north', secret: 't' });
      expect(await store().webhooks.update('no-such', { active: true })).toBe(false);
      expect(await store().webhooks.update('no-such', {})).toBe(false);
    });

    it('tell each thing once, note every try, and go with all that they told', async () => {
      const id = unique('w');
      await store().webhooks.create({ ...hook(id), secret: 's' });
      const delivery = { id: unique('d'), webhookId: id, event: 'e', body: '{"data":{"key":"k"}}' };
      const added = await Promise.all([1, 2, 3].map(() => store().webhooks.addDelivery(delivery)));
      expect(added.filter(Boolean)).toHaveLength(1);
      await store().webhooks.noteDelivery(delivery.id, { state: 'waiting', lastStatus: 500, lastError: 'x' });
      await store().webhooks.noteDelivery(delivery.id, { state: 'delivered', lastStatus: 200, lastError: null });
      const whole = {
        ...{ ...delivery, state: 'delivered', attempts: 2, lastStatus: 200, lastError: null },
        ...{ createdAt: expect.any(String) as string, deliveredAt: expect.any(String) as string },
      };
      expect(await store().webhooks.delivery(delivery.id)).toEqual(whole);
      await store().webhooks.addDelivery({ ...delivery, id: unique('d'), body: 'not json' });
      const page = await store().webhooks.deliveries(id, { limit: 1 });
      expect((await store().webhooks.deliveries(id, { limit: 1, cursor: page.next! })).items).toEqual([whole]);
      expect([await store().webhooks.remove(id), await store().webhooks.remove(id)]).toEqual([true, false]);
      expect(await store().webhooks.delivery(delivery.id)).toBeNull();
    });
  });

  describe('replies', () => {
    it('let one of many requests with the same key through, and answer the others as it was answered', async () => {
      const { id } = await store().accounts.create(account());
      const key = unique('idem');
      const claim = (hash = 'h', who = id) => store().replies.claim(key, who, hash, '2026-01-01T00:00:00.000Z');
      const claims = await Promise.all([claim(), claim(), claim()]);
      expect(claims.filter((one) => one === null)).toHaveLength(1);
      expect(claims.filter(Boolean)).toEqual([1, 2].map(() => ({ requestHash: 'h', reply: 'pending' })));
      await store().replies.settle(key, id, { status: 201, body: '{"a":"\\u0000"}' });
      expect(await claim('other')).toEqual({ requestHash: 'h', reply: { status: 201, body: '{"a":"\\u0000"}' } });
      expect(await claim('h', 'somebody-else')).toBeNull();
      await store().replies.release(key, id);
      expect(await claim()).toBeNull();
      expect(await store().replies.removeOlderThan('2026-01-02T00:00:00.000Z')).toBeGreaterThanOrEqual(2);
      expect(await claim()).toBeNull();
    });
  });
}
