import { mean } from '../../stats/describe.ts';

/** Correlation from one night to the next where too few nights tell; usual for shared machines. */
const ASSUMED_PERSISTENCE = 0.3;
/** Nights for an estimate of it, and the most that is believed: beyond, it is a level that moves. */
const ENOUGH_NIGHTS = 30;
const MOST_PERSISTENCE = 0.4;

/** Lag-1 autocorrelation of a stretch of one level, corrected for its bias of −(1+4φ)/n (Marriott and Pope 1954). */
export function persistence(stretch: Float64Array): number {
  const n = stretch.length;
  if (n < ENOUGH_NIGHTS) return ASSUMED_PERSISTENCE;
  const centre = mean([...stretch]);
  let [covariance, variance] = [0, 0];
  for (let i = 0; i < n; i++) {
    const value = (stretch[i] ?? 0) - centre;
    variance += value * value;
    if (i > 0) covariance += value * ((stretch[i - 1] ?? 0) - centre);
  }
  if (variance === 0) return 0;
  const estimate = (covariance / variance + 1 / n) / (1 - 4 / n);
  return Math.min(MOST_PERSISTENCE, Math.max(0, estimate));
}

/** Variance of the mean of n values of a first-order autoregression, in units of one value's variance. */
export function varianceOfMean(n: number, phi: number): number {
  let sum = 1;
  for (let lag = 1; lag < n && phi ** lag > 1e-6; lag++) sum += 2 * (1 - lag / n) * phi ** lag;
  return sum / n;
}
