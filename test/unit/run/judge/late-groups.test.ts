import * as assert from 'uvu/assert';
import { lateGroups } from '../../../../bench/run/judge/late-groups.ts';
import type { Measurement } from '../../../../bench/run/judge/measurement.ts';
import { seriesRows } from '../../../../bench/run/judge/series.ts';
import { snapshotOf } from '../../../support/idle-snapshot.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('groups that begin late');

/** 100 records a second into one partition; a tail that keeps up, and a group that begins after 3 s and reads `perSec`. */
function measured(perSec: number, seconds = 8): Measurement {
  const range = Array.from({ length: seconds }, (_, second) => second);
  return {
    producers: [],
    startOffsets: [0],
    loadSec: seconds,
    hosts: [],
    brokers: [],
    offsets: range.map((second) => ({ atSec: second + 1, high: [(second + 1) * 100] })),
    consumers: [
      {
        group: 'tail',
        snapshots: range.map((second) => snapshotOf(second, { positions: { 0: (second + 1) * 100 } })),
      },
      {
        group: 'cold',
        lateSec: 3,
        snapshots: range
          .filter((second) => second >= 3)
          .map((second) =>
            snapshotOf(second, { positions: { 0: Math.min((second + 1) * 100, (second - 2) * perSec) } }),
          ),
      },
    ],
  } as unknown as Measurement;
}

test('how far behind one began, when it was as near as one second’s records, and how fast it read', () => {
  const [cold] = lateGroups(measured(250), 100);
  assert.equal(cold, { group: 'cold', beganSec: 3, behindRecords: 300, caughtUpSec: 2, readPerSec: 250 });
});

test('one that never gets there says so', () => {
  const [cold] = lateGroups(measured(110), 100);
  assert.equal([cold?.caughtUpSec, cold?.readPerSec, cold?.behindRecords], [null, null, 300]);
});

test('lag is that of the groups that began with the load', () => {
  const rows = seriesRows(measured(110), [], 0, 8, false);
  assert.equal(new Set(rows.map(({ lagRecords }) => lagRecords)), new Set([0]));
});

test.run();
