import { poolTask } from '../common/pool.ts';
import { benjaminiHochberg } from './false-discovery.ts';
import {
  type LogSides,
  shownByFew,
  spreadOf,
  type TEstimate,
  tEstimate,
  tInterval,
  tTest,
} from './few-repeats.ts';
import { mannWhitney } from './mann-whitney.ts';
import { repeatsNeeded, robustSigma } from './power.ts';
import { type RunOffset, withOffset } from './run-offset.ts';
import { signedRank } from './signed-rank.ts';

type Verdict = 'regressed' | 'improved' | 'equivalent' | 'inconclusive';

export interface ComparisonOptions {
  /** True where base[i] and candidate[i] ran in the same block. */
  readonly paired: boolean;
  /** Relative difference that matters, such as 0.05: ratios from 1/(1 + δ) to 1 + δ are equivalent. */
  readonly delta: number;
  readonly direction: 'lower-is-better' | 'higher-is-better';
  /** Two-sided level, of a test alone or of the false findings in a family; default 0.05. */
  readonly alpha?: number;
  /** Rows of the same figure are a check on each other's spread where repeats are few. */
  readonly figure?: string;
  /**
   * How far runs of the same lie apart, where the two sides are runs of their own; `unknown` leaves the verdict open.
   * Left out: the sides share their run, or no offset is assumed.
   */
  readonly offset?: RunOffset | 'unknown';
}

export interface Comparison {
  readonly verdict: Verdict;
  /** What it would be if runs had no offset of their own; null where the offset is known, or there is none. */
  readonly withoutOffset: Verdict | null;
  /** What decided: the exact rank test, t on logarithms for few repeats, or t with each run's offset. */
  readonly procedure: 'exact' | 'few-repeats' | 'run-offset';
  /** Two-sided p of the exact test (of t with `run-offset`), and the same adjusted for its family. */
  readonly p: number;
  readonly adjustedP: number;
  /** Typical candidate ÷ base: exp of the Hodges–Lehmann estimate of ln ratios. */
  readonly effect: number;
  /** 1 − alpha interval of the effect, by t where there are too few repeats for ranks; null for a single repeat. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly baseRuns: number;
  readonly candidateRuns: number;
  /** Repeats that would probably have decided it; null where more than 500, or where it is decided. */
  readonly repeatsNeeded: number | null;
}

/** One metric of one configuration: a value a run, on both sides. */
export interface ComparisonInput extends ComparisonOptions {
  readonly base: readonly number[];
  readonly candidate: readonly number[];
}

interface Assessment {
  readonly sides: LogSides;
  readonly p: number;
  /** In ln. */
  readonly estimate: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly sigma: number;
  /** By Student's t; with the runs' offset where that is known. Null for a single repeat. */
  readonly t: TEstimate | null;
}

function sidesOf({ base, candidate, paired, delta }: ComparisonInput): LogSides {
  if ([...base, ...candidate].some((value) => !(value > 0 && value < Number.POSITIVE_INFINITY))) {
    throw new RangeError('ratios need values above zero');
  }
  if (paired && base.length !== candidate.length)
    throw new RangeError('pairs need as many values on each side');
  return { base: base.map(Math.log), candidate: candidate.map(Math.log), paired, margin: Math.log1p(delta) };
}

function assess(input: ComparisonInput, sides: LogSides, others: readonly number[]): Assessment {
  const { alpha = 0.05, offset } = input;
  const { base, candidate, paired } = sides;
  const t = tEstimate(sides, others);
  if (paired) {
    const differences = candidate.map((value, i) => value - (base[i] ?? Number.NaN));
    const { p, estimate, interval } = signedRank(differences, 1 - alpha);
    return { sides, p, estimate, interval, sigma: robustSigma(differences), t };
  }
  const { p, shift, interval } = mannWhitney(base, candidate, 1 - alpha);
  const sigma = Math.hypot(robustSigma(base), robustSigma(candidate)) / Math.SQRT2;
  if (offset === undefined || offset === 'unknown') return { sides, p, estimate: shift, interval, sigma, t };
  const apart = t === null ? null : withOffset(t, offset);
  return {
    sides,
    p: apart === null ? 1 : tTest(apart),
    estimate: shift,
    interval: apart === null ? null : tInterval(apart, alpha),
    sigma,
    t: apart,
  };
}

