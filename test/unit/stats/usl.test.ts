import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { createRandom } from '../../../bench/common/random.ts';
import { fitUsl, predictUsl, type UslPoint, uslIntervals } from '../../../bench/stats/usl.ts';
import { uslSquares, uslThroughput } from '../../../bench/stats/usl-fit.ts';
import { close, normal } from '../../support/numbers.ts';
import { suite } from '../../support/suite.ts';

const test = suite('usl');
const COUNTS = [1, 2, 4, 8, 16, 32, 64];

test('the published fit of specsdm91 is met', () => {
  const throughput = [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775, 1702.2];
  const fit = fitUsl(
    [1, 18, 36, 72, 108, 144, 216].map((n, i) => ({ n, throughput: throughput[i] ?? Number.NaN })),
  );
  close(fit.alpha, 0.0277285, 5e-8);
  close(fit.beta, 0.0001044, 5e-8);
  close(fit.gamma, 89.995, 5e-4);
  close(fit.peakN ?? 0, 96.5, 0.05);
  assert.is(fit.peakWithinRange, true);
  assert.ok(fit.rSquared > 0.98);
  close(fit.relativeResiduals[0] ?? 0, 64.9 / 89.995 - 1, 1e-4);
});

test('exact data give back their parameters', () => {
  const random = createRandom(51);
  for (let trial = 0; trial < 40; trial++) {
    const truth = [10 ** (1 + 4 * random.next()), random.next() * 0.3, random.next() * 0.01] as const;
    const fit = fitUsl(COUNTS.map((n) => ({ n, throughput: uslThroughput(truth, n) })));
    close(fit.gamma / truth[0], 1, 1e-5);
    close(fit.alpha, truth[1], 1e-5);
    close(fit.beta, truth[2], 1e-6);
  }
});

test('no neighbour within the allowed region fits better', () => {
  const random = createRandom(52);
  for (let trial = 0; trial < 25; trial++) {
    // Some of these would have a negative α or β.
    const truth = [1000, (random.next() - 0.5) * 0.02, (random.next() - 0.5) * 1e-4] as const;
    const points = COUNTS.map((n) => ({
      n,
      throughput: uslThroughput(truth, n) * Math.exp(0.03 * normal(random)),
    }));
    const { gamma, alpha, beta } = fitUsl(points);
    assert.ok(alpha >= 0 && beta >= 0 && gamma > 0);
    const best = uslSquares(points, [gamma, alpha, beta]);
    for (const [g, a, b] of [
      [1.001, 0, 0],
      [0.999, 0, 0],
      [1, 1e-4, 0],
      [1, -1e-4, 0],
      [1, 0, 1e-6],
      [1, 0, -1e-6],
    ] as const) {
      const neighbour = [gamma * g, alpha + a, beta + b] as const;
      if (neighbour[1] < 0 || neighbour[2] < 0) continue;
      assert.ok(uslSquares(points, neighbour) >= best * (1 - 1e-9));
    }
  }
});

test('linear scaling has no peak', () => {
  const fit = fitUsl(COUNTS.map((n) => ({ n, throughput: 10 * n })));
  assert.equal([fit.alpha, fit.beta, fit.peakN, fit.peakWithinRange], [0, 0, null, false]);
});

test('nothing is predicted past twice the range', () => {
  const fit = fitUsl(COUNTS.map((n) => ({ n, throughput: 10 * n })));
  close(predictUsl(fit, 128) ?? 0, 1280, 1e-6);
  assert.is(predictUsl(fit, 129), undefined);
  assert.is(predictUsl(fit, 0), undefined);
  assert.is(predictUsl(fit, Number.NaN), undefined);
});

test('too few counts and impossible points are refused; repeats of one count do not help', () => {
  const code = (points: UslPoint[]): string => {
    try {
      fitUsl(points);
    } catch (error) {
      assert.instance(error, KsweepError);
      return (error as KsweepError).code;
    }
    return 'fitted';
  };
  const five = [1, 2, 4, 8, 16].flatMap((n) => [1, 1.01, 0.99].map((f) => ({ n, throughput: 10 * n * f })));
  assert.is(code(five), 'sizing-input');
  assert.is(code([...five, { n: 32, throughput: 0 }]), 'sizing-input');
  assert.is(code([...five, { n: 32, throughput: 250 }]), 'fitted');
});

test('intervals over runs hold the truth, are seeded, and need two runs of each count', () => {
  const truth = [1000, 0.05, 0.0005] as const;
  const random = createRandom(53);
  let covered = 0;
  for (let trial = 0; trial < 40; trial++) {
    const points = COUNTS.flatMap((n) =>
      Array.from({ length: 6 }, () => ({
        n,
        throughput: uslThroughput(truth, n) * Math.exp(0.03 * normal(random)),
      })),
    );
    const input = { points, atN: [24, 500], seed: trial, resamples: 150 };
    const intervals = uslIntervals(input);
    if (trial === 0) assert.equal(uslIntervals(input), intervals);
    const [inside, outside] = intervals.throughput;
    assert.is(outside, undefined);
    const expected = uslThroughput(truth, 24);
    if (inside !== undefined && inside.low <= expected && expected <= inside.high) covered++;
    assert.ok(
      intervals.peakN.low <= (intervals.fit.peakN ?? 0) && (intervals.fit.peakN ?? 0) <= intervals.peakN.high,
    );
  }
  assert.ok(covered >= 32, `${covered} of 40`);
  const once = COUNTS.map((n) => ({ n, throughput: 10 * n }));
  assert.throws(() => uslIntervals({ points: once, atN: [], seed: 1 }), /one run/);
});

test.run();
