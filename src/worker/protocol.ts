import type { JudgeConfig } from '../scorecard/index.ts';
import type { FinishedWork, Problem, WorkOrder } from '../session/index.ts';

/** What passes between a worker and the children that compute for it. */

/** What a child needs to know before its first job. */
export interface ChildSetup {
  modelsDir: string;
  offline: boolean;
  /** A language model for the questions of scorecards; null: they stay unknown. */
  judge: { config: JudgeConfig; cacheDir: string | null } | null;
}

/** A child reaches nothing by itself: whatever it needs, it asks of its parent. */
export type Question =
  { what: 'artefact'; sha256: string } | { what: 'recording'; sha256: string } | { what: 'submit'; work: FinishedWork };

export type Answer = { ok: true; value: Uint8Array | string | null } | { ok: false; problem: Problem };

/** A session that another try may inspect. */
export interface Troubled {
  key: string;
  problem: Problem;
}

export type ToChild =
  | { type: 'setup'; setup: ChildSetup }
  | { type: 'job'; order: WorkOrder }
  | { type: 'answer'; id: number; answer: Answer }
  /** The job is no longer wanted; `done` follows soon. */
  | { type: 'stop' };

export type FromChild =
  | { type: 'ready' }
  | { type: 'begin'; key: string }
  /** Share of the job, 0…1. */
  | { type: 'progress'; fraction: number }
  | { type: 'ask'; id: number; question: Question }
  | { type: 'done'; troubled: Troubled[]; rssBytes: number };
