import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { changeAccount } from '../../access/accounts.ts';
import { hashPassword, requireStrong } from '../../access/passwords.ts';
import type { Context } from '../../context.ts';
import { pageQuerySchema, pageSchema } from '../../http/paging.ts';
import { notFound } from '../../http/problem.ts';
import { accountSchema } from '../../../session/index.ts';
import { requirePerson } from './own.ts';
import { accountBody, accountChange, idParams } from './schemas.ts';

/** Everybody's accounts. Accounts are closed, never removed: the audit log names them. */
export function adminRoutes(context: Context): FastifyPluginAsyncZod {
  const { accounts, audit } = context.store;
  return async (app) => {
    app.get(
      '/accounts',
      {
        config: { right: 'accounts.manage' },
        schema: {
          operationId: 'listAccounts',
          summary: 'All accounts',
          tags: ['accounts'],
          querystring: pageQuerySchema,
          response: { 200: pageSchema(accountSchema) },
        },
      },
      async (request) => accounts.list(request.query),
    );

    app.get(
      '/accounts/:id',
      {
        config: { right: 'accounts.manage' },
        schema: {
          operationId: 'getAccount',
          summary: 'One account',
          tags: ['accounts'],
          params: idParams,
          response: { 200: accountSchema },
        },
      },
      async (request) => {
        const account = await accounts.get(request.params.id);
        if (!account) throw notFound('The account');
        return account;
      },
    );

    app.post(
      '/accounts',
      {
        config: { right: 'accounts.manage', idempotent: true },
        schema: {
          operationId: 'createAccount',
          summary: 'Make an account',
          tags: ['accounts'],
          body: accountBody,
          response: { 201: accountSchema },
        },
      },
      async (request, reply) => {
        // A token that made itself an admin with a password would outlive its removal.
        requirePerson(request.actor);
        const { password, ...rest } = request.body;
        if (password !== null) requireStrong(password, rest.login);
        const account = await accounts.create({
          ...rest,
          passwordHash: password === null ? null : await hashPassword(password),
        });
        await audit.append({
          actor: request.actor!.name,
          action: 'account.create',
          target: `account:${account.id}`,
          detail: { role: account.role, teams: account.teams, mayReadRaw: account.mayReadRaw },
        });
        return reply.code(201).send(account);
      },
    );

    app.patch(
      '/accounts/:id',
      {
        config: { right: 'accounts.manage' },
        schema: {
          operationId: 'updateAccount',
          summary: 'Change or close an account',
          description:
            'Every change of rights ends the logins of the account at once; `active: false` removes its API tokens too.',
          tags: ['accounts'],
          params: idParams,
          body: accountChange,
          response: { 200: accountSchema },
        },
      },
      async (request) => {
        requirePerson(request.actor);
        const { password, ...rest } = request.body;
        const account = await accounts.get(request.params.id);
        if (!account) throw notFound('The account');
        if (password !== undefined) requireStrong(password, account.login);
        const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
        const after = await changeAccount(context, account.id, {
          ...given,
          ...(password === undefined
            ? {}
            : { passwordHash: await hashPassword(password), failedLogins: 0, lockedUntil: null }),
        });
        const { name: _name, external: _external, ...told } = given;
        await audit.append({
          actor: request.actor!.name,
          action: 'account.update',
          target: `account:${account.id}`,
          detail: { ...told, ...(password === undefined ? {} : { password: 'set' }) },
        });
        return after;
      },
    );
  };
}
