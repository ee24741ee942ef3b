import * as assert from 'uvu/assert';
import { createRandom, type Random } from '../../../../../bench/common/random.ts';
import { aimsOf, ordered } from '../../../../../bench/jobs/codecs/report/aims.ts';
import { chooseFinalists } from '../../../../../bench/jobs/codecs/report/finalists.ts';
import {
  type Recommendation,
  recommend,
  verdictText,
} from '../../../../../bench/jobs/codecs/report/recommend.ts';
import type { Priority } from '../../../../../bench/jobs/codecs/request.ts';
import { compareFamily } from '../../../../../bench/stats/verdict.ts';
import { simulatedCells, TERMS, type TrueFigures } from '../../../../support/codecs.ts';
import { suite } from '../../../../support/suite.ts';

const test = suite('finalists and recommendation on a simulated cluster');

const none: TrueFigures = { label: 'none', wireBytes: 1030, p99Us: 10_000, cpuUsPerMB: 5_000 };
const lz4: TrueFigures = { label: 'lz4', wireBytes: 500, p99Us: 11_500, cpuUsPerMB: 6_500 };
const zstd3: TrueFigures = { label: 'zstd:3', wireBytes: 300, p99Us: 14_000, cpuUsPerMB: 9_000 };
const zstd9: TrueFigures = { label: 'zstd:9', wireBytes: 270, p99Us: 30_000, cpuUsPerMB: 300_000 };
/** Worse than zstd:3 in everything. */
const gzip6: TrueFigures = { label: 'gzip:6', wireBytes: 330, p99Us: 22_000, cpuUsPerMB: 30_000 };
const SURFACE = [none, lz4, zstd3, gzip6, zstd9];

const PRIORITIES: readonly Priority[] = ['latency', 'bytes', 'cpu', 'cost'];

function recommended(
  truths: readonly TrueFigures[],
  blocks: number,
  priority: Priority,
  random: Random,
): Recommendation {
  const cells = simulatedCells(truths, blocks, random);
  const found = recommend(cells, ordered(aimsOf(cells, TERMS), priority));
  if (found === null) throw new Error('nothing was recommended');
  return found;
}

test('the front leaves out what is dominated; rivals in the priority and the best by other aims are measured again', () => {
  const cells = simulatedCells(SURFACE, 8, createRandom(1));
  const { front, chosen, reference } = chooseFinalists(cells, aimsOf(cells, TERMS), 'bytes', 3, () =>
    cells.find(({ id }) => id === 'none'),
  );
  assert.equal(
    front.map(({ id }) => id),
    ['none', 'lz4', 'zstd:3', 'zstd:9'],
  );
  assert.equal(
    chosen.map(({ id }) => id),
    ['zstd:9', 'zstd:3', 'none'],
  );
  assert.is(reference, null, 'it is among the chosen');
});

test('the reference without a codec comes along where it is not chosen itself', () => {
  const cells = simulatedCells(SURFACE, 8, createRandom(2));
  const find = () => cells.find(({ id }) => id === 'none');
  const { chosen, reference } = chooseFinalists(cells, aimsOf(cells, TERMS), 'bytes', 1, find);
  assert.equal(
    chosen.map(({ id }) => id),
    ['zstd:9'],
  );
  assert.is(reference?.id, 'none');
});

test('laws of choosing: at most the limit, all on the front, the priority’s best among them', () => {
  const random = createRandom(3);
  for (let round = 0; round < 60; round++) {
    const truths = Array.from({ length: 2 + random.int(10) }, (_, i) => ({
      label: `c${i}`,
      wireBytes: 100 + random.int(1000),
      p99Us: 1000 + random.int(50_000),
      cpuUsPerMB: 1000 + random.int(50_000),
    }));
    const cells = simulatedCells(truths, 1 + random.int(6), random);
    const limit = 1 + random.int(5);
    const priority = PRIORITIES[round % 4] ?? 'bytes';
    const aims = aimsOf(cells, TERMS);
    const { front, chosen } = chooseFinalists(cells, aims, priority, limit, () => undefined);
    assert.ok(front.length >= 1);
    assert.is(chosen.length, Math.min(limit, front.length));
    assert.ok(chosen.every((cell) => front.includes(cell)));
    const least = Math.min(...front.map((cell) => cell.of(aims[priority].metric)?.median ?? Number.NaN));
    assert.ok(chosen.some((cell) => cell.of(aims[priority].metric)?.median === least));
  }
});

