import { median } from './describe.ts';
import { mannWhitney } from './mann-whitney.ts';
import { mser } from './mser.ts';
import { trend } from './trend.ts';

/**
 * MSER alone minimises an error and always cuts somewhere: of stationary noise it calls about one run in ten
 * unsteady, and a stall in the middle of a run looks to it like a warm-up, which would hide the stall. So a cut
 * counts only where what it removes differs from what it leaves as a whole: the medians by more than a tolerance,
 * and by Mann–Whitney's test at this level.
 */
const SIGNIFICANCE = 0.02;
const DRIFT_SIGNIFICANCE = 0.001;
/** Differences that no reader of a benchmark would act on: 3 % of throughput, a quarter of a 99th percentile. */
const TOLERANCE = { throughput: Math.log(1.03), p99: Math.log(1.25) };

/** The 1 s series after the fixed warm-up. A second without a figure is null and makes that series unusable. */
export interface SteadySeries {
  readonly throughput: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
}

export interface WarmUp {
  /** Seconds to cut off in addition to the fixed warm-up: 0 where nothing has to go. */
  readonly cutSec: number;
  /** False where the change lasted past the middle of the series; null where it is too short (under 10 s) to tell. */
  readonly steady: boolean | null;
}

/** MSER settles for half of a slow ramp; what it leaves must not go on climbing or falling. */
function drifts(logs: readonly number[], tolerance: number): boolean {
  const { slope, p } = trend(logs);
  return p <= DRIFT_SIGNIFICANCE && Math.abs(slope) * logs.length > 1.5 * tolerance;
}

function examine(samples: readonly (number | null)[], tolerance: number): WarmUp {
  const known = samples.filter((sample) => sample !== null);
  if (known.length < samples.length) return { cutSec: 0, steady: null };
  // Ratios are what matters; +1 keeps a second of silence finite.
  const logs = known.map((sample) => Math.log(sample + 1));
  const found = mser(logs, tolerance / 2);
  if (found === undefined) return { cutSec: 0, steady: null };
  const before = logs.slice(0, found.cut);
  const after = logs.slice(found.cut);
  const typical =
    found.cut > 0 &&
    Math.abs(median(before) - median(after)) > tolerance &&
    mannWhitney(before, after).p <= SIGNIFICANCE;
  const cutSec = typical ? found.cut : 0;
  const steady = (!typical || found.withinHalf) && !drifts(logs.slice(cutSec), tolerance);
  return { cutSec: steady ? cutSec : 0, steady };
}

/** Where steady state begins, by MSER-5 on throughput and on the 99th percentile: the later of both. */
export function findWarmUp(series: SteadySeries): WarmUp {
  const throughput = examine(series.throughput, TOLERANCE.throughput);
  const p99 = examine(series.p99, TOLERANCE.p99);
  if (throughput.steady === false || p99.steady === false) return { cutSec: 0, steady: false };
  return { cutSec: Math.max(throughput.cutSec, p99.cutSec), steady: throughput.steady ?? p99.steady };
}
