import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import type { IntervalSnapshot } from '../../../../bench/load/protocol.ts';
import {
  decode,
  encode,
  initRecorderHistograms,
  newHistogram,
  newRecorderHistogram,
} from '../../../../bench/results/histogram.ts';
import type { RecordedName } from '../../../../bench/results/latency.ts';
import { type MergeInput, mergeRepeat } from '../../../../bench/run/judge/merge.ts';
import { snapshotOf } from '../../../support/idle-snapshot.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('merge');

test.before(initRecorderHistograms);

/** A snapshot as a generator makes it: values recorded by WASM histograms, by due second. */
function snapshot(
  second: number,
  due: Readonly<Record<number, readonly number[]>>,
  options: { latency?: RecordedName; acked?: number; negative?: number } = {},
): IntervalSnapshot {
  const latency = options.latency ?? 'due-to-ack';
  const latencies = Object.entries(due).map(([dueSecond, values]) => {
    const histogram = newRecorderHistogram();
    for (const value of values) histogram.recordValue(value);
    const encoded = encode(histogram);
    histogram.destroy();
    return {
      second: Number(dueSecond),
      negative: options.negative === undefined ? {} : { [latency]: options.negative },
      histograms: { [latency]: encoded },
    };
  });
  return snapshotOf(second, { acked: options.acked ?? 0, latencies });
}

const repeat = (value: number, times: number): number[] => new Array<number>(times).fill(value);

const input = (
  processes: MergeInput['processes'],
  options: Partial<Omit<MergeInput, 'processes'>> = {},
): MergeInput => ({
  processes,
  startEpochMs: 1_700_000_000_000,
  warmupSec: 0,
  endSec: 2,
  seekSteadyState: false,
  openTap: false,
  clocks: null,
  ...options,
});

test('a histogram that WebAssembly recorded decodes to the same figures, past its first size too', () => {
  const random = createRandom(1);
  const wasm = newRecorderHistogram();
  const plain = newHistogram();
  for (let i = 0; i < 20_000; i++) {
    const value = Math.floor(Math.exp(random.next() * 24));
    wasm.recordValue(value);
    plain.recordValue(value);
  }
  const decoded = decode(encode(wasm));
  wasm.destroy();
  assert.is(decoded.totalCount, 20_000);
  for (const p of [0, 1, 50, 99, 99.9, 100]) {
    assert.is(decoded.getValueAtPercentile(p), plain.getValueAtPercentile(p), `p${p}`);
  }
  assert.is(decoded.mean, plain.mean);
});

test('processes are merged as if one had recorded every value', () => {
  const random = createRandom(2);
  const whole = newHistogram();
  const processes = Array.from({ length: 3 }, () =>
    Array.from({ length: 4 }, (_, second) => {
      const values = Array.from({ length: 500 }, () => Math.floor(100 + random.next() ** 4 * 1e6));
      if (second < 2) for (const value of values) whole.recordValue(value);
      return snapshot(second, { [second]: values });
    }),
  );
  const merged = mergeRepeat(input(processes));
  const summary = merged.latencyUs['due-to-ack'];
  assert.is(summary?.count, 3_000);
  assert.is(summary?.percentilesUs.p50, whole.getValueAtPercentile(50));
  assert.is(summary?.percentilesUs.p99, whole.getValueAtPercentile(99));
  assert.is(summary?.maxUs, whole.getValueAtPercentile(100));
  assert.is(summary?.minUs, whole.getValueAtPercentile(0));
  assert.is(summary?.meanUs, whole.mean);
  assert.is(summary?.percentilesUs['p99.9'], null, '3,000 samples are too few for p99.9');
  assert.is(merged.latencyUs['end-to-end'], null);
  assert.is(merged.series.length, 4);
});

