import { mean } from './describe.ts';
import { studentCritical } from './student-t.ts';

export interface Slope {
  readonly slope: number;
  /** 95 % interval; infinite where the points are too few, or too much alike one another, to tell. */
  readonly low: number;
  readonly high: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Residuals of a series that only wanders resemble their neighbours: how many independent ones they are worth. */
function effective(residuals: readonly number[]): number {
  const n = residuals.length;
  const variance = residuals.reduce((sum, one) => sum + one ** 2, 0);
  if (variance === 0) return n;
  const together = residuals.slice(1).reduce((sum, one, i) => sum + one * (residuals[i] ?? 0), 0);
  const correlation = Math.max(0, together / variance);
  return (n * (1 - correlation)) / (1 + correlation);
}

/**
 * Least squares of y on x with its interval by t, the degrees of freedom lessened by the residuals' lag-one
 * autocorrelation (Santer et al., Journal of Geophysical Research 105, 2000, eq. 6).
 */
export function slopeOf(points: readonly Point[]): Slope {
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const residuals = points.map(({ x, y }) => y - meanY - slope * (x - meanX));
  const degrees = effective(residuals) - 2;
  if (!(degrees > 0)) return { slope, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const error = Math.sqrt(residuals.reduce((sum, one) => sum + one ** 2, 0) / degrees / spread);
  const half = studentCritical(0.05, degrees) * error;
  return { slope, low: slope - half, high: slope + half };
}
