import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import { metricOf } from '../../../../bench/results/metrics.ts';
import type { RepeatResult } from '../../../../bench/results/result.ts';
import { normalDraw } from '../../../../bench/stats/normal.ts';
import { chooseRows } from '../../../../bench/workload/design/choose.ts';
import { describeDesign } from '../../../../bench/workload/design/describe.ts';
import { MAX_FACTORS, screenDesign } from '../../../../bench/workload/design/screen.ts';
import { workloadSchema } from '../../../../bench/workload/schema.ts';
import type { CellSummary } from '../../../../reports/run/cell-summary.ts';
import { estimateEffects } from '../../../../reports/run/effects.ts';
import { effectsViews } from '../../../../reports/views/effects.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('screening');

const sign = (level: number): number => 2 * level - 1;
const dot = (runs: readonly (readonly number[])[], of: (run: readonly number[]) => number): number =>
  runs.reduce((total, run) => total + of(run), 0);

test('to sixteen factors: balanced, main effects clear of each other and of every pair, aliases as stated', () => {
  const sizes: Record<number, number> = { 3: 8, 4: 8, 5: 16, 8: 16, 9: 32, 10: 32, 16: 32 };
  for (let factors = 1; factors <= MAX_FACTORS; factors++) {
    const { runs, resolution, aliases, generators } = screenDesign(factors);
    if (sizes[factors] !== undefined) assert.is(runs.length, sizes[factors]);
    assert.is(new Set(runs.map((run) => run.join(''))).size, runs.length);
    assert.ok(resolution === null || resolution >= 4, `${factors} factors: resolution ${resolution}`);
    assert.is(generators.length, factors - Math.log2(runs.length));
    const chainOf = new Map(aliases.flatMap((chain, i) => chain.map(([a, b]) => [`${a} ${b}`, i] as const)));
    const at = (run: readonly number[], k: number): number => sign(run[k] ?? 0);
    for (let a = 0; a < factors; a++) {
      assert.is(
        dot(runs, (run) => at(run, a)),
        0,
      );
      for (let b = a + 1; b < factors; b++) {
        assert.is(
          dot(runs, (run) => at(run, a) * at(run, b)),
          0,
        );
        for (let c = b + 1; c < factors; c++) {
          assert.is(
            dot(runs, (run) => at(run, a) * at(run, b) * at(run, c)),
            0,
          );
          // Two pairs without a common setting have one column exactly where they are said to be aliased.
          for (let d = c + 1; d < factors; d++) {
            const same = dot(runs, (run) => at(run, a) * at(run, b) * at(run, c) * at(run, d)) !== 0;
            const [one, other] = [chainOf.get(`${a} ${b}`), chainOf.get(`${c} ${d}`)];
            assert.is(one !== undefined && one === other, same, `${factors}: ${a}${b} and ${c}${d}`);
          }
        }
      }
    }
  }
});

test('on a surface with three active settings of ten, 32 cells of 1,024 name the three with their sizes', () => {
  const names = 'abcdefghij'.split('');
  const truth: Record<string, number> = { b: 1.5, e: 0.7, h: 1.2 };
  const axes = names.map((name) => ({ name, levels: [0, 1] }));
  const input = {
    name: 'x',
    sweep: { axes: Object.fromEntries(names.map((name) => [name, [0, 1]])), design: { screen: {} } },
  };
  const chosen = chooseRows(workloadSchema.parse(input), axes);
  if (typeof chosen === 'string' || chosen.rows === null || chosen.record === null)
    throw new Error(String(chosen));
  assert.is(chosen.rows.length, 32);
  assert.match(
    describeDesign(chosen.record, 32).join('\n'),
    /32 of 1024 combinations, 992 saved; a fraction of resolution 4/,
  );
  const random = createRandom(5);
  const repeats = Array.from({ length: 6 }, (_, block) =>
    (chosen.rows ?? []).map((row) => {
      const settings = Object.fromEntries(names.map((name, k) => [name, row[k] ?? 0]));
      const factor = Object.entries(truth).reduce(
        (all, [name, one]) => (settings[name] === 1 ? all * one : all),
        1,
      );
      // Two settings that also interact: it must not be taken for an effect of a third.
      const pair = settings['b'] === 1 && settings['e'] === 1 ? 1.3 : 1;
      const p99 = 10_000 * factor * pair * Math.exp(0.05 * normalDraw(random)) * (1 + 0.2 * block);
      const latencyUs = { 'due-to-ack': { percentilesUs: { p99 } } };
      return { outcome: 'valid', block, settings, latencyUs } as unknown as RepeatResult;
    }),
  ).flat();
  const effects = estimateEffects(repeats, axes, metricOf('due-to-ack.p99'));
  const ratio = (name: string): number => {
    const of = (level: number) =>
      effects?.main.find((one) => one.axis === name && one.level === level)?.factor.median ?? Number.NaN;
    return of(1) / of(0);
  };
  const found = names.toSorted((x, y) => Math.abs(Math.log(ratio(y))) - Math.abs(Math.log(ratio(x))));
  assert.equal(found.slice(0, 3).sort(), ['b', 'e', 'h']);
  // The pair adds its half to both of its settings, and nothing to others.
  assert.ok(Math.abs(ratio('h') / 1.2 - 1) < 0.03, String(ratio('h')));
  assert.ok(Math.abs(ratio('b') / (1.5 * Math.sqrt(1.3)) - 1) < 0.03, String(ratio('b')));
  for (const name of ['a', 'c', 'd', 'f', 'g', 'i', 'j']) assert.ok(Math.abs(ratio(name) - 1) < 0.03, name);
});

test('the report tells pairs that share one estimate as one chain, with the sum of their effects', () => {
  const axes = { a: [0, 1], b: [0, 1], c: [0, 1], d: [0, 1] };
  const input = { name: 'x', sweep: { axes, design: { screen: {} } } };
  const levels = Object.entries(axes).map(([name, own]) => ({ name, levels: own }));
  const chosen = chooseRows(workloadSchema.parse(input), levels);
  if (typeof chosen === 'string' || chosen.record === null) throw new Error(String(chosen));
  const cells = (chosen.rows ?? []).map((row) => {
    const settings = Object.fromEntries(Object.keys(axes).map((name, k) => [name, row[k] ?? 0]));
    // a × b is 1.2 where both agree and 1 ÷ 1.2 where they do not; c × d is 1.1: one estimate holds both.
    const pair = (one: string, other: string, size: number) =>
      settings[one] === settings[other] ? size : 1 / size;
    const p99 = 10_000 * pair('a', 'b', 1.2) * pair('c', 'd', 1.1);
    const latencyUs = { 'due-to-ack': { percentilesUs: { p99 } } };
    return {
      settings,
      valid: [{ outcome: 'valid', block: 0, settings, latencyUs }],
    } as unknown as CellSummary;
  });
  const views = effectsViews(cells, metricOf('due-to-ack.p99'), chosen.record);
  assert.equal(views?.interactions?.table.rows[0]?.fields, ['a × b + c × d', '+32 %']);
  assert.is(views?.interactions?.table.rows.length, 3);
  assert.match(views?.interactions?.reading ?? '', /clear of pairs/);
});

test.run();
