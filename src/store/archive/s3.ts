import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { randomBytes } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Archive, ObjectInfo } from './archive.ts';
import { archiveError, missing } from './problems.ts';
import { hashOf, isName, spool } from './spool.ts';
import { openTempFolder } from './temp.ts';

/** The `s3` part of the server's configuration. */
export interface S3Settings {
  bucket: string;
  /** Null: Amazon's own. */
  endpoint: string | null;
  region: string;
  /** Before every name, so that a bucket can be shared; with or without a slash at its end. */
  prefix: string;
  /** Null, both: whatever the environment of the process grants (role, profile). */
  accessKeyId: string | null;
  secretAccessKey: string | null;
  pathStyle: boolean;
}

const partBytes = 8 * 1024 * 1024;

/**
 * Objects in a bucket, under PREFIX/ab/abcdef…. The name is the hash of all bytes, so an upload waits in a temporary file
 * until it is known; then it goes up in parts, and shows under its name when the last one is there.
 */
export async function openS3(settings: S3Settings): Promise<Archive> {
  const { bucket: Bucket, endpoint, region, accessKeyId, secretAccessKey, pathStyle } = settings;
  const prefix = settings.prefix.replace(/^\/+|\/+$/g, '');
  const client = new S3Client({
    region,
    forcePathStyle: pathStyle,
    ...(endpoint === null ? {} : { endpoint }),
    ...(accessKeyId === null || secretAccessKey === null ? {} : { credentials: { accessKeyId, secretAccessKey } }),
    // Not every store that speaks S3 knows the newer checksums; the name itself is one.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const temp = openTempFolder();
  const where = `s3://${Bucket}/${prefix}`;
  const keyOf = (sha256: string) => [prefix, sha256.slice(0, 2), sha256].filter(Boolean).join('/');

  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw archiveError(error, where);
    }
  };

  const has = (sha256: string): Promise<ObjectInfo | null> =>
    guard(async () => {
      if (!isName(sha256)) return null;
      try {
        const head = await client.send(new HeadObjectCommand({ Bucket, Key: keyOf(sha256) }));
        return infoOf(sha256, head.ContentLength, head.LastModified);
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    });

  const read = async (sha256: string, range?: { start: number; end: number }): Promise<Readable> => {
    const start = Math.max(0, range?.start ?? 0);
    if (!isName(sha256)) throw missing(sha256);
    if (range && range.end < start) {
      if (!(await has(sha256))) throw missing(sha256);
      return Readable.from([]);
    }
    return guard(async () => {
      try {
        const Range = range && `bytes=${start}-${range.end}`;
        const { Body } = await client.send(
          new GetObjectCommand({ Bucket, Key: keyOf(sha256), ...(Range ? { Range } : {}) }),
        );
        return Body as Readable;
      } catch (error) {
        if (statusOf(error) === 404) throw missing(sha256);
        // Nothing lies in this range: it begins behind the last byte.
        if (statusOf(error) === 416) return Readable.from([]);
        throw error;
      }
    });
  };

  return {
    backend: 's3',
    put: async (source, options = {}) => {
      const { path, sha256, bytes } = await spool(temp.path(), source, options);
      try {
        return await guard(async () => {
          const upload = new Upload({
            client,
            params: {
              Bucket,
              Key: keyOf(sha256),
              Body: createReadStream(path, { highWaterMark: 1024 * 1024 }),
              ContentType: 'application/octet-stream',
            },
            partSize: partBytes,
            queueSize: 2,
          });
          await upload.done();
          return (await has(sha256)) ?? { sha256, bytes, storedAt: new Date().toISOString() };
        });
      } finally {
        await rm(path, { force: true });
      }
    },
    has,
    read,
    local: async (sha256) => {
      const path = join(temp.path(), randomBytes(12).toString('hex'));
      const release = () => rm(path, { force: true });
      try {
        const body = await read(sha256);
        await guard(() => pipeline(body, createWriteStream(path, { flags: 'wx', mode: 0o600 })));
      } catch (error) {
        await release();
        throw error;
      }
      return { path, release };
    },
    remove: async (sha256) => {
      if (!(await has(sha256))) return false;
      await guard(() => client.send(new DeleteObjectCommand({ Bucket, Key: keyOf(sha256) })));
      return true;
    },
    async *list() {
      const Prefix = prefix === '' ? '' : `${prefix}/`;
      const pages = paginateListObjectsV2({ client, pageSize: 1000 }, { Bucket, Prefix })[Symbol.asyncIterator]();
      for (;;) {
        const { done, value } = await guard(() => pages.next());
        if (done) return;
        for (const { Key = '', Size, LastModified } of value.Contents ?? []) {
          const sha256 = Key.slice(Key.lastIndexOf('/') + 1);
          if (isName(sha256) && Key === keyOf(sha256)) yield infoOf(sha256, Size, LastModified);
        }
      }
    },
    verify: async (sha256) => {
      if (!(await has(sha256))) return 'missing';
      return guard(async () => ((await hashOf(await read(sha256))) === sha256 ? 'whole' : 'damaged'));
    },
    health: async () => {
      await guard(() => client.send(new HeadBucketCommand({ Bucket })));
    },
    close: () => {
      client.destroy();
      temp.remove();
      return Promise.resolve();
    },
  };
}

function infoOf(sha256: string, bytes: number | undefined, at: Date | undefined): ObjectInfo {
  return { sha256, bytes: bytes ?? 0, storedAt: (at ?? new Date()).toISOString() };
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}
