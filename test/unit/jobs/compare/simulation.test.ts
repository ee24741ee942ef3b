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

test('few repeats raise hardly an alarm in tables of the same, and show what is plain', () => {
  for (const blocks of [2, 3, 5]) {
    const common = { blocks, delta: 0.05, metrics: 8, paired: true, seed: 10 };
    const same = simulatedRates({ ...common, effect: 1, noise: realisticNoise(0.05) }, 400);
    assert.ok(same.anyChange <= 0.02, `n ${blocks}: ${same.anyChange}`);
    const plain = simulatedRates({ ...common, effect: 7, noise: realisticNoise(0.0005) }, 30);
    assert.ok(plain.regressed > 0.9, `n ${blocks}: ${plain.regressed}`);
  }
});

test('an offset of a run gives false alarms where none is assumed, and hardly any where nights tell of it', () => {
  const noise = { sigma: 0.02, blockSigma: 0, outlierShare: 0, outlierSize: 0 };
  const common = {
    blocks: 10,
    effect: 1,
    delta: 0.02,
    noise,
    metrics: 1,
    paired: false,
    runSigma: 0.04,
    seed: 11,
  };
  const assumed = simulatedRates(common, 300).anyChange;
  assert.ok(assumed > 0.6 && assumed < 0.85, `no offset assumed: ${assumed}`);
  const told = simulatedRates({ ...common, nights: 30 }, 300).anyChange;
  assert.ok(told <= 0.08, `from 30 nights: ${told}`);
  const found = simulatedRates({ ...common, effect: 1.5, nights: 30 }, 100).regressed;
  assert.ok(found > 0.9, `+50 %: ${found}`);
});

test.run();
