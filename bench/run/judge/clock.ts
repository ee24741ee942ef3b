import type { LoadHosts } from '../../results/load-hosts.ts';
import type { Reason } from '../../results/result.ts';
import type { CellWorkload } from '../../workload/plan.ts';
import { type ClockLimits, tooUnsure } from './clock-limits.ts';
import type { LoadHostsMeasurement } from './measurement.ts';
import type { EndToEndAcross } from './merge.ts';

const ms = (us: number): string => `${(us / 1000).toFixed(Math.abs(us) < 10_000 ? 2 : 0)} ms`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

export interface ClockVerdict {
  readonly loadHosts: LoadHosts;
  readonly notes: readonly Reason[];
  readonly reasons: readonly Reason[];
}

export const clockLimits = (
  { endToEndErrorUs }: Pick<LoadHostsMeasurement, 'endToEndErrorUs'>,
  { load }: Pick<CellWorkload, 'load'>,
): ClockLimits => ({
  errorUs: endToEndErrorUs,
  askedUs: load.clockError === undefined ? null : load.clockError * 1000,
});

/**
 * What the clocks of different hosts allow to be said of end-to-end latencies.
 * @param endToEnd null where it was not measured
 * @param lowestUs the lowest that any consumer saw, below zero counted; null where none did
 */
export function judgeClocks(
  measured: LoadHostsMeasurement,
  workload: Pick<CellWorkload, 'load'>,
  endToEnd: EndToEndAcross | null,
  lowestUs: number | null,
): ClockVerdict {
  const limits = clockLimits(measured, workload);
  const { errorUs } = limits;
  const reasons: Reason[] = [];
  const over = tooUnsure(limits, endToEnd?.all ?? null);
  const notes = over === null || endToEnd === null ? [] : [unsureNote(over, limits, endToEnd)];
  if (lowestUs !== null && lowestUs < -errorUs) {
    reasons.push({
      code: 'clocks-contradict',
      message: `a record was received ${ms(-lowestUs)} before it was due, and the hosts' clocks are said to be known to ± ${ms(errorUs)}: one of them was set meanwhile, or drifts more than clocks do; look at its time service`,
    });
  }
  const { placement } = workload.load;
  return {
    loadHosts: {
      ...measured,
      placement: typeof placement === 'string' ? placement : 'pinned',
      endToEndUnsure: over !== null,
      ...(endToEnd === null
        ? {}
        : {
            endToEndOf: endToEnd.madeOf,
            sameHostShare: endToEnd.sameHostShare,
            endToEndAcross: endToEnd.across,
          }),
    },
    notes,
    reasons,
  };
}

function unsureNote(over: 'asked' | 'p50', limits: ClockLimits, endToEnd: EndToEndAcross): Reason {
  const { all, madeOf, sameHostShare } = endToEnd;
  const than =
    over === 'asked'
      ? `and load.clockError asks for ${ms(limits.askedUs ?? 0)}`
      : `more than a tenth of its p50 (${ms(all?.percentilesUs.p50 ?? 0)})`;
  const left =
    madeOf === 'same-host'
      ? `the figure is of the ${percent(sameHostShare ?? 0)} of the records that were produced and received on one host`
      : 'no record was produced and received on one host, and the figure is of all of them';
  return {
    code: 'clock-error',
    message: `end-to-end across hosts is known to ± ${ms(limits.errorUs)}, ${than}: ${left}`,
  };
}
