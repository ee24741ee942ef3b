import type { TEstimate } from './few-repeats.ts';

/**
 * How far runs of the same configuration lie apart: σ of one run (ln), and the degrees of freedom that it is known
 * with.
 */
export interface RunOffset {
  readonly sigma: number;
  readonly degrees: number;
}

/** Fewer runs than these tell nothing of how far runs lie apart. */
const FEWEST_RUNS = 5;
/** Correlation of one night with the next that is usual: neighbours lie closer together than runs weeks apart do. */
const PERSISTENCE = 0.3;
/** Efficiency of differences of neighbours beside the variance about a mean (von Neumann, 1941). */
const EFFICIENCY = 2 / 3;

/**
 * From runs of one configuration in their order, one list a cell (ln of a run's median): half the mean square of
 * neighbours' differences (von Neumann, Annals of Mathematical Statistics 12, 1941), which a change of level meets
 * once and a slow drift hardly, divided by 1 − φ as neighbouring runs resemble each other. It holds the noise of a
 * run's median, too. Null below five runs.
 */
export function runOffset(cells: readonly (readonly number[])[]): RunOffset | null {
  let [square, differences, runs] = [0, 0, 0];
  for (const logs of cells) {
    runs = Math.max(runs, logs.length);
    for (let i = 1; i < logs.length; i++) {
      square += ((logs[i] ?? 0) - (logs[i - 1] ?? 0)) ** 2;
      differences++;
    }
  }
  if (runs < FEWEST_RUNS) return null;
  // Cells of one run share its offset: their number makes no further runs.
  return {
    sigma: Math.sqrt(square / differences / 2 / (1 - PERSISTENCE)),
    degrees: Math.max(1, EFFICIENCY * (runs - 1)),
  };
}

/** An estimate from two runs with the offset of each as a random effect: its variance counts twice. */
export function withOffset(estimate: TEstimate, { sigma, degrees }: RunOffset): TEstimate {
  const own = estimate.error ** 2;
  const offset = 2 * sigma ** 2;
  const variance = own + offset;
  return {
    ...estimate,
    error: Math.sqrt(variance),
    // Satterthwaite (Biometrics 2, 1946).
    degrees: variance ** 2 / (own ** 2 / estimate.degrees + offset ** 2 / degrees),
  };
}
