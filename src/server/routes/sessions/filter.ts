import type { z } from 'zod';
import type { SessionFilter } from '../../../store/index.ts';
import type { sessionFilterSchema } from './schemas.ts';

/** A filter as it was asked for, as the store takes it: instants in UTC. */
export function filterOf(query: z.infer<typeof sessionFilterSchema>): SessionFilter {
  const { passed, from, to, batchId, channel, agentId, team, queue, customerId, band, state, scorecardId, id } = query;
  return {
    batchId,
    channel,
    agentId,
    team,
    queue,
    customerId,
    band,
    state,
    scorecardId,
    id,
    passed: passed === undefined ? undefined : passed === 'true',
    from: from && new Date(from).toISOString(),
    to: to && new Date(to).toISOString(),
  };
}
