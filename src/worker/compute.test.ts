import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EarwitnessError, type FinishedWork, type OrderedSession, type WorkOrder } from '../session/index.ts';
import { type Computer, createComputer, type ParentLine } from './compute.ts';

let dir: string;
let computer: Computer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'compute-test-'));
  computer = createComputer({ modelsDir: dir, offline: true, judge: null });
});

afterAll(async () => {
  await computer.close();
  await rm(dir, { recursive: true, force: true });
});

function written(id: string, recordingSha256: string | null): OrderedSession {
  const turn = { n: 1, speaker: 'agent', startMs: 0, endMs: 0, text: 'Hello.', visibility: 'public' } as const;
  const session = {
    ...{ id, channel: recordingSha256 ? 'call' : 'chat', language: 'en', agentId: null, customerId: null, team: null },
    ...{ queue: null, startedAt: null, attributes: {}, recording: null, turns: [turn] },
    transcript: { origin: 'given', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
  } as OrderedSession['session'];
  const source = { path: `${id}.wav`, entry: null };
  return { key: id, session, source, notices: [], recordingSha256, channelRoles: null };
}

async function compute(sessions: OrderedSession[], more: Partial<WorkOrder> = {}, given: Partial<ParentLine> = {}) {
  const work: FinishedWork = { finished: [], failed: [] };
  const line: ParentLine = {
    artefact: () => Promise.reject(new EarwitnessError('artefact-missing', 'x', 'Not there.')),
    recording: () => Promise.reject(new EarwitnessError('artefact-missing', 'x', 'Not there.')),
    submit: ({ finished, failed }) => {
      work.finished.push(...finished);
      work.failed.push(...failed);
      return Promise.resolve();
    },
    begin: () => undefined,
    progress: () => undefined,
    ...given,
  };
  const order = { batchId: 'b', sessions, scorecards: [], recogniser: 'auto', agentChannel: 'left' as const, ...more };
  return { troubled: await computer.run(order, line, new AbortController().signal), work };
}

test('a session that no scorecard fits is finished all the same, and says so', async () => {
  const { troubled, work } = await compute([written('a', null)]);
  expect(troubled).toEqual([]);
  expect(work.finished).toMatchObject([{ key: 'a', summary: { score: null, channel: 'chat' }, items: [] }]);
});

test('what is no sound fails for good under its own name; what cannot be had now is for another try', async () => {
  const path = join(dir, 'no-sound');
  await writeFile(path, 'this is no sound at all');
  const recording = (sha256: string) =>
    sha256 === 'text'
      ? Promise.resolve(path)
      : Promise.reject(new EarwitnessError('artefact-missing', 'x', 'Not there.'));
  const sessions = [written('text', 'text'), written('gone', 'gone'), written('chat', null)];
  const { troubled, work } = await compute(sessions, {}, { recording });
  expect(work.failed).toMatchObject([{ key: 'text', problem: { path: 'text.wav' } }]);
  expect(JSON.stringify(work.failed)).not.toContain(dir);
  expect(troubled).toMatchObject([{ key: 'gone', problem: { code: 'artefact-missing' } }]);
  expect(work.finished.map(({ key }) => key)).toEqual(['chat']);
});

test('a scorecard whose files cannot be had stops the order before anything is judged by less', async () => {
  const scorecards = [
    { hash: 'h', id: 'c', version: '1', path: '/c.yaml', files: [{ path: '/c.yaml', sha256: 'ab' }] },
  ];
  await expect(compute([written('a', null)], { scorecards })).rejects.toThrow('Not there.');
});
