import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../store/index.ts';
import { openTestApp, password, type Credentials, type TestApp } from '../testing/app.ts';
import { fingerprint, setUpToken } from './secrets.ts';
import { hash } from '@node-rs/argon2';
import type { LightMyRequestResponse } from 'fastify';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const api = (path: string) => `/api/v1${path}`;
const cookieOf = (answer: LightMyRequestResponse, name = 'earwitness') =>
  answer.cookies.find((cookie) => cookie.name === name);
const asCookie = (answer: LightMyRequestResponse): Credentials => ({
  cookie: answer.cookies
    .filter(({ value }) => value !== '')
    .map(({ name, value }) => `${name}=${value}`)
    .join('; '),
  'x-csrf-token': answer.json<{ csrf: string }>().csrf,
});
const logIn = (
  login: string,
  pass = password,
  more: { headers?: Record<string, string>; remoteAddress?: string } = {},
) => test.ask({ method: 'POST', url: api('/login'), payload: { login, password: pass }, ...more });
const me = async (as: Credentials) => (await test.ask({ url: api('/me'), as })).statusCode;
async function audited(action: string): Promise<AuditEntry[]> {
  return (await test.context.store.audit.list({ limit: 200, action })).items;
}

describe('set-up', () => {
  it('makes one admin of those who come at once with the token from the console, and none after', async () => {
    const fresh = await openTestApp();
    try {
      const setUp = (token: string, login: string, pass = 'a sentence nobody guesses') =>
        fresh.ask({ method: 'POST', url: api('/set-up'), payload: { token, login, name: 'Ada', password: pass } });
      expect((await fresh.ask({ url: api('/set-up') })).json()).toEqual({ needed: true, oidc: false });
      expect((await setUp('guessed', 'ada')).json()).toMatchObject({ status: 403, code: 'set-up-token-wrong' });
      const token = setUpToken(fresh.context.config.secret);
      expect((await setUp(token, 'ada', 'adaadaadaadaada')).json()).toMatchObject({ code: 'password-weak' });
      const answers = await Promise.all(['ada', 'bob', 'cyd'].map((login) => setUp(token, login)));
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409, 409]);
      const first = answers.find(({ statusCode }) => statusCode === 201)!;
      expect(first.json()).toMatchObject({ account: { role: 'admin' }, via: 'cookie' });
      expect((await fresh.ask({ url: api('/me'), as: asCookie(first) })).statusCode).toBe(200);
      expect((await setUp(token, 'eve')).json()).toMatchObject({ status: 409, code: 'set-up-done' });
      expect((await fresh.ask({ url: api('/set-up') })).json()).toEqual({ needed: false, oidc: false });
      expect(await fresh.context.store.accounts.count()).toBe(1);
    } finally {
      await fresh.close();
    }
  });
});

