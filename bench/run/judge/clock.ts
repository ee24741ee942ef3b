import type { LatencySummary } from '../../results/latency.ts';
import type { LoadHosts } from '../../results/load-hosts.ts';
import type { Reason } from '../../results/result.ts';
import type { CellWorkload } from '../../workload/plan.ts';
import type { LoadHostsMeasurement } from './measurement.ts';

/** Of the p50: an error that is larger says as much about the clocks as about the cluster. */
const MAX_SHARE = 0.1;

const ms = (us: number): string => `${(us / 1000).toFixed(Math.abs(us) < 10_000 ? 2 : 0)} ms`;

export interface ClockVerdict {
  readonly loadHosts: LoadHosts;
  readonly notes: readonly Reason[];
  readonly reasons: readonly Reason[];
}

/**
 * What the clocks of different hosts allow to be said of end-to-end latencies.
 * @param endToEnd null where it was not measured
 * @param lowestUs the lowest that any consumer saw, below zero counted; null where none did
 */
export function judgeClocks(
  measured: LoadHostsMeasurement,
  { load }: Pick<CellWorkload, 'load'>,
  endToEnd: LatencySummary | null,
  lowestUs: number | null,
): ClockVerdict {
  const errorUs = measured.endToEndErrorUs;
  const notes: Reason[] = [];
  const reasons: Reason[] = [];
  const p50Us = endToEnd?.percentilesUs.p50 ?? null;
  const known = `end-to-end across hosts is known to ± ${ms(errorUs)}`;
  const wantedUs = load.clockError === undefined ? null : load.clockError * 1000;
  if (endToEnd !== null && wantedUs !== null && errorUs > wantedUs) {
    notes.push({ code: 'clock-error', message: `${known}, and load.clockError asks for ${ms(wantedUs)}` });
  } else if (p50Us !== null && errorUs > MAX_SHARE * p50Us) {
    notes.push({ code: 'clock-error', message: `${known}, more than a tenth of its p50 (${ms(p50Us)})` });
  }
  if (lowestUs !== null && lowestUs < -errorUs) {
    reasons.push({
      code: 'clocks-contradict',
      message: `a record was received ${ms(-lowestUs)} before it was due, and the hosts' clocks are said to be known to ± ${ms(errorUs)}: one of them was set meanwhile, or drifts more than clocks do; look at its time service`,
    });
  }
  const { placement } = load;
  return {
    loadHosts: {
      ...measured,
      placement: typeof placement === 'string' ? placement : 'pinned',
      endToEndUnsure: notes.length > 0,
    },
    notes,
    reasons,
  };
}
