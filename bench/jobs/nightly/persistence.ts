/** Correlation from one night to the next that is usual for shared machines, and the nights that this counts for. */
const USUAL_PERSISTENCE = 0.3;
const USUAL_NIGHTS = 60;
/** The most that is believed: beyond, it is a level that moves. */
const MOST_PERSISTENCE = 0.4;

/**
 * Lag-1 autocorrelation of deviations from one level, corrected for its bias of −(1+4φ)/n (Marriott and Pope, 1954)
 * and drawn towards the usual where few nights tell.
 */
export function persistence(deviations: Float64Array): number {
  const n = deviations.length;
  let [covariance, variance] = [0, 0];
  for (let i = 0; i < n; i++) {
    const value = deviations[i] ?? 0;
    variance += value * value;
    if (i > 0) covariance += value * (deviations[i - 1] ?? 0);
  }
  if (variance === 0 || n < 8) return USUAL_PERSISTENCE;
  const estimate = (covariance / variance + 1 / n) / (1 - 4 / n);
  const drawn = (n * estimate + USUAL_NIGHTS * USUAL_PERSISTENCE) / (n + USUAL_NIGHTS);
  return Math.min(MOST_PERSISTENCE, Math.max(0, drawn));
}

/** Variance of the mean of n values of a first-order autoregression, in units of one value's variance. */
export function varianceOfMean(n: number, phi: number): number {
  let sum = 1;
  for (let lag = 1; lag < n && phi ** lag > 1e-6; lag++) sum += 2 * (1 - lag / n) * phi ** lag;
  return sum / n;
}
