import { formatDuration } from '../common/terminal.ts';
import { describeDesign } from './design/describe.ts';
import { expectedRepeats } from './design/halving.ts';
import type { Cell, Plan } from './plan.ts';
import { plannedWindowMs } from './plan.ts';

/** A repeat's time that is not measurement, until one has been seen. */
export const ASSUMED_OVERHEAD_MS = 2_000;

/** What one repeat of a cell will take, ms: warm-up, window, and as many probes as a search may use. */
export function repeatMs({ workload }: Cell): number {
  const { load } = workload;
  const oneMs = load.warmup + plannedWindowMs(workload);
  if (load.rate === 'max' || !('search' in load.rate)) return oneMs;
  const { maxProbes, maxTime } = load.rate.search;
  return Math.min(maxProbes * oneMs, maxTime ?? Number.POSITIVE_INFINITY);
}

/** Time for the whole plan, ms. */
export function estimateMs(plan: Plan, overheadMs: number): number {
  const byId = new Map(plan.cells.map((cell) => [cell.id, repeatMs(cell)]));
  return expectedRepeats(plan).reduce((sum, { cellId }) => sum + (byId.get(cellId) ?? 0) + overheadMs, 0);
}

/** A plan for people: its cells, what is left out and why, the order of each block, and the time it will take. */
export function describePlan(plan: Plan, overheadMs: number): string {
  const lines = [`${plan.cells.length} cells:`];
  if (plan.design !== undefined) lines.unshift(...describeDesign(plan.design, plan.cells.length));
  for (const cell of plan.cells) lines.push(`  ${cell.id.padEnd(40)} ${cell.label}`);
  if (plan.excluded.length > 0) {
    lines.push(`${plan.excluded.length} combinations left out:`);
    for (const { settings, reason } of plan.excluded) {
      const text = Object.entries(settings).map(([axis, value]) => `${axis}=${value}`);
      lines.push(`  ${text.join(' ')}: ${reason}`);
    }
  }
  const blocks = new Map<number, string[]>();
  for (const { block, cellId } of plan.repeats)
    blocks.set(block, [...(blocks.get(block) ?? []), cellId.slice(0, 3)]);
  lines.push(`order (seed ${plan.seed}):`);
  for (const [block, ids] of blocks) lines.push(`  block ${block}: ${ids.join(' ')}`);
  lines.push(
    `${expectedRepeats(plan).length} repeats, about ${formatDuration(estimateMs(plan, overheadMs))}`,
  );
  return lines.join('\n');
}
