import { readFileSync } from 'node:fs';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { KsweepError } from '../common/errors.ts';
import { rememberSecrets } from '../common/redact.ts';
import { parseExposition } from './exposition.ts';
import { type BrokerReading, isWanted, readingOf } from './figures.ts';

/** A page of metrics of one broker, and how to get at it. */
export interface MetricsEndpoint {
  readonly url: URL;
  readonly bearerToken: string | null;
  /** PEM of the authorities to trust beside the system's. */
  readonly ca: string | null;
}

/** A page larger than this is of every partition and client: reading it each second would load the broker. */
const LARGEST_BYTES = 16 * 2 ** 20;

/**
 * Checks the addresses of `--broker-metrics`: http or https; without a path /metrics is meant. A token stands in
 * KSWEEP_METRICS_TOKEN and the authorities in KSWEEP_METRICS_CA, since a command line is visible to every user.
 */
export function parseEndpoints(text: string, env: NodeJS.ProcessEnv = process.env): MetricsEndpoint[] {
  const bearerToken = env['KSWEEP_METRICS_TOKEN'] ?? null;
  if (bearerToken !== null) rememberSecrets({ 'sasl.password': bearerToken });
  const caFile = env['KSWEEP_METRICS_CA'];
  const ca = caFile === undefined ? null : readPem(caFile);
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => ({ url: urlOf(one), bearerToken, ca }));
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new KsweepError('usage', `KSWEEP_METRICS_CA=${file} cannot be read: ${(error as Error).message}`);
  }
}

function urlOf(text: string): URL {
  const wrong = (why: string): KsweepError =>
    new KsweepError('usage', `--broker-metrics ${text}: ${why}`, {
      hint: 'expected addresses such as http://kafka-1:9404/metrics, separated by commas',
    });
  let url: URL;
  try {
    url = new URL(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
  } catch {
    throw wrong('no address');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw wrong(`${url.protocol} is neither http nor https`);
  if (url.username !== '' || url.password !== '')
    throw wrong('a password in an address is visible to every user; use KSWEEP_METRICS_TOKEN');
  if (url.pathname === '/') url.pathname = '/metrics';
  return url;
}

/** Fetches one page. Rejects with the reason in words where there is none in time, or where it is too large. */
function fetchPage({ url, bearerToken, ca }: MetricsEndpoint, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      accept: 'text/plain',
      ...(bearerToken === null ? {} : { authorization: `Bearer ${bearerToken}` }),
    };
    const options = { headers, timeout: timeoutMs, agent: false as const };
    const request =
      url.protocol === 'https:'
        ? requestTls(url, { ...options, ...(ca === null ? {} : { ca }) })
        : requestPlain(url, options);
    // A page that trickles keeps its socket busy, so the time for the whole is limited, too.
    const limit = setTimeout(
      () => request.destroy(new Error(`no whole page within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    const fail = (error: Error): void => {
      clearTimeout(limit);
      reject(error);
    };
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    request.on('error', fail);
    request.on('response', (response) => {
      if (response.statusCode !== 200) {
        request.destroy(new Error(`status ${response.statusCode}`));
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > LARGEST_BYTES) request.destroy(new Error(`larger than ${LARGEST_BYTES / 2 ** 20} MiB`));
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(limit);
        resolve(Buffer.concat(chunks).toString('utf8'));
      });
    });
    request.end();
  });
}

/** One reading of one broker. Rejects in words. */
export async function scrape(endpoint: MetricsEndpoint, timeoutMs: number): Promise<BrokerReading> {
  return readingOf(parseExposition(await fetchPage(endpoint, timeoutMs), isWanted));
}
