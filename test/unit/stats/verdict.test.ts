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

test('four pairs can give ranks no small p, and what lies far apart is shown by t on logarithms', () => {
  const base = [100, 101, 102, 103];
  const result = verdict(base, scaled(base, 3), LATENCY);
  assert.equal([result.verdict, result.procedure, result.p], ['regressed', 'few-repeats', 0.125]);
  assert.ok(result.interval !== null && result.interval.low > 2.9 && result.interval.high < 3.1);
  const wide = verdict([100, 180, 90, 140], [210, 190, 300, 170], LATENCY);
  assert.equal([wide.verdict, wide.procedure], ['inconclusive', 'exact']);
  assert.is(verdict([100], [300], LATENCY).verdict, 'inconclusive', 'one repeat has no spread');
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
  const candidate = [1.1, 1.2, 1.3, 1.5, 1.35, 1.25].map((factor, i) => (base[i] ?? 0) * factor);
  const family = compareFamily([{ ...LATENCY, base, candidate }, ...noise]);
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
      const sides = { base: runs(random, 10, 5000, 0.15), candidate: runs(random, 10, 5000, 0.15) };
      const [result] = compareFamily([{ ...options, ...sides }], false);
      if (result?.verdict === 'regressed' || result?.verdict === 'improved') alarms++;
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
      compareFamily(family, false).some(
        (result) => result.verdict === 'regressed' || result.verdict === 'improved',
      )
    )
      alarmed++;
  }
  assert.ok(alarmed / 200 <= 0.05 + 3 * Math.sqrt((0.05 * 0.95) / 200), `${alarmed} of 200`);
});

test('the repeats it asks for decide about four times in five, under the adjustment of the whole table', () => {
  const random = createRandom(48);
  const sigma = 0.1;
  const cases = [
    { effect: Math.log(1.12), decided: 'regressed', paired: true, rows: 1 },
    { effect: Math.log(1.12), decided: 'regressed', paired: false, rows: 1 },
    { effect: Math.log(1.2), decided: 'regressed', paired: true, rows: 8 },
    { effect: Math.log(1.4), decided: 'regressed', paired: false, rows: 8 },
    { effect: 0, decided: 'equivalent', paired: true, rows: 1 },
  ] as const;
  for (const { effect, decided, paired, rows } of cases) {
    const noise = paired ? sigma * Math.SQRT2 : sigma;
    const margin = Math.log(1.05);
    const n = repeatsNeeded({ effect, sigma: noise, paired, margin, alpha: 0.05, power: 0.8, rows });
    if (n === null) throw new Error('a number was expected');
    const side = (shift: number): number[] => runs(random, n, 5000 * Math.exp(shift), sigma);
    let reached = 0;
    for (let trial = 0; trial < 150; trial++) {
      const others = Array.from({ length: rows - 1 }, () => ({ base: side(0), candidate: side(0) }));
      const family = [{ base: side(0), candidate: side(effect) }, ...others];
      const [first] = compareFamily(
        family.map((sides) => ({ ...LATENCY, ...sides, paired })),
        false,
      );
      if (first?.verdict === decided) reached++;
    }
    assert.ok(reached / 150 > 0.67 && reached / 150 < 0.97, `${decided} at n = ${n}: ${reached / 150}`);
  }
});

test('a doubling in one row of seven with 5:5 repeats asks for more than five, not for four', () => {
  // The base's repeats spread so far that one of them lies among the candidate's: p 4/252, adjusted 0.111.
  const doubled = { ...UNPAIRED, base: [70, 85, 100, 120, 172], candidate: [170, 185, 200, 230, 250] };
  const still = { ...UNPAIRED, base: [100, 104, 99, 98, 103], candidate: [101, 97, 105, 100, 102] };
  const [row] = compareFamily([doubled, still, still, still, still, still, still]);
  assert.is(row?.verdict, 'inconclusive');
  assert.ok(Math.abs((row?.adjustedP ?? 0) - 0.1111) < 1e-3, `adjusted ${row?.adjustedP}`);
  assert.ok((row?.repeatsNeeded ?? 0) >= 6 && (row?.repeatsNeeded ?? 0) <= 12, `${row?.repeatsNeeded}`);
});

test('a hopeless comparison gets no number, and one bad run does not inflate the noise', () => {
  const input = { effect: 0.0001, sigma: 1, paired: true, margin: 0.01, alpha: 0.05, power: 0.8 };
  assert.is(repeatsNeeded(input), null);
  const steady = [1, 1.1, 0.9, 1.05, 0.95, 1.02, 0.98];
  assert.ok(robustSigma([...steady, 50]) < 3 * robustSigma(steady));
  assert.ok(robustSigma([1, 1, 1, 1, 2]) > 0);
});

test.run();
