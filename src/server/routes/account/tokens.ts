import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { tokenPrefix } from '../../access/actor.ts';
import { fingerprint, newSecret } from '../../access/secrets.ts';
import type { Context } from '../../context.ts';
import { HttpProblem, notFound } from '../../http/problem.ts';
import type { Token } from '../../../store/index.ts';
import { requirePerson } from './own.ts';
import { idParams, noContent, tokenBody, tokenSchema } from './schemas.ts';

const mostTokens = 50;

const present = ({ accountId: _accountId, ...token }: Token): z.infer<typeof tokenSchema> => token;

/** API tokens of one's own. */
export function tokenRoutes(context: Context): FastifyPluginAsyncZod {
  const { tokens, audit } = context.store;
  return async (app) => {
    app.get(
      '/tokens',
      {
        config: { right: 'tokens.own' },
        schema: {
          operationId: 'listTokens',
          summary: 'One’s own API tokens',
          tags: ['account'],
          response: { 200: z.object({ items: z.array(tokenSchema) }) },
        },
      },
      async (request) => ({ items: (await tokens.listOf(request.actor!.account.id)).map(present) }),
    );

    app.post(
      '/tokens',
      {
        // Not idempotent: a repeated answer would show the token twice, and would have to be kept in plain.
        config: { right: 'tokens.own' },
        schema: {
          operationId: 'createToken',
          summary: 'Make an API token',
          description: 'The token is shown in this answer and never again. It never has more than its owner has.',
          tags: ['account'],
          body: tokenBody,
          response: {
            201: tokenSchema.extend({ token: z.string().describe('To be sent as `authorization: Bearer …`.') }),
          },
        },
      },
      async (request, reply) => {
        const actor = request.actor!;
        requirePerson(actor);
        const { name, scopes, expiresInDays } = request.body;
        const missing = scopes.filter((scope) => (scope === 'raw.read' ? !actor.mayReadRaw : !actor.rights.has(scope)));
        if (missing.length > 0)
          throw new HttpProblem(
            403,
            'right-missing',
            `A token cannot have what this account lacks: ${missing.join(', ')}.`,
            'Leave those scopes out.',
          );
        if ((await tokens.listOf(actor.account.id)).length >= mostTokens)
          throw new HttpProblem(409, 'conflict', `An account has at most ${mostTokens} tokens.`, 'Remove some.');
        const secret = tokenPrefix + newSecret();
        const now = context.now();
        const token: Token = {
          id: randomUUID(),
          accountId: actor.account.id,
          name,
          scopes: [...new Set(scopes)],
          createdAt: now.toISOString(),
          expiresAt: new Date(now.getTime() + expiresInDays * 86_400_000).toISOString(),
          lastUsedAt: null,
        };
        await tokens.create({ ...token, hash: fingerprint(secret) });
        await audit.append({
          actor: actor.name,
          action: 'token.create',
          target: `token:${token.id}`,
          detail: { scopes: token.scopes, expiresAt: token.expiresAt },
        });
        return reply.code(201).send({ ...present(token), token: secret });
      },
    );

    app.delete(
      '/tokens/:id',
      {
        config: { right: 'tokens.own' },
        schema: {
          operationId: 'removeToken',
          summary: 'Remove an API token; it ends at once',
          tags: ['account'],
          params: idParams,
          response: { 204: noContent },
        },
      },
      async (request, reply) => {
        const actor = request.actor!;
        const own = await tokens.listOf(actor.account.id);
        if (!own.some((token) => token.id === request.params.id)) throw notFound('The token');
        await tokens.remove(request.params.id);
        await audit.append({
          actor: actor.name,
          action: 'token.remove',
          target: `token:${request.params.id}`,
          detail: {},
        });
        return reply.code(204).send();
      },
    );
  };
}
