import type { Account } from '../../session/index.ts';
import type { Scope } from '../../store/index.ts';
import { type Right, rights } from './rights.ts';

/** What an account may do by its role. */
export function rightsOf(account: Pick<Account, 'role'>): ReadonlySet<Right> {
  return new Set(
    (Object.keys(rights) as Right[]).filter((right) => (rights[right] as readonly string[]).includes(account.role)),
  );
}

/** Which sessions and batches an account sees. The only place that decides it; the store holds every query to it. */
export function scopeOf(account: Pick<Account, 'role' | 'teams' | 'agentId'>): Scope {
  switch (account.role) {
    case 'admin':
    case 'lead':
      return { kind: 'all' };
    case 'supervisor':
    case 'reviewer':
      return account.teams.length > 0 ? { kind: 'teams', teams: account.teams } : { kind: 'none' };
    case 'agent':
      return account.agentId === null ? { kind: 'none' } : { kind: 'agent', agentId: account.agentId };
  }
}
