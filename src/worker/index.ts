export type { WorkDesk } from './desk.ts';
