import { z } from 'zod';
import type { FinishedWork, WorkOrder } from '../session/index.ts';

/** What the payload of an `inspect` job says. `grant` is the server's mark that it made the job. */
export const inspectPayloadSchema = z.object({
  batchId: z.string(),
  keys: z.array(z.string()).min(1),
  grant: z.string(),
  /** A person wants sessions inspected again that are recorded already. */
  again: z.boolean().optional(),
});
export type InspectPayload = z.infer<typeof inspectPayloadSchema>;

export interface InspectJob {
  id: string;
  payload: InspectPayload;
}

/**
 * Where a worker gets its work from and hands it in. In one process tree the server answers directly; from another
 * machine the same questions travel over signed, expiring URLs. A worker has no other way to the installation's data.
 */
export interface WorkDesk {
  /**
   * What is left to do of the job: sessions that are recorded already, and those of a cancelled batch, are not in it.
   * Throws `GiveUp` where the job was not made by this installation.
   */
  order(job: InspectJob, signal: AbortSignal): Promise<WorkOrder>;
  /** The file of a scorecard or sentiment bundle by its SHA-256. */
  artefact(job: InspectJob, sha256: string, signal: AbortSignal): Promise<Uint8Array>;
  /** A recording as a file on this machine. */
  recording(job: InspectJob, sha256: string, signal: AbortSignal): Promise<{ path: string; release(): Promise<void> }>;
  /** Hands in a part of the results. May be called several times for one job, and again for the same sessions. */
  submit(job: InspectJob, work: FinishedWork, signal: AbortSignal): Promise<void>;
}
