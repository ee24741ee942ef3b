import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KsweepError } from './errors.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const LOOPBACK = '127.0.0.1';

/** "9464" (loopback), "127.0.0.1:9464", "[::1]:9464", "0.0.0.0:9464", as `flag` was given. Throws usage. */
export function parseListenAddress(text: string, flag: string): ListenAddress {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^:[\]\s/]+):)?(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) {
    throw new KsweepError('usage', `${flag} ${text}: expected a port, or host:port`, {
      hint: 'such as 9464 (this machine only), or 0.0.0.0:9464 for every interface',
    });
  }
  return { host: match[1]?.replace(/^\[|\]$/g, '') ?? LOOPBACK, port };
}

/** Where it listens then, "http://127.0.0.1:9464". Throws listen-failed where the address cannot be had. */
export async function listenAt(
  server: Server,
  { host, port }: ListenAddress,
  flag: string,
): Promise<{ readonly origin: string; readonly port: number }> {
  await new Promise<void>((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'the port is in use' : error.message;
      const hint = 'choose another port, or 0 for any free one';
      failed(new KsweepError('listen-failed', `${flag} ${host}:${port}: ${why}`, { hint, cause: error }));
    });
    server.listen(port, host, done);
  });
  const { address, family, port: taken } = server.address() as AddressInfo;
  return { origin: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`, port: taken };
}

/** Ends a server and every connection to it. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
