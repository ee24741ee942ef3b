import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { changePoints, PUBLISHED_OPTIONS } from '../../../bench/stats/edivisive.ts';
import { pooledT } from '../../../bench/stats/edivisive-t.ts';
import { studentTwoSided } from '../../../bench/stats/student-t.ts';
import { close, normals } from '../../support/numbers.ts';
import { suite } from '../../support/suite.ts';

const test = suite('E-divisive');

/** The generator that the figures of Apache Otava below were made with. */
function reference(seed: number, levels: readonly number[], perLevel: number, noise: number): Float64Array {
  let state = BigInt(seed);
  const next = (): number => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number(state) / 2147483648;
  };
  const values = levels.flatMap((level) =>
    Array.from({ length: perLevel }, () => {
      let sum = -6;
      for (let i = 0; i < 12; i++) sum += next();
      return Math.round((level + noise * sum) * 1e6) / 1e6;
    }),
  );
  return Float64Array.from(values);
}

const DIFFERENCES = { ...PUBLISHED_OPTIONS, magnitude: 'difference' } as const;
const find = (values: Float64Array) => changePoints(values, PUBLISHED_OPTIONS);
const places = (values: Float64Array): number[] => find(values).map(({ index }) => index);

test('finds the change points, and their p, that Apache Otava 0.8.0 finds', () => {
  const cases: [number, number[], number, number, [number, number][]][] = [
    [1, [100, 105], 40, 1.5, [[40, 2.2373103944746724e-27]]],
    [2, [100, 100], 60, 1.5, []],
    [
      3,
      [100, 110, 100],
      30,
      2,
      [
        [30, 2.695315788940471e-26],
        [60, 3.9019436783771202e-25],
      ],
    ],
    [
      4,
      [100, 103, 97, 108],
      50,
      1,
      [
        [50, 1.7031676288814424e-37],
        [100, 2.5826322754480674e-55],
        [150, 3.843161731236989e-68],
        [190, 0.0001562931062226192],
      ],
    ],
    [
      7,
      [50, 50, 60, 50],
      35,
      3,
      [
        [70, 1.723774457026869e-32],
        [105, 1.398723449351563e-25],
      ],
    ],
    [
      8,
      [1, 2],
      12,
      0.1,
      [
        [12, 1.8542014201996893e-13],
        [18, 0.0005898821109877885],
      ],
    ],
  ];
  for (const [seed, levels, perLevel, noise, expected] of cases) {
    const found = find(reference(seed, levels, perLevel, noise));
    assert.equal(
      found.map(({ index }) => index),
      expected.map(([index]) => index),
    );
    for (const [i, [, p]] of expected.entries()) close(Math.log((found[i]?.p ?? 0) / p), 0, 1e-9);
  }
});

test('finds the same points as Apache Otava 0.8.0 with other windows, p and magnitudes', () => {
  const cases: [number, number[], number, number, number, number, number, number[]][] = [
    [5, [10, 10.5, 11], 80, 0.2, 50, 0.001, 0, [80, 159]],
    [5, [10, 10.5, 11], 80, 0.2, 30, 0.001, 0, [22, 42, 80, 159]],
    [5, [10, 10.5, 11], 80, 0.2, 20, 0.01, 0, [2, 11, 16, 22, 42, 49, 52, 80, 160, 233]],
    [5, [10, 10.5, 11], 80, 0.2, 10, 0.04, 0.01, [22, 42, 80, 96, 101, 104, 149, 158, 159, 233, 235]],
    [5, [10, 10.5, 11], 80, 0.2, 80, 0.1, 0.02, [2, 22, 42, 49, 52, 55, 56, 80, 160, 191, 192, 233]],
    [
      5,
      [10, 10.5, 11],
      80,
      0.2,
      200,
      0.3,
      0,
      [
        2, 11, 16, 22, 42, 49, 52, 55, 56, 73, 75, 80, 96, 104, 114, 123, 126, 137, 138, 149, 158, 159, 164,
        165, 170, 171, 180, 186, 187, 191, 192, 197, 198, 200, 202, 203, 205, 212, 216, 219, 226, 227, 233,
        235, 238,
      ],
    ],
    [6, [100, 101], 100, 1.5, 50, 0.001, 0, [95]],
    [6, [100, 101], 100, 1.5, 30, 0.001, 0, [21]],
    [6, [100, 101], 100, 1.5, 20, 0.01, 0, [21, 24, 36, 95, 121]],
    [
      6,
      [100, 101],
      100,
      1.5,
      10,
      0.04,
      0.01,
      [
        1, 3, 7, 21, 24, 35, 43, 45, 53, 56, 75, 76, 81, 83, 95, 98, 100, 102, 105, 107, 112, 114, 121, 123,
        132, 146, 148, 151, 159, 161, 164, 167,
      ],
    ],
    [6, [100, 101], 100, 1.5, 80, 0.1, 0.02, [21, 24, 59, 60, 75, 76, 81, 83, 95, 98, 100, 102]],
    [6, [100, 101], 100, 1.5, 200, 0.3, 0, [21, 24, 95, 148, 151]],
    [9, [100, 106, 103, 112, 104], 14, 2, 50, 0.001, 0, [14, 28, 42, 55]],
    [9, [100, 106, 103, 112, 104], 14, 2, 30, 0.001, 0, [14, 28, 42, 55]],
    [9, [100, 106, 103, 112, 104], 14, 2, 20, 0.01, 0, [14, 28, 42, 55, 57, 61]],
    [9, [100, 106, 103, 112, 104], 14, 2, 10, 0.04, 0.01, [6, 16, 18, 21, 28, 42, 55, 57, 61, 63, 67]],
    [9, [100, 106, 103, 112, 104], 14, 2, 80, 0.1, 0.02, [6, 11, 14, 28, 42, 55, 57, 61, 63, 67]],
    [9, [100, 106, 103, 112, 104], 14, 2, 200, 0.3, 0, [6, 11, 14, 28, 42, 55, 57, 61, 63, 67]],
  ];
  for (const [seed, levels, perLevel, noise, window, maxP, minMagnitude, expected] of cases) {
    const values = reference(seed, levels, perLevel, noise);
    const found = changePoints(values, { window, maxP, minMagnitude, magnitude: 'relative' });
    assert.equal(
      found.map(({ index }) => index),
      expected,
      `seed ${seed}, window ${window}, p ${maxP}`,
    );
  }
});

