import * as assert from 'uvu/assert';
import { SCENARIOS, shareWithin, simulate } from '../../../../bench/jobs/nightly/simulate.ts';
import { REALISTIC_NOISE } from '../../../../bench/jobs/nightly/simulated-nights.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('nightly decision, simulated');

const base = { noise: REALISTIC_NOISE, delta: 0.03, series: 1, nightsBefore: 60 };
const plain = { ...REALISTIC_NOISE, persistence: 0, outlierShare: 0 };

test('a stable series with outliers fails fewer than 1 in 200 nights', () => {
  const stable = simulate(
    { ...base, scenario: SCENARIOS.stable, nightsBefore: 20, nightsAfter: 120, seed: 100 },
    40,
  );
  assert.ok(stable.failedNights / stable.nights < 1 / 200, `${stable.failedNights} of ${stable.nights}`);
  assert.ok(stable.warnedNights / stable.nights < 1 / 20, `${stable.warnedNights} warnings`);
});

test('a 5 % step is seen within three nights at 1.5 % noise, and fails the night within five', () => {
  const step = simulate(
    { ...base, noise: plain, scenario: SCENARIOS.step(0.05), nightsAfter: 6, seed: 200 },
    150,
  );
  assert.ok(shareWithin(step.seenDelays, 3) >= 0.93, `seen ${shareWithin(step.seenDelays, 3)}`);
  assert.ok(shareWithin(step.failDelays, 3) >= 0.7, `failed ${shareWithin(step.failDelays, 3)}`);
  const noisy = simulate({ ...base, scenario: SCENARIOS.step(0.05), nightsAfter: 6, seed: 300 }, 150);
  assert.ok(
    shareWithin(noisy.seenDelays, 3) >= 0.8,
    `seen ${shareWithin(noisy.seenDelays, 3)} with outliers`,
  );
  assert.ok(
    shareWithin(noisy.failDelays, 5) >= 0.75,
    `failed ${shareWithin(noisy.failDelays, 5)} with outliers`,
  );
});

test('a drift of 0.3 % per night is seen within 30 nights', () => {
  const drift = simulate({ ...base, scenario: SCENARIOS.drift(0.003), nightsAfter: 30, seed: 400 }, 60);
  assert.ok(shareWithin(drift.seenDelays, 30) >= 0.95, `seen ${shareWithin(drift.seenDelays, 30)}`);
  assert.ok(shareWithin(drift.failDelays, 30) >= 0.55, `failed ${shareWithin(drift.failDelays, 30)}`);
});

test('an environment shift is not blamed on the code', () => {
  for (const size of [0.05, 0.1, 0.3]) {
    const shift = simulate(
      { ...base, scenario: SCENARIOS.environment(size), nightsAfter: 15, seed: 500 },
      100,
    );
    assert.ok(
      shareWithin(shift.failDelays, 15) <= 0.08,
      `${size}: ${shareWithin(shift.failDelays, 15)} blamed`,
    );
    assert.ok(shift.suspendedNights >= 200, `${size}: ${shift.suspendedNights} nights suspended`);
  }
});

test('a 5 % step fails within five nights with every tenth night spoiled, and spoiled nights alone rarely do', () => {
  const noise = { ...REALISTIC_NOISE, outlierShare: 0.1 };
  const step = simulate({ ...base, noise, scenario: SCENARIOS.step(0.05), nightsAfter: 6, seed: 600 }, 100);
  assert.ok(shareWithin(step.failDelays, 5) >= 0.75, `failed ${shareWithin(step.failDelays, 5)}`);
  const stable = simulate({ ...base, noise, scenario: SCENARIOS.stable, nightsAfter: 100, seed: 700 }, 20);
  assert.ok(stable.failedNights / stable.nights < 1 / 50, `${stable.failedNights} of ${stable.nights}`);
});

test('the same seed gives the same nights', () => {
  const options = { ...base, scenario: SCENARIOS.step(0.05), nightsAfter: 4, seed: 9 };
  assert.equal(simulate(options, 5), simulate(options, 5));
});

test.run();