test('each priority finds its own configuration, and says that it is shown', () => {
  const expected: Record<Priority, string> = {
    latency: 'none',
    bytes: 'zstd:9',
    cpu: 'none',
    cost: 'zstd:3',
  };
  for (const priority of PRIORITIES) {
    const found = recommended(SURFACE, 8, priority, createRandom(4));
    assert.is(found.cellId, expected[priority], priority);
    assert.is(found.shown, true, priority);
    assert.equal(found.tiedIds, [], priority);
  }
});

test('where the priority does not tell, the next aim decides, and nothing is claimed for the priority', () => {
  const twin: TrueFigures = { ...zstd3, label: 'twin', p99Us: zstd3.p99Us * 3 };
  const found = recommended([twin, zstd3], 8, 'bytes', createRandom(5));
  assert.is(found.cellId, 'zstd:3');
  assert.is(found.shown, false);
  assert.is(found.tiedIds.length, 1);
  assert.equal(found.steps.find(({ outIds }) => outIds.length > 0)?.outIds, ['twin']);
});

test('fewer than six blocks show what is as plain as 754.6 B against 105.4 B', () => {
  for (const blocks of [2, 3, 5]) {
    const found = recommended([none, zstd3], blocks, 'bytes', createRandom(6));
    assert.is(found.cellId, 'zstd:3');
    assert.is(found.shown, true, `${blocks} blocks`);
    const [row] = found.rows;
    assert.is(
      verdictText(row?.comparison ?? fail(), 0.02),
      `shown to be worse (${blocks} repeats, by t on logarithms)`,
    );
  }
  const single = recommended([none, zstd3], 1, 'bytes', createRandom(6));
  assert.is(single.shown, false);
  assert.is(
    verdictText(single.rows[0]?.comparison ?? fail(), 0.02),
    'one repeat: how far it strays is not known',
  );
});

test('the bytes and the month’s cost of the shipped example are shown with five repeats', () => {
  const near = (value: number): number[] =>
    [0, 0.00002, -0.00004, 0.00003, -0.00001].map((x) => value * (1 + x));
  const family = [754.6, 118.9, 121.3].map((other) => ({
    base: near(105.4),
    candidate: near(other).reverse(),
    paired: true,
    delta: 0.02,
    figure: 'wirePerRecord',
    direction: 'lower-is-better' as const,
  }));
  assert.equal(
    compareFamily(family).map(({ verdict, procedure }) => [verdict, procedure]),
    [
      ['regressed', 'few-repeats'],
      ['regressed', 'few-repeats'],
      ['regressed', 'few-repeats'],
    ],
  );
  const [cost] = compareFamily([
    {
      base: [3019, 3100, 2950, 3040, 2990],
      candidate: [21_226, 20_800, 21_500, 21_900, 20_700],
      paired: true,
      delta: 0.05,
      direction: 'lower-is-better',
    },
  ]);
  assert.is(cost?.verdict, 'regressed');
});

test('of the same configuration under several names hardly ever one is shown to be best', () => {
  const random = createRandom(7);
  const twins = ['a', 'b', 'c'].map((label) => ({ ...zstd3, label }));
  let shown = 0;
  for (let round = 0; round < 200; round++) {
    if (recommended(twins, 8, 'latency', random).shown) shown++;
  }
  assert.ok(shown <= 4, `${shown} of 200`);
});

test('cells without a valid repeat are neither chosen nor recommended', () => {
  const cells = simulatedCells([none, zstd3], 6, createRandom(8));
  const broken = cells.map((cell) => ({ ...cell, state: 'invalid' as const, valid: [], of: () => null }));
  assert.is(recommend(broken, ordered(aimsOf(broken, TERMS), 'bytes')), null);
  assert.equal(chooseFinalists(broken, aimsOf(broken, TERMS), 'bytes', 3, () => undefined).chosen, []);
});

function fail(): never {
  throw new Error('no comparison');
}

test.run();
