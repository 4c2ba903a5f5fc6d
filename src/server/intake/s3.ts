import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { GetObjectCommand, paginateListObjectsV2, S3Client, type _Object } from '@aws-sdk/client-s3';
import { EarwitnessError } from '../../session/index.ts';
import type { Context } from '../context.ts';
import { stableId } from './names.ts';
import { rollingBatch } from './rolling.ts';
import { takeIn } from './take-in.ts';

export interface S3ImportSettings {
  bucket: string;
  prefix: string;
  team: string | null;
  endpoint: string | null;
  region: string;
  accessKeyId: string | null;
  secretAccessKey: string | null;
  pathStyle: boolean;
  /** Between the end of one look and the next. */
  everyMs?: number;
}

export interface S3Import {
  /** Looks once, now. Returns how many files were taken in. */
  look(): Promise<number>;
  close(): Promise<void>;
}

/** Ids that are known to be taken in, so that most objects are passed over without asking the store. */
const remembered = 200_000;

/**
 * Takes in what lies under a prefix of a bucket, into one batch a day, and leaves it there. The store itself is the
 * ledger: the id of a file is made of bucket, key and ETag, so that an object comes in once, and again when its content
 * changes.
 */
export function startS3Import(context: Context, settings: S3ImportSettings): S3Import {
  return new Import(context, settings);
}

class Import implements S3Import {
  readonly #context: Context;
  readonly #settings: S3ImportSettings;
  readonly #client: S3Client;
  readonly #stop = new AbortController();
  readonly #known = new Set<string>();
  readonly #rounds: Promise<void>;
  #looking: Promise<number> | null = null;

  constructor(context: Context, settings: S3ImportSettings) {
    this.#context = context;
    this.#settings = settings;
    const { region, endpoint, pathStyle, accessKeyId, secretAccessKey } = settings;
    this.#client = new S3Client({
      region,
      forcePathStyle: pathStyle,
      ...(endpoint === null ? {} : { endpoint }),
      ...(accessKeyId === null || secretAccessKey === null ? {} : { credentials: { accessKeyId, secretAccessKey } }),
    });
    this.#rounds = this.#goRound(settings.everyMs ?? 60_000);
  }

  look(): Promise<number> {
    return (this.#looking ??= this.#look().finally(() => (this.#looking = null)));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#rounds;
    await this.#looking?.catch(() => 0);
    this.#client.destroy();
  }

  async #goRound(everyMs: number): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.look().catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#context.log.warn({ err: error }, 'a bucket could not be looked through');
      });
      await sleep(everyMs, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
    }
  }

  async #look(): Promise<number> {
    const { bucket: Bucket, prefix: Prefix } = this.#settings;
    let taken = 0;
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket, Prefix });
    for await (const { Contents = [] } of pages)
      for (const object of Contents) {
        if (this.#stop.signal.aborted) return taken;
        try {
          if (await this.#take(object)) taken++;
        } catch (error) {
          // Asked for again in the next round.
          this.#context.log.warn({ err: error }, 'an object could not be taken in yet');
        }
      }
    return taken;
  }

  async #take({ Key, ETag, Size }: _Object): Promise<boolean> {
    if (Key === undefined || Key.endsWith('/') || Size === 0) return false;
    const { bucket, team, prefix } = this.#settings;
    const id = stableId('s3', bucket, Key, ETag ?? '');
    if (this.#known.has(id)) return false;
    const { store, config } = this.#context;
    if (await store.batches.file(id)) return this.#remember(id);
    const open = () => rollingBatch(this.#context, 's3', { label: `${bucket}/${prefix}`, team });
    try {
      if ((Size ?? 0) > config.limits.uploadBytes) throw tooLarge(Key, config.limits.uploadBytes);
      // With its ETag: an object that changes meanwhile is another one.
      const { Body } = await this.#client.send(
        new GetObjectCommand({ Bucket: bucket, Key, ...(ETag === undefined ? {} : { IfMatch: ETag }) }),
        { abortSignal: this.#stop.signal },
      );
      await takeIn(this.#context, { id, batch: open, name: Key, source: Body as Readable });
    } catch (error) {
      if (!(error instanceof EarwitnessError) || error.code !== 'upload-too-large') throw error;
      const { id: batchId } = await open();
      await store.batches.addFailures(batchId, null, [{ ...error.problem, path: Key }]);
      this.#context.events.emit('batch', { id: batchId });
      return this.#remember(id);
    }
    this.#remember(id);
    return true;
  }

  #remember(id: string): false {
    if (this.#known.size >= remembered) this.#known.clear();
    this.#known.add(id);
    return false;
  }
}

function tooLarge(key: string, limit: number): EarwitnessError {
  return new EarwitnessError(
    'upload-too-large',
    key,
    `The object is larger than ${limit} bytes.`,
    'Split it, or raise EARWITNESS_MAX_UPLOAD_BYTES.',
  );
}