test('a sample counts in the second its record was due, however late it was acknowledged', () => {
  const late = snapshot(9, { 1: repeat(8_000_000, 50), 0: repeat(9_000_000, 7) });
  const merged = mergeRepeat(
    input([[snapshot(1, { 1: repeat(100, 50) }), late]], { warmupSec: 1, endSec: 2 }),
  );
  assert.is(merged.latencyUs['due-to-ack']?.count, 100, 'the stalled half counts, the warm-up does not');
  assert.ok((merged.latencyUs['due-to-ack']?.maxUs ?? 0) >= 8_000_000);
  assert.equal(
    merged.series.map(({ second, latencies }) => [second, latencies['due-to-ack']?.count]),
    [
      [0, 7],
      [1, 100],
    ],
  );
});

test('samples below zero are counted apart, even where nothing else was recorded', () => {
  const merged = mergeRepeat(
    input([[snapshot(0, { 0: [] }, { latency: 'end-to-end', negative: 3 })]], { endSec: 1 }),
  );
  assert.is(merged.latencyUs['end-to-end']?.negativeCount, 3);
  assert.is(merged.latencyUs['end-to-end']?.count, 0);
  assert.is(merged.hlog['end-to-end'], undefined);
});

test('a quantile of a second with too few samples is blank, its maximum is not', () => {
  const merged = mergeRepeat(input([[snapshot(0, { 0: repeat(500, 100) })]]));
  assert.equal(merged.series[0]?.latencies['due-to-ack'], {
    count: 100,
    p50Us: 500,
    p99Us: null,
    maxUs: 500,
  });
});

const SECONDS = 30;

/** 30 s at 1,000 records/s; `medianUs` gives each second its latency. */
function load(medianUs: (second: number) => number, ackedAt = (_second: number) => 1_000): MergeInput {
  const random = createRandom(3);
  const snapshots = Array.from({ length: SECONDS }, (_, second) => {
    const values = Array.from({ length: 400 }, () =>
      Math.floor(medianUs(second) * (0.9 + 0.2 * random.next())),
    );
    return snapshot(second, { [second]: values }, { acked: ackedAt(second) });
  });
  return input([snapshots], { warmupSec: 2, endSec: SECONDS, seekSteadyState: true });
}

test('a warm-up that outlasts the fixed one is cut off', () => {
  const merged = mergeRepeat(load((second) => (second < 10 ? 40_000 : 5_000)));
  assert.is(merged.warmUp.steady, true);
  assert.ok(merged.fromSec >= 10 && merged.fromSec <= 14, `from ${merged.fromSec}`);
  assert.ok((merged.latencyUs['due-to-ack']?.maxUs ?? 0) < 6_000);
});

test('a warm-up that would take more than half of the load is no steady state, and is not cut in part', () => {
  // 12 of 28 s: within half of what follows the fixed warm-up, and beyond half of a load of 40 s.
  const late = load((second) => (second < 24 ? 40_000 : 5_000));
  const merged = mergeRepeat({ ...late, warmupSec: 12 });
  assert.equal(merged.warmUp, { cutSec: 0, steady: false });
  assert.is(merged.fromSec, 12);
  const later = mergeRepeat({ ...load((second) => (second < 20 ? 40_000 : 5_000)), warmupSec: 16 });
  assert.is(later.warmUp.steady, false, 'the fixed warm-up alone is more than half');
  assert.is(later.fromSec, 16);
});

test('a stall in the middle is no warm-up and stays in the window', () => {
  const merged = mergeRepeat(load((second) => (second === 15 || second === 16 ? 2_000_000 : 5_000)));
  assert.is(merged.warmUp.steady, true);
  assert.is(merged.fromSec, 2);
  assert.ok((merged.latencyUs['due-to-ack']?.maxUs ?? 0) > 1_800_000);
});

test('latency that grows to the end is no steady state', () => {
  const merged = mergeRepeat(load((second) => 5_000 * 1.25 ** second));
  assert.is(merged.warmUp.steady, false);
  assert.is(merged.fromSec, 2, 'nothing is cut: the whole window is shown, and marked');
});