test('Student’s t agrees with published quantiles', () => {
  // Abramowitz and Stegun, table 26.10: two-sided 5 %, 1 % and 0.1 % points.
  for (const [degrees, t, p] of [
    [1, 12.7062, 0.05],
    [5, 4.0321, 0.01],
    [10, 2.2281, 0.05],
    [30, 3.646, 0.001],
    [120, 2.6174, 0.01],
  ] as const) {
    close(studentTwoSided(t, degrees) / p, 1, 2e-4);
  }
  close(studentTwoSided(0, 7), 1);
  assert.is(studentTwoSided(Number.POSITIVE_INFINITY, 7), 0);
});

test('two sides without any spread differ for certain, or not at all', () => {
  const side = (mean: number) => ({ n: 5, mean, variance: 0 });
  assert.is(pooledT(side(1), side(2)), 0);
  assert.is(pooledT(side(1), side(1)), 1);
});

test('no change is found in a constant series, nor in fewer than three values', () => {
  assert.equal(places(new Float64Array(200).fill(7)), []);
  for (const values of [[], [1], [1, 9]]) assert.equal(places(Float64Array.from(values)), []);
});

test('moving, scaling or turning a series round changes no place', () => {
  const random = createRandom(5);
  for (let round = 0; round < 40; round++) {
    const levels = Array.from({ length: 1 + random.int(3) }, () => 100 + random.int(20));
    const values = Float64Array.from(
      levels.flatMap((level) => normals(random, 20 + random.int(25), level, 1.5)),
    );
    const found = find(values);
    assert.equal(
      places(values.map((value) => 3 * value + 17)),
      found.map(({ index }) => index),
    );
    if (values.length <= PUBLISHED_OPTIONS.window) {
      const turned = places(values.toReversed()).map((index) => values.length - index);
      assert.equal(
        turned.reverse(),
        found.map(({ index }) => index),
      );
    }
  }
});

test('the first split is where the energy distance, computed from its definition, is greatest', () => {
  const random = createRandom(11);
  const mean = (xs: readonly number[], ys: readonly number[]): number =>
    xs.flatMap((x) => ys.map((y) => Math.abs(x - y))).reduce((a, b) => a + b, 0);
  for (let round = 0; round < 30; round++) {
    const values = [
      ...normals(random, 12 + random.int(10), 0, 1),
      ...normals(random, 12 + random.int(10), 6, 1),
    ];
    const q = (split: number): number => {
      const [x, y] = [values.slice(0, split), values.slice(split)];
      const [n, m] = [x.length, y.length];
      const within = (xs: readonly number[]): number =>
        xs.length < 2 ? 0 : mean(xs, xs) / (xs.length * (xs.length - 1));
      return ((n * m) / (n + m)) * ((2 * mean(x, y)) / (n * m) - within(x) - within(y));
    };
    const splits = values.map((_, i) => i).slice(1);
    const best = splits.reduce((a, b) => (q(b) > q(a) ? b : a));
    assert.ok(places(Float64Array.from(values)).includes(best), `round ${round}: ${best}`);
  }
});

test('a change smaller than the least magnitude is merged away', () => {
  const values = reference(1, [100, 105], 40, 1.5);
  assert.equal(
    changePoints(values, { ...DIFFERENCES, minMagnitude: 4 }).map(({ index }) => index),
    [40],
  );
  assert.equal(changePoints(values, { ...DIFFERENCES, minMagnitude: 6 }), []);
});

test('a step stays where it is when many nights follow', () => {
  const random = createRandom(3);
  const values = Float64Array.from([...normals(random, 500, 100, 1), ...normals(random, 1500, 110, 1)]);
  const isAt500 = (one: { index: number }): boolean => Math.abs(one.index - 500) <= 1;
  assert.ok(find(values.subarray(0, 560)).some(isAt500));
  assert.ok(find(values).some(isAt500));
});

test.run();
