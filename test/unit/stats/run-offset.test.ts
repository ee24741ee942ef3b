import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { type LogSides, tEstimate, tTest } from '../../../bench/stats/few-repeats.ts';
import { normalDraw } from '../../../bench/stats/normal.ts';
import { runOffset, withOffset } from '../../../bench/stats/run-offset.ts';
import { suite } from '../../support/suite.ts';

const test = suite('offset of a run');

const nights = (seed: number, count: number, sigma: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => 7 + sigma * normalDraw(random));
};

test('nights of a cell tell how far runs lie apart, on the safe side of what neighbours resemble', () => {
  const { sigma = 0 } = runOffset([nights(1, 400, 0.03)]) ?? {};
  assert.ok(Math.abs(sigma / (0.03 / Math.sqrt(0.7)) - 1) < 0.1, `${sigma}`);
});

test('a change of level counts once, and cells of one run make no further runs', () => {
  const still = nights(2, 40, 0.02);
  const stepped = still.map((value, i) => value + (i < 20 ? 0 : 0.1));
  const [one, other] = [runOffset([still]), runOffset([stepped])];
  assert.ok((other?.sigma ?? 1) < 1.5 * (one?.sigma ?? 0));
  assert.is(runOffset([still, still.map((value) => value + 1)])?.degrees, one?.degrees);
  assert.is(runOffset([[1, 2, 3, 4]]), null);
  assert.is(runOffset([]), null);
});

test('with its offset a run counts once, however many repeats it has', () => {
  const random = createRandom(3);
  const side = (shift: number): number[] =>
    Array.from({ length: 100 }, () => shift + 0.01 * normalDraw(random));
  const sides: LogSides = { base: side(0), candidate: side(0.05), paired: false, margin: 0.01 };
  const estimate = tEstimate(sides, []);
  if (estimate === null) throw new Error('a hundred repeats have an estimate');
  assert.ok(tTest(estimate) < 1e-9);
  const apart = withOffset(estimate, { sigma: 0.04, degrees: 20 });
  assert.ok(tTest(apart) > 0.2, `${tTest(apart)}`);
  assert.ok(Math.abs(apart.degrees - 20) < 1);
  assert.ok(Math.abs(tTest(withOffset(estimate, { sigma: 0, degrees: 20 })) - tTest(estimate)) < 1e-12);
});

test.run();
