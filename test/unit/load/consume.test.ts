import * as assert from 'uvu/assert';
import type { ConsumerHandlers, Driver, ReceivedRecord } from '../../../bench/client/driver.ts';
import { VirtualClock } from '../../../bench/client/fake.ts';
import { createConsumer } from '../../../bench/load/consume.ts';
import type { ConsumerDone, FromLoad, IntervalSnapshot } from '../../../bench/load/protocol.ts';
import { prepareRecorder } from '../../../bench/load/recorder.ts';
import { STAMP_BYTES, StampWriter } from '../../../bench/results/stamp.ts';
import { consumerAssignment } from '../../support/consumer-assignment.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a consumer’s loop');

test.before(prepareRecorder);

const RUN_TAG = 7;

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
): Promise<{ done: ConsumerDone; snapshots: IntervalSnapshot[] }> {
  const clock = new VirtualClock();
  let batch: ReceivedRecord[] = [];
  const unused = (): never => assert.unreachable() as never;
  const driver: Driver = {
    versions: { client: 'scripted' } as unknown as Driver['versions'],
    createProducer: unused,
    createAdmin: unused,
    createConsumer: (_settings, handlers: ConsumerHandlers) => ({
      async connect() {
        handlers.onAssignment('assigned', [0, 1]);
      },
      resume() {},
      receive: (limit, done) => clock.wait(1_000, () => done(null, batch.splice(0, limit))),
      statistics: async () => ({ sent: 0, received: 4_096, queued: 0, produceRequests: 0 }),
      async close() {},
    }),
  };
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
  await role.prepare();
  const startUs = clock.nowUs() + 1_000;
  role.start(startUs, startUs + 1e6);
  clock.at(startUs + 100_000, () => {
    batch = arrivals.map(({ partition, sequence, dueMs = 0, runTag = RUN_TAG }, offset) => {
      const value = Buffer.alloc(STAMP_BYTES);
      new StampWriter(runTag, 0).write(value, sequence, startUs + dueMs * 1000);
      return { partition, offset, size: value.length, value };
    });
  });
  await clock.runUntil(() => clock.nowUs() >= startUs + 200_000);
  role.stop(0);
  await clock.runUntil(() => done !== undefined);
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

test.run();
