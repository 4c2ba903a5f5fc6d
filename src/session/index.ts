export * from './primitives.ts';
export * from './session.ts';
export * from './annotations.ts';
export * from './result.ts';
export * from './errors.ts';
export * from './time.ts';
export * from './statistics.ts';
export { negativeBelow, summariseSentiment } from './sentiment-summary.ts';
