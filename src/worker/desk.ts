import type { FinishedWork, WorkOrder } from '../session/index.ts';

/**
 * Where a worker gets its work from and hands it in. In one process tree the server answers directly; from another
 * machine the same questions travel over signed, expiring URLs. A worker has no other way to the installation's data.
 */
export interface WorkDesk {
  /** What the job asks for. Throws `GiveUp` where the job is no longer wanted (cancelled batch, recorded already). */
  order(jobId: string, signal: AbortSignal): Promise<WorkOrder>;
  /** The file of a scorecard or sentiment bundle by its SHA-256. */
  artefact(sha256: string, signal: AbortSignal): Promise<Uint8Array>;
  /** A recording as a file on this machine. */
  recording(sha256: string, signal: AbortSignal): Promise<{ path: string; release(): Promise<void> }>;
  /** Hands in a part of the results. May be called several times for one job, and again for the same sessions. */
  submit(jobId: string, work: FinishedWork, signal: AbortSignal): Promise<void>;
}
