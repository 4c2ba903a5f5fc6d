import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { changeAccount } from '../../access/accounts.ts';
import { actorOf } from '../../access/actor.ts';
import { startLogin } from '../../access/logins.ts';
import type { PasswordLogin } from '../../access/password-login.ts';
import { hashPassword, requireStrong } from '../../access/passwords.ts';
import type { Actor, Context } from '../../context.ts';
import { HttpProblem } from '../../http/problem.ts';
import type { Login } from '../../../store/index.ts';
import { anyPassword, language, meSchema, newPassword, personName } from './schemas.ts';

type Me = z.infer<typeof meSchema>;

export function presentMe(actor: Actor, login: Login | null): Me {
  return {
    account: actor.account,
    via: actor.via,
    rights: [...actor.rights],
    mayReadRaw: actor.mayReadRaw,
    csrf: login?.csrf ?? null,
    expiresAt: login?.expiresAt ?? null,
  };
}

/** A token must not be able to make itself stay: what outlives it needs the person. */
export function requirePerson(actor: Actor | null): void {
  if (actor?.via !== 'cookie')
    throw new HttpProblem(403, 'login-cookie-needed', 'An API token may not do that.', 'Log in with a browser.');
}

/** One's own account. */
export function ownRoutes(context: Context, passwords: PasswordLogin): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/me',
      {
        config: { right: 'account.own' },
        schema: {
          operationId: 'getMe',
          summary: 'Who is asking, and what they may do',
          tags: ['account'],
          response: { 200: meSchema },
        },
      },
      async (request) => presentMe(request.actor!, request.login),
    );

    app.patch(
      '/me',
      {
        config: { right: 'account.own' },
        schema: {
          operationId: 'updateMe',
          summary: 'Change one’s own name or language',
          tags: ['account'],
          body: z
            .strictObject({ name: personName, language })
            .partial()
            .refine((change) => Object.keys(change).length > 0, 'Name at least one field.'),
          response: { 200: meSchema },
        },
      },
      async (request) => {
        requirePerson(request.actor);
        const { name, language: spoken } = request.body;
        const change = {
          ...(name === undefined ? {} : { name }),
          ...(spoken === undefined ? {} : { language: spoken }),
        };
        const account = await changeAccount(context, request.actor!.account.id, change);
        return presentMe(actorOf(account, null), request.login);
      },
    );

    app.post(
      '/me/password',
      {
        config: { right: 'account.own' },
        schema: {
          operationId: 'changePassword',
          summary: 'Change one’s own password',
          description: 'Ends every login of the account and begins a new one in this browser.',
          tags: ['account'],
          body: z.strictObject({ current: anyPassword, next: newPassword }),
          response: { 200: meSchema },
        },
      },
      async (request, reply) => {
        requirePerson(request.actor);
        const { login } = request.actor!.account;
        // Guessing the present password is slowed down here as at log-in.
        const account = await passwords.check(request, login, request.body.current);
        requireStrong(request.body.next, login);
        const after = await changeAccount(context, account.id, { passwordHash: await hashPassword(request.body.next) });
        await context.store.audit.append({
          actor: request.actor!.name,
          action: 'password.change',
          target: `account:${account.id}`,
          detail: {},
        });
        return presentMe(actorOf(after, null), await startLogin(context, reply, after));
      },
    );
  };
}
