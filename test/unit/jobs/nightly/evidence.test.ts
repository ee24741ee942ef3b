import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import { evidenceOf } from '../../../../bench/jobs/nightly/evidence.ts';
import { judgeNight } from '../../../../bench/jobs/nightly/judge.ts';
import type { JudgedSeries } from '../../../../bench/jobs/nightly/judged-series.ts';
import { nightsOf, REALISTIC_NOISE } from '../../../../bench/jobs/nightly/simulated-nights.ts';
import { densityOf, spoilOf } from '../../../../bench/jobs/nightly/spoil.ts';
import { tailOf } from '../../../../bench/jobs/nightly/tails.ts';
import { normals } from '../../../support/numbers.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('evidence of a rise');

const SIGMA = 0.015;
const LEAST = Math.log1p(0.03);
const tailWith = (spoiled: readonly number[]) =>
  tailOf([Float64Array.from([...normals(createRandom(1), 400, 0, SIGMA), ...spoiled])]);
const noiseOf = (spoiled: readonly number[]) => {
  const tail = tailWith(spoiled);
  return { sigma: SIGMA, phi: 0.3, degrees: 60, spoil: spoilOf(tail, tail, 0.001) };
};
const evidence = (run: readonly number[], spoiled: readonly number[] = [0.08, 0.12]): number => {
  const logs = Float64Array.from([...normals(createRandom(2), 60, 0, SIGMA), ...run]);
  return evidenceOf(logs, { from: 60, to: 60 + run.length, base: 0, nights: 60 }, noiseOf(spoiled), LEAST);
};

test('densities of spoiled nights are densities: the two directions together sum to one', () => {
  for (const spoiled of [[], [0.1], Array.from({ length: 40 }, (_, i) => 0.05 + i * 0.0025)]) {
    const { spoil } = noiseOf(spoiled);
    let sum = 0;
    for (let x = 0.0005; x < 20; x += 0.001) sum += (densityOf(spoil, x) + densityOf(spoil, -x)) * 0.001;
    assert.ok(Math.abs(sum - 1) < 0.1, `${sum}`);
  }
});

test('nights of a rise speak for it, each more; nights of the old level speak against it', () => {
  const run = [0.05, 0.045, 0.055, 0.05, 0.048];
  for (let k = 2; k <= run.length; k++) {
    assert.ok(evidence(run.slice(0, k)) > 3 * evidence(run.slice(0, k - 1)), `${k} nights`);
  }
  assert.ok(evidence([0.05, 0.001, -0.002, 0.004]) < 0.1);
});

test('the more often a suite was spoiled so far, the less two such nights say', () => {
  const often = Array.from({ length: 40 }, (_, i) => 0.05 + i * 0.0025);
  assert.ok(evidence([0.08, 0.09], often) < evidence([0.08, 0.09], []) / 5);
});

test('on average, the evidence of nights of the old level is one', () => {
  // The likelihood ratio of a mixture has expectation 1 where the noise is what it is taken to be.
  const random = createRandom(5);
  const spoil = noiseOf([0.08, 0.12]).spoil;
  const noise = { sigma: SIGMA, phi: 0, degrees: 1e6, spoil: { ...spoil, share: 1e-9, stays: 1e-9 } };
  let sum = 0;
  const count = 20_000;
  for (let i = 0; i < count; i++) {
    const logs = Float64Array.from([0, ...normals(random, 2, 0, SIGMA)]);
    sum += evidenceOf(logs, { from: 1, to: 3, base: 0, nights: 1e6 }, noise, SIGMA / 2);
  }
  assert.ok(sum / count > 0.2 && sum / count < 1.3, `${sum / count}`);
});

const NIGHTS = 70;
const suiteOf = (seed: number, factor = 1): JudgedSeries[] =>
  Array.from({ length: 6 }, (_, i) => {
    const random = createRandom(seed).fork(`${i}`);
    const noise = { ...REALISTIC_NOISE, outlierShare: 0.1, told: 0.5 };
    const nights = nightsOf(random, noise, NIGHTS, (t) => (i === 2 && t >= NIGHTS - 4 ? 0.05 : 0));
    const scaled = (values: Float64Array): Float64Array => values.map((value) => value * factor);
    return {
      id: String(i),
      metric: 'due-to-ack.p50',
      direction: 'lower-is-better',
      delta: 0.03,
      times: Float64Array.from({ length: NIGHTS }, (_, t) => t * 86_400_000),
      values: scaled(nights.values),
      lows: scaled(nights.lows),
      highs: scaled(nights.highs),
      accepted: [],
    };
  });
const judged = (series: readonly JudgedSeries[]) =>
  judgeNight({ series, canaries: [], drift: [], family: series.length }).series;

test('the same nights give the same verdicts, in whichever order the series come', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
      (seed, order) => {
        const series = suiteOf(seed);
        const straight = judged(series);
        assert.equal(judged(suiteOf(seed)), straight);
        const shuffled = judged(order.map((i) => series[i] as JudgedSeries));
        for (const [place, i] of order.entries()) assert.equal(shuffled[place], straight[i]);
      },
    ),
    { numRuns: 10, seed: 17 },
  );
});

test('the unit of a figure changes no verdict', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(0.001, 0.5, 60, 1e6), (seed, factor) => {
      const scaled = judged(suiteOf(seed, factor));
      for (const [i, { verdict, night }] of judged(suiteOf(seed)).entries()) {
        assert.is(scaled[i]?.verdict, verdict);
        const [one = 0, other = 0] = [night?.strongest?.evidence, scaled[i]?.night?.strongest?.evidence];
        assert.ok(Math.abs(one - other) <= 1e-6 * Math.max(one, other));
      }
    }),
    { numRuns: 10, seed: 18 },
  );
});

test.run();
