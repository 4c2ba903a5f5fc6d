import type { TextSpan } from './types.ts';

/** Every kind of thing that is told apart in a text. */
export const entityTypes = [
  'email',
  'url',
  'idNumber',
  'bankCard',
  'phone',
  'orderNumber',
  'plate',
  'address',
  'date',
  'time',
  'money',
  'duration',
  'person',
] as const;
export type EntityType = (typeof entityTypes)[number];

/** Something named in a text. `start`/`end` are offsets into the ORIGINAL text. */
export interface Entity extends TextSpan {
  type: EntityType;
  /** Exactly `text.slice(start, end)`. */
  quote: string;
  /**
   * In one spelling: digits of a number without spaces, an e-mail in lower case, `2026-05-30`, `--05-30` (no year),
   * `20:30`, `CNY 15`, `3 day`; null where the text leaves it open (tomorrow, a few days).
   */
  value: string | null;
  /** A checksum or a calendar confirms it (bank card, identity number, full date). */
  checked: boolean;
}

/** A find in folded text, before overlaps are settled. */
export interface Candidate {
  type: EntityType;
  start: number;
  end: number;
  value: string | null;
  checked?: boolean;
}
