import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { memoryOf, relativePrecision, stepsFor } from '../../../bench/stats/autocorrelation.ts';
import { mean } from '../../../bench/stats/describe.ts';
import { normalDraw } from '../../../bench/stats/normal.ts';
import { suite } from '../../support/suite.ts';

const test = suite('autocorrelation');

/** First-order autoregression about 100 with σ 5. */
function series(seed: number, n: number, phi: number): number[] {
  const random = createRandom(seed);
  let state = normalDraw(random);
  return Array.from({ length: n }, () => {
    state = phi * state + Math.sqrt(1 - phi * phi) * normalDraw(random);
    return 100 + 5 * state;
  });
}

test('the memory of a first-order autoregression is (1 + φ) ÷ (1 − φ)', () => {
  for (const phi of [0, 0.5, 0.8]) {
    const { steps = 0 } = memoryOf(series(1, 20_000, phi)) ?? {};
    const truth = (1 + phi) / (1 - phi);
    assert.ok(Math.abs(steps / truth - 1) < 0.15, `φ ${phi}: ${steps} against ${truth}`);
  }
});

test('means over the length it names stray by what it promises', () => {
  const phi = 0.7;
  const memory = memoryOf(series(2, 3_000, phi));
  if (memory === null) throw new Error('three thousand values have a memory');
  const length = Math.ceil(stepsFor(memory, 0.02));
  assert.ok(relativePrecision(memory, length) <= 0.02);
  let inside = 0;
  for (let trial = 0; trial < 400; trial++) {
    if (Math.abs(mean(series(100 + trial, length, phi)) / 100 - 1) <= 0.02) inside++;
  }
  assert.ok(inside / 400 > 0.9 && inside / 400 < 0.99, `${inside / 400} within 2 % after ${length}`);
});

test('a constant needs no length, and nine values tell nothing', () => {
  const still = memoryOf(new Array(20).fill(7));
  assert.equal(still, { mean: 7, variance: 0, steps: 1, values: 20 });
  assert.is(stepsFor(still ?? fail(), 0.01), 0);
  assert.is(memoryOf([1, 2, 3, 4, 5, 6, 7, 8, 9]), null);
});

function fail(): never {
  throw new Error('no memory');
}

test.run();