describe('logging in', () => {
  it('sets a cookie that scripts and other sites do not get, and keeps its hash alone', async () => {
    const account = await test.account('lead');
    const answer = await logIn(account.login.toUpperCase());
    expect(answer.json()).toMatchObject({ account: { id: account.id }, via: 'cookie' });
    const cookie = cookieOf(answer)!;
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 43_200 });
    expect(cookie.secure).toBeUndefined();
    expect(await test.context.store.logins.get(cookie.value)).toBeNull();
    expect(await test.context.store.logins.get(fingerprint(cookie.value))).toMatchObject({ accountId: account.id });
    expect(await audited('login')).toContainEqual(expect.objectContaining({ actor: account.id }));
  });

  it('sets a cookie of this host alone where the site is behind https, and HSTS', async () => {
    const secure = await openTestApp({ config: { publicUrl: 'https://qa.example.com' } });
    try {
      const { login } = await secure.account('lead');
      const answer = await secure.ask({ method: 'POST', url: api('/login'), payload: { login, password } });
      expect(cookieOf(answer, '__Host-earwitness')).toMatchObject({ secure: true, httpOnly: true, path: '/' });
      expect(cookieOf(answer, '__Host-earwitness')).not.toHaveProperty('domain');
      expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    } finally {
      await secure.close();
    }
  });

  it('takes a new cookie each time; the one brought along is worth nothing after', async () => {
    const { login } = await test.account('lead');
    const first = await logIn(login);
    const second = await logIn(login, password, { headers: { cookie: `earwitness=${cookieOf(first)!.value}` } });
    expect(cookieOf(second)!.value).not.toBe(cookieOf(first)!.value);
    expect([await me(asCookie(first)), await me(asCookie(second))]).toEqual([401, 200]);
    const fixed = 'F'.repeat(43);
    const third = await logIn(login, password, { headers: { cookie: `earwitness=${fixed}` } });
    expect(cookieOf(third)!.value).not.toBe(fixed);
    expect(await me({ cookie: `earwitness=${fixed}` })).toBe(401);
  });

  it('answers unknown logins, wrong passwords and closed accounts alike', async () => {
    const account = await test.account('lead');
    const closed = await test.account('lead', { active: false });
    const answers = [await logIn('nobody-knows'), await logIn(account.login, 'wrong'), await logIn(closed.login)];
    const bodies = answers.map((answer) => ({ ...answer.json<object>(), requestId: '' }));
    expect(bodies[0]).toMatchObject({ status: 401, code: 'login-wrong' });
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[2]).toEqual(bodies[0]);
    const entries = await audited('login.failed');
    expect(entries.map(({ target }) => target)).toContain('account:unknown');
    expect(JSON.stringify(entries)).not.toContain('nobody-knows');
  });

  it('hashes anew what was hashed with other parameters', async () => {
    const account = await test.account('lead');
    const weak = await hash(password, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await test.context.store.accounts.update(account.id, { passwordHash: weak });
    expect((await logIn(account.login)).statusCode).toBe(200);
    const found = await test.context.store.accounts.byLogin(account.login);
    expect(found!.secrets.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await logIn(account.login)).statusCode).toBe(200);
  });

  it('ends when idle, at its absolute end, and at log-out', async () => {
    const own = await openTestApp();
    try {
      const { login } = await own.account('lead');
      const enter = async () =>
        asCookie(await own.ask({ method: 'POST', url: api('/login'), payload: { login, password } }));
      const status = async (as: Credentials) => (await own.ask({ url: api('/me'), as })).statusCode;
      const idle = await enter();
      own.later(119 * 60_000);
      expect(await status(idle)).toBe(200);
      own.later(121 * 60_000);
      expect(await status(idle)).toBe(401);
      const busy = await enter();
      const seen = [];
      for (let hour = 1; hour <= 12; hour++) {
        own.later(3_600_000);
        seen.push(await status(busy));
      }
      expect(seen).toEqual([...Array<number>(11).fill(200), 401]);
      const left = await enter();
      expect((await own.ask({ method: 'POST', url: api('/logout'), as: left })).statusCode).toBe(204);
      expect(await status(left)).toBe(401);
    } finally {
      await own.close();
    }
  });
});

