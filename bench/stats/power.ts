import { mad, mean } from './describe.ts';
import { normalQuantile } from './normal.ts';

export interface PowerInput {
  /** Hodges–Lehmann estimate of ln(candidate ÷ base). */
  readonly effect: number;
  /** Standard deviation of one difference (paired), or of one run (unpaired), in ln. */
  readonly sigma: number;
  readonly paired: boolean;
  /** Half width of the region of equivalence, in ln. */
  readonly margin: number;
  /** Two-sided level, and the chance to reach a verdict. */
  readonly alpha: number;
  readonly power: number;
}

/** Wilcoxon's tests need 1 / 0.955 as many samples as the t-test where noise is normal (Hodges and Lehmann, 1956). */
const EFFICIENCY = 3 / Math.PI;
/** More repeats than anybody runs: no number is given above it. */
const MAX_REPEATS = 500;

/** A standard deviation that one bad run cannot inflate: 1.4826 × MAD, or the plain one where more than half are equal. */
export function robustSigma(values: readonly number[]): number {
  const robust = 1.4826 * mad(values);
  if (robust > 0 || values.length < 2) return robust;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** The fewest samples (pairs, or runs of each side) whose smallest two-sided p is at most alpha. */
export function fewestRepeats(alpha: number, paired: boolean): number {
  let ways = 1;
  for (let n = 1; n <= MAX_REPEATS; n++) {
    // 2^n sign patterns, or C(2n, n) ways to choose one side's runs.
    ways *= paired ? 2 : (2 * (2 * n - 1)) / n;
    if (2 / ways <= alpha) return n;
  }
  return MAX_REPEATS;
}

/**
 * How many repeats would probably have decided it, if effect and noise are as they were observed:
 * n = ((z_{1−α/2} + z_power) σ / effect)² ÷ 0.955 to confirm a difference of at least the margin;
 * n = ((z_{1−α/2} + z_{(1+power)/2}) σ / (margin − |effect|))² ÷ 0.955 to fit the interval inside the margin;
 * each side twice that where runs are not paired. null where that is more than 500.
 */
export function repeatsNeeded(input: PowerInput): number | null {
  const { effect, sigma, paired, margin, alpha, power } = input;
  const size = Math.abs(effect);
  const distance = size >= margin ? size : margin - size;
  const z = normalQuantile(1 - alpha / 2) + normalQuantile(size >= margin ? power : (1 + power) / 2);
  const ideal = ((z * sigma) / distance) ** 2 / EFFICIENCY;
  const repeats = Math.max(fewestRepeats(alpha, paired), Math.ceil(paired ? ideal : 2 * ideal));
  return Number.isFinite(repeats) && repeats <= MAX_REPEATS ? repeats : null;
}
