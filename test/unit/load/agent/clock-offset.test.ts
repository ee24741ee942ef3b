import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import {
  type Exchange,
  estimateOffset,
  MAX_DRIFT,
  usedErrorUs,
} from '../../../../bench/load/agent/clock-offset.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('clock offset');

interface World {
  readonly offsetUs: number;
  readonly drift: number;
  /** Least delay of each way, µs, and the mean of what comes on top. */
  readonly thereUs: number;
  readonly backUs: number;
  readonly jitterUs: number;
  readonly seconds: number;
  readonly seed: number;
}

const START_US = 5e9;
const truth = (world: World, nowUs: number): number => world.offsetUs + world.drift * (nowUs - START_US);

/** A burst, one exchange a second, and a burst, with delays that are drawn. */
function exchangesOf(world: World): Exchange[] {
  const random = createRandom(world.seed);
  const wait = (leastUs: number): number => leastUs - world.jitterUs * Math.log(1 - random.next());
  const burst = (fromUs: number): number[] => Array.from({ length: 8 }, (_, i) => fromUs + i * 20_000);
  const endUs = START_US + world.seconds * 1e6;
  const times = [
    ...burst(START_US),
    ...Array.from({ length: world.seconds }, (_, i) => START_US + 5e5 + i * 1e6),
    ...burst(endUs),
  ];
  return times.map((askedUs) => {
    const arrivedUs = askedUs + wait(world.thereUs);
    const saidUs = arrivedUs + 10;
    return {
      askedUs,
      receivedUs: arrivedUs + truth(world, arrivedUs),
      answeredUs: saidUs + truth(world, saidUs),
      backUs: saidUs + wait(world.backUs),
    };
  });
}

const worlds = fc.record({
  offsetUs: fc.double({ min: -1e11, max: 1e11, noNaN: true }),
  drift: fc.double({ min: -MAX_DRIFT, max: MAX_DRIFT, noNaN: true }),
  thereUs: fc.double({ min: 5, max: 20_000, noNaN: true }),
  backUs: fc.double({ min: 5, max: 20_000, noNaN: true }),
  jitterUs: fc.double({ min: 0, max: 5_000, noNaN: true }),
  seconds: fc.integer({ min: 0, max: 60 }),
  seed: fc.integer(),
});

/** Of doubles as large as these. */
const ROUNDING_US = 0.01;

test('whatever the two ways take, each for itself, the offset is right within its bound', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const offset = estimateOffset(exchangesOf(world));
      for (let sec = 0; sec <= world.seconds; sec += 0.25) {
        const nowUs = START_US + sec * 1e6;
        const offUs = Math.abs(offset.at(nowUs) - truth(world, nowUs));
        assert.ok(
          offUs <= offset.errorUs(nowUs) + ROUNDING_US,
          `${offUs} > ${offset.errorUs(nowUs)} at ${sec} s`,
        );
      }
    }),
    { numRuns: 200 },
  );
});

test('a way that takes 2 ms longer is within the bound, and the bound is no more than half a round trip and drift', () => {
  const world = { offsetUs: -3e9, drift: 0, thereUs: 2_100, backUs: 100, jitterUs: 0, seconds: 20, seed: 1 };
  const offset = estimateOffset(exchangesOf(world));
  const nowUs = START_US + 10e6;
  assert.ok(Math.abs(offset.at(nowUs) - world.offsetUs - 1_000) < 1);
  assert.ok(offset.errorUs(nowUs) >= 1_000);
  assert.ok(offset.errorUs(nowUs) < 1_100 + 2 * MAX_DRIFT * 1e6);
});

test('drift over a load is seen as such', () => {
  const world = {
    offsetUs: 86_400e6,
    drift: 40e-6,
    thereUs: 100,
    backUs: 100,
    jitterUs: 20,
    seconds: 60,
    seed: 3,
  };
  const offset = estimateOffset(exchangesOf(world));
  assert.ok(Math.abs(offset.drift * 1e6 - 40) < 2, `${offset.drift * 1e6} ppm`);
});

test('a clock that is set in the middle widens the bound by what it was set by', () => {
  const steady = { offsetUs: 0, drift: 0, thereUs: 100, backUs: 100, jitterUs: 0, seconds: 20, seed: 1 };
  const set = exchangesOf(steady).map((one) =>
    one.askedUs < START_US + 10e6
      ? one
      : { ...one, receivedUs: one.receivedUs + 50_000, answeredUs: one.answeredUs + 50_000 },
  );
  const offset = estimateOffset(set);
  const errorUs = Math.max(offset.errorUs(START_US), offset.errorUs(START_US + 20e6));
  assert.ok(errorUs > 20_000, `${errorUs}`);
});

test('what was reckoned with each second is right within the error that is told afterwards', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const all = exchangesOf(world);
      const used = Array.from({ length: world.seconds + 1 }, (_, sec) => {
        const fromUs = START_US + 3e5 + sec * 1e6;
        const known = all.filter(({ backUs }) => backUs <= fromUs);
        return { fromUs, offsetUs: known.length === 0 ? Number.NaN : estimateOffset(known).at(fromUs) };
      }).filter(({ offsetUs }) => !Number.isNaN(offsetUs));
      const toUs = START_US + world.seconds * 1e6;
      const errorUs = usedErrorUs(estimateOffset(all), used, toUs, 2e6);
      used.forEach(({ fromUs, offsetUs }, i) => {
        for (const nowUs of [fromUs, Math.min(Math.max(toUs, fromUs), (used[i + 1]?.fromUs ?? toUs) + 2e6)]) {
          assert.ok(Math.abs(offsetUs - truth(world, nowUs)) <= errorUs + ROUNDING_US);
        }
      });
    }),
    { numRuns: 60 },
  );
});

test.run();
