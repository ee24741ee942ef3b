import { mean, median } from './describe.ts';
import { studentCritical, studentTwoSided } from './student-t.ts';

/** Both sides of a comparison in ln, with the relative difference that matters as ln(1 + δ). */
export interface LogSides {
  readonly base: readonly number[];
  readonly candidate: readonly number[];
  /** True where base[i] and candidate[i] ran in the same block. */
  readonly paired: boolean;
  readonly margin: number;
}

/** A difference of two levels (ln) with its standard error and the degrees of freedom of that. */
export interface TEstimate {
  readonly difference: number;
  readonly error: number;
  readonly degrees: number;
  /** Every pair differs in the same direction; or no repeat of one side lies among those of the other. */
  readonly apart: boolean;
}

/** Repeats are never taken to vary by less than this share of ln(1 + δ): two that agree by chance are no certainty. */
const LEAST_SPREAD = 0.1;

/** Sample standard deviation; 0 for fewer than two values. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

const differencesOf = ({ base, candidate }: LogSides): number[] =>
  candidate.map((value, i) => value - (base[i] ?? Number.NaN));

/** How far one difference (paired) or one repeat of a side (unpaired) strays. */
export function spreadOf(sides: LogSides): number {
  if (sides.paired) return deviation(differencesOf(sides));
  return Math.hypot(deviation(sides.base), deviation(sides.candidate)) / Math.SQRT2;
}

/**
 * The difference by Student's t on logarithms: paired, or Welch's with Satterthwaite's degrees of freedom. The spread
 * is checked from three sides, and the largest counts: the repeats' own, the usual one of the table's other rows of
 * the same figure (`others`), and a tenth of ln(1 + δ). Null with fewer than two repeats on a side.
 */
export function tEstimate(sides: LogSides, others: readonly number[]): TEstimate | null {
  const { base, candidate, paired, margin } = sides;
  if (Math.min(base.length, candidate.length) < 2) return null;
  const least = Math.max(LEAST_SPREAD * margin, others.length === 0 ? 0 : median(others));
  if (paired) {
    const differences = differencesOf(sides);
    const n = differences.length;
    const error = Math.max(deviation(differences), least) / Math.sqrt(n);
    const apart = differences.every((one) => one > 0) || differences.every((one) => one < 0);
    return { difference: mean(differences), error, degrees: n - 1, apart };
  }
  const parts = [base, candidate].map((values) => ({
    variance: Math.max(deviation(values), least) ** 2 / values.length,
    degrees: values.length - 1,
  }));
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  const degrees = variance ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.degrees, 0);
  const apart = Math.min(...candidate) > Math.max(...base) || Math.max(...candidate) < Math.min(...base);
  return { difference: mean(candidate) - mean(base), error: Math.sqrt(variance), degrees, apart };
}

export function tInterval({ difference, error, degrees }: TEstimate, alpha: number) {
  const half = studentCritical(alpha, degrees) * error;
  return { low: difference - half, high: difference + half };
}

/** Two-sided p of no difference. */
export const tTest = ({ difference, error, degrees }: TEstimate): number =>
  studentTwoSided(difference / error, degrees);

/**
 * Whether a few repeats show a difference that matters though no rank test of so few could: the sides lie apart, and
 * the interval at `alpha` shared out over all rows of the table (Bonferroni) lies wholly beyond ±δ.
 */
export function shownByFew(estimate: TEstimate, margin: number, alpha: number, rows: number): boolean {
  if (!estimate.apart) return false;
  const { low, high } = tInterval(estimate, alpha / rows);
  return low > margin || high < -margin;
}
