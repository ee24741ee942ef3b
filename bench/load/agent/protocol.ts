import type { ClientName } from '../../client/choose.ts';
import type { Address } from '../../client/reach/addresses.ts';
import type { HostSecond } from '../../host/second.ts';
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
  | { readonly type: 'kill'; readonly name: string }
  /** The heartbeat, and an exchange of times: answered at once by `pong`. Only where the channel does not end with either. */
  | { readonly type: 'ping'; readonly askedUs: number }
  /** Which of these can be connected to? Answered by `reached`. */
  | { readonly type: 'reach'; readonly addresses: readonly Address[] }
  /** Tell what this host lacks, each second, or no longer. */
  | { readonly type: 'watch'; readonly on: boolean };

export type FromAgent =
  | { readonly type: 'from'; readonly name: string; readonly message: FromLoad }
  | { readonly type: 'ended'; readonly name: string; readonly how: string }
  /** µs of the agent's monotonic clock: when the ping was read, and when this was said. */
  | {
      readonly type: 'pong';
      readonly askedUs: number;
      readonly receivedUs: number;
      readonly answeredUs: number;
    }
  | { readonly type: 'reached'; readonly open: readonly boolean[] }
  | { readonly type: 'host'; readonly second: HostSecond; readonly atUs: number };

/** A coordinator and an agent on other hosts speak at least this often, ms. */
export const HEARTBEAT_MS = 1_000;
/** And who has said nothing for this long is gone, ms: found, and its clients ended, within 5 s. */
export const SILENCE_MS = 4_500;
