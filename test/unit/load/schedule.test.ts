import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { createShapePacer } from '../../../bench/load/pacer.ts';
import type { LoadShape } from '../../../bench/load/schedule.ts';
import { suite } from '../../support/suite.ts';

const test = suite('loads that change by a law');

const SHAPES: fc.Arbitrary<LoadShape> = fc.oneof(
  fc.record({
    kind: fc.constant('ramp' as const),
    fromPerSec: fc.double({ min: 0.5, max: 2_000, noNaN: true }),
    toPerSec: fc.double({ min: 0.5, max: 2_000, noNaN: true }),
    startUs: fc.integer({ min: 0, max: 3_000_000 }),
    overUs: fc.integer({ min: 1_000_000, max: 5_000_000 }),
  }),
  fc.record({
    kind: fc.constant('sine' as const),
    meanPerSec: fc.double({ min: 0.5, max: 1_000, noNaN: true }),
    amplitude: fc.double({ min: 0, max: 1, noNaN: true }),
    periodUs: fc.integer({ min: 50_000, max: 5_000_000 }),
    startUs: fc.integer({ min: 0, max: 3_000_000 }),
  }),
  fc.record({
    kind: fc.constant('bursts' as const),
    basePerSec: fc.oneof(fc.constant(0), fc.double({ min: 0.5, max: 500, noNaN: true })),
    size: fc.integer({ min: 1, max: 200 }),
    everyUs: fc.integer({ min: 50_000, max: 2_000_000 }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.nat(),
  }),
  fc
    .record({
      gapsUs: fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 50 }),
      speed: fc.double({ min: 0.1, max: 10, noNaN: true }),
    })
    .map(({ gapsUs, speed }): LoadShape => {
      const offsets = [0];
      for (const gap of gapsUs) offsets.push((offsets.at(-1) ?? 0) + gap);
      return {
        kind: 'replay',
        offsetsUs: Float64Array.from(offsets),
        periodUs: (offsets.at(-1) ?? 0) + 1_000,
        speed,
      };
    }),
);

const SECONDS = 6;
const PARTS = 20_000;

/** The integral of a shape's rate from the start to `endUs`: midpoints of what its definition says, no closed form. */
function integral(shape: LoadShape, endUs: number): number {
  if (shape.kind === 'bursts') {
    const random = createRandom(shape.seed).fork('bursts');
    let count = (shape.basePerSec * endUs) / 1e6;
    for (let burst = 0; (burst + shape.jitter * random.next()) * shape.everyUs < endUs; burst++)
      count += shape.size;
    return count;
  }
  if (shape.kind === 'replay') {
    let count = 0;
    for (let round = 0; (round * shape.periodUs) / shape.speed < endUs; round++) {
      for (const offset of shape.offsetsUs)
        if ((round * shape.periodUs + offset) / shape.speed < endUs) count++;
    }
    return count;
  }
  const rateAt = (us: number): number => {
    const since = us - shape.startUs;
    if (shape.kind === 'sine') {
      const swing = since < 0 ? 0 : shape.amplitude * Math.sin((2 * Math.PI * since) / shape.periodUs);
      return shape.meanPerSec * (1 + swing);
    }
    const share = Math.min(1, Math.max(0, since / shape.overUs));
    return shape.fromPerSec + (shape.toPerSec - shape.fromPerSec) * share;
  };
  let count = 0;
  for (let part = 0; part < PARTS; part++)
    count += (rateAt(((part + 0.5) * endUs) / PARTS) * endUs) / PARTS / 1e6;
  return count;
}

/** Due times of all producers before the end, each producer's in its order. */
function dueTimes(shape: LoadShape, producers: number, endUs: number): number[][] {
  return Array.from({ length: producers }, (_, index) => {
    const pacer = createShapePacer(shape, index, producers);
    const due: number[] = [];
    for (; pacer.dueUs < endUs; pacer.advance()) due.push(pacer.dueUs);
    return due;
  });
}

