import { EXIT } from './errors.ts';

/**
 * Ctrl-C and SIGTERM: the first one aborts the signal, so that the work under way stops gracefully and keeps its
 * results; a second one ends the process at once with status 130, after `atOnce` has undone what would outlive it.
 */
export function onInterrupt(
  sayStopping: () => void,
  atOnce: () => void = () => {},
): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  const handle = (): void => {
    if (controller.signal.aborted) {
      atOnce();
      process.exit(EXIT.interrupted);
    }
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
