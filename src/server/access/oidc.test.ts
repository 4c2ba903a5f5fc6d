import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LightMyRequestResponse } from 'fastify';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../testing/app.ts';

/** An identity provider on loopback that lets in whoever says their name, with these groups. */
const groups: Record<string, string[]> = {
  mei: ['staff', 'qa-admins', 'qa'],
  otto: ['qa'],
  eve: ['marketing'],
  taken: ['qa'],
};
let server: Server;
let issuer: string;
let test: TestApp;

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'earwitness',
        client_secret: 'a client secret of enough length',
        redirect_uris: ['http://qa.localhost:7300/api/v1/login/oidc/callback'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub', 'groups'], profile: ['name', 'preferred_username'], email: ['email'] },
    cookies: { keys: ['key'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, groups: groups[sub], name: `Name of ${sub}`, preferred_username: sub }),
    }),
  });
  const listener = provider.callback();
  server.on('request', (request, response) => void listener(request, response));
  test = await openTestApp({
    config: {
      publicUrl: 'http://qa.localhost:7300',
      oidc: {
        issuer,
        clientId: 'earwitness',
        clientSecret: 'a client secret of enough length',
        roleClaim: 'groups',
        roles: { 'qa-admins': 'admin', qa: 'reviewer' },
      },
    },
  });
});
afterAll(async () => {
  await test.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

type Jar = Map<string, string>;
const cookies = (jar: Jar) => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
function keep(jar: Jar, answer: LightMyRequestResponse): void {
  for (const { name, value } of answer.cookies)
    if (value === '') jar.delete(name);
    else jar.set(name, value);
}

async function begin(jar: Jar, returnTo = '/sessions?band=high'): Promise<URL> {
  const answer = await test.ask({ url: '/api/v1/login/oidc', query: { returnTo } });
  expect(answer.statusCode).toBe(302);
  keep(jar, answer);
  return new URL(String(answer.headers.location));
}

/** What a browser does at the provider: follow redirects, type a name, consent; until it is sent back. */
async function visitProvider(start: URL, person: string): Promise<URL> {
  const jar: Jar = new Map();
  const visit = async (url: URL, init: RequestInit = {}) => {
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie: cookies(jar) },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name, ...value] = line.split(';')[0]!.split('=');
      jar.set(name!, value.join('='));
    }
    return answer;
  };
  let url = start;
  for (let step = 0; step < 12; step++) {
    let answer = await visit(url);
    if (answer.status === 200) {
      const page = await answer.text();
      const action = /action="([^"]+)"/.exec(page)![1]!;
      const prompt = /name="prompt" value="(\w+)"/.exec(page)![1]!;
      answer = await visit(new URL(action, url), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ prompt, login: person, password: 'x' }).toString(),
      });
    }
    url = new URL(answer.headers.get('location')!, url);
    if (url.host === 'qa.localhost:7300') return url;
  }
  throw new Error('the provider never sent the browser back');
}

async function finish(jar: Jar, back: URL): Promise<LightMyRequestResponse> {
  const answer = await test.ask({ url: back.pathname + back.search, headers: { cookie: cookies(jar) } });
  keep(jar, answer);
  return answer;
}

async function logIn(person: string): Promise<{ jar: Jar; answer: LightMyRequestResponse }> {
  const jar: Jar = new Map();
  return { jar, answer: await finish(jar, await visitProvider(await begin(jar), person)) };
}

describe('log-in by identity provider', () => {
  it('asks for a code with PKCE, state and nonce', async () => {
    const url = await begin(new Map());
    expect(url.origin).toBe(issuer);
    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toMatchObject({
      response_type: 'code',
      client_id: 'earwitness',
      code_challenge_method: 'S256',
      redirect_uri: 'http://qa.localhost:7300/api/v1/login/oidc/callback',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]).toMatch(/^[\w-]{43}$/);
  });

  it('makes an account with the role of the strongest group, and leads back to where it began', async () => {
    const { jar, answer } = await logIn('mei');
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/sessions?band=high']);
    expect([...jar.keys()].sort()).toEqual(['earwitness', 'earwitness-device']);
    const me = await test.ask({ url: '/api/v1/me', headers: { cookie: cookies(jar) } });
    expect(me.json()).toMatchObject({
      account: { login: 'mei', name: 'Name of mei', role: 'admin', mayReadRaw: false },
      via: 'cookie',
    });
    const again = await logIn('mei');
    const same = await test.ask({ url: '/api/v1/me', headers: { cookie: cookies(again.jar) } });
    expect(same.json<{ account: object }>().account).toEqual(me.json<{ account: object }>().account);
  });

  it('follows the groups: a changed role ends the logins from before', async () => {
    const before = await logIn('otto');
    groups['otto'] = ['qa-admins'];
    const after = await logIn('otto');
    const me = (jar: Jar) => test.ask({ url: '/api/v1/me', headers: { cookie: cookies(jar) } });
    expect((await me(before.jar)).statusCode).toBe(401);
    expect((await me(after.jar)).json()).toMatchObject({ account: { role: 'admin' } });
  });

  it('refuses who has no role, is closed, or has the login of another account', async () => {
    expect((await logIn('eve')).answer.json()).toMatchObject({ status: 403, code: 'identity-refused' });
    await test.account('admin', { login: 'taken' });
    expect((await logIn('taken')).answer.json()).toMatchObject({ status: 409, code: 'account-exists' });
    const mei = await test.context.store.accounts.byLogin('mei');
    await test.context.store.accounts.update(mei!.id, { active: false });
    expect((await logIn('mei')).answer.json()).toMatchObject({ status: 403, code: 'identity-refused' });
  });

  it('refuses answers that this browser did not ask for, were changed, or come twice', async () => {
    const jar: Jar = new Map();
    const back = await visitProvider(await begin(jar), 'otto');
    const refused = { status: 403, code: 'identity-refused' };
    expect((await finish(new Map(), back)).json()).toMatchObject(refused);
    const other: Jar = new Map();
    await begin(other);
    expect((await finish(other, back)).json()).toMatchObject(refused);
    const changed = new URL(back);
    changed.searchParams.set('code', 'forged');
    expect((await finish(new Map(jar), changed)).json()).toMatchObject(refused);
    const forged: Jar = new Map([['earwitness-oidc', `${jar.get('earwitness-oidc')!}x`]]);
    expect((await finish(forged, back)).json()).toMatchObject(refused);
    const twice: Jar = new Map(jar);
    expect((await finish(jar, back)).statusCode).toBe(302);
    expect((await finish(twice, back)).json()).toMatchObject(refused);
  });

  it('leads nowhere but to this site', async () => {
    for (const returnTo of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '/a\r\nb',
    ])
      expect((await test.ask({ url: '/api/v1/login/oidc', query: { returnTo } })).statusCode).toBe(400);
  });
});

describe('without a provider', () => {
  it('there is no such log-in; where it is down, the password still works', async () => {
    const none = await openTestApp();
    try {
      expect((await none.ask({ url: '/api/v1/login/oidc' })).statusCode).toBe(404);
    } finally {
      await none.close();
    }
    const down = await openTestApp({
      config: {
        oidc: { issuer: 'http://127.0.0.1:1', clientId: 'x', clientSecret: 'x', roleClaim: 'groups', roles: {} },
      },
    });
    try {
      const answer = await down.ask({ url: '/api/v1/login/oidc' });
      expect(answer.json()).toMatchObject({ status: 503, code: 'unavailable' });
      expect(answer.headers['retry-after']).toBe('10');
    } finally {
      await down.close();
    }
  });
});
