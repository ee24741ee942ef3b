import { createServer } from 'node:http';
import { closeServer, type ListenAddress, listenAt } from '../../common/listen.ts';

const CONTENT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
export const METRICS_FLAG = '--metrics-listen';

export interface MetricsServer {
  /** Where it listens: "http://127.0.0.1:9464/metrics". */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `text` at /metrics. Throws listen-failed where the address cannot be had. */
export async function serveMetrics(address: ListenAddress, text: () => string): Promise<MetricsServer> {
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
  const { origin } = await listenAt(server, address, METRICS_FLAG);
  return { url: `${origin}/metrics`, close: () => closeServer(server) };
}