test('due times never go back, and their number is the integral of the rate', () => {
  fc.assert(
    fc.property(SHAPES, fc.integer({ min: 1, max: 5 }), (shape, producers) => {
      const endUs = SECONDS * 1e6;
      const all = dueTimes(shape, producers, endUs);
      for (const due of all) {
        assert.ok(
          due.every((at, i) => at >= (due[i - 1] ?? 0) && at >= 0),
          'time went back',
        );
      }
      const count = all.reduce((sum, due) => sum + due.length, 0);
      const expected = integral(shape, endUs);
      // Record m is due where the integral reaches m: the first at 0, and one more than whole records fit.
      assert.ok(Math.abs(count - expected) <= 1.01 + expected * 1e-4, `${count} records for ${expected}`);
    }),
    { numRuns: 300, seed: 18 },
  );
});

test('several producers send what one alone would, each record once', () => {
  fc.assert(
    fc.property(SHAPES, fc.integer({ min: 2, max: 6 }), (shape, producers) => {
      const [alone = []] = dueTimes(shape, 1, 2e6);
      const together = dueTimes(shape, producers, 2e6)
        .flat()
        .sort((a, b) => a - b);
      assert.is(together.length, alone.length);
      together.forEach((at, i) => {
        assert.ok(Math.abs(at - (alone[i] ?? 0)) < 0.01, `record ${i} at ${at}, not ${alone[i]}`);
      });
    }),
    { numRuns: 200, seed: 19 },
  );
});

test('a ramp from 100 to 300 a second has half of its way in time at a rate of 200', () => {
  const shape: LoadShape = { kind: 'ramp', fromPerSec: 100, toPerSec: 300, startUs: 1e6, overUs: 4e6 };
  const [due = []] = dueTimes(shape, 1, 5e6);
  const within = (from: number, to: number): number =>
    due.filter((at) => at >= from * 1e6 && at < to * 1e6).length;
  assert.equal([within(0, 1), within(1, 5), within(1, 3), within(3, 5)], [100, 800, 300, 500]);
});

test('all records of a burst are due at once, and without a base there are no others', () => {
  const shape: LoadShape = { kind: 'bursts', basePerSec: 0, size: 3, everyUs: 1e6, jitter: 0, seed: 1 };
  assert.equal(dueTimes(shape, 1, 2.5e6), [[0, 0, 0, 1e6, 1e6, 1e6, 2e6, 2e6, 2e6]]);
});

test('a replay keeps the gaps of its sample, twice as fast, and begins again behind its period', () => {
  const shape: LoadShape = { kind: 'replay', offsetsUs: Float64Array.of(0, 10, 40), periodUs: 60, speed: 2 };
  assert.equal(dueTimes(shape, 1, 90), [[0, 5, 20, 30, 35, 50, 60, 65, 80]]);
});

test('Poisson arrivals follow a shape: as many as its integral, within what chance allows', () => {
  const shape: LoadShape = { kind: 'sine', meanPerSec: 2_000, amplitude: 0.8, periodUs: 5e6, startUs: 0 };
  const random = createRandom(7);
  const pacer = createShapePacer(shape, 0, 1, () => -Math.log(1 - random.next()));
  const quarters = [0, 0];
  for (; pacer.dueUs < 5e6; pacer.advance()) {
    const half = pacer.dueUs < 2.5e6 ? 0 : 1;
    quarters[half] = (quarters[half] ?? 0) + 1;
  }
  // Half a turn up holds mean × (1/2 + amplitude/π) × period, half a turn down the rest; 5 σ of each.
  const up = 2_000 * 5 * (0.5 + 0.8 / Math.PI);
  assert.ok(Math.abs((quarters[0] ?? 0) - up) < 5 * Math.sqrt(up), `${quarters[0]} for ${up}`);
  assert.ok(Math.abs((quarters[1] ?? 0) - (10_000 - up)) < 5 * Math.sqrt(10_000 - up), `${quarters[1]}`);
});

test.run();
