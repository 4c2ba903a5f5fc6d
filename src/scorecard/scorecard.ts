import type { Channel, CriticalClass, Localised, ScorecardRef, Session } from '../session/index.ts';
import type { Confidence } from './evaluate/confidence.ts';
import type { Condition } from './evaluate/condition.ts';
import type { ScorecardPart } from './load/compose/compose.ts';
import type { ScorecardSource } from './load/files.ts';

export type Method = 'sectionPercent' | 'pooledPoints' | 'deductFrom100';

/** One range of an item of type `number`: [from, to). */
export interface Band {
  from: number;
  to: number;
  points: number;
}

/** How an item earns its points. */
export type Rule =
  | { kind: 'expect' | 'forbid'; condition: Condition }
  | { kind: 'levels'; levels: readonly { points: number; condition: Condition }[] }
  | { kind: 'measure'; condition: Condition; bands: readonly Band[] }
  | { kind: 'manual' };

/** What a fail takes: all at once, or so much per hit up to a limit (null: no limit). */
export type Deduction = { kind: 'once'; points: number } | { kind: 'perHit'; points: number; max: number | null };

export interface CompiledItem {
  id: string;
  title: Localised;
  why: Localised | null;
  coaching: Localised | null;
  type: 'yesno' | 'scale' | 'deduction' | 'number';
  weight: number;
  possible: number;
  deduction: Deduction;
  channels: readonly Channel[] | null;
  severity: 'low' | 'medium' | 'high';
  critical: CriticalClass | null;
  autoFail: 'none' | 'section' | 'form';
  manualOnly: boolean;
  when: Condition | null;
  naWhen: Condition | null;
  rule: Rule;
}

export interface CompiledSection {
  id: string;
  title: Localised;
  weight: number;
  items: readonly CompiledItem[];
}

/** A scorecard that is read, checked and ready to judge sessions. Immutable; holds no session's data. */
export interface CompiledScorecard {
  ref: ScorecardRef;
  /** The file that it was read from. */
  path: string;
  /** The files that it rests on, with the versions that they state: what it extends and uses, lexicons, knowledge bases. */
  parts: readonly ScorecardPart[];
  /** Every file that it was made from, its own first, as read. */
  sources: readonly ScorecardSource[];
  /** What it judges by beside its own words: model or prompt → version. Part of its hash. */
  models: ReadonlyMap<string, string>;
  passMark: number;
  method: Method;
  /** deductFrom100: one budget of 100, or one per section of the section's weight. */
  deductPer: 'form' | 'section';
  confidence: Confidence;
  sections: readonly CompiledSection[];
  /** Whether the scorecard is meant for the session: its language, channel, queue, team and attributes. */
  appliesTo(session: Session): boolean;
}
