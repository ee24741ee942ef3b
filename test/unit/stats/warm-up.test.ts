import * as assert from 'uvu/assert';
import { createRandom, type Random } from '../../../bench/common/random.ts';
import { lagSlope } from '../../../bench/stats/lag-slope.ts';
import { mser } from '../../../bench/stats/mser.ts';
import { trend } from '../../../bench/stats/trend.ts';
import { findWarmUp } from '../../../bench/stats/warm-up.ts';
import { normal } from '../../support/numbers.ts';
import { suite } from '../../support/suite.ts';

const test = suite('warm-up');

/** By the formula, with no regard to cost. */
function mserByDefinition(batches: readonly number[]): number {
  let best = { d: 0, value: Number.POSITIVE_INFINITY };
  for (let d = 0; d <= batches.length - 3; d++) {
    const rest = batches.slice(d);
    const centre = rest.reduce((a, b) => a + b) / rest.length;
    const value = rest.reduce((sum, z) => sum + (z - centre) ** 2, 0) / rest.length ** 2;
    if (value < best.value) best = { d, value };
  }
  return best.d;
}

test('MSER-5 is the argmin of its definition over batches of five', () => {
  const random = createRandom(61);
  for (let trial = 0; trial < 50; trial++) {
    const samples = Array.from(
      { length: 60 + random.int(40) },
      (_, i) => normal(random) + 5 * Math.exp(-i / 15),
    );
    const found = mser(samples);
    const batches = Array.from(
      { length: Math.floor(samples.length / 5) },
      (_, b) => samples.slice(5 * b, 5 * b + 5).reduce((a, z) => a + z) / 5,
    );
    assert.is(found?.batchSize, 5);
    assert.is(found?.cut, 5 * mserByDefinition(batches));
    assert.is(found?.withinHalf, (found?.cut ?? 0) / 5 <= batches.length / 2);
  }
});

test('short series get smaller batches, and below ten samples no answer', () => {
  assert.is(mser(new Array(30).fill(1))?.batchSize, 3);
  assert.is(mser(new Array(10).fill(1))?.batchSize, 1);
  assert.is(mser(new Array(9).fill(1)), undefined);
  assert.is(mser(new Array(50).fill(1))?.cut, 0);
});

/** p99 of each second: log-normal noise whose neighbours resemble each other. */
function latency(random: Random, seconds: number, sigma: number): number[] {
  let state = normal(random);
  return Array.from({ length: seconds }, () => {
    state = 0.3 * state + Math.sqrt(1 - 0.3 ** 2) * normal(random);
    return 5000 * Math.exp(sigma * state);
  });
}

const at = (p99: readonly (number | null)[]) => findWarmUp({ throughput: p99.map(() => 1000), p99 });

test('stationary noise is called unsteady at most one time in twenty', () => {
  const random = createRandom(62);
  for (const seconds of [12, 20, 40]) {
    let alarms = 0;
    for (let trial = 0; trial < 150; trial++) if (!at(latency(random, seconds, 0.25)).steady) alarms++;
    assert.ok(alarms <= 15, `${alarms} of 150 at ${seconds} s`);
  }
});

test('a warm-up is found, a stall is none, and doubling from start to end is no steady state', () => {
  const random = createRandom(63);
  let found = 0;
  let kept = 0;
  let refused = 0;
  for (let trial = 0; trial < 60; trial++) {
    const series = latency(random, 40, 0.1);
    const warm = at(series.map((value, i) => (i < 8 ? 3 * value : value)));
    if (warm.steady && Math.abs(warm.cutSec - 8) <= 4) found++;
    const stalled = at(series.map((value, i) => (i === 24 || i === 25 ? 2e6 : value)));
    if (stalled.steady && stalled.cutSec === 0) kept++;
    if (!at(series.map((value, i) => value * 4 ** (i / 40))).steady) refused++;
  }
  assert.ok(found >= 50, `warm-up found in ${found} of 60`);
  assert.ok(kept >= 58, `stall kept in ${kept} of 60`);
  assert.ok(refused >= 50, `ramp refused in ${refused} of 60`);
});

test('a series with a blank is not judged by it', () => {
  const series: (number | null)[] = new Array(30).fill(5000);
  series[3] = null;
  assert.equal(at(series), { cutSec: 0, steady: true }, 'throughput is still judged');
});

test('Theil–Sen and Mann–Kendall: a line, its mirror image, an outlier, and the null variance', () => {
  const line = Array.from({ length: 20 }, (_, i) => 7 + 3 * i);
  assert.is(trend(line).slope, 3);
  assert.ok(trend(line).p < 1e-6);
  assert.is(trend([...line].reverse()).slope, -3);
  assert.is(trend(line.with(10, 1e6)).slope, 3, 'one outlier moves nothing');
  assert.equal(trend(new Array(20).fill(4)), { slope: 0, p: 1 });
  assert.equal(trend([1, 2, 3]), { slope: 1, p: 1 }, 'too short to test');
  const random = createRandom(64);
  let alarms = 0;
  for (let trial = 0; trial < 1000; trial++) {
    if (trend(Array.from({ length: 20 }, () => normal(random))).p <= 0.05) alarms++;
  }
  assert.ok(alarms >= 25 && alarms <= 72, `${alarms} of 1000 at 5 %`);
});

test('lag that grows is told from lag that is merely there', () => {
  const random = createRandom(65);
  const backlog = Array.from({ length: 30 }, () => 50_000 + 2000 * normal(random));
  assert.is(lagSlope(backlog, 10_000).growing, false);
  const overload = backlog.map((lag, second) => lag + 500 * second);
  assert.is(lagSlope(overload, 10_000).growing, true);
  assert.ok(Math.abs(lagSlope(overload, 10_000).slopePerSec - 500) < 100);
  assert.is(lagSlope([...overload].reverse(), 10_000).growing, false, 'it is catching up');
  assert.is(
    lagSlope(
      Array.from({ length: 30 }, (_, i) => i),
      10_000,
    ).growing,
    false,
    '1 in 10,000 is no overload',
  );
  let alarms = 0;
  for (let trial = 0; trial < 500; trial++) {
    if (lagSlope(latency(random, 20, 0.5), 1000).growing) alarms++;
  }
  assert.ok(alarms <= 5, `${alarms} of 500`);
});

test.run();
