import { type AddressInfo, createServer, type Server } from 'node:net';
import * as assert from 'uvu/assert';
import { cliFile } from '../../bench/common/package-root.ts';
import { type LoadHost, parseLoadHosts } from '../../bench/load/agent/load-hosts.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import { localUnderTest } from '../../bench/run/cluster/local-under-test.ts';
import { KafkaBench } from '../support/kafka-run.ts';
import { pidsWith } from '../support/processes.ts';
import { relay } from '../support/relay.ts';
import { suite } from '../support/suite.ts';
import { clockAhead, noTimeNamespace } from '../support/time-namespace.ts';
import { until } from '../support/until.ts';

const test = suite('load from many hosts', { timeoutMs: 120_000 });
const bench = new KafkaBench();
test.before(() => bench.start());
test.after(() => bench.stop());

const main = cliFile();
/** What tells one host's agent from another's on this machine; Node takes no notice of it. */
const mark = (host: string): string => `--conditions=of-${process.pid}-${host}`;
const agentOn = (host: string): string => `${process.execPath} ${mark(host)} ${main} agent --stdio`;

const hosts = parseLoadHosts(`exec:a,b:${agentOn('{host}')}`, 'test', '.');

const workload = {
  topic: { partitions: 4 },
  records: { size: 200, corpus: '1MiB' },
  load: { rate: 400, producers: 2, warmup: '1s', duration: '3s', placement: 'apart' as const },
  consumers: { groups: 1, perGroup: 2 },
};

/** All of the window's; a record due at either end of it, by another clock, is due a little before or after. */
function assertTimed(endToEnd: RepeatResult['latencyUs']['end-to-end']): void {
  const count = (endToEnd?.count ?? 0) + (endToEnd?.negativeCount ?? 0);
  assert.ok(Math.abs(count - 400 * 3) <= 2, `${count} records were timed`);
}

const nothingLeft = (): Promise<void> =>
  until('all agents are gone', () => pidsWith(`--conditions=of-${process.pid}`).length === 0);

const only = (results: readonly RepeatResult[]): RepeatResult => {
  assert.is(results.length, 1);
  return results[0] as RepeatResult;
};

test('two hosts: nothing is lost across them, and the clocks are told with their error', async () => {
  const { results } = await bench.run({ name: 'two-hosts', ...workload }, { loadHosts: hosts });
  const result = only(results);
  const { counts, latencyUs, loadHosts } = result;
  assert.is.not(result.outcome, 'failed', JSON.stringify(result.reasons));
  assert.is(counts.acknowledged, 400 * 4);
  assert.is(counts.lost, 0);
  assert.is(counts.duplicated, 0);
  assert.is(counts.received, counts.acknowledged);
  const endToEnd = latencyUs['end-to-end'];
  assertTimed(endToEnd);
  assert.ok(loadHosts !== undefined);
  assert.is(loadHosts.placement, 'apart');
  assert.equal(loadHosts.hosts.map(({ producers, consumers }) => [producers, consumers]).sort(), [
    [0, 2],
    [2, 0],
  ]);
  assert.ok(loadHosts.startSpreadUs !== null);
  assert.ok(loadHosts.endToEndErrorUs > 0);
  for (const { name, clockOffsetUs, clockErrorUs } of loadHosts.hosts) {
    assert.ok(Math.abs(clockOffsetUs) <= clockErrorUs, `${name}: ${clockOffsetUs} ± ${clockErrorUs} µs`);
  }
  assert.equal(
    (result.hosts ?? []).map(({ name }) => name),
    ['a', 'b'],
  );
  await nothingLeft();
});