interface Family {
  readonly rows: number;
  /** Rows that the adjusted exact test calls a finding. */
  readonly found: number;
  readonly askRepeats: boolean;
}

function decide(
  input: ComparisonInput,
  assessment: Assessment,
  adjustedP: number,
  family: Family,
): Comparison {
  const { direction, alpha = 0.05, offset, paired } = input;
  const { p, estimate, sigma, t, sides } = assessment;
  const { margin } = sides;
  const known = offset === undefined || offset === 'unknown' ? undefined : offset;
  const interval = assessment.interval ?? (t === null ? null : tInterval(t, alpha));
  const changed: Verdict = estimate > 0 === (direction === 'lower-is-better') ? 'regressed' : 'improved';
  let verdict: Verdict = 'inconclusive';
  let procedure: Comparison['procedure'] = known === undefined ? 'exact' : 'run-offset';
  if (interval !== null && interval.low > -margin && interval.high < margin) {
    verdict = 'equivalent';
    if (assessment.interval === null) procedure = 'few-repeats';
  } else if (adjustedP <= alpha && Math.abs(estimate) >= margin) verdict = changed;
  // Sides that lie apart give the rank test its smallest p: its floor keeps the verdict open, not the data.
  else if (
    known === undefined &&
    adjustedP > alpha &&
    t !== null &&
    shownByFew(t, margin, alpha, family.rows)
  ) {
    verdict = changed;
    procedure = 'few-repeats';
  }
  const repeats = (): number | null =>
    repeatsNeeded({
      effect: estimate,
      sigma,
      paired,
      margin,
      alpha,
      power: 0.8,
      rows: family.rows,
      found: family.found,
      had: Math.min(input.base.length, input.candidate.length),
      ...(known === undefined ? {} : { offset: known }),
    });
  return {
    verdict: offset === 'unknown' ? 'inconclusive' : verdict,
    withoutOffset: offset === 'unknown' ? verdict : null,
    procedure,
    p,
    adjustedP,
    effect: Math.exp(estimate),
    interval: interval === null ? null : { low: Math.exp(interval.low), high: Math.exp(interval.high) },
    baseRuns: input.base.length,
    candidateRuns: input.candidate.length,
    repeatsNeeded: verdict === 'inconclusive' && family.askRepeats ? repeats() : null,
  };
}

/**
 * Compares a family of metrics × configurations. Each is tested exactly, paired by Wilcoxon's signed-rank test on
 * ln(candidate ÷ base) or unpaired by Mann–Whitney's on ln values; p-values are adjusted by Benjamini–Hochberg.
 * Equivalent: the interval lies inside ±δ, however small p is. Regressed or improved: adjusted p ≤ alpha and an
 * effect of at least δ; or, where the sides lie apart and so few repeats can give no smaller p, an interval by t on
 * logarithms (Bonferroni over the family) that lies beyond ±δ. Where the sides are runs of their own, p and interval
 * are those of t with each run's offset. Anything else is inconclusive: a large p is no sign of equality.
 * Throws RangeError for values that are not above zero and for pairs of unequal number.
 */
export function compareFamily(family: readonly ComparisonInput[], askRepeats = true): Comparison[] {
  const sides = family.map(sidesOf);
  const spreads = sides.map(spreadOf);
  const assessments = family.map((input, i) => {
    const others = spreads.filter(
      (_, j) => j !== i && input.figure !== undefined && family[j]?.figure === input.figure,
    );
    return assess(input, sides[i] ?? sidesOf(input), others);
  });
  const adjusted = benjaminiHochberg(assessments.map(({ p }) => p));
  const found = adjusted.filter((p, i) => p <= (family[i]?.alpha ?? 0.05)).length;
  return assessments.map((assessment, i) =>
    decide(family[i] as ComparisonInput, assessment, adjusted[i] ?? assessment.p, {
      rows: family.length,
      found,
      askRepeats,
    }),
  );
}

/** {@link compareFamily} of one comparison. */
export function verdict(
  base: readonly number[],
  candidate: readonly number[],
  options: ComparisonOptions,
): Comparison {
  const [only] = compareFamily([{ ...options, base, candidate }]);
  if (only === undefined) throw new Error('one comparison has one verdict');
  return only;
}

export const compareTask = poolTask(import.meta.url, 'compareTask', (family: readonly ComparisonInput[]) =>
  compareFamily(family),
);
