import { eq, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import type { Scope } from './store.ts';
import type { SumsName } from './sums.ts';

/** One way in which a row is seen: a column of that name has this value. */
export interface Seen {
  column: 'agentId' | 'team' | 'otherTeam';
  value: string;
}

/**
 * What a scope may see of sessions and their sums, in the one place that knows: a row is seen when one of the ways holds.
 * None: nothing is seen. `null`: everything is.
 */
export function alternatives(scope: Scope): Seen[] | null {
  switch (scope.kind) {
    case 'all':
      return null;
    case 'none':
      return [];
    case 'agent':
      // '' is nobody: in the sums it stands for sessions without an agent.
      return scope.agentId === '' ? [] : [{ column: 'agentId', value: scope.agentId }];
    case 'teams':
      return [...new Set(scope.teams)]
        .filter((team) => team !== '')
        .flatMap((value) => [
          { column: 'team' as const, value },
          { column: 'otherTeam' as const, value },
        ]);
  }
}

/** The same as one condition; undefined where everything is seen. Batches have a team and no agent. */
export function visible(database: Database, table: 'sessions' | 'batches' | SumsName, scope: Scope): SQL | undefined {
  return anyOf(database, table, alternatives(scope));
}

export function anyOf({ t }: Database, table: 'sessions' | 'batches' | SumsName, ways: Seen[] | null): SQL | undefined {
  if (ways === null) return undefined;
  const columns = t[table];
  const held = ways.flatMap(({ column, value }) => (column in columns ? [eq(columnOf(columns, column), value)] : []));
  return held.length === 0 ? sql`1 = 0` : or(...held);
}

function columnOf(columns: Database['t'][keyof Database['t']], name: string): Database['t']['sessions']['team'] {
  return (columns as unknown as Record<string, Database['t']['sessions']['team']>)[name]!;
}
