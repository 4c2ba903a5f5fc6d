import { and, asc, desc, eq, lt, sql } from 'drizzle-orm';
import { cursorOf, limitOf, pageOf, readSeq } from './cursor.ts';
import type { Database } from './database.ts';
import type { Delivery, Replies, Webhook, Webhooks } from './store.ts';

export function webhooksOn(database: Database): Webhooks {
  const { t, read } = database;
  return {
    create: (webhook) =>
      database.write(async (tx) => {
        await tx.insert(t.webhooks).values(webhook);
      }),
    list: async () => (await read.select().from(t.webhooks).orderBy(asc(t.webhooks.seq))).map(webhookOf),
    get: async (id) => {
      const [row] = await read.select().from(t.webhooks).where(eq(t.webhooks.id, id));
      return row ? { ...webhookOf(row), secret: row.secret } : null;
    },
    update: (id, change) =>
      database.write(async (tx) => {
        const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
        const same = eq(t.webhooks.id, id);
        const found =
          Object.keys(set).length === 0
            ? await tx.select({ id: t.webhooks.id }).from(t.webhooks).where(same)
            : await tx.update(t.webhooks).set(set).where(same).returning({ id: t.webhooks.id });
        return found.length > 0;
      }),
    remove: (id) =>
      database.write(async (tx) => {
        await tx.delete(t.deliveries).where(eq(t.deliveries.webhookId, id));
        const gone = await tx.delete(t.webhooks).where(eq(t.webhooks.id, id)).returning({ id: t.webhooks.id });
        return gone.length > 0;
      }),
    addDelivery: (delivery) =>
      database.write(async (tx) => {
        const createdAt = new Date().toISOString();
        const made = await tx
          .insert(t.deliveries)
          .values({ ...delivery, about: sessionIn(delivery.body), state: 'waiting', attempts: 0, createdAt })
          .onConflictDoNothing()
          .returning({ id: t.deliveries.id });
        return made.length > 0;
      }),
    delivery: async (id) => {
      const [row] = await read.select().from(t.deliveries).where(eq(t.deliveries.id, id));
      return row ? deliveryOf(row) : null;
    },
    noteDelivery: (id, outcome) =>
      database.write(async (tx) => {
        const deliveredAt = outcome.state === 'delivered' ? new Date().toISOString() : null;
        await tx
          .update(t.deliveries)
          .set({ ...outcome, deliveredAt, attempts: sql`${t.deliveries.attempts} + 1` })
          .where(eq(t.deliveries.id, id));
      }),
    deliveries: async (webhookId, { limit: asked, cursor }) => {
      const limit = limitOf(asked);
      const before = readSeq(cursor, 'deliveries');
      const rows = await read
        .select()
        .from(t.deliveries)
        .where(and(eq(t.deliveries.webhookId, webhookId), before === null ? undefined : lt(t.deliveries.seq, before)))
        .orderBy(desc(t.deliveries.seq))
        .limit(limit + 1);
      return pageOf(rows, limit, ({ seq }) => cursorOf('deliveries', [seq]), deliveryOf);
    },
  };
}

function webhookOf(row: Database['t']['webhooks']['$inferSelect']): Webhook {
  const { id, url, events, team, active, createdBy, createdAt } = row;
  return { id, url, events, team, active, createdBy, createdAt };
}

function deliveryOf({ seq: _, about: __, ...delivery }: Database['t']['deliveries']['$inferSelect']): Delivery {
  return delivery;
}

export function repliesOn(database: Database): Replies {
  const { t } = database;
  const same = (key: string, accountId: string) => and(eq(t.replies.accountId, accountId), eq(t.replies.key, key));
  return {
    claim: (key, accountId, requestHash, now) =>
      database.write(async (tx) => {
        // A claim that was let go between our insert and our look is ours at the second try.
        for (;;) {
          const made = await tx
            .insert(t.replies)
            .values({ key, accountId, requestHash, createdAt: now })
            .onConflictDoNothing()
            .returning({ key: t.replies.key });
          if (made.length > 0) return null;
          const [row] = await tx.select().from(t.replies).where(same(key, accountId));
          if (row === undefined) continue;
          const { status, body } = row;
          return {
            requestHash: row.requestHash,
            reply: status === null || body === null ? 'pending' : { status, body },
          };
        }
      }),
    settle: (key, accountId, { status, body }) =>
      database.write(async (tx) => {
        await tx
          .update(t.replies)
          .set({ status, body, about: sessionIn(body) })
          .where(same(key, accountId));
      }),
    release: (key, accountId) =>
      database.write(async (tx) => {
        await tx.delete(t.replies).where(same(key, accountId));
      }),
    removeOlderThan: (instant) =>
      database.write(async (tx) => {
        const gone = await tx
          .delete(t.replies)
          .where(lt(t.replies.createdAt, instant))
          .returning({ key: t.replies.key });
        return gone.length;
      }),
  };
}

/** The key of the session that a JSON text tells of, so that what is said about a session can be erased with it. */
function sessionIn(json: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const look = (value: unknown, depth: number): string | null => {
    if (typeof value !== 'object' || value === null || depth > 4) return null;
    if ('key' in value && typeof value.key === 'string') return value.key;
    for (const member of Object.values(value)) {
      const found = look(member, depth + 1);
      if (found !== null) return found;
    }
    return null;
  };
  return look(value, 0);
}
