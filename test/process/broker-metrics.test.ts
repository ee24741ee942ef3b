import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as assert from 'uvu/assert';
import { parseEndpoints, scrape } from '../../bench/brokers/scrape.ts';
import { BrokerWatch } from '../../bench/brokers/watch.ts';
import { createClock } from '../../bench/common/clock.ts';
import { redactText } from '../../bench/common/redact.ts';
import { suite } from '../support/suite.ts';
import { until } from '../support/until.ts';

const test = suite('reading brokers’ metrics');

const servers: Server[] = [];
test.after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(handle: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(handle as never);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const endpoint = (url: string, env: NodeJS.ProcessEnv = {}) => {
  const [one] = parseEndpoints(url, env);
  if (one === undefined) throw new Error('no endpoint');
  return one;
};
const failure = (url: string, timeoutMs = 500): Promise<string> =>
  scrape(endpoint(url), timeoutMs).then(
    () => 'read',
    (error: Error) => error.message,
  );

test('a page is read at /metrics, with the bearer token, which stays out of what is printed', async () => {
  let seen: string | undefined;
  const url = await serve((request, response) => {
    seen = `${request.url} ${request.headers.authorization}`;
    response.end('kafka_server_replicamanager_leadercount 7\n');
  });
  const reading = await scrape(endpoint(url, { KSWEEP_METRICS_TOKEN: 'token-of-a-test' }), 2_000);
  assert.is(reading.leaders, 7);
  assert.is(seen, '/metrics Bearer token-of-a-test');
  assert.not.match(redactText('got token-of-a-test'), /token-of-a-test/);
});

test('a page that hangs, trickles, is too large or is refused ends in words and in time', async () => {
  assert.match(await failure(await serve(() => {})), /no (answer|whole page) within 0\.5 s/);
  const trickle = await serve((_request, response) => {
    const timer = setInterval(() => response.write('# more\n'), 50);
    response.on('close', () => clearInterval(timer));
  });
  assert.match(await failure(trickle), /no whole page within 0\.5 s/);
  const huge = await serve((_request, response) => {
    const chunk = `${'a 1\n'.repeat(250_000)}`;
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  });
  assert.match(await failure(huge, 20_000), /larger than 16 MiB/);
  const refused = await serve((_request, response) => {
    response.statusCode = 401;
    response.end();
  });
  assert.match(await failure(refused), /status 401/);
});

test('addresses that are none are refused before anything starts', () => {
  for (const text of ['ftp://kafka-1', 'http://user:secret@kafka-1', 'http://']) {
    assert.throws(() => parseEndpoints(text, {}), /--broker-metrics/);
  }
  assert.is(endpoint('kafka-1:7071').url.href, 'http://kafka-1:7071/metrics');
});

test('a broker that hangs leaves a gap and does not hold up another one', async () => {
  let count = 0;
  const good = await serve((_request, response) => {
    count += 1_000;
    response.end(`kafka_server_brokertopicmetrics_count{name="BytesInPerSec"} ${count}\n`);
  });
  const hung = await serve(() => {});
  const clock = createClock();
  const watch = new BrokerWatch([endpoint(good), endpoint(hung)], clock, clock.nowUs());
  try {
    await until('two seconds read', () => watch.seconds.length >= 2);
    assert.ok(watch.seconds.every(({ broker }) => good.endsWith(broker)));
    assert.ok(watch.seconds.every(({ figures }) => (figures.bytesInPerSec ?? 0) > 0));
    await until('the hung one told', () => watch.failures.size === 1);
  } finally {
    watch.stop();
  }
});

test.run();