test('at maximum rate a latency that grows says nothing, throughput decides', () => {
  const deeper = load((second) => 5_000 * 1.25 ** second);
  assert.is(mergeRepeat({ ...deeper, openTap: true }).warmUp.steady, true);
});

test('throughput that is still climbing is no steady state', () => {
  const merged = mergeRepeat(
    load(
      () => 5_000,
      (second) => 1_000 + 100 * second,
    ),
  );
  assert.is(merged.warmUp.steady, false);
});

test('producers that only count are judged by what they send', () => {
  const counting = (sentAt: (second: number) => number) =>
    Array.from({ length: 30 }, (_, second) => ({ ...snapshot(second, {}), sent: sentAt(second) }));
  const judged = (sentAt: (second: number) => number) =>
    mergeRepeat(input([counting(sentAt)], { endSec: 30, seekSteadyState: true })).warmUp.steady;
  assert.is(
    judged(() => 1_000),
    true,
  );
  assert.is(
    judged((second) => 1_000 + 100 * second),
    false,
  );
});

test('of a run too short to judge nobody says that it is steady', () => {
  const { warmUp } = mergeRepeat({ ...load(() => 5_000), endSec: 9 });
  assert.equal(warmUp, { cutSec: 0, steady: null });
});

/** A consumer that saw a third of its records from its own host at 2 ms, and two thirds from another at 9 ms. */
const acrossHosts = (clocks: MergeInput['clocks']) =>
  mergeRepeat(
    input(
      [
        [snapshot(0, { 0: repeat(2_000, 100) }, { latency: 'end-to-end' })],
        [snapshot(0, { 0: repeat(9_000, 198) }, { latency: 'end-to-end-across', negative: 2 })],
      ],
      { endSec: 1, clocks },
    ),
  );

test('end to end is of all records where the clocks are known well enough', () => {
  const { latencyUs, endToEnd, hlog, series } = acrossHosts({ errorUs: 500, askedUs: null });
  assert.is(latencyUs['end-to-end']?.count, 298);
  assert.is(latencyUs['end-to-end']?.negativeCount, 2);
  assert.equal([endToEnd?.madeOf, endToEnd?.sameHostShare], ['all', 1 / 3]);
  assert.is(endToEnd?.across?.count, 198);
  assert.is(series[0]?.latencies['end-to-end']?.count, 298);
  assert.ok(hlog['end-to-end'] !== undefined && hlog['end-to-end-across'] !== undefined);
});

test('and only of those of one host where they are not: histogram, series and log alike', () => {
  // A tenth of the p50 of all is 0.9 ms.
  for (const clocks of [
    { errorUs: 1_000, askedUs: null },
    { errorUs: 500, askedUs: 400 },
  ]) {
    const { latencyUs, endToEnd, hlog, series } = acrossHosts(clocks);
    assert.is(latencyUs['end-to-end']?.count, 100);
    assert.is(latencyUs['end-to-end']?.negativeCount, 0);
    assert.ok((latencyUs['end-to-end']?.maxUs ?? 0) < 2_100);
    assert.is(endToEnd?.madeOf, 'same-host');
    assert.is(endToEnd?.all?.count, 298);
    assert.is(series[0]?.latencies['end-to-end']?.count, 100);
    assert.ok(hlog['end-to-end-across'] !== undefined);
  }
});

test('where no record stayed on one host the figure is of all of them', () => {
  const processes = [[snapshot(0, { 0: repeat(9_000, 200) }, { latency: 'end-to-end-across' as const })]];
  const { latencyUs, endToEnd } = mergeRepeat(
    input(processes, { endSec: 1, clocks: { errorUs: 5_000, askedUs: null } }),
  );
  assert.is(latencyUs['end-to-end']?.count, 200);
  assert.equal([endToEnd?.madeOf, endToEnd?.sameHostShare], ['all', 0]);
});

test.run();
