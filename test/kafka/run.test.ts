import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { loadRun } from '../../bench/results/load-run.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import { localUnderTest } from '../../bench/run/cluster/local-under-test.ts';
import type { WorkloadInput } from '../../bench/workload/schema.ts';
import { KafkaBench } from '../support/kafka-run.ts';
import { suite } from '../support/suite.ts';

const test = suite('runs against a real broker', { timeoutMs: 180_000 });
const bench = new KafkaBench();
test.before(() => bench.start());
test.after(() => bench.stop());

const load = { rate: 500, warmup: '1s', duration: '3s' };

function only(results: readonly RepeatResult[]): RepeatResult {
  assert.is(results.length, 1);
  return results[0] as RepeatResult;
}

/** Whatever the machine's noise makes of the latency: every record arrived, once, in order. */
function assertComplete(result: RepeatResult, groups = 1): void {
  const { counts } = result;
  assert.is.not(result.outcome, 'failed', JSON.stringify(result.reasons));
  assert.is(counts.acknowledged, counts.due);
  assert.is(counts.received, counts.acknowledged * groups);
  assert.equal([counts.lost, counts.duplicated, counts.outOfOrder, counts.failed], [0, 0, 0, 0]);
  assert.ok(result.drain.complete);
}

test('two producers and two groups of two: all records arrive in each group, keys and headers included', async () => {
  const { results, dir } = await bench.run({
    name: 'groups',
    topic: { partitions: 3 },
    records: {
      size: 300,
      keys: { distribution: 'zipf', cardinality: 50 },
      headers: { source: 'test' },
      stamp: 'header',
    },
    load: { ...load, producers: 2, arrivals: 'poisson' },
    consumers: { groups: 2, perGroup: 2 },
    producer: { 'compression.type': 'zstd', 'linger.ms': 100 },
  });
  const result = only(results);
  assertComplete(result, 2);
  assert.ok(result.counts.due > 1_500 && result.counts.due < 2_500, `${result.counts.due} due`);
  assert.is(result.latencyUs['due-to-ack']?.count, result.latencyUs['sent-to-ack']?.count);
  assert.ok((result.latencyUs['end-to-end']?.percentilesUs.p50 ?? 0) > 0);
  assert.ok(
    (result.bytes.wireCompressionRatio ?? 0) > 1.2,
    `ratio on the wire ${result.bytes.wireCompressionRatio}`,
  );
  assert.ok((result.bytes.brokerDisk ?? 0) > 0 && (result.cpu.brokersPercent ?? 0) > 0);
  const partitions = result.consumers
    .filter(({ group }) => group === result.consumers[0]?.group)
    .flatMap((one) => one.partitions);
  assert.equal(partitions.sort(), [0, 1, 2]);
  for (const file of [
    'result.json',
    'series.csv',
    'due-to-ack.hlog',
    'sent-to-ack.hlog',
    'due-to-sent.hlog',
    'end-to-end.hlog',
  ]) {
    assert.ok(existsSync(join(dir, 'cells', result.cellId, '0', file)), file);
  }
  assert.equal(await bench.topics(), []);
});

test('more consumers than partitions: the extra one is idle, and shown so', async () => {
  const { results } = await bench.run({
    name: 'idle',
    topic: { partitions: 2 },
    load,
    consumers: { perGroup: 3 },
  });
  const result = only(results);
  assertComplete(result);
  assert.equal(result.consumers.map(({ idle }) => idle).sort(), [false, false, true]);
});

test('groups that would begin at the end, or nowhere, still begin at the first record', async () => {
  const { results } = await bench.run({
    name: 'reset',
    topic: { partitions: 2 },
    load: { ...load, duration: '2s' },
    sweep: { axes: { 'consumer.auto.offset.reset': ['latest', 'none'] } },
  });
  assert.is(results.length, 2);
  for (const { counts, settings } of results) {
    assert.is(counts.lost, 0, JSON.stringify(settings));
    assert.is(counts.received, counts.acknowledged);
    assert.ok(counts.received > 0);
  }
});

