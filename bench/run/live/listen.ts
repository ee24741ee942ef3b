import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KsweepError } from '../../common/errors.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const LOOPBACK = '127.0.0.1';
const CONTENT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** "9464" (loopback), "127.0.0.1:9464", "[::1]:9464", "0.0.0.0:9464". Throws usage. */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^:[\]\s/]+):)?(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) {
    throw new KsweepError('usage', `--metrics-listen ${text}: expected a port, or host:port`, {
      hint: 'such as 9464 (this machine only), or 0.0.0.0:9464 for every interface',
    });
  }
  return { host: match[1]?.replace(/^\[|\]$/g, '') ?? LOOPBACK, port };
}

export interface MetricsServer {
  /** Where it listens: "http://127.0.0.1:9464/metrics". */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `text` at /metrics. Throws listen-failed where the address cannot be had. */
export async function serveMetrics(
  { host, port }: ListenAddress,
  text: () => string,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    const allowed = request.method === 'GET' || request.method === 'HEAD';
    if (path !== '/metrics' || !allowed) {
      response.writeHead(allowed ? 404 : 405, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('ksweep: metrics are at /metrics\n');
      return;
    }
    response.writeHead(200, { 'content-type': CONTENT_TYPE });
    response.end(request.method === 'HEAD' ? undefined : text());
  });
  await new Promise<void>((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'the port is in use' : error.message;
      const hint = 'choose another port, or 0 for any free one';
      failed(
        new KsweepError('listen-failed', `--metrics-listen ${host}:${port}: ${why}`, { hint, cause: error }),
      );
    });
    server.listen(port, host, done);
  });
  const { address, family, port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/metrics`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
