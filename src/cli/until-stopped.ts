import { exitStatus } from './exit-status.ts';

/** Something that runs until it is told to stop. */
interface Running {
  drain(graceMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** How long running work may take to end; what is longer is given back and done again later. */
const graceMs = 30_000;

/**
 * Waits for Ctrl-C or SIGTERM and lets running work end; the second signal gives it back at once. Resolves to the exit
 * status: 0 after a clean end, 130 after a hasty one.
 */
export function untilStopped(running: Running, message: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let signals = 0;
    const handle = () => {
      signals++;
      if (signals > 2) process.exit(exitStatus.interrupted);
      if (signals === 2) void running.stop().catch(reject);
      if (signals > 1) return;
      process.stderr.write(`${message}\n`);
      running.drain(graceMs).then(() => {
        process.off('SIGINT', handle).off('SIGTERM', handle);
        resolve(signals > 1 ? exitStatus.interrupted : exitStatus.clean);
      }, reject);
    };
    process.on('SIGINT', handle).on('SIGTERM', handle);
  });
}
