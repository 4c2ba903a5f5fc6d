import type { Account } from '../../session/index.ts';
import type { Context } from '../context.ts';
import { HttpProblem, notFound } from '../http/problem.ts';
import { Turns } from './lockout.ts';
import type { Person } from './oidc.ts';

type Change = Parameters<Context['store']['accounts']['update']>[1];

/** One change of roles at a time: two admins that demote each other at once must not both succeed. */
const turns = new Turns();

/**
 * Changes an account. What takes rights away takes effect at once: logins end with every change of role, teams, agent
 * or raw reading (the next one begins with the new rights), tokens too when the account is closed.
 */
export async function changeAccount(context: Context, id: string, change: Change): Promise<Account> {
  return turns.take('accounts', async () => {
    const { accounts, logins } = context.store;
    const before = await accounts.get(id);
    if (!before) throw notFound('The account');
    const losesAdmin =
      before.role === 'admin' && before.active && (change.active === false || (change.role ?? 'admin') !== 'admin');
    if (losesAdmin && !(await otherAdmin(context, id)))
      throw new HttpProblem(409, 'last-admin', 'This is the last active admin.', 'Make another admin first.');
    const after = await accounts.update(id, change);
    if (!after) throw notFound('The account');
    if (change.passwordHash !== undefined || privileges(before) !== privileges(after)) await logins.removeOf(id);
    if (!after.active) await removeTokens(context, id);
    return after;
  });
}

const privileges = ({ role, teams, agentId, mayReadRaw, active }: Account): string =>
  JSON.stringify([role, teams, agentId, mayReadRaw, active]);

async function removeTokens({ store }: Context, accountId: string): Promise<void> {
  for (const token of await store.tokens.listOf(accountId)) await store.tokens.remove(token.id);
}

async function otherAdmin({ store }: Context, id: string): Promise<boolean> {
  let cursor: string | undefined;
  do {
    const page = await store.accounts.list({ limit: 200, cursor });
    if (page.items.some((one) => one.id !== id && one.role === 'admin' && one.active)) return true;
    cursor = page.next ?? undefined;
  } while (cursor);
  return false;
}

/** The account of somebody whom the identity provider vouches for: made at the first visit, its role kept up to date. */
export async function accountOf(context: Context, person: Person): Promise<Account> {
  const { accounts, audit } = context.store;
  const known = await accounts.byExternal(person.external);
  if (known) {
    if (!known.active)
      throw new HttpProblem(403, 'identity-refused', 'This account is closed.', 'Ask an admin to open it again.');
    if (known.role === person.role) return known;
    await audit.append({
      actor: 'system',
      action: 'account.update',
      target: `account:${known.id}`,
      detail: { role: person.role, why: 'identity provider' },
    });
    return changeAccount(context, known.id, { role: person.role });
  }
  // An account of that login which somebody made here is not taken over: the provider's names are not ours.
  const made = await accounts.create({
    login: person.login,
    name: person.name,
    role: person.role,
    teams: [],
    agentId: null,
    mayReadRaw: false,
    language: 'en',
    passwordHash: null,
    external: person.external,
  });
  await audit.append({
    actor: 'system',
    action: 'account.create',
    target: `account:${made.id}`,
    detail: { role: made.role, why: 'identity provider' },
  });
  return made;
}
