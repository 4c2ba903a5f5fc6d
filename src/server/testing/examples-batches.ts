import { type Example, type ExampleRequest, form, holds, nothing } from './example.ts';
import type { Things, Visitor, World } from './world.ts';

const id = (_world: World, { batch }: Things): ExampleRequest => ({ params: { id: batch.id } });
const one: Example = { owned: true, request: id };
const chat = (session: string) =>
  JSON.stringify({ id: session, channel: 'chat', turns: [{ speaker: 'customer', text: `Hello from ${session}` }] });

const tus = { 'tus-resumable': '1.0.0' };
const described = (batchId: string) =>
  `batchId ${Buffer.from(batchId).toString('base64')},filename ${Buffer.from('chat.json').toString('base64')}`;

/** An upload that the caller began, if they may; else one of an admin. */
async function begun(world: World, { batch }: Things, visitor: Visitor): Promise<string> {
  const begin = async (as: Record<string, string>) => {
    const answer = await world.test.ask({
      method: 'POST',
      url: '/api/v1/uploads',
      as,
      headers: { ...tus, 'upload-length': '5', 'upload-metadata': described(batch.id) },
    });
    return answer.headers.location === undefined ? null : String(answer.headers.location).split('/').at(-1)!;
  };
  const own = await begin(visitor.credentials);
  return own ?? (await begin(await world.test.login(await world.test.account('admin'))))!;
}

/** Uploads belong to those who began them; whose batch they go to is decided when they begin. */
const upload = (more: ExampleRequest = {}): Example => ({
  request: async (world, things, visitor) => ({
    params: { id: await begun(world, things, visitor) },
    ...more,
    headers: { ...tus, ...more.headers },
  }),
});

export const batchExamples: Readonly<Record<string, Example>> = {
  listBatches: {
    owned: true,
    request: () => ({ query: { limit: '200' } }),
    shows: (answer, { batch }) => holds(answer, batch.id),
  },
  createBatch: { owned: true, request: (_world, { team }) => ({ body: { title: 'New', team } }) },
  getBatch: one,
  changeBatch: {
    owned: true,
    request: (_world, { batch }) => ({ params: { id: batch.id }, body: { title: 'Renamed' } }),
  },
  cancelBatch: one,
  closeBatch: one,
  pauseBatch: one,
  resumeBatch: {
    owned: true,
    request: async (world, { batch }) => {
      await world.test.context.store.batches.move(batch.id, ['receiving', 'running'], 'paused');
      return { params: { id: batch.id } };
    },
  },
  retryBatch: one,
  followBatch: { ...one, endless: true },
  getBatchProgress: one,
  listBatchFailures: one,
  listBatchFiles: one,
  batchReportCsv: one,
  batchReportHtml: one,
  batchReportJson: one,
  uploadFiles: {
    owned: true,
    request: (_world, { batch, fileId }) => ({ params: { id: batch.id }, ...form({}, 'file', chat(fileId)) }),
  },
  uploadBatch: {
    owned: true,
    request: (_world, { team, fileId }) => form({ title: 'New', team }, 'file', chat(`in one ${fileId}`)),
  },
  getFile: { owned: true, request: (_world, { fileId }) => ({ params: { id: fileId } }) },
  recordingHook: {
    owned: true,
    request: (_world, { team, fileId }) =>
      form({ metadata: JSON.stringify({ callId: fileId, team }) }, 'recording', `sound of ${fileId}`),
  },

  uploadOptions: { request: nothing },
  createUpload: {
    owned: true,
    request: (_world, { batch }) => ({
      headers: { ...tus, 'upload-length': '5', 'upload-metadata': described(batch.id) },
    }),
  },
  getUpload: upload(),
  patchUpload: upload({
    headers: { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: '{"a":',
  }),
  removeUpload: upload(),
};
