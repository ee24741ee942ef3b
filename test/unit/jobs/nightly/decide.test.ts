import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import { analyseSeries } from '../../../../bench/jobs/nightly/decide.ts';
import { judgeNight } from '../../../../bench/jobs/nightly/judge.ts';
import type { JudgedSeries } from '../../../../bench/jobs/nightly/judged-series.ts';
import { clipOutliers } from '../../../../bench/jobs/nightly/outliers.ts';
import { normals } from '../../../support/numbers.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('nightly decision');

const steady = (seed: number, count: number, level = 1000): number[] =>
  normals(createRandom(seed), count, level, level * 0.01);
const analyse = (values: readonly number[], more: object = {}) =>
  analyseSeries({
    values: Float64Array.from(values),
    direction: 'lower-is-better',
    delta: 0.03,
    accepted: [],
    family: 1,
    ...more,
  });
const confirmed = (values: readonly number[], more: object = {}): boolean =>
  analyse(values, more).changes.some((change) => change.confirmed);

test('too few nights are no verdict', () => {
  assert.is(analyse([1, 2, 3]).state, 'learning');
  assert.is(analyse(steady(1, 9)).state, 'judged');
});

test('one night of a step warns at most, two fail', () => {
  const before = steady(2, 40);
  assert.not(confirmed([...before, 1100]));
  assert.ok(confirmed([...before, 1100, 1105]));
});

test('one spoiled night, however bad, is no change once the next night is good again', () => {
  for (const bad of [1200, 2000, 10_000]) {
    for (let seed = 0; seed < 20; seed++) assert.not(confirmed([...steady(seed, 40), bad, 1003]));
  }
});

test('a change that has gone again does not fail', () => {
  assert.not(confirmed([...steady(3, 40), 1100, 1105, 1098, 1001, 1000]));
});

test('a change below δ does not fail, however clear', () => {
  const exact = (count: number, level: number) => Array.from({ length: count }, (_, i) => level + (i % 2));
  assert.not(confirmed([...exact(40, 1000), ...exact(5, 1025)]));
  assert.ok(confirmed([...exact(40, 1000), ...exact(5, 1040)]));
});

test('each metric has its direction', () => {
  const faster = [...steady(4, 40), 900, 905, 899];
  assert.not(confirmed(faster));
  assert.ok(confirmed(faster, { direction: 'higher-is-better' }));
  assert.not(analyse(faster).changes.some(({ worse }) => worse));
});

test('an accepted change is known', () => {
  const values = [...steady(5, 40), 1100, 1105];
  assert.not(confirmed(values, { accepted: [40] }));
  assert.ok(analyse(values, { accepted: [40] }).changes.some(({ accepted }) => accepted));
  assert.ok(confirmed(values, { accepted: [10] }));
});

test('a failure lasts while the level does, and ends with the night that says how', () => {
  const stateAfter = (values: readonly number[], accepted: readonly number[] = []) =>
    analyse(values, { accepted }).night;
  const step = [...steady(6, 40), ...steady(7, 40, 1100)];
  for (const nights of [3, 9, 25, 40]) {
    const state = stateAfter(step.slice(0, 40 + nights));
    assert.is(state?.failure?.rule, 'run', `after ${nights} nights`);
    assert.ok(Math.abs((state?.failure?.from ?? 0) - 40) <= 1);
  }
  // One lucky night is no return; two are.
  assert.ok(stateAfter([...step.slice(0, 60), 1000])?.failure);
  const back = stateAfter([...step.slice(0, 60), 1000, 1003]);
  assert.is(back?.failure, null);
  assert.is(back?.ended?.how, 'back');
  const accepted = stateAfter(step.slice(0, 61), [60]);
  assert.is(accepted?.ended?.how, 'accepted');
  assert.is(stateAfter(step, [40])?.failure, null);
  // An accepted level is the one that the next change is held against.
  assert.ok(stateAfter([...step.slice(0, 48), ...steady(8, 3, 1210)], [40])?.failure);
});

