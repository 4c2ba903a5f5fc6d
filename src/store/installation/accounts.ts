import { randomUUID } from 'node:crypto';
import { asc, count, eq, gt, lte } from 'drizzle-orm';
import type { Account } from '../../session/index.ts';
import { cursorOf, limitOf, pageOf, readCursor } from './cursor.ts';
import type { Database, Db } from './database.ts';
import { accountExists } from './problems.ts';
import type { Accounts, Logins, NewAccount, Secrets, Token, Tokens } from './store.ts';

export function accountsOn(database: Database): Accounts {
  const { t, read } = database;
  const one = async (condition: ReturnType<typeof eq>) => {
    const [row] = await read.select().from(t.accounts).where(condition).limit(1);
    return row;
  };
  const insert = async (tx: Db, account: NewAccount): Promise<Account> => {
    const row = {
      ...account,
      login: fold(account.login),
      id: randomUUID(),
      createdAt: new Date().toISOString(),
      active: true,
      failedLogins: 0,
      lockedUntil: null,
    };
    const made = await tx.insert(t.accounts).values(row).onConflictDoNothing().returning();
    if (made.length === 0) throw accountExists(row.login);
    return accountOf(made[0]!);
  };
  return {
    count: async () => (await read.select({ n: count() }).from(t.accounts))[0]!.n,
    create: (account) => database.write((tx) => insert(tx, account)),
    createFirst: (account) =>
      database.write(async (tx) => {
        await database.lock(tx, 'first account');
        const [there] = await tx.select({ login: t.accounts.login }).from(t.accounts).limit(1);
        if (there !== undefined) throw accountExists(fold(account.login));
        return insert(tx, account);
      }),
    get: async (id) => {
      const row = await one(eq(t.accounts.id, id));
      return row ? accountOf(row) : null;
    },
    byLogin: async (login) => {
      const row = await one(eq(t.accounts.login, fold(login)));
      return row ? { ...accountOf(row), secrets: secretsOf(row) } : null;
    },
    byExternal: async (external) => {
      const row = await one(eq(t.accounts.external, external));
      return row ? accountOf(row) : null;
    },
    list: async ({ limit: asked, cursor }) => {
      const limit = limitOf(asked);
      const after =
        cursor === undefined ? undefined : gt(t.accounts.login, readCursor(cursor, 'accounts', 'string')[0]);
      const rows = await read
        .select()
        .from(t.accounts)
        .where(after)
        .orderBy(asc(t.accounts.login))
        .limit(limit + 1);
      return pageOf(rows, limit, ({ login }) => cursorOf('accounts', [login]), accountOf);
    },
    update: (id, change) =>
      database.write(async (tx) => {
        const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
        if (change.external !== undefined && change.external !== null) {
          const [other] = await tx
            .select({ id: t.accounts.id, login: t.accounts.login })
            .from(t.accounts)
            .where(eq(t.accounts.external, change.external));
          if (other !== undefined && other.id !== id) throw accountExists(other.login);
        }
        const same = eq(t.accounts.id, id);
        const [row] =
          Object.keys(set).length === 0
            ? await tx.select().from(t.accounts).where(same)
            : await tx.update(t.accounts).set(set).where(same).returning();
        return row ? accountOf(row) : null;
      }),
  };
}

function fold(login: string): string {
  return login.normalize('NFC').toLowerCase();
}

type Row = Database['t']['accounts']['$inferSelect'];

function accountOf(row: Row): Account {
  const { id, login, name, role, teams, agentId, mayReadRaw, active, language, createdAt } = row;
  return { id, login, name, role, teams, agentId, mayReadRaw, active, language, createdAt };
}

function secretsOf({ passwordHash, failedLogins, lockedUntil }: Row): Secrets {
  return { passwordHash, failedLogins, lockedUntil };
}

export function loginsOn(database: Database): Logins {
  const { t, read } = database;
  return {
    create: (login) =>
      database.write(async (tx) => {
        await tx.insert(t.logins).values(login);
      }),
    get: async (idHash) => (await read.select().from(t.logins).where(eq(t.logins.idHash, idHash)))[0] ?? null,
    touch: (idHash, lastSeenAt) =>
      database.write(async (tx) => {
        await tx.update(t.logins).set({ lastSeenAt }).where(eq(t.logins.idHash, idHash));
      }),
    remove: (idHash) =>
      database.write(async (tx) => {
        await tx.delete(t.logins).where(eq(t.logins.idHash, idHash));
      }),
    removeOf: (accountId) => removed(eq(t.logins.accountId, accountId)),
    removeExpired: (now) => removed(lte(t.logins.expiresAt, now)),
  };
  function removed(condition: ReturnType<typeof eq>): Promise<number> {
    return database.write(async (tx) => {
      const gone = await tx.delete(t.logins).where(condition).returning({ idHash: t.logins.idHash });
      return gone.length;
    });
  }
}

export function tokensOn(database: Database): Tokens {
  const { t, read } = database;
  const columns = {
    id: t.tokens.id,
    accountId: t.tokens.accountId,
    name: t.tokens.name,
    scopes: t.tokens.scopes,
    createdAt: t.tokens.createdAt,
    expiresAt: t.tokens.expiresAt,
    lastUsedAt: t.tokens.lastUsedAt,
  } satisfies Record<keyof Token, unknown>;
  return {
    create: (token) =>
      database.write(async (tx) => {
        await tx.insert(t.tokens).values(token);
      }),
    byHash: async (hash) => (await read.select(columns).from(t.tokens).where(eq(t.tokens.hash, hash)))[0] ?? null,
    listOf: async (accountId) =>
      read
        .select(columns)
        .from(t.tokens)
        .where(eq(t.tokens.accountId, accountId))
        .orderBy(asc(t.tokens.createdAt), asc(t.tokens.id)),
    touch: (id, at) =>
      database.write(async (tx) => {
        await tx.update(t.tokens).set({ lastUsedAt: at }).where(eq(t.tokens.id, id));
      }),
    remove: (id) =>
      database.write(async (tx) => {
        const gone = await tx.delete(t.tokens).where(eq(t.tokens.id, id)).returning({ id: t.tokens.id });
        return gone.length > 0;
      }),
  };
}
