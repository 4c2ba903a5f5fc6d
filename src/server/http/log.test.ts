import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setUpToken } from '../access/secrets.ts';
import { openTestApp, password, type TestApp } from '../testing/app.ts';
import { createLog } from './log.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

describe('the log', () => {
  it('holds no secret and nothing personal of a whole scenario, and one line for each request', async () => {
    const secrets: string[] = ['Mei Lin', 'mei.lin@example.com', '13800138000', 'sunshine over shanghai', password];
    const token = setUpToken(test.context.config.secret);
    const ask = async (options: Parameters<TestApp['ask']>[0]) => {
      const answer = await test.ask(options);
      for (const cookie of answer.cookies) if (cookie.value !== '') secrets.push(cookie.value);
      return answer;
    };
    const person = { login: 'mei.lin@example.com', name: 'Mei Lin', password: 'sunshine over shanghai' };
    const setUp = await ask({ method: 'POST', url: '/api/v1/set-up', payload: { token, ...person } });
    const { csrf } = setUp.json<{ csrf: string }>();
    const as = { cookie: setUp.cookies.map(({ name, value }) => `${name}=${value}`).join('; '), 'x-csrf-token': csrf };
    await ask({
      method: 'POST',
      url: '/api/v1/login',
      payload: { login: person.login, password: 'sunshine over shanghai 2' },
    });
    await ask({ method: 'POST', url: '/api/v1/login', payload: { login: person.login, password: person.password } });
    const made = await ask({
      method: 'POST',
      url: '/api/v1/tokens',
      as,
      payload: { name: 'Mei Lin', scopes: ['account.own'] },
    });
    const bearer = made.json<{ token: string }>().token;
    await ask({ url: '/api/v1/me?customer=13800138000', as: { authorization: `Bearer ${bearer}` } });
    await ask({ url: '/api/v1/accounts?cursor=13800138000', as });
    await ask({ url: '/api/v1/calls/mei.lin@example.com/13800138000' });
    await ask({ url: '/api/v1/login/oidc/callback?code=13800138000&state=mei.lin@example.com' });
    await ask({
      method: 'POST',
      url: '/api/v1/accounts',
      as,
      payload: { ...person, login: '13800138000', role: 'boss' },
    });
    await ask({ method: 'POST', url: '/api/v1/logout', as });
    secrets.push(token, csrf, bearer, test.context.config.secret);

    const log = test.logged.join('');
    for (const secret of secrets) expect(log).not.toContain(secret);
    const answered = test.logged
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'answered');
    expect(answered.map(({ method, route, status }) => `${String(method)} ${String(route)} ${String(status)}`)).toEqual(
      [
        'POST /api/v1/set-up 201',
        'POST /api/v1/login 401',
        'POST /api/v1/login 200',
        'POST /api/v1/tokens 201',
        'GET /api/v1/me 200',
        'GET /api/v1/accounts 400',
        'GET null 404',
        'GET /api/v1/login/oidc/callback 404',
        'POST /api/v1/accounts 400',
        'POST /api/v1/logout 204',
      ],
    );
    for (const line of answered) expect(line).toMatchObject({ requestId: expect.stringMatching(/^[\w.-]{8,64}$/) });
  });

  it('blots out what is named like a secret, at any of three depths', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    const secret = {
      password: 'hush',
      authorization: 'hush',
      'set-cookie': 'hush',
      token: 'hush',
      query: { token: 'hush' },
    };
    log.info({ ...secret, headers: secret, one: { two: secret } }, 'said');
    log.error({ err: new Error('hush in a message') }, 'failed');
    log.error({ err: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }) }, 'refused');
    expect(lines.join('')).not.toContain('hush');
    expect(JSON.parse(lines[2]!)).toMatchObject({ err: { kind: 'ECONNREFUSED', message: 'connect ECONNREFUSED' } });
  });
});
