import { describe, expect, it } from 'vitest';
import type { Store } from '../store.ts';
import { account, unique } from './build.ts';

export function peopleSuite(store: () => Store, fresh: () => Promise<Store>): void {
  describe('accounts', () => {
    it('come back whole, by id, login in any case, and identity', async () => {
      const login = unique('Ä-Li');
      const external = unique('https://id.example|7');
      const given = account({ login, external, role: 'supervisor', teams: ['a', 'b'], agentId: 'x', mayReadRaw: true });
      const made = await store().accounts.create(given);
      const { passwordHash, external: _, ...shown } = given;
      const whole = { ...shown, login: login.toLowerCase(), id: made.id, active: true, createdAt: made.createdAt };
      expect(made).toEqual(whole);
      expect(await store().accounts.get(made.id)).toEqual(whole);
      expect(await store().accounts.byExternal(external)).toEqual(whole);
      expect(await store().accounts.byLogin(login.toUpperCase())).toEqual({
        ...whole,
        secrets: { passwordHash, failedLogins: 0, lockedUntil: null },
      });
      expect(await store().accounts.get('nobody')).toBeNull();
      expect(await store().accounts.byLogin('nobody\0')).toBeNull();
      expect(await store().accounts.byExternal('nobody')).toBeNull();
    });

    it('have a login of their own, also when two come at once', async () => {
      const login = unique('twin');
      const tries = await Promise.allSettled(
        [login, login.toUpperCase(), login].map((login) => store().accounts.create(account({ login }))),
      );
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of tries)
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'account-exists' });
    });

    it('change where they are told to, and nowhere else', async () => {
      const made = await store().accounts.create(account({ external: null }));
      const lockedUntil = '2026-03-01T00:00:00.000Z';
      expect(
        await store().accounts.update(made.id, { active: false, teams: [], failedLogins: 3, lockedUntil }),
      ).toEqual({
        ...made,
        active: false,
        teams: [],
      });
      expect((await store().accounts.byLogin(made.login))?.secrets).toMatchObject({ failedLogins: 3, lockedUntil });
      expect(await store().accounts.update(made.id, {})).toMatchObject({ active: false });
      expect(await store().accounts.update('nobody', { name: 'x' })).toBeNull();
      const other = await store().accounts.create(account({ external: unique('idp|1') }));
      const taken = (await store().accounts.update(other.id, { name: 'other' }))!;
      expect(taken.name).toBe('other');
    });

    it('cannot take the identity of another', async () => {
      const external = unique('idp|2');
      await store().accounts.create(account({ external }));
      const second = await store().accounts.create(account());
      await expect(store().accounts.update(second.id, { external })).rejects.toMatchObject({ code: 'account-exists' });
      await expect(store().accounts.create(account({ external }))).rejects.toMatchObject({ code: 'account-exists' });
    });

    it('are listed by login, page by page', async () => {
      const logins = Array.from({ length: 7 }, (_, n) => unique(`0-page-${n}`));
      for (const login of logins) await store().accounts.create(account({ login }));
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store().accounts.list({ limit: 3, cursor });
        seen.push(...page.items.map(({ login }) => login));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toEqual([...seen].sort());
      expect(seen).toHaveLength(await store().accounts.count());
      expect(logins.every((login) => seen.includes(login))).toBe(true);
    });

    it('begin with exactly one, however many want to be the first', async () => {
      const empty = await fresh();
      const tries = await Promise.allSettled(
        Array.from({ length: 6 }, () => empty.accounts.createFirst(account({ role: 'admin' }))),
      );
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of tries)
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'account-exists' });
      expect(await empty.accounts.count()).toBe(1);
    });
  });

  describe('logins and tokens', () => {
    it('are found by their hash, are touched, and end', async () => {
      const { id: accountId } = await store().accounts.create(account());
      const login = (idHash: string, expiresAt: string) => ({
        ...{
          idHash,
          accountId,
          csrf: 'c',
          createdAt: '2026-01-01T00:00:00.000Z',
          lastSeenAt: '2026-01-01T00:00:00.000Z',
        },
        expiresAt,
      });
      const [a, b, c] = [unique('h'), unique('h'), unique('h')];
      await store().logins.create(login(a, '2026-02-01T00:00:00.000Z'));
      await store().logins.create(login(b, '2027-02-01T00:00:00.000Z'));
      await store().logins.create(login(c, '2027-02-01T00:00:00.000Z'));
      await store().logins.touch(a, '2026-01-02T00:00:00.000Z');
      expect(await store().logins.get(a)).toEqual({
        ...login(a, '2026-02-01T00:00:00.000Z'),
        lastSeenAt: '2026-01-02T00:00:00.000Z',
      });
      expect(await store().logins.removeExpired('2026-06-01T00:00:00.000Z')).toBe(1);
      expect(await store().logins.get(a)).toBeNull();
      await store().logins.remove(b);
      expect(await store().logins.get(b)).toBeNull();
      expect(await store().logins.removeOf(accountId)).toBe(1);
      expect(await store().logins.removeOf(accountId)).toBe(0);
      await expect(store().logins.create(login(a, '2027-01-01T00:00:00.000Z'))).resolves.toBeUndefined();
      await expect(
        store().logins.create({ ...login(b, '2027-01-01T00:00:00.000Z'), accountId: 'nobody' }),
      ).rejects.toThrow();
    });

    it('never show the hash of a token', async () => {
      const { id: accountId } = await store().accounts.create(account());
      const token = {
        ...{ id: unique('t'), accountId, name: 'ci', scopes: ['sessions.read'] },
        ...{ createdAt: '2026-01-01T00:00:00.000Z', expiresAt: null, lastUsedAt: null },
      };
      const hash = unique('hash');
      await store().tokens.create({ ...token, hash });
      await expect(store().tokens.create({ ...token, id: unique('t'), hash })).rejects.toThrow();
      await store().tokens.touch(token.id, '2026-01-03T00:00:00.000Z');
      const used = { ...token, lastUsedAt: '2026-01-03T00:00:00.000Z' };
      expect(await store().tokens.byHash(hash)).toEqual(used);
      expect(await store().tokens.listOf(accountId)).toEqual([used]);
      expect(await store().tokens.remove(token.id)).toBe(true);
      expect(await store().tokens.remove(token.id)).toBe(false);
      expect(await store().tokens.byHash(hash)).toBeNull();
    });
  });
}
