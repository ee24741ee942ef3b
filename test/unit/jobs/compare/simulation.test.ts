import * as assert from 'uvu/assert';
import { realisticNoise, simulatedRates } from '../../../../bench/jobs/compare/simulate.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('comparisons, simulated');

/** The stated rate: 5 % of tables of the same against itself, whatever the noise and the number of rows. */
const STATED = 0.05;

test('the same configuration against itself raises an alarm in at most 5 % of tables', () => {
  for (const [blocks, sigma, metrics] of [
    [6, 0.05, 1],
    [10, 0.1, 1],
    [10, 0.05, 8],
    [10, 0.1, 8],
  ] as const) {
    const common = { blocks, effect: 1, delta: 0.05, noise: realisticNoise(sigma), paired: true, seed: 7 };
    const { anyChange, equivalent, inconclusive } = simulatedRates({ ...common, metrics }, 400);
    assert.ok(anyChange <= STATED, `n ${blocks}, noise ${sigma}, ${metrics} rows: ${anyChange}`);
    assert.ok(equivalent + inconclusive >= 1 - STATED);
  }
});

test('a judge that took any difference for a change would be found out', () => {
  const noise = realisticNoise(0.05);
  // With a tiny δ the size of an effect no longer holds back what the test lets through: the test's own 5 % are left.
  const { anyChange } = simulatedRates(
    { blocks: 10, effect: 1, delta: 1e-6, noise, metrics: 1, paired: true, seed: 8 },
    400,
  );
  assert.ok(anyChange > 0.02 && anyChange < 0.08, String(anyChange));
});

test('ten blocks find +10 % at 5 % noise, and blocks that differ cost the paired test nothing', () => {
  const of = (paired: boolean) =>
    simulatedRates(
      { blocks: 10, effect: 1.1, delta: 0.05, noise: realisticNoise(0.05), metrics: 1, paired, seed: 9 },
      300,
    ).regressed;
  assert.ok(of(true) > 0.85, `paired ${of(true)}`);
  assert.ok(of(false) < 0.6, `one after the other ${of(false)}`);
});

test.run();