test('a failure that the nights since do not hold is shown to have been wrong', () => {
  // Never two nights back in a row, and yet no level of δ.
  const after = Array.from({ length: 14 }, (_, i) => (i % 2 === 0 ? 1000 : 1013));
  const wobble = [...steady(6, 40), ...steady(9, 4, 1060), ...after];
  const hows = wobble.map((_, i) => analyse(wobble.slice(0, i + 1)).night?.ended?.how);
  assert.ok(hows.includes('wrong'), hows.join());
  assert.is(analyse(wobble).night?.failure, null);
});

test('a doubling fails on its second night, whatever came before', () => {
  const doubled = (before: readonly number[], factor = 2): boolean =>
    confirmed([...before, 1000 * factor, 1005 * factor], { family: 60 });
  const constant = (count: number, level: number): number[] => Array.from({ length: count }, () => level);
  assert.ok(doubled([...constant(60, 1000), ...constant(7, 950)]));
  for (let seed = 0; seed < 40; seed++) {
    const old = steady(100 + seed, 60);
    for (const gap of [1, 2, 3, 5, 8, 12]) {
      const improved = [...old, ...steady(300 + seed, gap, 950)];
      assert.ok(doubled(improved), `seed ${seed}, ${gap} nights after an improvement`);
      assert.ok(doubled([...old, ...steady(500 + seed, gap, 1050)]), `${gap} nights after a regression`);
      assert.ok(
        confirmed([...improved, 1300, 1290, 1305], { family: 20 }),
        `×1.3, seed ${seed}, ${gap} nights`,
      );
    }
    // Spoiled nights before it, the last of them the night before.
    const spoiled = old.map((value, i) => (i % 9 === 5 ? value * 1.2 : value));
    assert.ok(doubled([...spoiled, 1400]), `seed ${seed}, after spoiled nights`);
  }
});

test('a jump that merging drops is a change all the same', () => {
  for (let seed = 0; seed < 30; seed++) {
    const values = [...steady(seed, 60), 900, ...steady(700 + seed, 5, 2000)];
    for (const nights of [2, 3, 4, 5]) {
      const { changes, night } = analyse(values.slice(0, 61 + nights));
      assert.ok(night?.failure, `seed ${seed}, night ${nights}`);
      assert.ok(changes.some(({ index, confirmed: yes }) => yes && Math.abs(index - 61) <= 1));
    }
  }
});

test('decay in steps or slowly is held against the best level of the year', () => {
  let [stairs, drifts] = [0, 0];
  for (let seed = 0; seed < 10; seed++) {
    const noise = normals(createRandom(800 + seed), 300, 0, 0.015);
    const walk = (level: (t: number) => number, nights: number): number[] =>
      Array.from({ length: nights }, (_, t) => 1000 * Math.exp(level(t) + (noise[t] ?? 0)));
    const inStairs = walk((t) => Math.log(1.07) * Math.floor(t / 20), 100);
    const slowly = walk((t) => Math.log(1.0005) * Math.max(0, t - 60), 300);
    if (analyse(inStairs, { delta: 0.1 }).night?.failure) stairs++;
    const failure = analyse(slowly).night?.failure;
    if (failure) drifts++;
    if (failure?.rule === 'creep') assert.ok(failure.from < 150, 'held against a stretch of the beginning');
  }
  assert.is(stairs, 10);
  assert.is(drifts, 10);
});

test('a night whose repeats lie far apart speaks with its best one', () => {
  const values = [...steady(20, 60), 1130, 1125, 1140];
  const calm = (value: number): [number, number] => [value * 0.99, value * 1.01];
  const ranges = (spoiled: boolean): { lows: Float64Array; highs: Float64Array } => {
    const pairs = values.map((value, i): [number, number] =>
      i >= 60 && spoiled ? [1001, value * 1.05] : calm(value),
    );
    return {
      lows: Float64Array.from(pairs, ([low]) => low),
      highs: Float64Array.from(pairs, ([, high]) => high),
    };
  };
  assert.ok(analyse(values, ranges(false)).night?.failure);
  const told = analyse(values, ranges(true));
  assert.is(told.night?.failure, null);
  assert.equal(told.spoiled, [60, 61, 62]);
});

