import { stringify } from 'csv-stringify/sync';
import { recordingName, type Truth } from './produce.ts';
import type { Scenario } from './scenario.ts';

/** What a call centre's own system would say about a recording, without what only listening can tell. */
function factsOf(scenario: Scenario): Record<string, unknown> {
  const { id, language, agentId, customerId, team, queue, startedAt, attributes, audio } = scenario;
  const channels = { stereo: null, swapped: ['customer', 'agent'], identical: null, mono: null }[audio.layout];
  return {
    id,
    channel: 'call',
    language,
    agentId,
    customerId,
    team,
    queue,
    startedAt,
    ...(channels ? { channelRoles: channels } : {}),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  };
}

/**
 * The files that lie beside the recordings: a JSON sidecar of the same stem, with the transcript's turns where the
 * scenario gives one, and one manifest.csv for the calls that have no sidecar. A call whose file name says
 * everything gets neither. Paths are relative to the folder of the calls.
 */
export function allFacts(scenarios: readonly Scenario[], truths: readonly Truth[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const scenario of scenarios) {
    const truth = truths.find(({ session }) => session.id === scenario.id);
    if (scenario.facts === 'sidecar')
      files.set(`${scenario.id}.json`, `${JSON.stringify(factsOf(scenario), null, 2)}\n`);
    if (scenario.facts === 'transcript' && truth) {
      const turns = truth.session.turns.map(({ speaker, startMs, endMs, text, words }) => ({
        speaker,
        startMs,
        endMs,
        text,
        words,
      }));
      files.set(`${scenario.id}.json`, `${JSON.stringify({ ...factsOf(scenario), turns }, null, 1)}\n`);
    }
  }
  const listed = scenarios.filter(({ facts }) => facts === 'manifest');
  const header = ['file', 'id', 'language', 'agentId', 'customerId', 'team', 'queue', 'startedAt'];
  const rows = listed.map((scenario) => {
    const { id, language, agentId, customerId, team, queue, startedAt } = scenario;
    return [recordingName(scenario), id, language, agentId, customerId, team, queue, startedAt];
  });
  if (rows.length > 0) files.set('manifest.csv', stringify([header, ...rows]));
  return files;
}
