export { openRunStore, type RunStore } from './run-store.ts';