test('the more series a night has, the stricter its gate', () => {
  const values = [...steady(8, 40), 1052, 1045];
  assert.ok(confirmed(values));
  assert.not(confirmed(values, { family: 1e9 }));
});

test('clipping leaves every step in place and draws single nights in', () => {
  const step = Float64Array.from([...steady(9, 20), ...steady(10, 20, 1300)], Math.log);
  const clipped = clipOutliers(step, 0.05);
  assert.ok(clipped.subarray(20).every((value) => value > Math.log(1200)));
  const spoiled = Float64Array.from([...steady(11, 20), 2000, ...steady(12, 20)], Math.log);
  assert.ok((clipOutliers(spoiled, 0.05)[20] ?? 9) < Math.log(1060));
});

const series = (id: string, values: readonly number[]): JudgedSeries => ({
  id,
  metric: 'due-to-ack.p50',
  direction: 'lower-is-better',
  delta: 0.03,
  times: Float64Array.from(values, (_, i) => i * 86_400_000),
  values: Float64Array.from(values),
  accepted: [],
});
const judge = (own: readonly number[], canary: readonly number[], drift: string[] = []) =>
  judgeNight({ series: [series('own', own)], canaries: [series('canary', canary)], drift, family: 1 });

test('what the canary shows too is the environment’s', () => {
  const slow = [...steady(13, 40), 1100, 1103, 1097];
  const code = judge(slow, steady(14, 43));
  assert.is(code.series[0]?.verdict, 'regressed');
  assert.not(code.canary.moved);
  const environment = judge(slow, [...steady(14, 40), 1090, 1102, 1099]);
  assert.is(environment.series[0]?.verdict, 'environment');
  assert.ok(environment.canary.moved);
  assert.match(environment.canary.reasons.join(), /canary's due-to-ack\.p50 changed by/);
});

test('a canary that got faster suspends the gates and explains no slower cell', () => {
  const night = judge([...steady(15, 40), 1100, 1103, 1097], [...steady(16, 40), 900, 905, 898]);
  assert.ok(night.canary.moved);
  assert.is(night.series[0]?.verdict, 'regressed');
});

test('a canary that moved within the night suspends the gates', () => {
  assert.ok(judge(steady(17, 40), steady(18, 40), ['it moved']).canary.moved);
});

test('a doubling fails on its second night, whatever came before, and stays failed while it is news', () => {
  for (let seed = 0; seed < 20; seed++) {
    const before = [...steady(seed, 60), ...steady(seed + 100, 7, 950)];
    const doubled = steady(seed + 200, 5, 2000);
    assert.not(confirmed([...before, ...doubled.slice(0, 1)]));
    for (let nights = 2; nights <= 5; nights++) {
      assert.ok(confirmed([...before, ...doubled.slice(0, nights)]), `seed ${seed}, night ${nights}`);
    }
  }
});

test('a large step five nights after an improvement fails, and one beside an odd night too', () => {
  let found = 0;
  for (let seed = 0; seed < 50; seed++) {
    const improved = [...steady(seed, 60), ...steady(seed + 100, 5, 950)];
    if (confirmed([...improved, ...steady(seed + 200, 3, 950 * 1.3)])) found++;
    assert.ok(
      confirmed([...steady(seed, 60), 1300, ...steady(seed + 300, 2, 2000)]),
      `odd night, seed ${seed}`,
    );
  }
  assert.ok(found >= 45, `${found} of 50`);
});

test('what comes back to the level before an improvement does not fail', () => {
  for (let seed = 0; seed < 20; seed++) {
    assert.not(confirmed([...steady(seed, 60), ...steady(seed + 100, 7, 985), ...steady(seed + 200, 3)]));
  }
});

test.run();
