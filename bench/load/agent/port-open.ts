import { connect } from 'node:net';
import type { Address } from '../../client/reach/addresses.ts';

const LIMIT_MS = 3_000;

/** Whether a TCP connection to an address is taken within 3 s. */
export function isPortOpen({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: LIMIT_MS });
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
