export * from './queue.ts';
export { openQueue } from './open.ts';
export type { QueuePlace } from './open.ts';
