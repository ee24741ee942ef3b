import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import { analyseSeries } from '../../../../bench/jobs/nightly/decide.ts';
import { type JudgedSeries, judgeNight } from '../../../../bench/jobs/nightly/judge.ts';
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

test('a step is news for five nights, and then the new level', () => {
  const values = (after: number) => [...steady(6, 40), ...steady(7, after, 1100)];
  assert.ok(confirmed(values(5)));
  assert.not(confirmed(values(9)));
  assert.ok(analyse(values(9)).changes.some(({ index }) => index === 40));
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
