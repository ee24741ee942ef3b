import type { OnEvent } from './addon.ts';

/** The numbers of bridge.h. */
const [READABLE, ERROR, STATISTICS, LOG, ASSIGNMENT, TOKEN] = [0, 1, 2, 3, 4, 5];

export interface EventHandlers {
  readonly onReadable?: () => void;
  readonly onError: (code: string, message: string) => void;
  readonly onStatistics?: (json: string) => void;
  /** The client wants a token. */
  readonly onToken?: () => void;
  readonly onAssignment?: (event: 'assigned' | 'revoked', partitions: readonly number[]) => void;
}

/** Hands each event of a client's threads to who wants it. */
export function dispatch(handlers: EventHandlers, errorName: (code: number) => string): OnEvent {
  return (kind, code, detail) => {
    switch (kind) {
      case READABLE:
        handlers.onReadable?.();
        break;
      case ERROR:
        handlers.onError(errorName(code), detail as string);
        break;
      case STATISTICS:
        handlers.onStatistics?.(detail as string);
        break;
      case LOG:
        // Whatever matters comes as an error as well.
        break;
      case TOKEN:
        handlers.onToken?.();
        break;
      case ASSIGNMENT:
        handlers.onAssignment?.(code === 1 ? 'assigned' : 'revoked', detail as readonly number[]);
        break;
    }
  };
}
