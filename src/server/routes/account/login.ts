import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { accountOf } from '../../access/accounts.ts';
import { actorOf } from '../../access/actor.ts';
import { endLogin, rememberDevice, setJourney, startLogin, takeJourney } from '../../access/logins.ts';
import { IdentityProvider } from '../../access/oidc.ts';
import type { PasswordLogin } from '../../access/password-login.ts';
import { hashPassword, requireStrong } from '../../access/passwords.ts';
import { sameSecret, setUpToken } from '../../access/secrets.ts';
import type { Context } from '../../context.ts';
import { HttpProblem, notFound } from '../../http/problem.ts';
import { type Account, EarwitnessError } from '../../../session/index.ts';
import { presentMe } from './own.ts';
import { anyPassword, loginName, meSchema, noContent, setUpBody } from './schemas.ts';

/** First run, logging in by password or identity provider, logging out. */
export function loginRoutes(context: Context, passwords: PasswordLogin): FastifyPluginAsyncZod {
  const { store, config } = context;
  const provider = config.oidc ? new IdentityProvider(config.oidc, config.publicUrl) : null;

  async function welcome(request: FastifyRequest, reply: FastifyReply, account: Account, how: string) {
    // A cookie from before the login is worth nothing after it.
    await endLogin(context, request, reply);
    const login = await startLogin(context, reply, account);
    rememberDevice(context, reply, account);
    await store.audit.append({
      actor: account.id,
      action: 'login',
      target: `account:${account.id}`,
      detail: { how, address: request.ip },
    });
    return presentMe(actorOf(account, null), login);
  }

  return async (app) => {
    app.get(
      '/set-up',
      {
        config: { open: 'tells a browser whether to show set-up or log-in' },
        schema: {
          operationId: 'getSetUp',
          summary: 'Whether the first account has still to be made, and how one can log in',
          tags: ['account'],
          response: { 200: z.object({ needed: z.boolean(), oidc: z.boolean() }) },
        },
      },
      async () => ({ needed: (await store.accounts.count()) === 0, oidc: provider !== null }),
    );

    app.post(
      '/set-up',
      {
        config: { open: 'there is nobody yet; needs the token from the console' },
        schema: {
          operationId: 'setUp',
          summary: 'Make the first account, an admin',
          description: 'Works once. Needs the token that the console of the server shows at the first start.',
          tags: ['account'],
          body: setUpBody,
          response: { 201: meSchema },
        },
      },
      async (request, reply) => {
        const { token, login, name, password, language } = request.body;
        const done = () => new HttpProblem(409, 'set-up-done', 'There are accounts already.', 'Log in.');
        if ((await store.accounts.count()) > 0) throw done();
        passwords.allow(request);
        if (!sameSecret(token, setUpToken(config.secret)))
          throw new HttpProblem(
            403,
            'set-up-token-wrong',
            'That is not the set-up token.',
            'See the server’s console.',
          );
        requireStrong(password, login);
        const account = await store.accounts
          .createFirst({
            login,
            name,
            role: 'admin',
            teams: [],
            agentId: null,
            mayReadRaw: true,
            language,
            passwordHash: await hashPassword(password),
            external: null,
          })
          .catch((error: unknown) => {
            throw error instanceof EarwitnessError && error.code === 'account-exists' ? done() : error;
          });
        await store.audit.append({ actor: account.id, action: 'set-up', target: `account:${account.id}`, detail: {} });
        void reply.code(201);
        return welcome(request, reply, account, 'set-up');
      },
    );

    app.post(
      '/login',
      {
        config: { open: 'this is where one logs in' },
        schema: {
          operationId: 'login',
          summary: 'Log in with a password',
          description: 'Sets the cookie of the login. Failures have to wait longer and longer: see `retry-after`.',
          tags: ['account'],
          body: z.strictObject({ login: loginName, password: anyPassword }),
          response: { 200: meSchema },
        },
      },
      async (request, reply) =>
        welcome(request, reply, await passwords.check(request, request.body.login, request.body.password), 'password'),
    );

    app.post(
      '/logout',
      {
        config: { right: 'account.own' },
        schema: {
          operationId: 'logout',
          summary: 'End the login of this browser',
          tags: ['account'],
          response: { 204: noContent },
        },
      },
      async (request, reply) => {
        await endLogin(context, request, reply);
        const { name, account } = request.actor!;
        await store.audit.append({ actor: name, action: 'logout', target: `account:${account.id}`, detail: {} });
        return reply.code(204).send();
      },
    );

    app.get(
      '/login/oidc',
      {
        config: { open: 'this is where one logs in' },
        schema: {
          operationId: 'beginOidcLogin',
          summary: 'Log in through the identity provider',
          tags: ['account'],
          querystring: z.object({
            returnTo: z
              .string()
              .max(500)
              .regex(/^\/(?![/\\])[\w\-./?=&%~:]*$/, 'a path of this site')
              .default('/'),
          }),
          response: { 302: z.undefined().describe('To the identity provider.') },
        },
      },
      async (request, reply) => {
        if (!provider) throw notFound('Log-in through an identity provider');
        const { url, journey } = await provider.begin(request.query.returnTo);
        setJourney(context, reply, journey);
        return reply.redirect(url, 302);
      },
    );

    app.get(
      '/login/oidc/callback',
      {
        config: { open: 'the identity provider sends browsers here' },
        schema: {
          operationId: 'finishOidcLogin',
          summary: 'Where the identity provider sends the browser back',
          tags: ['account'],
          querystring: z.looseObject({
            state: z.string().max(1_000).optional(),
            code: z.string().max(4_000).optional(),
          }),
          response: { 302: z.undefined().describe('Logged in; to where it began.') },
        },
      },
      async (request, reply) => {
        if (!provider) throw notFound('Log-in through an identity provider');
        passwords.allow(request);
        const journey = takeJourney(context, request, reply);
        if (journey === null)
          throw new HttpProblem(403, 'identity-refused', 'This log-in did not begin in this browser.', 'Begin again.');
        const person = await provider.finish(request.url, journey);
        await welcome(request, reply, await accountOf(context, person), 'oidc');
        return reply.redirect(person.returnTo, 302);
      },
    );
  };
}
