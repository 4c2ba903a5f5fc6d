export * from './primitives.ts';
export * from './session.ts';
export * from './annotations.ts';
export * from './opinion.ts';
export * from './result.ts';
export * from './errors.ts';
export * from './time.ts';
export {
  addDays,
  type Day,
  daysBetween,
  dayText,
  isZone,
  readDay,
  weekday,
  type ZoneClock,
  zoneClock,
} from './zone.ts';
export * from './statistics.ts';
export { leastSilenceMs, publicTurns, type Utterance, utterances } from './utterances.ts';
export * from './stored.ts';
export * from './replay.ts';
export * from './backtest.ts';
export { negativeBelow, summariseSentiment } from './sentiment-summary.ts';
export { type PackedResult, packResult, type Unpacked, unpackResult } from './packing.ts';
export * from './records.ts';
export type * from './work.ts';
