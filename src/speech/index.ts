export { createTranscriber } from './transcriber.ts';
export type { Transcriber, Transcribed, TranscribeRequest, TranscriberOptions } from './transcriber.ts';
export type { RecogniserChoice } from './choose.ts';
export { recogniserIds, type RecogniserId } from './recogniser.ts';
export { describeRecognisers, type RecogniserRow } from './describe.ts';
export { fetchModel, listModels, type ModelListing, type ModelProgress } from './models.ts';
export { align, characterErrorRate, editDistance, type EditStep, type ErrorRate, wordErrorRate } from './error-rate.ts';
