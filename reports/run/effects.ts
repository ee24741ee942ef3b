import type { Scalar } from '../../bench/common/scalar.ts';
import type { Metric } from '../../bench/results/metrics.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import { type Spread, spread } from '../../bench/stats/describe.ts';
import type { Axis } from './cell-name.ts';
import { groupBy } from './group-by.ts';

/**
 * What one value of a swept setting does on average over the others: the factor on the metric against the mean of
 * all values of that setting (geometric). One estimate a block, as the block is the unit that repeats everything.
 */
export interface MainEffect {
  readonly axis: string;
  readonly level: Scalar;
  readonly factor: Spread;
}

/** The factor by which two values together differ from what the two main effects alone predict. */
export interface Interaction {
  readonly axes: readonly [string, string];
  readonly levels: readonly [Scalar, Scalar];
  readonly factor: Spread;
}

export interface Effects {
  readonly metric: Metric;
  readonly main: readonly MainEffect[];
  readonly interactions: readonly Interaction[];
}

/**
 * Main effects and two-way interactions from an additive model of ln(metric), fitted by least squares within each
 * block over its valid cells (Montgomery, Design and Analysis of Experiments, 5.3; sum-to-zero coding, so a missing
 * cell only costs precision). An interaction is the mean residual of the cells that share both values. Values that
 * are not above zero are left out. null where no block can be fitted.
 */
export function estimateEffects(
  repeats: readonly RepeatResult[],
  axes: readonly Axis[],
  metric: Metric,
): Effects | null {
  const blocks = groupBy(
    repeats.filter((one) => one.outcome === 'valid' && (metric.read(one) ?? 0) > 0),
    (one) => one.block,
  );
  const main = new Map<string, number[]>();
  const pairs = new Map<string, number[]>();
  const append = (map: Map<string, number[]>, key: string, value: number) => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [value]);
    else list.push(value);
  };
  for (const block of blocks.values()) {
    const points = block.map((one) => ({
      levels: axes.map((axis) => axis.levels.indexOf(one.settings[axis.name] ?? '')),
      y: Math.log(metric.read(one) ?? Number.NaN),
    }));
    const fit = fitAdditive(
      points,
      axes.map((axis) => axis.levels.length),
    );
    if (fit === null) continue;
    for (const [axis, levels] of fit.effects.entries()) {
      for (const [level, value] of levels.entries()) append(main, `${axis}/${level}`, Math.exp(value));
    }
    for (const [key, value] of interactionsOf(points, fit.residuals)) append(pairs, key, Math.exp(value));
  }
  if (main.size === 0) return null;
  return {
    metric,
    main: axes.flatMap(({ name, levels }, axis) =>
      levels.map((level, i) => ({ axis: name, level, factor: spread(main.get(`${axis}/${i}`) ?? []) })),
    ),
    interactions: [...pairs].map(([key, factors]) => {
      const [a = 0, b = 0, i = 0, j = 0] = key.split('/').map(Number);
      return {
        axes: [axes[a]?.name ?? '', axes[b]?.name ?? ''],
        levels: [axes[a]?.levels[i] ?? '', axes[b]?.levels[j] ?? ''],
        factor: spread(factors),
      };
    }),
  };
}

interface Point {
  /** Index of the level on each axis. */
  readonly levels: readonly number[];
  readonly y: number;
}

/** Sum-to-zero effects of each axis' levels and the residuals, or null where the points can't tell them apart. */
export function fitAdditive(
  points: readonly Point[],
  sizes: readonly number[],
): { readonly effects: readonly (readonly number[])[]; readonly residuals: readonly number[] } | null {
  const starts: number[] = [];
  let width = 1;
  for (const size of sizes) {
    starts.push(width);
    width += size - 1;
  }
  const design = points.map(({ levels }) => {
    const row = new Array<number>(width).fill(0);
    row[0] = 1;
    levels.forEach((level, axis) => {
      const start = starts[axis] ?? 0;
      const last = (sizes[axis] ?? 1) - 1;
      // The last level is minus the sum of the others.
      if (level === last) for (let i = 0; i < last; i++) row[start + i] = -1;
      else row[start + level] = 1;
    });
    return row;
  });
  const beta = leastSquares(
    design,
    points.map((point) => point.y),
  );
  if (beta === null) return null;
  const effects = sizes.map((size, axis) => {
    const free = beta.slice(starts[axis], (starts[axis] ?? 0) + size - 1);
    return [...free, -free.reduce((sum, value) => sum + value, 0)];
  });
  const residuals = design.map(
    (row, i) => (points[i]?.y ?? 0) - row.reduce((sum, x, j) => sum + x * (beta[j] ?? 0), 0),
  );
  return { effects, residuals };
}

/** Solves the normal equations by Gauss with pivots; null where they are singular. */
function leastSquares(design: readonly (readonly number[])[], y: readonly number[]): number[] | null {
  const width = design[0]?.length ?? 0;
  const rows = Array.from({ length: width }, (_, i) => [
    ...Array.from({ length: width }, (_, j) =>
      design.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0),
    ),
    design.reduce((sum, row, k) => sum + (row[i] ?? 0) * (y[k] ?? 0), 0),
  ]);
  for (let at = 0; at < width; at++) {
    const size = (row: number) => Math.abs(rows[row]?.[at] ?? 0);
    let pivot = at;
    for (let row = at + 1; row < width; row++) if (size(row) > size(pivot)) pivot = row;
    // Entries are sums of −1, 0 and 1: anything this small is a rounded zero.
    if (size(pivot) < 1e-9) return null;
    const held = rows[at] ?? [];
    const own = rows[pivot] ?? [];
    rows[at] = own;
    rows[pivot] = held;
    for (let row = 0; row < width; row++) {
      const target = rows[row] ?? [];
      const factor = row === at ? 0 : (target[at] ?? 0) / (own[at] ?? 1);
      if (factor !== 0)
        for (let j = at; j <= width; j++) target[j] = (target[j] ?? 0) - factor * (own[j] ?? 0);
    }
  }
  return rows.map((row, i) => (row[width] ?? 0) / (row[i] ?? 1));
}

/** Mean residual by "axis/axis/level/level". */
function interactionsOf(points: readonly Point[], residuals: readonly number[]): Map<string, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  points.forEach(({ levels }, k) => {
    for (let a = 0; a < levels.length; a++) {
      for (let b = a + 1; b < levels.length; b++) {
        const key = `${a}/${b}/${levels[a]}/${levels[b]}`;
        const held = sums.get(key) ?? { sum: 0, count: 0 };
        sums.set(key, { sum: held.sum + (residuals[k] ?? 0), count: held.count + 1 });
      }
    }
  });
  return new Map([...sums].map(([key, { sum, count }]) => [key, sum / count]));
}
