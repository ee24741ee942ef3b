import * as assert from 'uvu/assert';
import { closePool, runTask } from '../../../bench/common/pool.ts';
import { createRandom } from '../../../bench/common/random.ts';
import { fewestRepeats, repeatsNeeded, robustSigma } from '../../../bench/stats/power.ts';
import { type ComparisonOptions, compareFamily, compareTask, verdict } from '../../../bench/stats/verdict.ts';
import { runs } from '../../support/numbers.ts';
import { suite } from '../../support/suite.ts';

const test = suite('verdict');
test.after(closePool);

const LATENCY: ComparisonOptions = { paired: true, delta: 0.05, direction: 'lower-is-better' };
const UNPAIRED: ComparisonOptions = { ...LATENCY, paired: false };
const scaled = (values: readonly number[], factor: number): number[] => values.map((value) => value * factor);

test('a clear slowdown is a regression, its mirror image an improvement', () => {
  const base = runs(createRandom(41), 10, 5000, 0.1);
  const slower = scaled(base, 1.2);
  const result = verdict(base, slower, LATENCY);
  assert.is(result.verdict, 'regressed');
  assert.is(result.repeatsNeeded, null);
  assert.is(verdict(slower, base, LATENCY).verdict, 'improved');
  assert.is(verdict(base, slower, { ...LATENCY, direction: 'higher-is-better' }).verdict, 'improved');
  assert.is(verdict(base, scaled(base, 2), UNPAIRED).verdict, 'regressed');
  assert.is(verdict(scaled(base, 2), base, UNPAIRED).verdict, 'improved');
  const { effect, interval, p } = result;
  assert.ok(Math.abs(effect - 1.2) < 1e-9);
  assert.ok(interval !== null && interval.low > 1.19 && interval.high < 1.21);
  assert.ok(Math.abs(p - 2 / 1024) < 1e-12);
});

test('pairs see through blocks that differ more than the configurations do', () => {
  const random = createRandom(42);
  const block = runs(random, 10, 5000, 1);
  const candidate = block.map((value, i) => value * 1.1 * (1 + i / 1000));
  assert.is(verdict(block, candidate, LATENCY).verdict, 'regressed');
  assert.is(verdict(block, candidate, UNPAIRED).verdict, 'inconclusive');
});

test('a difference within δ is equivalent even where it is significant', () => {
  const base = runs(createRandom(43), 10, 5000, 0.3);
  const result = verdict(base, scaled(base, 1.01), LATENCY);
  assert.is(result.verdict, 'equivalent');
  assert.ok(result.p < 0.01);
});

test('noise is inconclusive, never "the same", and says how many repeats it would take', () => {
  const random = createRandom(44);
  const result = verdict(runs(random, 8, 5000, 0.2), runs(random, 8, 5000, 0.2), LATENCY);
  assert.is(result.verdict, 'inconclusive');
  assert.ok(result.p > 0.05);
  assert.ok((result.repeatsNeeded ?? 0) > 8);
});

test('four pairs can never decide, however clear: at least six would', () => {
  const base = [100, 101, 102, 103];
  const result = verdict(base, scaled(base, 3), LATENCY);
  assert.is(result.verdict, 'inconclusive');
  assert.is(result.p, 0.125);
  assert.is(result.interval, null);
  assert.is(result.repeatsNeeded, 6);
  assert.is(fewestRepeats(0.05, true), 6);
  assert.is(fewestRepeats(0.05, false), 4);
});

test('a family is judged by adjusted p', () => {
  const random = createRandom(45);
  const noise = Array.from({ length: 19 }, () => ({
    ...LATENCY,
    base: runs(random, 6, 5000, 0.3),
    candidate: runs(random, 6, 5000, 0.3),
  }));
  const base = runs(random, 6, 5000, 0.01);
  const family = compareFamily([{ ...LATENCY, base, candidate: scaled(base, 1.3) }, ...noise]);
  assert.is(family.length, 20);
  assert.is(family[0]?.p, 0.03125);
  assert.ok((family[0]?.adjustedP ?? 0) > 0.05);
  assert.is(family[0]?.verdict, 'inconclusive', 'one in twenty at p = 0.03 is what chance gives');
});

