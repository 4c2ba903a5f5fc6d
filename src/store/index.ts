export { openResults, openRunStore, type ResultStore, type RunStore } from './run-store.ts';
export type { Bundle } from './result-keeper.ts';
export type * from './installation/store.ts';
export type * from './archive/archive.ts';
