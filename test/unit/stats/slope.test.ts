import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { slopeOf } from '../../../bench/stats/slope.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a slope with its interval');

const line = (count: number, noise: (i: number) => number, slope = 2) =>
  Array.from({ length: count }, (_, i) => ({ x: i, y: 5 + slope * i + noise(i) }));

test('points on a line have its slope and no doubt', () => {
  const { slope, low, high } = slopeOf(line(10, () => 0));
  assert.ok(Math.abs(slope - 2) < 1e-12);
  assert.ok(high - low < 1e-9);
});

test('the interval is that of a textbook where the points are independent', () => {
  // Residuals turn their sign each time: no lag-one correlation above zero is left to lessen the degrees.
  const { slope, low, high } = slopeOf(line(12, (i) => (i % 2 === 0 ? 1 : -1), 0));
  const half = (high - low) / 2;
  // Σ(x − x̄)² = 143; Σr² = 12 − (Σ x r)²/143 with Σ x r = −6; t(10) = 2.2281.
  assert.ok(Math.abs(slope - -6 / 143) < 1e-12, `${slope}`);
  const expected = 2.2281 * Math.sqrt((12 - 36 / 143) / 10 / 143);
  assert.ok(Math.abs(half - expected) < 1e-3, `${half} against ${expected}`);
});

test('of series that only wander, nearly all have zero within the interval', () => {
  const random = createRandom(3);
  let outside = 0;
  for (let run = 0; run < 200; run++) {
    let y = 0;
    const points = Array.from({ length: 60 }, (_, x) => {
      y = 0.7 * y + random.next() - 0.5;
      return { x, y };
    });
    const { low, high } = slopeOf(points);
    if (low > 0 || high < 0) outside++;
  }
  assert.ok(outside < 30, `${outside} of 200`);
});

test('two points tell nothing of how far they may be off', () => {
  const { slope, low, high } = slopeOf(line(2, () => 1));
  assert.equal([slope, low, high], [2, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

test.run();
