import * as assert from 'uvu/assert';
import type { BrokerSample, Measurement } from '../../../../bench/run/judge/measurement.ts';
import { recoverySec } from '../../../../bench/run/judge/recovery.ts';
import { brokerCpuUs, seriesRows } from '../../../../bench/run/judge/series.ts';
import { snapshotOf } from '../../../support/idle-snapshot.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('a repeat over time');

const of = (...brokers: BrokerSample[]): Measurement => ({ brokers }) as unknown as Measurement;

test('broker CPU is a difference between the same processes only', () => {
  const before = { atSec: 0, cpuUs: 900_000, processes: '10@5 11@5' };
  const after = { atSec: 1, cpuUs: 1_300_000, processes: '10@5 11@5' };
  assert.is(brokerCpuUs(of(before, after), 0, 1), 400_000);
  // One was restarted and counts from 0 again: the bare difference would be negative.
  const restarted = { atSec: 1, cpuUs: 700_000, processes: '10@5 12@9' };
  assert.is(brokerCpuUs(of(before, restarted), 0, 1), null);
  assert.is(brokerCpuUs(of(before, { atSec: 1, cpuUs: null }), 0, 1), null);
  assert.is(brokerCpuUs(of(before), 0, 1), null);
});

/** One producer at 100/s into two partitions; two groups, the first of which hands partition 1 over in second 2. */
const measurement = {
  producers: [
    {
      snapshots: [0, 1, 2].map((second) =>
        snapshotOf(second, {
          due: 100,
          sent: 100,
          acked: 90,
          ackedBytes: 900,
          cpuUs: 250_000,
          queueFullMs: 7,
        }),
      ),
    },
  ],
  consumers: [
    {
      group: 'a',
      snapshots: [
        snapshotOf(0, { received: 80, positions: { 0: 1_040, 1: 40 }, eventLoopDelayP99Us: 9 }),
        snapshotOf(1, { received: 100, positions: { 0: 1_090, 1: 90 }, cpuUs: 500_000 }),
        snapshotOf(2, { received: 50, positions: { 0: 1_150 } }),
      ],
    },
    // It starts from what was committed, behind what its group had reached.
    { group: 'a', snapshots: [snapshotOf(2, { received: 60, positions: { 1: 70 } })] },
    { group: 'b', snapshots: [snapshotOf(1, { received: 10, positions: { 0: 1_010 } })] },
  ],
  startOffsets: [1_000, 0],
  offsets: [
    { atSec: 0.98, high: [1_050, 50] },
    { atSec: 1.3, high: [9_999, 9_999] },
    { atSec: 2.01, high: null },
    { atSec: 3.02, high: [1_150, 150] },
  ],
  hosts: [],
  topicStates: [],
  brokerSeconds: [],
  brokers: [
    { atSec: 0.01, cpuUs: 0 },
    { atSec: 1.01, cpuUs: 1_200_000 },
  ],
} as unknown as Measurement;

test('a row sums the second over processes, in the units of its columns', () => {
  const rows = seriesRows(measurement, [], 1, 2, false);
  assert.equal(
    rows.map(({ tSec, phase }) => [tSec, phase]),
    [
      [0, 'warmup'],
      [1, 'measure'],
      [2, 'drain'],
    ],
  );
  const [first, second, third] = rows;
  assert.equal(
    [first?.duePerSec, first?.ackedPerSec, first?.ackedBytesPerSec, first?.receivedPerSec],
    [100, 90, 900, 80],
  );
  assert.equal([first?.queueFullMs, first?.eventLoopDelayP99Us], [7, 9]);
  assert.equal([second?.receivedPerSec, third?.receivedPerSec], [110, 110]);
  assert.equal([second?.producersCpuPercent, second?.consumersCpuPercent], [25, 50]);
  assert.equal([first?.brokersCpuPercent, second?.brokersCpuPercent], [120, null]);
});

test('lag is what lies between the nearest end offsets and each group’s furthest positions', () => {
  const rows = seriesRows(measurement, [], 0, 3, false);
  assert.equal(
    rows.map(({ endOffset }) => endOffset),
    [1_100, null, 1_300],
  );
  // Group a: 10 + 10, and group b, which has received nothing yet: 50 + 50. At last a: 0 + 60, b: 140 + 150.
  assert.equal(
    rows.map(({ lagRecords }) => lagRecords),
    [120, null, 350],
  );
  const without = seriesRows({ ...measurement, consumers: [] }, [], 0, 3, false);
  assert.equal(
    without.map(({ lagRecords }) => lagRecords),
    [null, null, null],
  );
});

test('where producers only count, a second’s acknowledgements are empty and receiving alone shows a recovery', () => {
  const rows = seriesRows(measurement, [], 0, 3, true);
  assert.equal([rows[1]?.sentPerSec, rows[1]?.ackedPerSec, rows[1]?.ackedBytesPerSec], [100, null, null]);
  const event = { atSec: 0.4, action: 'kill-broker 0' };
  // 80 of 100 in the first second is less than 95 %.
  assert.is(recoverySec(event, rows, true), 0.6);
  assert.is(recoverySec(event, rows, false), null, 'nothing shows it');
  assert.is(
    recoverySec(event, seriesRows(measurement, [], 0, 3, false), true),
    null,
    '90 of 100 acknowledged',
  );
});

test('a recovery counts from the disruption to the first second from which records flow for good', () => {
  const row = (tSec: number, acked: number) => {
    const [first] = seriesRows(measurement, [], 0, 1, false);
    assert.ok(first);
    return { ...first, tSec, duePerSec: 100, ackedPerSec: acked };
  };
  const flow = [100, 100, 0, 96, 10, 95, 100].map((acked, second) => row(second, acked));
  const event = { atSec: 2.25, action: 'pause-broker 0' };
  assert.is(recoverySec(event, flow, false), 2.75);
  assert.is(recoverySec({ ...event, atSec: 5.5 }, flow, false), 0, 'nothing was to be seen of it');
  assert.is(recoverySec(event, [...flow, row(7, 94)], false), null);
});

test('what a share group has settled lies anywhere in the log: its lag is what is left', () => {
  const shared = {
    ...measurement,
    startOffsets: [1_000, 0],
    consumers: [
      { group: 'a', snapshots: [snapshotOf(0, { settled: 60 }), snapshotOf(1, { settled: 100 })] },
      { group: 'a', snapshots: [snapshotOf(0, { settled: 30 }), snapshotOf(1, { settled: 5 })] },
    ],
    offsets: [
      { atSec: 1, high: [1_050, 50] },
      { atSec: 2, high: [1_100, 100] },
    ],
  } as unknown as Measurement;
  const rows = seriesRows(shared, [], 0, 2, false);
  assert.equal(
    rows.slice(0, 2).map(({ lagRecords }) => lagRecords),
    [10, 5],
  );
});

test.run();
