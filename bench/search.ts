/**
 * The highest offered rate that a cell sustains: bracket, then bisect on a logarithmic scale, each probe a repeat of
 * its own with its own warm-up. Pure but for `probe`: the next rate follows from the outcomes before it alone, so a
 * search is deterministic for a seed and goes on after a cut from the probes that were kept.
 *
 * The counter-example is OpenMessaging Benchmark's finder, which ramps the rate inside one running measurement, so
 * that the backlog of each step spoils the next.
 */

/** What one probe found at one offered rate. */
export interface ProbeOutcome {
  readonly ratePerSec: number;
  readonly sustained: boolean;
  /** Criteria that failed, worst first; empty where it was sustained. */
  readonly failed: readonly string[];
  /** The load processes held the load back: says nothing of the cluster. */
  readonly generatorLimited: boolean;
}

export interface SearchSpec {
  readonly minPerSec: number;
  readonly maxPerSec: number;
  /** First rate to probe. */
  readonly startPerSec: number;
  readonly maxProbes: number;
  /** Done when high / low − 1 is at most this. */
  readonly precision: number;
}

export interface SearchAnswer {
  /** Highest rate that was seen sustained; null where not even the lowest was. */
  readonly lowPerSec: number | null;
  /** Lowest rate that was seen to fail; null where the highest allowed was sustained. */
  readonly highPerSec: number | null;
  /** What failed at `highPerSec`. */
  readonly failed: readonly string[];
  /**
   * cluster: the interval is the cluster's. generator: at `highPerSec` the load processes were the limit, so the
   * cluster may carry more. range: the bounds of the search ended it. probes: the budget ran out first.
   */
  readonly limitedBy: 'cluster' | 'generator' | 'range' | 'probes';
  readonly probes: readonly ProbeOutcome[];
}

const GROWTH = 2;
/** A failure may be a hiccup of the machine, a success hardly: a failure counts when a second probe there agrees. */
const CONFIRMATIONS = 1;

interface Bracket {
  low: ProbeOutcome | null;
  high: ProbeOutcome | null;
}

/** The next rate to probe, or null when the search is over. */
export function nextRate(spec: SearchSpec, bracket: Bracket): number | null {
  const { low, high } = bracket;
  if (low === null && high === null) return clamp(spec.startPerSec, spec);
  if (high === null && low !== null) {
    return low.ratePerSec >= spec.maxPerSec ? null : clamp(low.ratePerSec * GROWTH, spec);
  }
  if (low === null && high !== null) {
    return high.ratePerSec <= spec.minPerSec ? null : clamp(high.ratePerSec / GROWTH, spec);
  }
  if (low === null || high === null) return null;
  if (high.ratePerSec / low.ratePerSec - 1 <= spec.precision) return null;
  return Math.sqrt(high.ratePerSec * low.ratePerSec);
}

const clamp = (rate: number, spec: SearchSpec): number =>
  Math.min(spec.maxPerSec, Math.max(spec.minPerSec, rate));

/**
 * @param probe runs one probe at a rate; `index` counts from 0 and names its seed
 * @param known outcomes of a search that was cut off, in order: they are not run again
 */
export async function searchRate(
  spec: SearchSpec,
  probe: (ratePerSec: number, index: number) => Promise<ProbeOutcome>,
  known: readonly ProbeOutcome[] = [],
): Promise<SearchAnswer> {
  const probes: ProbeOutcome[] = [];
  const bracket: Bracket = { low: null, high: null };
  let exhausted = false;
  const run = async (rate: number): Promise<ProbeOutcome> => {
    const outcome = known[probes.length] ?? (await probe(rate, probes.length));
    probes.push(outcome);
    return outcome;
  };
  for (;;) {
    const rate = nextRate(spec, bracket);
    if (rate === null) break;
    if (probes.length >= spec.maxProbes) {
      exhausted = true;
      break;
    }
    let outcome = await run(rate);
    for (let i = 0; i < CONFIRMATIONS && !outcome.sustained && probes.length < spec.maxProbes; i++) {
      outcome = await run(rate);
    }
    if (outcome.sustained) bracket.low = outcome;
    else bracket.high = outcome;
  }
  const { low, high } = bracket;
  return {
    lowPerSec: low?.ratePerSec ?? null,
    highPerSec: high?.ratePerSec ?? null,
    failed: high?.failed ?? [],
    limitedBy: exhausted
      ? 'probes'
      : high === null || low === null
        ? 'range'
        : high.generatorLimited
          ? 'generator'
          : 'cluster',
    probes,
  };
}
