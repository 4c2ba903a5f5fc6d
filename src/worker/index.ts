export { type InspectJob, type InspectPayload, inspectPayloadSchema, type WorkDesk } from './desk.ts';
export { endWithParent, type Forked, type ForkOptions, forkProgram } from './fork.ts';
export { createHttpDesk, type HttpDeskOptions } from './http-desk.ts';
export type { ChildSetup } from './protocol.ts';
export { finish, summaryOf } from './summary.ts';
export { orderAnswerSchema, resultsBodySchema, workWire } from './wire.ts';
export { startWorker, type Worker, type WorkerLog, type WorkerOptions } from './worker.ts';
