import { z } from 'zod';
import { localisedSchema } from './primitives.ts';

/** One pinned part of a stored result, held against what it was replayed with. */
export const pinCheckSchema = z.object({
  part: z.enum(['session', 'result', 'transcript', 'scorecard', 'file', 'sentiment', 'engine', 'recogniser', 'judge']),
  /** The file's path for `file`; else the id and version where there is one. */
  name: z.string(),
  /**
   * `kept`: pinned, but not run again (recogniser and judge: their words are stored). `missing`: no longer in the store.
   * `damaged`: its bytes no longer have the hash that they were kept under.
   */
  state: z.enum(['same', 'differs', 'missing', 'damaged', 'kept']),
  stored: z.string().nullable(),
  now: z.string().nullable(),
});
export type PinCheck = z.infer<typeof pinCheckSchema>;

export const differenceSchema = z.object({
  /** Where in the result: `items.greeting.verdict`. */
  path: z.string(),
  stored: z.string(),
  replayed: z.string(),
});
export type Difference = z.infer<typeof differenceSchema>;

/** What came of judging a stored result again. */
export const replaySchema = z.object({
  id: z.string(),
  judgedAt: z.string(),
  scorecard: z.object({ id: z.string(), version: z.number().int(), hash: z.string() }).nullable(),
  /**
   * `identical`: every pinned part is the same and so is every value. `differs`: a pinned part or a value is not.
   * `impossible`: a part without which nothing can be judged is missing or unreadable; `reason` says which.
   */
  status: z.enum(['identical', 'differs', 'impossible']),
  reason: localisedSchema.nullable(),
  pins: z.array(pinCheckSchema),
  /** What was held against each other; null where nothing could be replayed. */
  compared: z
    .object({
      items: z.number().int(),
      quotes: z.number().int(),
      sections: z.number().int(),
      reasons: z.number().int(),
      /** Single values, the parts above included. */
      values: z.number().int(),
      /** SHA-256 over all of them, as stored and as replayed. */
      storedHash: z.string(),
      replayedHash: z.string(),
    })
    .nullable(),
  /** The first differences, in the order of the result; `differing` counts all. */
  differences: z.array(differenceSchema),
  differing: z.number().int(),
});
export type Replay = z.infer<typeof replaySchema>;

/** What `earwitness rescore --json` prints. */
export const rescoreSchema = z.object({
  schema: z.literal('earwitness/rescore/1'),
  engine: z.string(),
  identical: z.number().int(),
  differs: z.number().int(),
  impossible: z.number().int(),
  /** One after the other as asked for; with --all, only those that are not identical. */
  replays: z.array(replaySchema),
});
export type Rescore = z.infer<typeof rescoreSchema>;
