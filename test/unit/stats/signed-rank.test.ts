import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { median } from '../../../bench/stats/describe.ts';
import { midRanks } from '../../../bench/stats/ranks.ts';
import { signedRank } from '../../../bench/stats/signed-rank.ts';
import { close, normals } from '../../support/numbers.ts';
import { suite } from '../../support/suite.ts';

const test = suite('signed-rank');
/** By definition: all 2^n sign patterns of the ranks, zeros ranked and then left out. */
function enumerated(differences: readonly number[]): number {
  const all = midRanks(differences.map(Math.abs));
  const ranks = all.filter((_, i) => differences[i] !== 0);
  const centre = ranks.reduce((sum, rank) => sum + rank, 0) / 2;
  const observed = all.reduce((sum, rank, i) => sum + ((differences[i] ?? 0) > 0 ? rank : 0), 0);
  let extreme = 0;
  for (let signs = 0; signs < 2 ** ranks.length; signs++) {
    const sum = ranks.reduce((total, rank, i) => total + ((signs >> i) & 1 ? rank : 0), 0);
    if (Math.abs(sum - centre) >= Math.abs(observed - centre) - 1e-9) extreme++;
  }
  return extreme / 2 ** ranks.length;
}

test('the smallest two-sided p is 2 / 2^n', () => {
  const smallest: [number, number][] = [
    [4, 0.125],
    [5, 0.0625],
    [6, 0.03125],
    [8, 0.0078125],
    [10, 0.001953125],
  ];
  for (const [n, p] of smallest) {
    const differences = Array.from({ length: n }, (_, i) => i + 1);
    close(signedRank(differences).p, p);
    close(signedRank(differences.map(() => 1)).p, p);
  }
});

test('p is that of full enumeration, with ties and zeros', () => {
  const random = createRandom(11);
  for (let trial = 0; trial < 150; trial++) {
    const n = 1 + random.int(10);
    const differences = Array.from({ length: n }, () => random.int(7) - 3);
    close(signedRank(differences).p, differences.every((d) => d === 0) ? 1 : enumerated(differences));
  }
});

test('the depression data of Hollander and Wolfe: p 0.0391, estimate 0.46, interval 0.010 to 0.786', () => {
  const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
  const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  const result = signedRank(before.map((value, i) => value - (after[i] ?? 0)));
  close(result.p, 0.0390625);
  close(result.estimate, 0.46, 1e-9);
  close(result.interval?.low ?? 0, 0.01, 1e-9);
  close(result.interval?.high ?? 0, 0.786, 1e-9);
});

test('turning every sign round keeps p and mirrors the estimate and its interval', () => {
  const random = createRandom(12);
  for (let trial = 0; trial < 50; trial++) {
    const differences = normals(random, 6 + random.int(12), 0.3);
    const result = signedRank(differences);
    const mirrored = signedRank(differences.map((d) => -d));
    close(mirrored.p, result.p);
    close(mirrored.estimate, -result.estimate);
    close(mirrored.interval?.low ?? 0, -(result.interval?.high ?? 0));
  }
});

test('the further all differences move from zero, the smaller p', () => {
  const differences = normals(createRandom(13), 12);
  const centred = differences.map((d) => d - signedRank(differences).estimate);
  let before = 1;
  for (let shift = 0; shift < 3; shift += 0.1) {
    const { p } = signedRank(centred.map((d) => d + shift));
    assert.ok(p <= before + 1e-12, `at ${shift}`);
    before = p;
  }
  close(before, 2 / 2 ** 12);
});

test('the interval excludes zero exactly where p is below the level', () => {
  const random = createRandom(14);
  for (let trial = 0; trial < 300; trial++) {
    const { p, interval } = signedRank(normals(random, 9, 0.7));
    if (interval === null) throw new Error('nine differences have an interval');
    assert.is(interval.low > 0 || interval.high < 0, p <= 0.05);
  }
});

test('the interval holds the truth as often as it says, and needs six differences', () => {
  const random = createRandom(15);
  let covered = 0;
  for (let trial = 0; trial < 2000; trial++) {
    const { interval } = signedRank(normals(random, 8, 5));
    if (interval !== null && interval.low <= 5 && interval.high >= 5) covered++;
  }
  // The exact coverage at n = 8 is 1 − 2 · 5/256.
  close(covered / 2000, 1 - 10 / 256, 0.015);
  assert.is(signedRank([1, 2, 3, 4, 5]).interval, null);
  assert.not.equal(signedRank([1, 2, 3, 4, 5, 6]).interval, null);
});

test('above the exact limit the approximation continues the exact p', () => {
  const random = createRandom(16);
  const differences = normals(random, 100, 0.2);
  const exact = signedRank(differences);
  const approximate = signedRank([...differences, median(differences)]);
  assert.is(exact.exact, true);
  assert.is(approximate.exact, false);
  assert.ok(Math.abs(Math.log(approximate.p / exact.p)) < 0.3);
});

test('equal ratios tie whatever their logarithms round to', () => {
  const ratio = (pairs: readonly (readonly [number, number])[]): number[] =>
    pairs.map(([base, candidate]) => Math.log(candidate) - Math.log(base));
  // Twice and half as much, of levels whose logarithms round differently; three times as much.
  const pairs = [
    [1, 2],
    [3, 6],
    [7, 14],
    [11, 22],
    [13, 26],
    [10, 5],
    [5, 15],
    [7, 21],
  ] as const;
  const exact = [2, 2, 2, 2, 2, -2, 3, 3];
  close(signedRank(ratio(pairs)).p, signedRank(exact).p);
  for (const scale of [0.1, 0.7, 1.1, 3.3, 1e6 / 3]) {
    const scaled = pairs.map(([base, candidate]) => [base * scale, candidate * scale] as const);
    close(signedRank(ratio(scaled)).p, signedRank(exact).p);
  }
  // Eight of nine pairs doubled and one halved: 0.0390625, and not less because the halved one’s logarithm rounds lowest.
  const nine = [1, 5, 7, 11, 3, 9, 13, 19, 6].map((level, i) =>
    i === 5 ? Math.log(level) - Math.log(2 * level) : Math.log(2 * level) - Math.log(level),
  );
  close(signedRank(nine).p, 0.0390625);
  close(signedRank([1.1 / 3.3, 0.1 / 0.3].map(Math.log)).p, signedRank([1, 1]).p);
  assert.is(signedRank([Math.log(0.3) - Math.log(0.1 * 3)]).p, 1, 'no ratio but rounding is no evidence');
});

test('nothing but zeros is no evidence', () => {
  assert.is(signedRank([0, 0, 0]).p, 1);
  assert.is(signedRank([]).p, 1);
});

test.run();
