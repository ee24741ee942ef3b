import type { Reason } from '../../results/result.ts';
import { MIN_LAG_SEC } from '../../stats/lag-slope.ts';
import { MIN_STEADY_SEC } from '../../stats/mser.ts';
import type { CellWorkload } from '../../workload/plan.ts';

/** Neither a backlog, a late group nor a disruption: consumers have to keep up all the time. */
const isUndisturbed = ({ consumers, disruptions }: CellWorkload): boolean =>
  consumers.backlog === 0 && consumers.late === undefined && disruptions.length === 0;

/** A load that changes by design has no steady state to look for. */
export const isEven = (workload: CellWorkload): boolean =>
  (workload.load.rate === 'max' || 'kind' in workload.load.rate || 'search' in workload.load.rate) &&
  isUndisturbed(workload);

/** What the measured window is too short to tell: a repeat that is valid without it says so. */
export function tooShortNotes(
  workload: CellWorkload,
  consumed: boolean,
  windowSec: number,
  steady: boolean | null,
): Reason[] {
  if (!isUndisturbed(workload)) return [];
  const unknown: string[] = [];
  if (isEven(workload) && steady === null) unknown.push(`a steady state (${MIN_STEADY_SEC} s)`);
  if (consumed && windowSec < MIN_LAG_SEC) unknown.push(`growing lag (${MIN_LAG_SEC} s)`);
  if (unknown.length === 0) return [];
  const message = `${windowSec} s are too short to show ${unknown.join(' or ')}`;
  return [{ code: 'too-short-to-tell', message }];
}
