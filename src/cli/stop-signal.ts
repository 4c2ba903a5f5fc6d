/**
 * Turns Ctrl-C (and SIGTERM) into an AbortSignal. The second one ends the program at once, for whoever does not want
 * to wait for child processes to end.
 */
export function stopSignal(onStop: () => void): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const handle = () => {
    if (controller.signal.aborted) process.exit(130);
    onStop();
    controller.abort();
  };
  process.on('SIGINT', handle).on('SIGTERM', handle);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', handle).off('SIGTERM', handle);
    },
  };
}
