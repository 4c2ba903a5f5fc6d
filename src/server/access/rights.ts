import type { UserRole } from '../../session/index.ts';

/**
 * Everything that can be allowed, and to whom. The only place that knows; routes name a right, and what an account sees
 * of the things behind it is its scope (scope.ts). API tokens carry scopes of the same names and never more than their
 * owner has.
 */
export const rights = {
  'accounts.manage': ['admin'],
  'audit.read': ['admin'],
  'installation.manage': ['admin'],
  'sessions.erase': ['admin'],
  'sessions.hold': ['admin', 'lead'],
  'webhooks.manage': ['admin', 'lead'],
  'scorecards.publish': ['admin', 'lead'],
  'batches.create': ['admin', 'lead', 'supervisor'],
  'batches.manage': ['admin', 'lead'],
  'batches.read': ['admin', 'lead', 'supervisor'],
  'live.write': ['admin', 'lead'],
  'queue.manage': ['admin', 'lead'],
  'reports.read': ['admin', 'lead', 'supervisor'],
  'sessions.export': ['admin', 'lead', 'supervisor'],
  'sessions.read': ['admin', 'lead', 'supervisor', 'reviewer', 'agent'],
  'scorecards.read': ['admin', 'lead', 'supervisor', 'reviewer', 'agent'],
  'tokens.own': ['admin', 'lead', 'supervisor', 'reviewer', 'agent'],
  'account.own': ['admin', 'lead', 'supervisor', 'reviewer', 'agent'],
} as const satisfies Record<string, readonly UserRole[]>;

export type Right = keyof typeof rights;
