import { type Example, type ExampleRequest, holds } from './example.ts';
import type { Things, World } from './world.ts';

const key = (_world: World, { sessionKey }: Things): ExampleRequest => ({ params: { key: sessionKey } });
const one: Example = { owned: true, request: key };

/** A contact of this agent that is running. */
async function running(world: World, { team, agentId, sessionId }: Things): Promise<string> {
  const lead = await world.test.login(await world.test.account('lead'));
  const answer = await world.test.ask({
    method: 'POST',
    url: '/api/v1/sessions/live',
    as: lead,
    payload: { id: `live-${sessionId}`, channel: 'chat', language: 'en', team, agentId },
  });
  return answer.json<{ key: string }>().key;
}

const period = { from: '2026-01-01', to: '2026-01-31' };

export const sessionExamples: Readonly<Record<string, Example>> = {
  listSessions: {
    owned: true,
    request: () => ({ query: { limit: '200' } }),
    shows: (answer, { sessionKey }) => holds(answer, sessionKey),
  },
  getSession: { ...one, raw: true },
  getRecording: { ...one, raw: true },
  getSessionReport: { ...one, raw: true },
  exportVcon: { ...one, raw: true },
  holdSession: { owned: true, request: (world, things) => ({ ...key(world, things), body: { reason: 'a lawsuit' } }) },
  releaseSession: one,
  reinspectSession: one,
  exportSessionsCsv: {
    owned: true,
    request: () => ({}),
    shows: (answer, { sessionId }) => holds(answer, sessionId),
  },
  exportSessionsNdjson: {
    owned: true,
    request: () => ({}),
    shows: (answer, { sessionId }) => holds(answer, sessionId),
  },
  getPeriodReport: {
    owned: true,
    request: () => ({ query: period }),
    shows: (answer, { agentId }) => holds(answer, `"${agentId}"`),
  },
  getPeriodReportCsv: {
    owned: true,
    request: () => ({ query: { ...period, table: 'agents' } }),
    shows: (answer, { agentId }) => holds(answer, agentId),
  },

  openLiveSession: {
    owned: true,
    request: (_world, { team, agentId, sessionId }) => ({
      body: { id: `live-${sessionId}`, channel: 'chat', language: 'en', team, agentId },
    }),
  },
  addTurns: {
    owned: true,
    request: async (world, things) => ({
      params: { key: await running(world, things) },
      body: { turns: [{ n: 1, speaker: 'agent', text: 'Good morning, may I have your name please?' }] },
    }),
  },
  endLiveSession: {
    owned: true,
    request: async (world, things) => ({ params: { key: await running(world, things) }, body: {} }),
  },
  followAlerts: { ...one, endless: true },
};
