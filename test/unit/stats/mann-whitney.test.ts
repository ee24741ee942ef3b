import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { mannWhitney } from '../../../bench/stats/mann-whitney.ts';
import { midRanks } from '../../../bench/stats/ranks.ts';
import { close, normals } from '../../support/numbers.ts';
import { suite } from '../../support/suite.ts';

const test = suite('mann-whitney');
/** By definition: every way to call n of the pooled ranks the candidate's. */
function enumerated(base: readonly number[], candidate: readonly number[]): number {
  const ranks = midRanks([...base, ...candidate]);
  const centre = (candidate.length * (ranks.length + 1)) / 2;
  const observed = ranks.slice(base.length).reduce((sum, rank) => sum + rank, 0);
  let ways = 0;
  let extreme = 0;
  for (let chosen = 0; chosen < 2 ** ranks.length; chosen++) {
    const members = ranks.filter((_, i) => (chosen >> i) & 1);
    if (members.length !== candidate.length) continue;
    ways++;
    const sum = members.reduce((total, rank) => total + rank, 0);
    if (Math.abs(sum - centre) >= Math.abs(observed - centre) - 1e-9) extreme++;
  }
  return extreme / ways;
}

test('p is that of full enumeration, with ties', () => {
  const random = createRandom(21);
  for (let trial = 0; trial < 60; trial++) {
    const draw = (count: number): number[] => Array.from({ length: count }, () => random.int(6));
    const base = draw(1 + random.int(5));
    const candidate = draw(1 + random.int(5));
    close(mannWhitney(base, candidate).p, enumerated(base, candidate));
  }
});

test('the permeability data of Hollander and Wolfe: p 0.2544, shift 0.305', () => {
  const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const earlier = [1.15, 0.88, 0.9, 0.74, 1.21];
  const result = mannWhitney(earlier, term);
  close(result.p, 0.2544, 5e-5);
  close(result.shift, 0.305, 1e-9);
});

test('swapping the sides keeps p and mirrors the shift and its interval', () => {
  const random = createRandom(22);
  for (let trial = 0; trial < 40; trial++) {
    const base = normals(random, 4 + random.int(8));
    const candidate = normals(random, 4 + random.int(8), 0.5);
    const result = mannWhitney(base, candidate);
    const swapped = mannWhitney(candidate, base);
    close(swapped.p, result.p);
    close(swapped.shift, -result.shift);
    close(swapped.interval?.low ?? 0, -(result.interval?.high ?? 0));
  }
});

test('a larger shift never gives a larger p, and complete separation gives the smallest', () => {
  const random = createRandom(23);
  const base = normals(random, 7);
  const candidate = normals(random, 6);
  const centre = mannWhitney(base, candidate).shift;
  let before = 1;
  for (let shift = 0; shift < 8; shift += 0.25) {
    const { p } = mannWhitney(
      base,
      candidate.map((value) => value - centre + shift),
    );
    assert.ok(p <= before + 1e-12, `at ${shift}`);
    before = p;
  }
  close(before, 2 / 1716);
});

test('the interval holds the shift at least as often as it says, and is null where it cannot', () => {
  const random = createRandom(24);
  let covered = 0;
  for (let trial = 0; trial < 1500; trial++) {
    const { interval } = mannWhitney(normals(random, 6), normals(random, 7, 3));
    if (interval !== null && interval.low <= 3 && interval.high >= 3) covered++;
  }
  assert.ok(covered / 1500 >= 0.945 && covered / 1500 < 0.98, `covered ${covered / 1500}`);
  assert.is(mannWhitney([1, 2, 3], [4, 5, 6]).interval, null, '2/20 is more than 5 %');
  assert.is(mannWhitney([], [1]).p, 1);
});

test('figures that are the same but for rounding tie', () => {
  const thirds = [0.1 * 3, 0.3, 0.9 / 3].map(Math.log);
  close(mannWhitney(thirds, [...thirds].reverse()).p, 1);
  close(
    mannWhitney([0.1 * 3, 0.5, 0.6].map(Math.log), [0.3, 0.7, 0.8].map(Math.log)).p,
    enumerated([3, 5, 6], [3, 7, 8]),
  );
});

test('above the exact limit the approximation agrees with enumeration of the exact case', () => {
  const random = createRandom(25);
  const base = Array.from({ length: 30 }, () => random.int(12));
  const candidate = Array.from({ length: 30 }, () => random.int(12) + 1);
  const exact = mannWhitney(base, candidate);
  const approximate = mannWhitney([...base, 6], candidate);
  assert.is(exact.exact, true);
  assert.is(approximate.exact, false);
  assert.ok(Math.abs(Math.log(approximate.p / exact.p)) < 0.35, `${approximate.p} and ${exact.p}`);
  assert.is(mannWhitney(new Array(40).fill(1), new Array(40).fill(1)).p, 1, 'all tied');
});

test.run();
