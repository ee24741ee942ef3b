import { MIN_SAMPLES, trend } from './trend.ts';

/** Whether consumers fall behind: lag that is large but level is a backlog, lag that grows is an overload. */
export interface LagSlope {
  /** Theil–Sen, records a second. */
  readonly slopePerSec: number;
  readonly p: number;
  readonly growing: boolean;
}

/** Fewer seconds cannot tell whether lag grows: Mann–Kendall's approximation needs as many samples. */
export const MIN_LAG_SEC = MIN_SAMPLES;
/** A run has many chances to be called invalid, and lag is autocorrelated, so the level is strict. */
const SIGNIFICANCE = 0.001;
/** Falling behind by less than this share of the rate is within "achieved ≥ 99 % of offered". */
const MATERIAL_SHARE = 0.005;

/**
 * @param lagRecords lag at each second of the measured window; below MIN_LAG_SEC nothing is called growing
 * @param ratePerSec records a second that arrive, for the size that matters
 */
export function lagSlope(lagRecords: readonly number[], ratePerSec: number): LagSlope {
  const { slope, p } = trend(lagRecords);
  const growing = slope > MATERIAL_SHARE * ratePerSec && slope > 0 && p <= SIGNIFICANCE;
  return { slopePerSec: slope, p, growing };
}