test('values that have no ratio, and pairs of unequal number, are refused', async () => {
  assert.throws(() => verdict([1, 0], [1, 2], LATENCY), /above zero/);
  assert.throws(() => verdict([1, 2], [1], LATENCY), /as many values/);
  const [again] = await runTask(compareTask, [{ ...UNPAIRED, base: [1, 2, 3], candidate: [4, 5, 6] }]);
  assert.equal(again, verdict([1, 2, 3], [4, 5, 6], UNPAIRED), 'a thread gives the same');
  assert.is(verdict([], [], UNPAIRED).verdict, 'inconclusive');
});

test('A/A: no more findings than the stated rate', () => {
  const random = createRandom(46);
  const trials = 1500;
  for (const options of [LATENCY, UNPAIRED]) {
    let alarms = 0;
    for (let trial = 0; trial < trials; trial++) {
      const result = verdict(runs(random, 10, 5000, 0.15), runs(random, 10, 5000, 0.15), options);
      if (result.verdict === 'regressed' || result.verdict === 'improved') alarms++;
    }
    // 5 % and three standard errors.
    assert.ok(alarms / trials <= 0.05 + 3 * Math.sqrt((0.05 * 0.95) / trials), `${alarms} of ${trials}`);
    assert.ok(alarms > 0, 'the test is able to alarm');
  }
});

test('A/A in families: the share of families with any finding stays within q', () => {
  const random = createRandom(47);
  let alarmed = 0;
  for (let trial = 0; trial < 200; trial++) {
    const family = Array.from({ length: 12 }, () => ({
      ...LATENCY,
      base: runs(random, 10, 5000, 0.15),
      candidate: runs(random, 10, 5000, 0.15),
    }));
    if (
      compareFamily(family).some((result) => result.verdict === 'regressed' || result.verdict === 'improved')
    )
      alarmed++;
  }
  assert.ok(alarmed / 200 <= 0.05 + 3 * Math.sqrt((0.05 * 0.95) / 200), `${alarmed} of 200`);
});

test('the repeats it asks for decide about four times in five', () => {
  const random = createRandom(48);
  const sigma = 0.1;
  const cases = [
    { effect: Math.log(1.1), decided: 'regressed', paired: true },
    { effect: Math.log(1.1), decided: 'regressed', paired: false },
    { effect: 0, decided: 'equivalent', paired: true },
  ] as const;
  for (const { effect, decided, paired } of cases) {
    const noise = paired ? sigma * Math.SQRT2 : sigma;
    const n = repeatsNeeded({
      effect,
      sigma: noise,
      paired,
      margin: Math.log(1.05),
      alpha: 0.05,
      power: 0.8,
    });
    if (n === null) throw new Error('a number was expected');
    let reached = 0;
    for (let trial = 0; trial < 300; trial++) {
      const result = verdict(runs(random, n, 5000, sigma), runs(random, n, 5000 * Math.exp(effect), sigma), {
        ...LATENCY,
        paired,
      });
      if (result.verdict === decided) reached++;
    }
    assert.ok(reached / 300 > 0.68 && reached / 300 < 0.95, `${decided} at n = ${n}: ${reached / 300}`);
  }
});

test('a hopeless comparison gets no number, and one bad run does not inflate the noise', () => {
  const input = { effect: 0.0001, sigma: 1, paired: true, margin: 0.01, alpha: 0.05, power: 0.8 };
  assert.is(repeatsNeeded(input), null);
  const steady = [1, 1.1, 0.9, 1.05, 0.95, 1.02, 0.98];
  assert.ok(robustSigma([...steady, 50]) < 3 * robustSigma(steady));
  assert.ok(robustSigma([1, 1, 1, 1, 2]) > 0);
});

test.run();
