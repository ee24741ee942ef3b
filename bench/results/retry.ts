import type { Reason, RepeatResult } from './result.ts';

/** An invalid repeat is tried once more: a machine that was busy for a moment is the likeliest reason. */
const RETRIES_OF_INVALID = 1;
/** A host that took its processors away says nothing of what is measured: worth waiting for a calmer moment. */
const RETRIES_OF_DELAYED = 3;

/** Whether the host, and neither the cluster nor the generator, spoiled it. */
export const isHostDelayed = (reasons: readonly Reason[]): boolean =>
  reasons.some(({ code }) => code === 'host-delayed');

interface Attempted {
  readonly outcome: RepeatResult['outcome'] | 'interrupted';
  readonly attempt: number;
  readonly reasons?: readonly Reason[];
  readonly search?: RepeatResult['search'];
}

/**
 * Whether another attempt of it is still to be made. A search has confirmed its failures by probes of its own, and
 * would read the same kept ones again.
 */
export const isRetryDue = ({ outcome, attempt, search, reasons = [] }: Attempted): boolean =>
  outcome === 'invalid' &&
  search === undefined &&
  attempt < (isHostDelayed(reasons) ? RETRIES_OF_DELAYED : RETRIES_OF_INVALID);

/** The attempt that a resumed run begins with; null where the repeat is done. A failed one is made again. */
export function attemptToResume(last: Attempted | undefined): number | null {
  if (last === undefined) return 0;
  if (last.outcome === 'failed') return last.attempt;
  return isRetryDue(last) ? last.attempt + 1 : null;
}
