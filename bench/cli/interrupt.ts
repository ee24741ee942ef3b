import { EXIT } from '../common/errors.ts';

/**
 * Ctrl-C and SIGTERM: the first one aborts the signal, so that the work under way stops gracefully and keeps its
 * results; a second one ends the process at once with status 130. What would outlive it is undone as after kill -9,
 * by the processes that see it gone: the observer, and the watcher of a local cluster.
 */
export function onInterrupt(sayStopping: () => void): {
  readonly signal: AbortSignal;
  readonly dispose: () => void;
} {
  const controller = new AbortController();
  const handle = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    sayStopping();
    controller.abort();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
