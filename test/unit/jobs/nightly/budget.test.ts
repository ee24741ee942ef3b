import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import { fitBudget } from '../../../../bench/jobs/nightly/budget.ts';
import { simulatedWorkload } from '../../../support/simulated-night.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('nightly time budget');
const plan = (cells: number, repeats: number) => simulatedWorkload('s', cells, repeats).plan;
const id = (cell: number): string => plan(cell + 1, 1).cells[cell]?.id ?? '';

test('a plan that fits keeps every repeat', () => {
  const outcome = fitBudget({ plan: plan(3, 4), costMs: () => 10, budgetMs: 120, spread: () => 1 });
  assert.equal([outcome.dropped.length, outcome.fits], [0, true]);
});

test('the steadiest cell gives up its repeats first', () => {
  const spread = (cell: string): number => (cell === id(1) ? 0.1 : 5);
  const outcome = fitBudget({ plan: plan(3, 4), costMs: () => 10, budgetMs: 100, spread });
  assert.equal(
    outcome.dropped.map(({ cellId, block }) => [cellId, block]),
    [
      [id(1), 3],
      [id(1), 2],
    ],
  );
});

test('of equals the one that would run last goes, so that blocks stay whole from the front', () => {
  const outcome = fitBudget({ plan: plan(3, 4), costMs: () => 10, budgetMs: 90, spread: () => undefined });
  assert.equal(
    outcome.dropped.map(({ position }) => position),
    [11, 10, 9],
  );
});

test('a long repeat has to be worth its time', () => {
  const costMs = (cell: string): number => (cell === id(0) ? 100 : 10);
  const outcome = fitBudget({ plan: plan(2, 3), costMs, budgetMs: 300, spread: () => 1 });
  assert.equal(
    outcome.dropped.map(({ cellId }) => cellId),
    [id(0)],
  );
});

test('each cell keeps one repeat, and what still does not fit is said', () => {
  const outcome = fitBudget({ plan: plan(4, 5), costMs: () => 10, budgetMs: 25, spread: () => 1 });
  assert.not(outcome.fits);
  assert.equal(
    outcome.plan.repeats.map(({ block }) => block),
    [0, 0, 0, 0],
  );
});

test('whatever the spreads, the plan fits or one repeat a cell is left, and nothing is dropped without need', () => {
  const random = createRandom(2);
  for (let round = 0; round < 200; round++) {
    const full = plan(1 + random.int(5), 1 + random.int(6));
    const costs = new Map(full.cells.map((cell) => [cell.id, 1 + random.int(50)]));
    const spreads = new Map(full.cells.map((cell) => [cell.id, random.next() * 4]));
    const costMs = (cell: string): number => costs.get(cell) ?? 0;
    const total = (repeats: readonly { cellId: string }[]) =>
      repeats.reduce((sum, one) => sum + costMs(one.cellId), 0);
    const budgetMs = random.int(1 + total(full.repeats) * 2);
    const {
      plan: left,
      dropped,
      fits,
    } = fitBudget({ plan: full, costMs, budgetMs, spread: (cell) => spreads.get(cell) });
    assert.is(left.repeats.length + dropped.length, full.repeats.length);
    assert.is(fits, total(left.repeats) <= budgetMs);
    assert.is(new Set(left.repeats.map(({ cellId }) => cellId)).size, full.cells.length);
    if (!fits) assert.is(left.repeats.length, full.cells.length);
    const last = dropped.at(-1);
    if (last !== undefined) assert.ok(total(left.repeats) + costMs(last.cellId) > budgetMs);
  }
});

test.run();
