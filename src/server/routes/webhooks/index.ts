import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Webhook } from '../../../store/index.ts';
import type { Context } from '../../context.ts';
import { pageOf, pageSchema } from '../../http/paging.ts';
import { HttpProblem, notFound } from '../../http/problem.ts';
import { addressGuard } from '../../webhooks/addresses.ts';
import { deliver, webhookJob } from '../../webhooks/announce.ts';
import { refusalOf } from '../../webhooks/guardedFetch.ts';
import { rotated } from '../../webhooks/secrets.ts';
import { newSecret } from '../../webhooks/signing.ts';
import {
  deliveriesQuerySchema,
  deliveryParamsSchema,
  deliverySchema,
  newWebhookSchema,
  sentSchema,
  webhookChangeSchema,
  webhookListSchema,
  webhookParamsSchema,
  webhookSchema,
  webhookSecretSchema,
} from './schemas.ts';

const tags = ['webhooks'];
const config = { right: 'webhooks.manage' } as const;

/** Who is told of what, with what came of it. */
export function webhookRoutes(context: Context): FastifyPluginAsyncZod {
  const { store, queue, now } = context;
  const { webhooks } = store;
  const guard = addressGuard(context.config.webhookNetworks);

  const checkUrl = (url: string): void => {
    const refusal = refusalOf(url, guard);
    if (refusal !== null)
      throw new HttpProblem(
        422,
        'url-refused',
        `Webhooks are not sent there. ${refusal}`,
        'Name a public https address, or let whoever runs the server allow its network (EARWITNESS_WEBHOOK_NETWORKS).',
        { errors: [{ path: 'body.url', message: refusal }] },
      );
  };
  const known = async (id: string): Promise<Webhook & { secret: string }> => {
    const found = await webhooks.get(id);
    if (!found) throw notFound('The webhook');
    return found;
  };
  const audit = (actor: string, action: string, id: string, detail: Record<string, unknown> = {}) =>
    store.audit.append({ actor, action, target: `webhook:${id}`, detail });

  return async (app) => {
    app.get(
      '/webhooks',
      {
        config,
        schema: { operationId: 'listWebhooks', summary: 'Webhooks', tags, response: { 200: webhookListSchema } },
      },
      async () => ({ items: await webhooks.list() }),
    );

    app.post(
      '/webhooks',
      {
        config,
        schema: {
          operationId: 'createWebhook',
          summary: 'Tell an address of what happens',
          description: 'The answer holds the secret of its signatures, which is never shown again.',
          tags,
          body: newWebhookSchema,
          response: { 201: webhookSecretSchema },
        },
      },
      async ({ body, actor }, reply) => {
        checkUrl(body.url);
        const secret = newSecret();
        const webhook: Webhook = {
          id: `wh_${randomUUID()}`,
          ...body,
          active: true,
          createdBy: actor!.account.id,
          createdAt: now().toISOString(),
        };
        await webhooks.create({ ...webhook, secret });
        await audit(actor!.name, 'webhook.create', webhook.id, { host: new URL(body.url).host, events: body.events });
        return reply.code(201).send({ webhook, secret });
      },
    );

    app.get(
      '/webhooks/:id',
      {
        config,
        schema: {
          operationId: 'getWebhook',
          summary: 'A webhook',
          tags,
          params: webhookParamsSchema,
          response: { 200: webhookSchema },
        },
      },
      async ({ params }) => {
        const { secret: _secret, ...webhook } = await known(params.id);
        return webhook;
      },
    );

    app.patch(
      '/webhooks/:id',
      {
        config,
        schema: {
          operationId: 'updateWebhook',
          summary: 'Change a webhook, or switch it off and on',
          tags,
          params: webhookParamsSchema,
          body: webhookChangeSchema,
          response: { 200: webhookSchema },
        },
      },
      async ({ params: { id }, body, actor }) => {
        if (body.url !== undefined) checkUrl(body.url);
        await known(id);
        const { url, events, team, active } = body;
        await webhooks.update(id, {
          ...(url === undefined ? {} : { url }),
          ...(events === undefined ? {} : { events }),
          ...(team === undefined ? {} : { team }),
          ...(active === undefined ? {} : { active }),
        });
        await audit(actor!.name, 'webhook.update', id, { changed: Object.keys(body) });
        const { secret: _secret, ...webhook } = await known(id);
        return webhook;
      },
    );

    app.delete(
      '/webhooks/:id',
      {
        config,
        schema: {
          operationId: 'deleteWebhook',
          summary: 'Remove a webhook with its deliveries',
          tags,
          params: webhookParamsSchema,
          response: { 204: z.null() },
        },
      },
      async ({ params: { id }, actor }, reply) => {
        await queue.cancel(`webhook:${id}`);
        if (!(await webhooks.remove(id))) throw notFound('The webhook');
        await audit(actor!.name, 'webhook.delete', id);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/webhooks/:id/secret',
      {
        config,
        schema: {
          operationId: 'rotateWebhookSecret',
          summary: 'Replace the secret',
          description: 'For 24 hours deliveries are signed with the old one too. The new one is never shown again.',
          tags,
          params: webhookParamsSchema,
          response: { 200: webhookSecretSchema },
        },
      },
      async ({ params: { id }, actor }) => {
        const { secret: kept, ...webhook } = await known(id);
        const secret = newSecret();
        await webhooks.update(id, { secret: rotated(kept, secret, now()) });
        await audit(actor!.name, 'webhook.rotate', id);
        return { webhook, secret };
      },
    );

    app.post(
      '/webhooks/:id/ping',
      {
        config,
        schema: {
          operationId: 'pingWebhook',
          summary: 'Send a ping, to try it',
          tags,
          params: webhookParamsSchema,
          response: { 202: sentSchema },
        },
      },
      async ({ params: { id } }, reply) => {
        await known(id);
        const ping = { event: 'webhook.ping', subject: randomUUID(), data: { webhookId: id } } as const;
        return reply.code(202).send({ delivery: await deliver(context, id, ping) });
      },
    );

    app.get(
      '/webhooks/:id/deliveries',
      {
        config,
        schema: {
          operationId: 'listDeliveries',
          summary: 'What was sent, newest first',
          tags,
          params: webhookParamsSchema,
          querystring: deliveriesQuerySchema,
          response: { 200: pageSchema(deliverySchema) },
        },
      },
      async ({ params: { id }, query }) => {
        await known(id);
        return pageOf(await webhooks.deliveries(id, query), ({ webhookId: _webhookId, ...delivery }) => delivery);
      },
    );

    app.post(
      '/webhooks/:id/deliveries/:delivery/redeliver',
      {
        config,
        schema: {
          operationId: 'redeliver',
          summary: 'Send it again',
          description: 'With the same webhook-id and body, so that a receiver that had it notices.',
          tags,
          params: deliveryParamsSchema,
          response: { 202: sentSchema },
        },
      },
      async ({ params: { id, delivery: deliveryId }, actor }, reply) => {
        await known(id);
        const delivery = await webhooks.delivery(deliveryId);
        if (delivery?.webhookId !== id) throw notFound('The delivery');
        const { lastStatus, lastError, attempts } = delivery;
        await webhooks.noteDelivery(deliveryId, { state: 'waiting', lastStatus, lastError });
        await queue.add([webhookJob(id, deliveryId, { before: attempts + 1, at: now() })]);
        await audit(actor!.name, 'webhook.redeliver', id, { delivery: deliveryId });
        return reply.code(202).send({ delivery: deliveryId });
      },
    );
  };
}