test('a sweep runs every cell in every block, in the order of its plan, and says what it pinned', async () => {
  const { results, dir, status } = await bench.run({
    name: 'sweep',
    topic: { partitions: 1 },
    load: { ...load, duration: '2s' },
    consumers: { groups: 0 },
    producer: { 'enable.idempotence': false },
    sweep: { axes: { acks: ['1', 'all'] } },
    repeats: 2,
  });
  assert.is(results.length, 4);
  const plan = readFileSync(join(dir, 'plan.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const planned = plan.filter(({ type }) => type === 'planned').map(({ cellId, block }) => [cellId, block]);
  assert.equal(
    results.map(({ cellId, block }) => [cellId, block]),
    planned,
  );
  const manifest = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'));
  assert.is(manifest.pinned.producer['batch.size'], 16384);
  assert.is(manifest.cluster.kafkaVersion, bench.cluster.kafkaVersion);
  assert.ok(manifest.cluster.local);
  assert.ok([0, 3].includes(status), `status ${status}`);
});

test('a cluster started for the run is loaded before anything counts, and nothing of that is kept', async () => {
  const lines: string[] = [];
  const processes = new Set<string>();
  const { results, dir } = await bench.run(
    { name: 'cold', topic: { partitions: 2 }, load, consumers: { groups: 1 } },
    {
      cluster: { ...localUnderTest(bench.cluster), cold: true },
      onLine: (line) => lines.push(line),
      onSnapshot: (process) => processes.add(process),
    },
  );
  assert.ok(lines.some((line) => line.startsWith('warming the brokers up')));
  const result = only(results);
  assertComplete(result);
  assert.is(result.counts.due, load.rate * 4);
  assert.equal(readdirSync(join(dir, 'cells')).length, 1);
  assert.ok(processes.size > 0);
  assert.equal(await bench.topics(), []);
});

test('at maximum rate there is a throughput and no latency', async () => {
  const { results } = await bench.run({
    name: 'max',
    topic: { partitions: 2 },
    records: { size: 500 },
    load: { rate: 'max', timing: 'counts', warmup: '1s', duration: '2s' },
    producer: { 'batch.size': 65536 },
  });
  const result = only(results);
  assertComplete(result);
  assert.is(result.rate.kind, 'max');
  assert.ok(result.rate.achievedPerSec > 1_000);
  const requests = result.bytes.produceRequests ?? 0;
  assert.ok(requests > 0 && requests < result.counts.acknowledged, `${requests} requests`);
  assert.equal(result.latencyUs, {
    'due-to-ack': null,
    'sent-to-ack': null,
    'due-to-sent': null,
    'end-to-end': null,
  });
});

test('a backlog is laid down first and then read by itself', async () => {
  const { results } = await bench.run({
    name: 'backlog',
    topic: { partitions: 2 },
    records: { size: 200 },
    load: { producers: 0, warmup: 0, duration: '20s' },
    consumers: { perGroup: 2, backlog: 20_000 },
  });
  const result = only(results);
  assert.is(result.counts.received, 20_000);
  assert.equal([result.counts.lost, result.counts.duplicated], [0, 0]);
  assert.is(result.rate.kind, 'consume');
  assert.ok(result.rate.receivedPerSec > 1_000, `${result.rate.receivedPerSec}/s`);
  assert.ok(result.window.measuredSec < 20);
});

test('transactions are committed, and a read-committed group gets each record once', async () => {
  const { results } = await bench.run({
    name: 'transactions',
    topic: { partitions: 2 },
    load: { ...load, rate: 300 },
    producer: { 'transactional.id': 'ksweep-test', 'transaction.size': 50 },
    consumer: { 'isolation.level': 'read_committed' },
  });
  const result = only(results);
  assertComplete(result);
  assert.is(result.counts.committedTransactions, Math.ceil(result.counts.due / 50));
  assert.is(result.counts.abortedTransactions, 0);
});

const rebalancing = {
  topic: { partitions: 4 },
  load: { ...load, duration: '2s' },
  consumers: { perGroup: 2 },
  consumer: {
    'partition.assignment.strategy': 'cooperative-sticky',
    'session.timeout.ms': 6_000,
    'heartbeat.interval.ms': 500,
  },
} as const;

test('a consumer that leaves at the end of the load: the other one reads on, and nothing counts as lost', async () => {
  const { results } = await bench.run({
    name: 'stop-late',
    ...rebalancing,
    // The other one hears of it with its next heartbeat only, up to 3 s later.
    consumer: { ...rebalancing.consumer, 'heartbeat.interval.ms': 3_000 },
    disruptions: [{ at: '1500ms', action: 'stop-consumer', target: 1 }],
  });
  const result = only(results);
  assertComplete(result);
  assert.is(result.disruptions.length, 1);
});

test('a consumer that is added: what comes again hides nothing that is still to be read', async () => {
  const { results, dir } = await bench.run({
    name: 'add-late',
    ...rebalancing,
    // Without commits a new owner begins at the first record.
    consumer: { ...rebalancing.consumer, 'enable.auto.commit': false },
    disruptions: [{ at: '200ms', action: 'add-consumer' }],
  });
  const result = only(results);
  const { counts, consumers } = result;
  assert.equal([counts.lost, counts.outOfOrder, counts.failed], [0, 0, 0]);
  assert.ok((counts.duplicated ?? 0) > 0, `${counts.duplicated} duplicated`);
  assert.ok(result.drain.complete, JSON.stringify(result.drain));
  assert.ok((consumers[2]?.received ?? 0) > 0, JSON.stringify(consumers));
  // What the newcomer read is in the seconds in which it did: 500 records came in the first one.
  const [header, first] = readFileSync(join(dir, 'cells', result.cellId, '0', 'series.csv'), 'utf8').split(
    '\n',
  );
  const column = header?.split(',').indexOf('receivedPerSec') ?? -1;
  assert.ok(Number(first?.split(',')[column]) < 750, `${header}\n${first}`);
});

test('a consumer that is killed late: the drain waits for its partitions to pass on', async () => {
  const { results } = await bench.run({
    name: 'kill-late',
    ...rebalancing,
    disruptions: [{ at: '1500ms', action: 'kill-consumer', target: 1 }],
  });
  const result = only(results);
  assert.equal([result.counts.lost, result.counts.duplicated, result.counts.outOfOrder], [null, null, 0]);
  assert.ok(result.drain.complete, JSON.stringify(result.drain));
  assert.equal([...(result.consumers[0]?.partitions ?? [])].sort(), [0, 1, 2, 3]);
  assert.ok((result.phasesMs['drain'] ?? 0) > 3_000, `${result.phasesMs['drain']} ms`);
});

test('the new group protocol and static membership work as the classic ones', async () => {
  const { results } = await bench.run({
    name: 'protocols',
    topic: { partitions: 2 },
    load: { ...load, duration: '2s' },
    consumers: { perGroup: 2 },
    consumer: { 'group.instance.id': 'member' },
    sweep: { axes: { 'group.protocol': ['classic', 'consumer'] } },
  });
  assert.is(results.length, 2);
  for (const result of results) assertComplete(result);
});

test('an existing topic is appended to, read from where the repeat begins, and never deleted', async () => {
  const name = 'kept-topic';
  const topic = { name, partitions: 2, replicationFactor: 1, configs: {} };
  await bench.admin((observer) => observer.ask({ kind: 'create-topic', topic, timeoutMs: 10_000 }));
  const input = { name: 'existing', topic: { name, existing: true }, load: { ...load, duration: '2s' } };
  const disks: number[] = [];
  for (let i = 0; i < 2; i++) {
    const result = only((await bench.run(input)).results);
    assertComplete(result);
    assert.is(result.counts.foreign, 0);
    disks.push(result.bytes.brokerDisk ?? 0);
  }
  // What the first run left in the topic is none of the second's bytes.
  const [first = 0, second = 0] = disks;
  assert.ok(first > 0 && Math.abs(second / first - 1) < 0.3, disks.join(' and '));
  assert.equal(await bench.topics(), [name]);
  await bench.admin((observer) => observer.ask({ kind: 'delete-topics', names: [name], timeoutMs: 10_000 }));
});

test('halving drops cells after the first block, and a resumed run drops the same ones', async () => {
  const input: WorkloadInput = {
    name: 'halving',
    load: { ...load, duration: '2s' },
    sweep: {
      axes: { 'linger.ms': [0, 150, 300] },
      design: { halving: { metric: 'due-to-ack p50', keep: 0.3, finalists: 1 } },
    },
    repeats: 2,
  };
  const { results, dir } = await bench.run(input);
  assert.is(results.length, 4);
  const lines = (): string[] =>
    readFileSync(join(dir, 'plan.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"round"'));
  const [round] = lines();
  assert.match(round ?? '', /"block":1,"kept":\["000-0"\]/);
  assert.equal((await loadRun(dir)).unfinished, []);
  rmSync(join(dir, 'cells', '000-0', '1'), { recursive: true });
  const resumed = await bench.run(input, { target: { resumeDir: dir } });
  assert.is(resumed.results.length, 4);
  assert.equal(lines(), [round]);
});

test('stopping a run keeps what was finished, and resuming does the rest and no more', async () => {
  const input = {
    name: 'resumed',
    topic: { partitions: 1 },
    load: { ...load, duration: '2s' },
    consumers: { groups: 0 },
    repeats: 3,
  };
  const stop = new AbortController();
  const first = await bench.run(input, { signal: stop.signal, onResult: () => stop.abort() });
  assert.ok(first.interrupted);
  assert.is(first.results.length, 1);
  let again = 0;
  const second = await bench.run(input, { target: { resumeDir: first.dir }, onResult: () => again++ });
  assert.is(second.results.length, 3);
  assert.ok(again >= 2);
  assert.equal(second.results[0], first.results[0]);
  assert.equal(await bench.topics(), []);
});

test.run();
