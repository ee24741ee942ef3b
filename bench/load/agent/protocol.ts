import type { ClientName } from '../../client/choose.ts';
import type { FromLoad, ToLoad } from '../protocol.ts';

/**
 * The conversation between the coordinator and an agent: what its generators say and are told, with their names, and
 * what the agent itself does. A plain duplex of messages, and nothing in it is a path of one host.
 */
export type ToAgent =
  /** A piece of a payload or key file; the first one says how long it will be. Kept until the agent ends. */
  | {
      readonly type: 'blob';
      readonly id: string;
      readonly sizeBytes: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  | { readonly type: 'begin'; readonly name: string; readonly driver: ClientName }
  | { readonly type: 'to'; readonly name: string; readonly message: ToLoad }
  /** Ends a generator as a kill would: its client says goodbye to nobody. */
  | { readonly type: 'kill'; readonly name: string };

export type FromAgent =
  | { readonly type: 'from'; readonly name: string; readonly message: FromLoad }
  | { readonly type: 'ended'; readonly name: string; readonly how: string };
