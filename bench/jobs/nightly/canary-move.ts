import { oriented } from './decide.ts';
import type { JudgedSeries } from './judged-series.ts';
import type { Policy } from './policy.ts';
import { testRun } from './run-test.ts';
import { strays, type Tail, tailOf } from './tails.ts';

/** Newest nights in which a move of the canary suspends the gates. */
const LONGEST_MOVE = 5;
/** Chance that spoiled nights alone suspend the gates, over all series of the canary, lengths and directions. */
const MOVE_P = 0.01;
const LEVEL_P = 0.0002;

export interface CanaryMove {
  /** First night of the new level. */
  readonly from: number;
  /** New level ÷ old level. */
  readonly ratio: number;
}

/**
 * Where the canary stands apart from the nights before, in either direction: one night is enough where no night of
 * the canary ever strayed so far, several where spoiled nights are usual. Null where it stands still.
 */
export function canaryMove(
  canary: Pick<JudgedSeries, 'values' | 'lows' | 'highs' | 'direction' | 'delta' | 'accepted' | 'times'>,
  pool: Tail | undefined,
  family: number,
  policy: Policy,
): CanaryMove | null {
  const { logs, sign } = oriented(canary);
  return canaryMoveOf(logs, sign, canary, { own: undefined, pool }, family, policy);
}

export function canaryMoveOf(
  logs: Float64Array,
  sign: number,
  { delta, accepted, times }: Pick<JudgedSeries, 'delta' | 'accepted' | 'times'>,
  tails: { readonly own: Tail | undefined; readonly pool: Tail | undefined },
  family: number,
  policy: Policy,
): CanaryMove | null {
  const to = logs.length;
  if (to < policy.minBaseline + 1) return null;
  const margin = Math.log1p(delta);
  const own = tails.own ?? tailOf([strays(logs)]);
  const mirrored = logs.map((value) => -value);
  const tests = 2 * LONGEST_MOVE * family;
  for (let k = 1; k <= LONGEST_MOVE && to - k >= policy.minBaseline; k++) {
    const from = to - k;
    if (accepted.some((time) => time >= (times[from] ?? 0))) continue;
    for (const direction of ['up', 'down'] as const) {
      const run = testRun(
        direction === 'up' ? logs : mirrored,
        { baseFrom: Math.max(0, from - policy.baseline), from, to },
        Number.NEGATIVE_INFINITY,
        { own, pool: tails.pool ?? own, direction },
        margin,
      );
      if (run === null || run.levelP > LEVEL_P || run.strayP * tests > MOVE_P) continue;
      return { from, ratio: Math.exp(sign * (direction === 'up' ? run.shift : -run.shift)) };
    }
  }
  return null;
}
