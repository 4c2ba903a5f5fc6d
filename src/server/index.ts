import type { OpenServerOptions, Server } from './serve.ts';
import type { ServerConfig } from './config.ts';
import type { RemoteWorker, RemoteWorkerOptions } from './remote-worker.ts';

export { type ConfigSources, readServerConfig, type ServerConfig } from './config.ts';
export { redactResult } from './http/redact.ts';
export * from './installation.ts';
export { workerToken } from './work/signing.ts';
export type { OpenServerOptions, RemoteWorker, RemoteWorkerOptions, Server };

/** See serve.ts. Loaded when it is wanted: commands that open no server start without its libraries. */
export async function openServer(config: ServerConfig, options: OpenServerOptions): Promise<Server> {
  return (await import('./serve.ts')).openServer(config, options);
}

/** See remote-worker.ts. */
export async function startRemoteWorker(options: RemoteWorkerOptions): Promise<RemoteWorker> {
  return (await import('./remote-worker.ts')).startRemoteWorker(options);
}
