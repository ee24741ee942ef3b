import { createRandom } from '../common/random.ts';
import { mad, mean } from './describe.ts';
import { deviation, shownByFew, type TEstimate, tInterval } from './few-repeats.ts';
import { criticalU } from './mann-whitney.ts';
import { normalDraw, normalQuantile } from './normal.ts';
import type { RunOffset } from './run-offset.ts';
import { criticalT } from './signed-rank.ts';

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
  /** Rows of the table, and those of them that are findings already: p is adjusted over all of them. */
  readonly rows?: number;
  readonly found?: number;
  /** Repeats that were not enough. */
  readonly had?: number;
  /** How far runs lie apart, where the sides are two runs: repeats take nothing from it. */
  readonly offset?: RunOffset;
}

/** Wilcoxon's tests need 1 / 0.955 as many samples as the t-test where noise is normal (Hodges and Lehmann, 1956). */
const EFFICIENCY = 3 / Math.PI;
/** More repeats than anybody runs: no number is given above it. */
const MAX_REPEATS = 500;
/** Up to here power is simulated: that of a rank test near its floor is far from the normal approximation's. */
const SIMULATED_REPEATS = 30;
const DRAWS = 200;

/** A standard deviation that one bad run can't inflate: 1.4826 × MAD, or the plain one where more than half are equal. */
export function robustSigma(values: readonly number[]): number {
  const robust = 1.4826 * mad(values);
  return robust > 0 ? robust : deviation(values);
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
 * How many repeats would probably have decided it, if effect and noise are as they were observed and the table's
 * other rows stay as they are: a row is a finding under Benjamini and Hochberg's adjustment where its p is at most
 * alpha · (found + 1) ÷ rows. Up to 30 repeats the power of the real rules is simulated; above,
 * n = ((z_{1−α/2} + z_power) σ / effect)² ÷ 0.955 to confirm a difference, (z_power σ / (|effect| − margin))² for its
 * estimate to come out beyond the margin, and ((z_{1−α/2} + z_{(1+power)/2}) σ / (margin − |effect|))² to fit the
 * interval inside it; each side twice that where runs are not paired. null where that is more than 500.
 */
export function repeatsNeeded(input: PowerInput): number | null {
  const { offset, had = 1 } = input;
  const ideal = idealRepeats(input);
  if (offset !== undefined) {
    const repeats = Math.max(2, had + 1, Math.ceil(ideal));
    return ideal > 0 && repeats <= MAX_REPEATS ? repeats : null;
  }
  if (Number.isNaN(ideal)) return null;
  const least = Math.max(2, had + 1);
  if (Math.max(least, ideal) <= SIMULATED_REPEATS) {
    let [low, high] = [least, SIMULATED_REPEATS + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (simulatedPower(input, middle) >= input.power) high = middle;
      else low = middle + 1;
    }
    if (low <= SIMULATED_REPEATS) return low;
  }
  const repeats = Math.max(SIMULATED_REPEATS + 1, least, Math.ceil(ideal));
  return Number.isFinite(repeats) && repeats <= MAX_REPEATS ? repeats : null;
}

/** The level that a row's own p has to reach. */
const levelOf = ({ alpha, rows = 1, found = 0 }: PowerInput): number => (alpha * (found + 1)) / rows;

/** By the normal approximation; not above zero where the offset of runs alone keeps it open. */
function idealRepeats(input: PowerInput): number {
  const { effect, sigma, paired, margin, alpha, power, offset } = input;
  const size = Math.abs(effect);
  const sides = paired ? 1 : 2;
  const runs = offset === undefined ? 0 : 2 * offset.sigma ** 2;
  const of = (z: number, distance: number): number => {
    const left = (distance / z) ** 2 - runs;
    return left <= 0 && runs > 0 ? Number.NaN : (sides * sigma ** 2) / left / EFFICIENCY;
  };
  if (size < margin) {
    return of(normalQuantile(1 - alpha / 2) + normalQuantile((1 + power) / 2), margin - size);
  }
  return Math.max(
    of(normalQuantile(1 - levelOf(input) / 2) + normalQuantile(power), size),
    of(normalQuantile(power), size - margin),
  );
}

/** Share of simulated tables in which `n` repeats decide this row, by the exact test or by that of few repeats. */
function simulatedPower(input: PowerInput, n: number): number {
  const { effect, sigma, paired, margin, alpha, rows = 1 } = input;
  const random = createRandom(n);
  const level = levelOf(input);
  // Below this, p is at most the level.
  const critical = paired ? criticalT(n, level / 2) : criticalU(n, n, level / 2);
  let decided = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const noise = Array.from({ length: paired ? n : 2 * n }, () => sigma * normalDraw(random));
    const estimate = paired ? pairedDraw(noise, effect) : unpairedDraw(noise, effect);
    if (Math.abs(effect) < margin) {
      const { low, high } = tInterval(estimate, alpha);
      if (low > -margin && high < margin) decided++;
    } else if (
      (estimate.tail < critical && Math.abs(estimate.difference) >= margin) ||
      shownByFew(estimate, margin, alpha, rows)
    ) {
      decided++;
    }
  }
  return decided / DRAWS;
}

/** `tail`: the smaller of the two rank statistics, by counting: this runs thousands of times. */
interface Draw extends TEstimate {
  readonly tail: number;
}

/** T⁺ is the number of Walsh averages above zero. */
function pairedDraw(noise: readonly number[], effect: number): Draw {
  const n = noise.length;
  let above = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) if ((noise[i] ?? 0) + (noise[j] ?? 0) > -2 * effect) above++;
  }
  const tail = Math.min(above, (n * (n + 1)) / 2 - above);
  const error = deviation(noise) / Math.sqrt(n);
  return { difference: mean(noise) + effect, error, degrees: n - 1, apart: tail === 0, tail };
}

/** U is the number of pairs in which the candidate's repeat is the larger one. */
function unpairedDraw(noise: readonly number[], effect: number): Draw {
  const n = noise.length / 2;
  let above = 0;
  for (let i = 0; i < n; i++) {
    for (let j = n; j < 2 * n; j++) if ((noise[j] ?? 0) + effect > (noise[i] ?? 0)) above++;
  }
  const [base, candidate] = [noise.slice(0, n), noise.slice(n)];
  const tail = Math.min(above, n * n - above);
  return {
    difference: mean(candidate) + effect - mean(base),
    error: Math.hypot(deviation(base), deviation(candidate)) / Math.sqrt(n),
    degrees: 2 * (n - 1),
    apart: tail === 0,
    tail,
  };
}
