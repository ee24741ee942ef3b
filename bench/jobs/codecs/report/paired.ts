import type { CellSummary } from '../../../../reports/run/cell-summary.ts';
import type { Metric } from '../../../results/metrics.ts';
import type { ComparisonInput } from '../../../stats/verdict.ts';

/** A figure of two cells of one run, by the blocks in which both are valid; null where there is no such block. */
export function pairedByBlock(
  metric: Metric,
  delta: number,
  base: CellSummary,
  candidate: CellSummary,
): ComparisonInput | null {
  const valuesOf = (cell: CellSummary): ReadonlyMap<number, number> =>
    new Map(
      cell.valid.flatMap((result): [number, number][] => {
        const value = metric.read(result);
        // Zero has no ratio.
        return value === null || value <= 0 ? [] : [[result.block, value]];
      }),
    );
  const [a, b] = [valuesOf(base), valuesOf(candidate)];
  const blocks = [...a.keys()].filter((block) => b.has(block));
  if (blocks.length === 0) return null;
  const at = (values: ReadonlyMap<number, number>): number[] =>
    blocks.map((block) => values.get(block) ?? Number.NaN);
  return {
    base: at(a),
    candidate: at(b),
    paired: true,
    delta,
    figure: metric.key,
    direction: metric.direction ?? 'lower-is-better',
  };
}
