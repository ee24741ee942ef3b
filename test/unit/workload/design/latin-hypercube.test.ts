import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import { latinHypercube, minDistance } from '../../../../bench/workload/design/latin-hypercube.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('Latin hypercubes');

const AXES = [6, 6, 5, 4].map((levels) => ({ levels, ordered: true }));
const CELLS = 40;

test('every value occurs equally often, give or take one, and no cell twice', () => {
  const random = createRandom(1);
  for (const cells of [5, 17, CELLS]) {
    const cube = latinHypercube([...AXES, { levels: 3, ordered: false }], cells, random);
    assert.is(cube.cells.length, cells);
    assert.is(new Set(cube.cells.map((cell) => cell.join())).size, cells);
    [...AXES, { levels: 3 }].forEach(({ levels }, k) => {
      for (let level = 0; level < levels; level++) {
        const times = cube.cells.filter((cell) => cell[k] === level).length;
        assert.ok(Math.abs(times - cells / levels) < 1, `${times} of ${cells} at one of ${levels}`);
      }
    });
  }
});

test('its cells are further apart than those of random designs, and the seed decides it', () => {
  const cube = latinHypercube(AXES, CELLS, createRandom(2));
  assert.equal(latinHypercube(AXES, CELLS, createRandom(2)), cube);
  const random = createRandom(3);
  for (let i = 0; i < 50; i++) {
    const cells = Array.from({ length: CELLS }, () => AXES.map(({ levels }) => random.int(levels)));
    assert.ok(minDistance(cells, AXES) < cube.minDistance);
  }
});

test('on a surface with a known optimum its best cell is near it, with 40 of 720 cells', () => {
  const random = createRandom(4);
  for (let round = 0; round < 5; round++) {
    const optimum = AXES.map(({ levels }) => random.int(levels));
    // 1 at the optimum, and some four times that at the far corners.
    const value = (cell: readonly number[]): number =>
      Math.exp(
        AXES.reduce(
          (sum, { levels }, k) => sum + 0.6 * (((cell[k] ?? 0) - (optimum[k] ?? 0)) / (levels - 1)) ** 2,
          0,
        ),
      );
    const { cells } = latinHypercube(AXES, CELLS, random);
    const best = Math.min(...cells.map(value));
    assert.ok(best < 1.12, `best ${best}`);
  }
});

test.run();
