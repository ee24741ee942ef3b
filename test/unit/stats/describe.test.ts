import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { bootstrap } from '../../../bench/stats/bootstrap.ts';
import { mad, mean, median, medianInterval, quantile, spread } from '../../../bench/stats/describe.ts';
import { benjaminiHochberg } from '../../../bench/stats/false-discovery.ts';
import { normalCdf, normalQuantile } from '../../../bench/stats/normal.ts';
import { close, normals } from '../../support/numbers.ts';
import { suite } from '../../support/suite.ts';

const test = suite('describe');
test('quantile, median and MAD', () => {
  close(quantile([3, 1, 2, 4], 0.5), 2.5);
  close(quantile([10, 20, 30, 40, 50], 0.1), 14);
  close(quantile([5], 0.9), 5);
  assert.ok(Number.isNaN(median([])));
  close(mad([1, 1, 2, 2, 4, 6, 9]), 1);
  assert.is(quantile([1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.9), Number.POSITIVE_INFINITY);
});

test('the normal distribution to ten digits, and back', () => {
  close(normalCdf(0), 0.5);
  close(normalCdf(-1.959963984540054), 0.025, 1e-13);
  close(normalCdf(1), 0.8413447460685429, 1e-13);
  close(normalCdf(-5) / 2.866515718791939e-7, 1, 1e-10);
  for (const p of [1e-6, 0.01, 0.3, 0.5, 0.99]) close(normalCdf(normalQuantile(p)), p, 1e-12);
});

test("the median's interval has the exact coverage it states", () => {
  assert.is(medianInterval([1, 2, 3, 4, 5]), null);
  assert.equal(medianInterval([1, 2, 3, 4, 5, 6]), { low: 1, high: 6, level: 0.96875 });
  const ten = medianInterval([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  assert.equal([ten?.low, ten?.high], [2, 9]);
  close(ten?.level ?? 0, 1 - 22 / 1024);
  const random = createRandom(31);
  let covered = 0;
  for (let trial = 0; trial < 2000; trial++) {
    const interval = medianInterval(normals(random, 10));
    if (interval !== null && interval.low <= 0 && interval.high >= 0) covered++;
  }
  close(covered / 2000, 1 - 22 / 1024, 0.012);
});

test('spread sums up repeats', () => {
  const { n, median: middle, min, max, iqr, ci } = spread([4, 1, 3, 2]);
  assert.equal([n, middle, min, max, iqr, ci], [4, 2.5, 1, 4, 1.5, null]);
});

test('Benjamini–Hochberg: the worked example, order kept, never below p', () => {
  const adjusted = benjaminiHochberg([0.01, 0.04, 0.03, 0.005]);
  [0.02, 0.04, 0.04, 0.02].forEach((expected, i) => {
    close(adjusted[i] ?? 0, expected);
  });
  assert.equal(benjaminiHochberg([]), []);
  const random = createRandom(32);
  const pValues = Array.from({ length: 40 }, () => random.next());
  const all = benjaminiHochberg(pValues);
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[a] ?? 0) - (pValues[b] ?? 0));
  order.forEach((index, position) => {
    assert.ok((all[index] ?? 0) >= (pValues[index] ?? 1) - 1e-15);
    assert.ok((all[index] ?? 0) >= (all[order[position - 1] ?? index] ?? 0) - 1e-15);
  });
});

/** Efron and Tibshirani, An Introduction to the Bootstrap, table 14.1: the spatial test data. */
const SPATIAL = [
  48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41,
];
const variance = (values: readonly number[]): number =>
  mean(values.map((value) => (value - mean(values)) ** 2));

test('the bootstrap meets the published intervals of a variance: percentile and BCa', () => {
  const interval = (method: 'percentile' | 'bca') =>
    bootstrap([SPATIAL], ([values = []]) => variance(values), {
      random: createRandom(33),
      level: 0.9,
      method,
      resamples: 4000,
    });
  const percentile = interval('percentile');
  close(percentile.estimate, 171.5, 0.05);
  close(percentile.low, 100.8, 5);
  close(percentile.high, 233.9, 5);
  const bca = interval('bca');
  close(bca.low, 115.8, 5);
  close(bca.high, 259.6, 9);
});

test('the bootstrap is seeded, draws within strata, and reports what is undefined', () => {
  const options = () => ({ random: createRandom(34), resamples: 300 });
  const strata = [[1, 2, 3, 4], [100]];
  const sum = (groups: readonly (readonly number[])[]): number =>
    groups.reduce((total, g) => total + mean(g), 0);
  const first = bootstrap(strata, sum, options());
  assert.equal(bootstrap(strata, sum, options()), first);
  assert.ok(first.low >= 101 && first.high <= 104, 'the second stratum always adds 100');
  const never = bootstrap(strata, () => Number.NaN, options());
  assert.is(never.undefinedCount, 300);
  assert.ok(Number.isNaN(never.low));
  const constant = bootstrap(strata, () => 7, options());
  assert.equal([constant.low, constant.high], [7, 7]);
});

test.run();
