export { announceBatchFinished, announceRecorded } from './announce.ts';
export { startWebhooks } from './deliver.ts';
