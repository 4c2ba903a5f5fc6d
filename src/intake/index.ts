export { readInputs } from './read.ts';
export { defaultLimits } from './settings.ts';
export { defaultFileNamePatterns } from './file-name.ts';
export type { IntakeFailure, IntakeItem, IntakeLimits, IntakeOptions, IntakeSession } from './types.ts';
