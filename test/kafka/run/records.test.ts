import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { localUnderTest } from '../../../bench/run/cluster/local-under-test.ts';
import { assertComplete, only } from '../../support/complete.ts';
import { KafkaBench } from '../../support/kafka-run.ts';
import { suite } from '../../support/suite.ts';

const test = suite('what a run counts, on a real broker', { timeoutMs: 180_000 });
const bench = new KafkaBench();
test.before(() => bench.start());
test.after(() => bench.stop());

const load = { rate: 500, warmup: '1s', duration: '3s' };

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

test.run();
