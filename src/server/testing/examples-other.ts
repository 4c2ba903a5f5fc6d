import { randomUUID } from 'node:crypto';
import { cardText } from '../routes/testing/recorded.ts';
import { type Example, nothing } from './example.ts';
import type { World } from './world.ts';

const url = 'https://hooks.example.com/earwitness';

async function webhook(world: World): Promise<{ id: string; delivery: string }> {
  const { webhooks } = world.test.context.store;
  const id = randomUUID();
  await webhooks.create({
    id,
    url,
    events: ['batch.finished'],
    team: null,
    active: true,
    createdBy: 'test',
    createdAt: '2026-01-01T00:00:00.000Z',
    secret: `whsec_${Buffer.from(randomUUID()).toString('base64')}`,
  });
  const delivery = `delivery-${id}`;
  await webhooks.addDelivery({ id: delivery, webhookId: id, event: 'batch.finished', body: '{}' });
  await webhooks.noteDelivery(delivery, { state: 'dead', lastStatus: 500, lastError: 'refused' });
  return { id, delivery };
}

const hook: Example = {
  request: async (world) => {
    const { id, delivery } = await webhook(world);
    return { params: { id, delivery } };
  },
};
const desk = { params: { id: 'desk-en' } };

export const otherExamples: Readonly<Record<string, Example>> = {
  listScorecards: { request: nothing },
  getScorecard: { request: () => desk },
  listScorecardVersions: { request: () => desk },
  publishScorecard: { request: () => ({ body: { path: 'desk.en.yaml', files: { 'desk.en.yaml': cardText } } }) },

  listWebhooks: { request: nothing },
  createWebhook: { request: () => ({ body: { url: 'https://93.184.216.34/earwitness', events: ['batch.finished'] } }) },
  getWebhook: hook,
  updateWebhook: {
    request: async (world) => ({ params: { id: (await webhook(world)).id }, body: { active: false } }),
  },
  deleteWebhook: hook,
  listDeliveries: hook,
  redeliver: hook,
  pingWebhook: hook,
  rotateWebhookSecret: hook,

  listAudit: { request: nothing },
  verifyAudit: { request: nothing },

  getQueue: { request: nothing },
  listDeadJobs: { request: nothing },
  pauseQueue: { request: () => ({ body: { group: 'nothing of this name' } }) },
  resumeQueue: { request: () => ({ body: { group: 'nothing of this name' } }) },
  redriveJobs: { request: () => ({ body: { group: 'nothing of this name' } }) },

  // Workers have no account: without a worker token or a signed address everybody is refused.
  greetWorker: { request: nothing },
  takeOrder: {
    request: () => ({
      body: { engine: 'x', job: { id: 'x', payload: { batchId: 'x', keys: ['x'], grant: 'x' } } },
    }),
  },
  fetchWorkRecording: {
    request: () => ({ params: { sha256: '0'.repeat(64) }, query: { job: 'x', expires: '1', signature: 'x' } }),
  },
  fetchWorkArtefact: {
    request: () => ({ params: { sha256: '0'.repeat(64) }, query: { job: 'x', expires: '1', signature: 'x' } }),
  },
  handInResults: {
    request: () => ({
      query: { job: 'x', expires: '1', signature: 'x' },
      body: {
        job: { id: 'x', payload: { batchId: 'x', keys: ['x'], grant: 'x' } },
        work: { finished: [], failed: [] },
      },
    }),
  },
};
