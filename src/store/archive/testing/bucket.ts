import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import type { ArchiveSettings } from '../open.ts';

/** A store that speaks S3, on this machine's loopback, with one empty bucket. */
export async function openBucket(): Promise<{
  settings: Extract<ArchiveSettings, { kind: 's3' }>;
  /** Where it keeps the objects of the bucket, to do harm to them. */
  directory: string;
  close(): Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'earwitness-bucket-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: 'recordings' }],
  });
  const { port } = await server.run();
  return {
    settings: {
      kind: 's3',
      bucket: 'recordings',
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      prefix: 'qa/',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
      pathStyle: true,
    },
    directory: join(folder, 'recordings'),
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
