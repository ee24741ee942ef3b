import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import { metricOf } from '../../../../bench/results/metrics.ts';
import type { RepeatResult } from '../../../../bench/results/result.ts';
import { estimateEffects, fitAdditive } from '../../../../reports/run/effects.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('effects of settings');
const p99 = metricOf('due-to-ack.p99');
const axes = [
  { name: 'codec', levels: ['none', 'zstd'] },
  { name: 'linger', levels: [0, 5, 20] },
];

/** A repeat that has nothing but its place in the design and a p99. */
function repeat(codec: string, linger: number, block: number, p99Us: number): RepeatResult {
  const latencyUs = { 'due-to-ack': { percentilesUs: { p99: p99Us } } };
  return { outcome: 'valid', block, settings: { codec, linger }, latencyUs } as unknown as RepeatResult;
}

function design(
  blocks: number,
  p99Of: (codec: number, linger: number, block: number) => number,
): RepeatResult[] {
  return Array.from({ length: blocks }, (_, block) =>
    ['none', 'zstd'].flatMap((codec, c) =>
      [0, 5, 20].map((linger, l) => repeat(codec, linger, block, p99Of(c, l, block))),
    ),
  ).flat();
}

const factorOf = (effects: ReturnType<typeof estimateEffects>, axis: string, level: string | number) =>
  effects?.main.find((one) => one.axis === axis && one.level === level)?.factor;

const close = (actual: number | undefined, expected: number, relative = 1e-9) =>
  assert.ok(Math.abs((actual ?? Number.NaN) / expected - 1) < relative, `${actual} is not ${expected}`);

test('factors that multiply are found, and nothing interacts', () => {
  // Blocks differ as a whole: that must not touch the effects.
  const repeats = design(6, (c, l, block) => 1000 * 4 ** c * 3 ** l * (1 + block));
  const effects = estimateEffects(repeats, axes, p99);
  close(factorOf(effects, 'codec', 'none')?.median, 1 / 2);
  close(factorOf(effects, 'codec', 'zstd')?.median, 2);
  close(factorOf(effects, 'linger', 0)?.median, 1 / 3);
  close(factorOf(effects, 'linger', 5)?.median, 1);
  close(factorOf(effects, 'linger', 20)?.median, 3);
  assert.is(factorOf(effects, 'linger', 20)?.n, 6);
  for (const one of effects?.interactions ?? []) close(one.factor.median, 1);
});

test('a cell that departs from the two alone is found as an interaction', () => {
  const repeats = design(6, (c, l) => 1000 * 2 ** c * (c === 1 && l === 2 ? 5 : 1));
  const effects = estimateEffects(repeats, axes, p99);
  const strongest = effects?.interactions.toSorted((a, b) => b.factor.median - a.factor.median)[0];
  assert.equal(strongest?.levels, ['zstd', 20]);
  // ln 5 lies in one of 2 × 3 cells: the cell's own part is (1 − 1/2)(1 − 1/3) of it.
  close(strongest?.factor.median, Math.exp(Math.log(5) / 3));
});

test('a missing cell does not shift the effects of an additive design', () => {
  const all = design(6, (c, l) => 500 * 3 ** c * 2 ** l);
  const some = all.filter((one) => !(one.settings['codec'] === 'zstd' && one.settings['linger'] === 5));
  const [whole, holed] = [all, some].map((repeats) => estimateEffects(repeats, axes, p99));
  for (const one of whole?.main ?? [])
    close(factorOf(holed ?? null, one.axis, one.level as string)?.median, one.factor.median);
});

test('without six blocks there is not an interval, and where a value never ran there is no estimate', () => {
  const three = estimateEffects(
    design(3, (c) => 100 + c),
    axes,
    p99,
  );
  assert.is(factorOf(three, 'codec', 'none')?.ci, null);
  const missing = design(3, () => 100).filter((one) => one.settings['codec'] === 'none');
  assert.is(estimateEffects(missing, axes, p99), null);
});

test('the fit is least squares: residuals are orthogonal to every column', () => {
  const random = createRandom(7);
  for (let round = 0; round < 50; round++) {
    const sizes = [2 + random.int(3), 2 + random.int(3), 2 + random.int(2)];
    const points = Array.from({ length: 40 + random.int(40) }, () => ({
      levels: sizes.map((size) => random.int(size)),
      y: 10 * random.next(),
    }));
    const fit = fitAdditive(points, sizes);
    if (fit === null) throw new Error('a random design of 40 points is not singular');
    for (const levels of fit.effects) assert.ok(Math.abs(levels.reduce((sum, x) => sum + x, 0)) < 1e-9);
    assert.ok(Math.abs(fit.residuals.reduce((sum, x) => sum + x, 0)) < 1e-8);
    sizes.forEach((size, axis) => {
      const sums = Array.from({ length: size }, (_, level) =>
        points.reduce(
          (sum, point, i) => sum + (point.levels[axis] === level ? (fit.residuals[i] ?? 0) : 0),
          0,
        ),
      );
      for (const sum of sums) assert.ok(Math.abs(sum) < 1e-8, `axis ${axis}: ${sums}`);
    });
  }
});

test.run();
