import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type Account, type Batch, type UserRole, userRoleSchema } from '../../session/index.ts';
import { chat, civil, publishCard, recordSession } from '../routes/testing/recorded.ts';
import { type Credentials, openTestApp, type TestApp } from './app.ts';

/** Whose thing a request is about, seen from a supervisor of team A and from agent `agent-1` of it. */
export const ownerships = ['own', 'own team', 'other team'] as const;
export type Ownership = (typeof ownerships)[number];

/** One batch with one session, and whose they are. */
export interface Things {
  ownership: Ownership;
  batch: Batch;
  fileId: string;
  sessionKey: string;
  sessionId: string;
  team: string;
  agentId: string;
}

/** Who asks. */
export const callers = [
  'anonymous',
  'admin',
  'lead',
  'supervisor',
  'reviewer',
  'agent',
  'agent without id',
  'expired token',
  'forged token',
  'token without scope',
] as const;
export type Caller = (typeof callers)[number];

export interface Visitor {
  credentials: Credentials;
  account: Account | null;
}

const owners: Record<Ownership, { team: string; agentId: string }> = {
  own: { team: 'A', agentId: 'agent-1' },
  'own team': { team: 'A', agentId: 'agent-2' },
  'other team': { team: 'B', agentId: 'agent-3' },
};

function roleOf(caller: Caller): UserRole {
  const role = userRoleSchema.safeParse(caller);
  if (role.success) return role.data;
  return caller === 'agent without id' ? 'agent' : 'admin';
}

/** A server with people in it, and things of several teams made as they are needed. */
export class World {
  readonly test: TestApp;
  readonly #readers = new Map<string, Visitor>();

  static async open(): Promise<World> {
    // Thousands of small commits that nobody needs after the test: in memory where there is such a folder.
    const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
    const test = await openTestApp({ parent });
    await publishCard(test.context);
    return new World(test);
  }

  private constructor(test: TestApp) {
    this.test = test;
  }

  /** A new account each time, so that what one request does to its caller spares the next; `readsOnly`: one for all. */
  async visitor(
    caller: Caller,
    { readsOnly, mayReadRaw }: { readsOnly: boolean; mayReadRaw: boolean },
  ): Promise<Visitor> {
    if (!readsOnly) return this.#visitor(caller, mayReadRaw);
    const name = `${caller} ${mayReadRaw}`;
    const known = this.#readers.get(name) ?? (await this.#visitor(caller, mayReadRaw));
    this.#readers.set(name, known);
    return known;
  }

  async #visitor(caller: Caller, mayReadRaw: boolean): Promise<Visitor> {
    const { test } = this;
    if (caller === 'anonymous') return { credentials: {}, account: null };
    if (caller === 'forged token')
      return { credentials: { authorization: `Bearer ew_${'A'.repeat(43)}` }, account: null };
    const account = await test.account(roleOf(caller), {
      ...(caller === 'supervisor' || caller === 'reviewer' || caller === 'agent' ? { teams: ['A'] } : {}),
      ...(caller === 'agent' ? { agentId: 'agent-1' } : {}),
      mayReadRaw,
    });
    if (caller === 'expired token')
      return { credentials: await test.token(account, ['*'], '2020-01-01T00:00:00.000Z'), account };
    if (caller === 'token without scope') return { credentials: await test.token(account, []), account };
    return { credentials: await test.login(account), account };
  }

  /** A batch with one file of one session: recorded, with its sound, or waiting. */
  async things(ownership: Ownership, state: 'recorded' | 'waiting' = 'waiting'): Promise<Things> {
    const { context } = this.test;
    const { team, agentId } = owners[ownership];
    const session = chat(civil, { team, agentId });
    if (state === 'recorded') {
      const { batch, key } = await recordSession(context, session, { sound: Buffer.from(randomUUID()) });
      return {
        ownership,
        batch,
        fileId: key.replace(/-\d{6}$/, ''),
        sessionKey: key,
        sessionId: session.id,
        team,
        agentId,
      };
    }
    const batch = await context.store.batches.create({
      title: `Batch of team ${team}`,
      team,
      createdBy: 'watch',
      settings: { language: null, scorecards: [], priority: 5, agentChannel: 'left', recogniser: 'given' },
    });
    const sha256 = randomUUID().replaceAll('-', '').repeat(2);
    const file = await context.store.batches.addFile({ batchId: batch.id, name: 'chat.json', sha256, bytes: 10 });
    const fileId = file!.id;
    const sessionKey = `${fileId}-000000`;
    await context.store.sessions.addWaiting([
      {
        key: sessionKey,
        batchId: batch.id,
        fileId,
        state: 'waiting',
        session,
        source: { path: 'chat.json', entry: null },
        notices: [],
        recordingSha256: null,
        channelRoles: null,
      },
    ]);
    return { ownership, batch, fileId, sessionKey, sessionId: session.id, team, agentId };
  }

  close(): Promise<void> {
    return this.test.close();
  }
}