describe('guessing', () => {
  it('has to wait longer and longer, alike for known and unknown logins', async () => {
    const own = await openTestApp();
    try {
      const account = await own.account('lead');
      let address = 0;
      const guess = async (login: string, pass = 'wrong') => {
        const answer = await own.ask({
          method: 'POST',
          url: api('/login'),
          payload: { login, password: pass },
          remoteAddress: `192.0.2.${++address % 250}`,
        });
        return answer.statusCode === 429 ? `wait ${answer.headers['retry-after'] as string}` : answer.statusCode;
      };
      for (const login of [account.login, 'unknown']) {
        const answers = [];
        for (let n = 0; n < 6; n++) answers.push(await guess(login));
        expect(answers).toEqual([401, 401, 401, 401, 401, 'wait 2']);
        own.later(2_000);
        expect([await guess(login), await guess(login)]).toEqual([401, 'wait 4']);
      }
      expect(await guess(account.login, password)).toMatch(/^wait/);
      own.later(300_000);
      expect(await guess(account.login, password)).toBe(200);
      expect((await own.context.store.accounts.byLogin(account.login))!.secrets).toMatchObject({ failedLogins: 0 });
    } finally {
      await own.close();
    }
  });

  it('counts guesses that are sent at the same time', async () => {
    const { login } = await test.account('lead');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => logIn(login, `wrong ${n}`, { remoteAddress: `198.51.100.${n}` })),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(5);
  });

  it('does not keep out a browser that logged in before', async () => {
    const account = await test.account('lead');
    const before = await logIn(account.login);
    const device = { cookie: `earwitness-device=${cookieOf(before, 'earwitness-device')!.value}` };
    for (let n = 0; n < 6; n++) await logIn(account.login, 'wrong', { remoteAddress: `203.0.113.${n}` });
    expect((await logIn(account.login)).statusCode).toBe(429);
    expect((await logIn(account.login, password, { headers: device })).statusCode).toBe(200);
    const other = await test.account('lead');
    for (let n = 0; n < 6; n++) await logIn(other.login, 'wrong', { remoteAddress: `203.0.113.${n + 10}` });
    expect((await logIn(other.login, password, { headers: device })).statusCode).toBe(429);
    const forged = { cookie: `earwitness-device=${Buffer.from(`${other.id}\nx`).toString('base64url')}.x` };
    expect((await logIn(other.login, password, { headers: forged })).statusCode).toBe(429);
  });

  it('is bounded for each address', async () => {
    const statuses = [];
    for (let n = 0; n < 21; n++)
      statuses.push((await logIn(`nobody-${n}`, 'x', { remoteAddress: '192.0.2.251' })).statusCode);
    expect(statuses.slice(0, 20)).toEqual(Array<number>(20).fill(401));
    expect(statuses[20]).toBe(429);
  });
});

