export { openResults, openRunStore, type ResultStore, type RunStore } from './run-store.ts';
export type { Bundle } from './result-keeper.ts';