test('kill -9 of an agent: the cell fails with the name of its host, nothing is left, and --resume goes on with others', async () => {
  let killed = false;
  const input = { name: 'killed-host', ...workload };
  const { results, dir } = await bench.run(input, {
    loadHosts: hosts,
    onProgress({ phase }) {
      if (phase !== 'measure' || killed) return;
      killed = true;
      for (const pid of pidsWith(mark('b'))) process.kill(pid, 'SIGKILL');
    },
  });
  const result = only(results);
  assert.is(result.outcome, 'failed');
  assert.match(result.reasons[0]?.message ?? '', /^measure: .* on load host b was killed by SIGKILL/);
  await nothingLeft();
  assert.equal(await bench.topics(), []);
  // What a run left whose host had lost its power is named by the next one, which cannot tell whether it is under way.
  const left = 'ksweep-20260101000000-abc123-4567-c0-b0';
  await bench.admin((observer) =>
    observer.ask({
      kind: 'create-topic',
      topic: { name: left, partitions: 1, replicationFactor: 1, configs: {} },
      timeoutMs: 10_000,
    }),
  );
  const lines: string[] = [];
  const resumed = await bench.run(input, {
    loadHosts: hosts.slice(0, 1),
    target: { resumeDir: dir },
    onLine: (line) => lines.push(line),
  });
  assert.ok(
    lines.some((line) => line.startsWith(`of other runs are there: topic ${left};`)),
    lines.join('\n'),
  );
  await bench.admin((observer) => observer.ask({ kind: 'delete-topics', names: [left], timeoutMs: 10_000 }));
  assert.is.not(only(resumed.results).outcome, 'failed');
  assert.equal(
    only(resumed.results).loadHosts?.hosts.map(({ name }) => name),
    ['a'],
  );
});

/** A way to the broker that counts who takes it. */
async function wayTo(address: string): Promise<{ server: Server; address: string; clients: string[] }> {
  const [host = '', port = ''] = address.split(':');
  const clients: string[] = [];
  const server = createServer((one) => {
    relay(one, Number(port), host);
    // A request's header: size, key, version and correlation, and then who asks, after its length (KIP-511).
    one.once('data', (bytes) => clients.push(bytes.toString('latin1', 14, 14 + bytes.readUInt16BE(12))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}`, clients };
}

test('generators connect by the cluster’s inner addresses, and the observer by the outer ones', async () => {
  const cluster = localUnderTest(bench.cluster);
  const [inner, outer] = await Promise.all([1, 2].map(() => wayTo(bench.cluster.bootstrapServers)));
  assert.ok(inner !== undefined && outer !== undefined);
  const by = (way: typeof inner) => ({ 'bootstrap.servers': way.address });
  try {
    const { results } = await bench.run(
      { name: 'two-ways', ...workload },
      {
        loadHosts: hosts,
        cluster: { ...cluster, connection: by(outer), loadConnection: by(inner) },
      },
    );
    const result = only(results);
    assert.is.not(result.outcome, 'failed', JSON.stringify(result.reasons));
    assert.is(result.counts.lost, 0);
    const generators = ['consumer-0-0', 'consumer-0-1', 'producer-0', 'producer-1'];
    assert.equal(
      [...new Set(inner.clients)].sort(),
      generators.map((name) => `ksweep-${name}`),
    );
    assert.ok(outer.clients.length > 0);
    assert.not.ok(
      outer.clients.some((name) => inner.clients.includes(name)),
      outer.clients.join(),
    );
  } finally {
    for (const { server } of [inner, outer]) server.close();
  }
});

const SHIFT_SEC = 3_000;

test('a host whose monotonic clock is off by 3,000 s: end-to-end is right within the error that is told', async () => {
  const reason = noTimeNamespace();
  if (reason !== null) {
    console.log(`left out, ${reason}`);
    return;
  }
  const far: LoadHost = {
    name: 'far',
    command: [...clockAhead(SHIFT_SEC), ...agentOn('far').split(' ')],
    rack: null,
  };
  const { results } = await bench.run(
    { name: 'other-clock', ...workload },
    { loadHosts: [far, ...hosts.slice(0, 1)] },
  );
  const result = only(results);
  assert.is.not(result.outcome, 'failed', JSON.stringify(result.reasons));
  const { counts, latencyUs, loadHosts, reasons } = result;
  assert.is(counts.lost, 0);
  const endToEnd = latencyUs['end-to-end'];
  assertTimed(endToEnd);
  assert.not.ok(
    reasons.some(({ code }) => code === 'clocks-contradict'),
    JSON.stringify(reasons),
  );
  // The clocks of this machine are one: what the far one is off by is known, and so is what the latencies are off by.
  const errors = (loadHosts?.hosts ?? []).map(({ name, clockOffsetUs, clockErrorUs }) => {
    const offUs = clockOffsetUs - (name === 'far' ? SHIFT_SEC * 1e6 : 0);
    assert.ok(Math.abs(offUs) <= clockErrorUs, `${name}: off by ${offUs}, said ± ${clockErrorUs} µs`);
    return clockErrorUs;
  });
  assert.is(errors.length, 2);
  assert.is(loadHosts?.endToEndErrorUs, (errors[0] ?? 0) + (errors[1] ?? 0));
  await nothingLeft();
});

test.run();
