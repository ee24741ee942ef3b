import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { assertComplete, only } from '../../support/complete.ts';
import { KafkaBench } from '../../support/kafka-run.ts';
import { suite } from '../../support/suite.ts';

const test = suite('consumers that come and go, on a real broker', { timeoutMs: 180_000 });
const bench = new KafkaBench();
test.before(() => bench.start());
test.after(() => bench.stop());

const load = { rate: 500, warmup: '1s', duration: '3s' };

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

test.run();