describe('other sites', () => {
  it('cannot have a browser send anything that changes', async () => {
    const as = await test.login(await test.account('lead'));
    const change = async (headers: Record<string, string>, credentials: Credentials = as) =>
      (await test.ask({ method: 'PATCH', url: api('/me'), as: credentials, headers, payload: { name: 'New' } }))
        .statusCode;
    const { cookie } = as as { cookie: string };
    expect(await change({})).toBe(200);
    expect(await change({ origin: test.context.config.publicUrl, 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await change({}, { cookie })).toBe(403);
    expect(await change({ 'x-csrf-token': 'x'.repeat(43) })).toBe(403);
    expect(await change({ origin: 'https://evil.example' })).toBe(403);
    expect(await change({ origin: 'null' })).toBe(403);
    expect(await change({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await change({ 'sec-fetch-site': 'same-site' })).toBe(403);
    const other = await test.login(await test.account('lead'));
    expect(await change({}, { cookie, 'x-csrf-token': other['x-csrf-token']! })).toBe(403);
  });

  it('cannot log anybody in', async () => {
    const { login } = await test.account('lead');
    const answer = await logIn(login, password, { headers: { origin: 'https://evil.example' } });
    expect([answer.statusCode, answer.cookies]).toEqual([403, []]);
  });
});

describe('API tokens', () => {
  it('are shown once, kept as a hash, and do what they name', async () => {
    const account = await test.account('lead', { mayReadRaw: true });
    const as = await test.login(account);
    const create = (body: object) => test.ask({ method: 'POST', url: api('/tokens'), as, payload: body });
    const made = (await create({ name: 'robot', scopes: ['tokens.own', 'raw.read'] })).json<{
      id: string;
      token: string;
    }>();
    expect(made.token).toMatch(/^ew_[\w-]{43}$/);
    const listed = await test.ask({ url: api('/tokens'), as });
    expect(listed.body).not.toContain(made.token);
    const bearer = { authorization: `Bearer ${made.token}` };
    expect((await test.ask({ url: api('/tokens'), as: bearer })).statusCode).toBe(200);
    expect((await test.ask({ url: api('/me'), as: bearer })).json()).toMatchObject({
      status: 403,
      code: 'scope-missing',
    });
    const grow = await test.ask({
      method: 'POST',
      url: api('/tokens'),
      as: bearer,
      payload: { name: 'x', scopes: ['tokens.own'] },
    });
    expect(grow.json()).toMatchObject({ status: 403, code: 'login-cookie-needed' });
    const gone = await test.ask({ method: 'DELETE', url: api(`/tokens/${made.id}`), as });
    expect(gone.statusCode).toBe(204);
    expect((await test.ask({ url: api('/tokens'), as: bearer })).json()).toMatchObject({
      status: 401,
      code: 'token-invalid',
    });
  });

  it('never have more than their owner has, now or later', async () => {
    const account = await test.account('lead');
    const as = await test.login(account);
    const create = async (scopes: string[]) =>
      (await test.ask({ method: 'POST', url: api('/tokens'), as, payload: { name: 'x', scopes } })).statusCode;
    expect([await create(['accounts.manage']), await create(['raw.read']), await create(['everything'])]).toEqual([
      403, 403, 400,
    ]);
    const admin = await test.account('admin');
    const bearer = await test.token(admin, ['accounts.manage']);
    expect((await test.ask({ url: api('/accounts'), as: bearer })).statusCode).toBe(200);
    await test.context.store.accounts.update(admin.id, { role: 'lead' });
    expect((await test.ask({ url: api('/accounts'), as: bearer })).statusCode).toBe(403);
  });

  it('expire, belong to one account, and are refused in any other shape', async () => {
    const account = await test.account('lead');
    const bearer = await test.token(
      account,
      ['account.own'],
      new Date(test.context.now().getTime() + 60_000).toISOString(),
    );
    expect(await me(bearer)).toBe(200);
    const [token] = await test.context.store.tokens.listOf(account.id);
    const stranger = await test.login(await test.account('admin'));
    expect((await test.ask({ method: 'DELETE', url: api(`/tokens/${token!.id}`), as: stranger })).statusCode).toBe(404);
    expect(await me(await test.token(account, ['account.own'], '2020-01-01T00:00:00.000Z'))).toBe(401);
    for (const authorization of [
      'Bearer',
      'Basic YTpi',
      `Bearer ew_${'A'.repeat(43)}`,
      'Bearer ew_short',
      `Bearer ${'ew_'.repeat(500)}`,
    ])
      expect(await me({ authorization })).toBe(401);
    // A token that fails never falls back on a cookie that came with it.
    expect(await me({ ...(await test.login(account)), authorization: 'Bearer ew_x' })).toBe(401);
  });

  it('that are tried one after another from one address are refused before they are looked up', async () => {
    const own = await openTestApp();
    try {
      const statuses = [];
      for (let n = 0; n < 61; n++)
        statuses.push(
          (await own.ask({ url: api('/me'), as: { authorization: `Bearer ew_${String(n).padStart(43, 'A')}` } }))
            .statusCode,
        );
      expect([statuses[59], statuses[60]]).toEqual([401, 429]);
      expect((await own.ask({ url: api('/me'), as: await own.login(await own.account('lead')) })).statusCode).toBe(200);
    } finally {
      await own.close();
    }
  });
});

describe('accounts', () => {
  const admin = async () => test.login(await test.account('admin'));

  it('that are closed are out at once, with logins and tokens', async () => {
    const account = await test.account('lead');
    const [cookie, bearer] = [await test.login(account), await test.token(account, ['account.own'])];
    expect([await me(cookie), await me(bearer)]).toEqual([200, 200]);
    const close = (active: boolean, as: Credentials) =>
      test.ask({ method: 'PATCH', url: api(`/accounts/${account.id}`), as, payload: { active } });
    expect((await close(false, await admin())).json()).toMatchObject({ id: account.id, active: false });
    expect([await me(cookie), await me(bearer), (await logIn(account.login)).statusCode]).toEqual([401, 401, 401]);
    // Opening it again brings back neither.
    await close(true, await admin());
    expect([await me(cookie), await me(bearer)]).toEqual([401, 401]);
  });

  it('lose their logins with every change of rights, and keep them with a change of name', async () => {
    const account = await test.account('supervisor', { teams: ['A'] });
    const change = async (payload: object) => {
      const cookie = await test.login(account);
      const answer = await test.ask({
        method: 'PATCH',
        url: api(`/accounts/${account.id}`),
        as: await admin(),
        payload,
      });
      expect(answer.statusCode).toBe(200);
      return me(cookie);
    };
    expect(await change({ name: 'Renamed' })).toBe(200);
    for (const payload of [
      { role: 'reviewer' },
      { teams: ['B'] },
      { agentId: 'a-1' },
      { mayReadRaw: true },
      { password: 'yet another pass phrase' },
    ])
      expect(await change(payload)).toBe(401);
    const { login } = account;
    expect([(await logIn(login)).statusCode, (await logIn(login, 'yet another pass phrase')).statusCode]).toEqual([
      401, 200,
    ]);
  });

  it('are made by admins in a browser, once for each login', async () => {
    const as = await admin();
    const payload = {
      login: 'Mei.Lin',
      name: 'Mei Lin',
      role: 'agent',
      agentId: 'a-7',
      password: 'a pass phrase of hers',
    };
    const make = (credentials: Credentials, more = {}) =>
      test.ask({ method: 'POST', url: api('/accounts'), as: credentials, payload: { ...payload, ...more } });
    const made = await make(as);
    expect([made.statusCode, made.json<{ login: string }>().login]).toEqual([201, 'mei.lin']);
    expect(made.body).not.toMatch(/argon2|passwordHash/);
    expect((await make(as)).json()).toMatchObject({ status: 409, code: 'account-exists' });
    expect((await make(as, { login: 'other', password: 'password123!' })).json()).toMatchObject({
      code: 'password-weak',
    });
    expect((await make(as, { login: 'other', password: 'short' })).json()).toMatchObject({ code: 'request-invalid' });
    const bearer = await test.token(await test.account('admin'), ['accounts.manage']);
    expect((await make(bearer, { login: 'backdoor' })).json()).toMatchObject({ code: 'login-cookie-needed' });
  });

  it('change their own password with the present one, which ends every other login', async () => {
    const account = await test.account('agent');
    const [here, there] = [await test.login(account), await test.login(account)];
    const change = (current: string) =>
      test.ask({
        method: 'POST',
        url: api('/me/password'),
        as: here,
        payload: { current, next: 'quite another phrase' },
      });
    expect((await change('wrong')).json()).toMatchObject({ code: 'login-wrong' });
    const changed = await change(password);
    expect(changed.statusCode).toBe(200);
    expect([await me(here), await me(there), await me(asCookie(changed))]).toEqual([401, 401, 200]);
  });

  it('always leave one admin, even when two go at once', async () => {
    const own = await openTestApp();
    try {
      const [one, two] = [await own.account('admin'), await own.account('admin')];
      const [asOne, asTwo] = [await own.login(one), await own.login(two)];
      const demote = (id: string, as: Credentials) =>
        own.ask({ method: 'PATCH', url: api(`/accounts/${id}`), as, payload: { role: 'lead' } });
      const answers = await Promise.all([demote(two.id, asOne), demote(one.id, asTwo)]);
      const statuses = answers.map(({ statusCode }) => statusCode);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      const { items } = await own.context.store.accounts.list({ limit: 10 });
      expect(items.filter(({ role }) => role === 'admin')).toHaveLength(1);
      const last = items.find(({ role }) => role === 'admin')!;
      const close = await own.ask({
        method: 'PATCH',
        url: api(`/accounts/${last.id}`),
        as: await own.login(last),
        payload: { active: false },
      });
      expect(close.json()).toMatchObject({ status: 409, code: 'last-admin' });
    } finally {
      await own.close();
    }
  });
});

describe('a route that states no right', () => {
  it('keeps the server from starting', async () => {
    const extend = (app: TestApp['app']) => {
      app.get('/api/v1/forgotten', async () => 'everything');
    };
    await expect(openTestApp({ extend })).rejects.toThrow('GET /api/v1/forgotten');
  });
});
