import { poolTask } from '../common/pool.ts';
import { benjaminiHochberg } from './false-discovery.ts';
import { mannWhitney } from './mann-whitney.ts';
import { repeatsNeeded, robustSigma } from './power.ts';
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
}

export interface Comparison {
  readonly verdict: Verdict;
  /** Two-sided p of the exact test, and the same adjusted for its family. */
  readonly p: number;
  readonly adjustedP: number;
  /** Typical candidate ÷ base: exp of the Hodges–Lehmann estimate of ln ratios. */
  readonly effect: number;
  /** 1 − alpha interval of the effect; null where there are too few runs for that level. */
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
  readonly p: number;
  /** In ln. */
  readonly estimate: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly sigma: number;
}

function assess(input: ComparisonInput): Assessment {
  const { base, candidate, paired, alpha = 0.05 } = input;
  if ([...base, ...candidate].some((value) => !(value > 0 && value < Number.POSITIVE_INFINITY))) {
    throw new RangeError('ratios need values above zero');
  }
  if (paired && base.length !== candidate.length)
    throw new RangeError('pairs need as many values on each side');
  const logBase = base.map(Math.log);
  const logCandidate = candidate.map(Math.log);
  if (paired) {
    const differences = logCandidate.map((value, i) => value - (logBase[i] ?? Number.NaN));
    const { p, estimate, interval } = signedRank(differences, 1 - alpha);
    return { p, estimate, interval, sigma: robustSigma(differences) };
  }
  const { p, shift, interval } = mannWhitney(logBase, logCandidate, 1 - alpha);
  const sigma = Math.hypot(robustSigma(logBase), robustSigma(logCandidate)) / Math.SQRT2;
  return { p, estimate: shift, interval, sigma };
}

function decide(input: ComparisonInput, assessment: Assessment, adjustedP: number): Comparison {
  const { delta, direction, alpha = 0.05, paired } = input;
  const { p, estimate, interval, sigma } = assessment;
  const margin = Math.log1p(delta);
  let verdict: Verdict = 'inconclusive';
  if (interval !== null && interval.low > -margin && interval.high < margin) verdict = 'equivalent';
  else if (adjustedP <= alpha && Math.abs(estimate) >= margin) {
    verdict = estimate > 0 === (direction === 'lower-is-better') ? 'regressed' : 'improved';
  }
  return {
    verdict,
    p,
    adjustedP,
    effect: Math.exp(estimate),
    interval: interval === null ? null : { low: Math.exp(interval.low), high: Math.exp(interval.high) },
    baseRuns: input.base.length,
    candidateRuns: input.candidate.length,
    repeatsNeeded:
      verdict === 'inconclusive'
        ? repeatsNeeded({ effect: estimate, sigma, paired, margin, alpha, power: 0.8 })
        : null,
  };
}

/**
 * Compares a family of metrics × configurations. Each is tested exactly, paired by Wilcoxon's signed-rank test on
 * ln(candidate ÷ base) or unpaired by Mann–Whitney's on ln values; p-values are adjusted by Benjamini–Hochberg.
 * Equivalent: the interval lies inside ±δ, however small p is. Regressed or improved: adjusted p ≤ alpha and an
 * effect of at least δ. Anything else is inconclusive: a large p is no sign of equality.
 * Throws RangeError for values that are not above zero and for pairs of unequal number.
 */
export function compareFamily(family: readonly ComparisonInput[]): Comparison[] {
  const assessments = family.map(assess);
  const adjusted = benjaminiHochberg(assessments.map(({ p }) => p));
  return family.map((input, i) => {
    const assessment = assessments[i] ?? assess(input);
    return decide(input, assessment, adjusted[i] ?? assessment.p);
  });
}

/** {@link compareFamily} of one comparison. */
export function verdict(
  base: readonly number[],
  candidate: readonly number[],
  options: ComparisonOptions,
): Comparison {
  const input = { ...options, base, candidate };
  const assessment = assess(input);
  return decide(input, assessment, assessment.p);
}

export const compareTask = poolTask(import.meta.url, 'compareTask', compareFamily);
