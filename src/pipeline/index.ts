export { engine } from './engine.ts';
export { askJudge, inspectSession, type Judges, type SessionInput, transcriptHash } from './inspect-session.ts';
export { type BatchEvent, type BatchOptions, type BatchOutcome, inspectBatch, type TranscriptCache } from './batch.ts';
