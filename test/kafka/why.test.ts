import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { loadRun } from '../../bench/results/load-run.ts';
import type { Binding, RepeatResult } from '../../bench/results/result.ts';
import type { WorkloadInput } from '../../bench/workload/schema.ts';
import { javaCommand } from '../../infra/local/java.ts';
import { KafkaBench } from '../support/kafka-run.ts';
import { suite } from '../support/suite.ts';

const test = suite('what bound a run, on real brokers', { timeoutMs: 180_000 });
const bench = new KafkaBench();
test.before(() => bench.start(2));
test.after(() => bench.stop());

const load = { rate: 300, warmup: '1s', duration: '5s' };

async function measure(input: Omit<WorkloadInput, 'name'>): Promise<{ result: RepeatResult; dir: string }> {
  const { results, dir } = await bench.run({ name: 'why', topic: { partitions: 4 }, load, ...input });
  const result = results[0];
  if (result === undefined) throw new Error('no result');
  return { result, dir };
}

// How busy the machine is decides what else is near its limit: what is held here is the resource's own share.
const shareOf = (result: RepeatResult, resource: RegExp): Binding => {
  const found = result.boundBy?.find((one) => resource.test(one.resource));
  if (found === undefined) throw new Error(`no ${resource} in ${JSON.stringify(result.boundBy)}`);
  return found;
};

test('a local cluster serves its brokers’ metrics, and a run keeps them by broker and second', async () => {
  const one = (): ReturnType<typeof measure> => measure({ consumers: { groups: 1, perGroup: 1 } });
  let { result, dir } = await one();
  // A broker that has no time to answer in five seconds is left out, as it should be.
  for (let again = 0; again < 3 && Object.keys(result.brokers ?? {}).length < 2; again++) {
    ({ result, dir } = await one());
  }
  assert.is(Object.keys(result.brokers ?? {}).length, 2);
  for (const figures of Object.values(result.brokers ?? {})) {
    assert.ok((figures['bytesInPerSec'] ?? 0) > 0, JSON.stringify(figures));
    assert.ok((figures['heapMaxBytes'] ?? 0) > 0);
    assert.ok((figures['requestHandlerIdle'] ?? -1) > 0);
    assert.ok((figures['cpuPerSec'] ?? -1) > 0 && (figures['processors'] ?? 0) >= 1, JSON.stringify(figures));
  }
  assert.equal(Object.values(result.topicAsSeen?.leaders ?? {}), [2, 2]);
  assert.is(result.topicAsSeen?.inSyncMin, 1);
  const seen = Object.entries(result.brokersAsSeen ?? {});
  assert.is(seen.length, 2, JSON.stringify(seen));
  for (const [name, { requests, roundTripUs, roundTripMaxUs, sentBytes }] of seen) {
    assert.match(name, /^127\.0\.0\.1:\d+\/\d+$/);
    assert.ok(requests > 0 && roundTripUs >= roundTripMaxUs && roundTripMaxUs > 0 && sentBytes > 0);
  }
  const run = await loadRun(dir);
  const [repeat] = run.repeats;
  if (repeat === undefined) throw new Error('no repeat');
  const seconds = await run.brokerSeconds(repeat);
  assert.ok(new Set(seconds.map(({ broker }) => broker)).size === 2 && seconds.length >= 4);
  assert.ok((result.hosts?.[0]?.idlePercent ?? -1) >= 0);
});

test('handlers that are too slow for the rate are at their limit', async () => {
  const { result } = await measure({
    consumers: { groups: 1, perGroup: 1, handler: '20ms' },
    load: { ...load, drainLimit: '2s' },
  });
  assert.ok(shareOf(result, /consumer handlers/).share >= 0.95);
});

test('one key for all records puts all of them on one broker', async () => {
  const { result } = await measure({
    records: { keys: { distribution: 'round-robin', cardinality: 1 } },
    topic: { partitions: 4, replicationFactor: 1 },
  });
  assert.ok(shareOf(result, /one broker's leaders/).share >= 0.9);
});

test('a quota of the clients is told by the brokers’ answers alone', async () => {
  const configs = async (...words: string[]): Promise<void> => {
    const { jars, bootstrapServers } = bench.cluster;
    await promisify(execFile)(javaCommand(), [
      '-cp',
      jars,
      'kafka.admin.ConfigCommand',
      '--bootstrap-server',
      bootstrapServers,
      '--alter',
      '--entity-type',
      'clients',
      '--entity-default',
      ...words,
    ]);
  };
  await configs('--add-config', 'producer_byte_rate=20000');
  try {
    const { result } = await measure({
      load: { ...load, rate: 200, drainLimit: '5s' },
      records: { size: 1024 },
    });
    const quota = shareOf(result, /quota/);
    assert.ok(quota.share > 0.85, quota.evidence);
    assert.match(quota.evidence, /^broker 127\.0\.0\.1:\d+\/\d+ told the producers to wait/);
  } finally {
    await configs('--delete-config', 'producer_byte_rate');
  }
});

test.run();
