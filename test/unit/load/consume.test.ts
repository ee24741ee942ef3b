import * as assert from 'uvu/assert';
import { FakeCluster } from '../../../bench/client/fake.ts';
import { VirtualClock } from '../../../bench/client/virtual-clock.ts';
import { createRandom } from '../../../bench/common/random.ts';
import { createConsumer } from '../../../bench/load/consume.ts';
import type {
  ConsumerDone,
  FromLoad,
  IntervalSnapshot,
  ProducerClocks,
} from '../../../bench/load/protocol.ts';
import { prepareRecorder } from '../../../bench/load/recorder.ts';
import { STAMP_BYTES, StampWriter } from '../../../bench/results/stamp.ts';
import { consumerAssignment } from '../../support/consumer-assignment.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a consumer’s loop');

test.before(prepareRecorder);

const RUN_TAG = 7;
const CLUSTER = { capacityPerSec: 1_000, noise: 0, serviceUs: 100, partitions: 2 };

interface Arrival {
  readonly partition: number;
  readonly sequence: number;
  /** When it was due, after the start of the load. */
  readonly dueMs?: number;
  readonly runTag?: number;
}

/** Receives the records in one batch, 100 ms after the load's start in virtual time. */
async function consume(
  arrivals: readonly Arrival[],
  clocks?: ProducerClocks,
): Promise<{ done: ConsumerDone; snapshots: IntervalSnapshot[] }> {
  const clock = new VirtualClock();
  const driver = new FakeCluster(clock, CLUSTER, createRandom(1));
  let done: ConsumerDone | undefined;
  const snapshots: IntervalSnapshot[] = [];
  const role = createConsumer(consumerAssignment({ runTag: RUN_TAG }), {
    driver,
    clock,
    connectTimeoutMs: 1_000,
    emit(message: FromLoad) {
      if (message.type === 'done') done = message.done as ConsumerDone;
      else if (message.type === 'interval') snapshots.push(message.snapshot);
    },
  });
  const [client] = driver.consumers;
  if (client === undefined) throw new Error('no consumer was made');
  client.traffic = async () => ({ sent: 0, received: 4_096, produceRequests: 0 });
  await role.prepare();
  const startUs = clock.nowUs() + 1_000;
  if (clocks !== undefined) role.setClocks?.(clocks);
  role.start(startUs, startUs + 1e6);
  clock.at(startUs + 100_000, () => {
    arrivals.forEach(({ partition, sequence, dueMs = 0, runTag = RUN_TAG }, offset) => {
      const stamp = new StampWriter(runTag, 0, 1);
      stamp.write(0, sequence, startUs + dueMs * 1000);
      client.arrive({ partition, offset, size: STAMP_BYTES }, stamp.column);
    });
  });
  await clock.runUntil(() => clock.nowUs() >= startUs + 200_000);
  role.stop(0);
  await clock.runUntil(() => done !== undefined);
  driver.stop();
  await role.close();
  return { done: done as unknown as ConsumerDone, snapshots };
}

const inPartition = (partition: number, sequences: readonly number[]): Arrival[] =>
  sequences.map((sequence) => ({ partition, sequence }));

test('disorder is counted within a partition only, and each record that is behind counts once', async () => {
  const even = [...inPartition(0, [0, 2, 4]), ...inPartition(1, [1, 3, 5])];
  assert.is((await consume(even)).done.outOfOrder, 0);
  const { done } = await consume([...inPartition(0, [0, 6, 2, 4, 8]), ...inPartition(1, [1, 3])]);
  assert.equal([done.outOfOrder, done.duplicated, done.foreign], [2, 0, 0]);
});

test('a record that comes again is a duplicate and not out of order; another run’s is neither', async () => {
  const foreign = { partition: 0, sequence: 3, runTag: RUN_TAG + 1 };
  const { done } = await consume([...inPartition(0, [0, 1, 2, 0, 1]), foreign]);
  assert.equal([done.received, done.duplicated, done.outOfOrder, done.foreign], [6, 2, 0, 1]);
  assert.is(done.wireBytes, 4_096);
});

test('a record that is there before it was due is a negative sample, in the second it was due in', async () => {
  const { snapshots } = await consume([
    { partition: 0, sequence: 0, dueMs: 50 },
    { partition: 0, sequence: 1, dueMs: 150 },
    { partition: 0, sequence: 2, dueMs: 1_500 },
    { partition: 0, sequence: 3, dueMs: -500 },
  ]);
  const latencies = snapshots.flatMap((snapshot) => snapshot.latencies);
  assert.equal(
    latencies.map(({ second, negative, histograms }) => [
      second,
      negative['end-to-end'] ?? 0,
      histograms['end-to-end'] !== undefined,
    ]),
    [
      [0, 1, true],
      [1, 1, false],
    ],
    'what was due before the load has no sample at all',
  );
});

test('what another host produced is timed apart, by that host’s clock', async () => {
  const arrivals = [{ partition: 0, sequence: 0, dueMs: 50 }];
  const apart = await consume(arrivals, { shiftsUs: [10_000], across: [true] });
  // Due at 60 ms by this clock.
  assert.is(apart.done.lowestLatencyUs, 40_000);
  const names = ({ snapshots }: { snapshots: IntervalSnapshot[] }): string[] =>
    snapshots.flatMap(({ latencies }) => latencies.flatMap(({ histograms }) => Object.keys(histograms)));
  assert.equal(names(apart), ['end-to-end-across']);
  assert.equal(names(await consume(arrivals, { shiftsUs: [0], across: [false] })), ['end-to-end']);
});

test.run();
