/**
 * The highest offered rate that a cell sustains: bracket in growing steps, bisect on a logarithmic scale, then try the
 * upper end again; each probe is a repeat of its own with its own warm-up. Pure but for `probe`: the next rate follows
 * from the outcomes before it alone, so a search is deterministic for a seed and goes on after a cut from what it kept.
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
  /** The generators held the load back: says nothing of the cluster. */
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
   * cluster: the interval is the cluster's. generator: at `highPerSec` the generators were the limit, so the
   * cluster may carry more. range: the bounds of the search ended it. probes, time: that budget ran out first.
   */
  readonly limitedBy: 'cluster' | 'generator' | 'range' | 'probes' | 'time';
  readonly probes: readonly ProbeOutcome[];
}

/** The first step away from the start. Each further one is the square of the one before, up to the largest. */
const SMALLEST_STEP = Math.SQRT2;
const LARGEST_STEP = 4;
/** A failure may be a hiccup of the machine, a success hardly: the upper end of the answer has to have failed twice. */
const FAILURES_NEEDED = 2;

interface Bracket {
  /** Sustained, highest first. */
  readonly lows: readonly ProbeOutcome[];
  /** Failed and not sustained at that rate or above, lowest first, the last probe of each rate. */
  readonly highs: readonly ProbeOutcome[];
}

/** Where the outcomes leave the search. A failure below a rate that was sustained was a hiccup, and counts no more. */
function bracketOf(outcomes: readonly ProbeOutcome[]): Bracket {
  const distinct = (list: readonly ProbeOutcome[]): ProbeOutcome[] => [
    ...new Map(list.map((one) => [one.ratePerSec, one])).values(),
  ];
  const sustained = outcomes.filter((one) => one.sustained);
  const lowPerSec = Math.max(Number.NEGATIVE_INFINITY, ...sustained.map((one) => one.ratePerSec));
  const failed = outcomes.filter((one) => !one.sustained && one.ratePerSec > lowPerSec);
  return {
    lows: distinct(sustained).sort((a, b) => b.ratePerSec - a.ratePerSec),
    highs: distinct(failed).sort((a, b) => a.ratePerSec - b.ratePerSec),
  };
}

/** The step on from the last of two rates on one side of the bracket: the square of the one between them. */
function stepFrom(last: ProbeOutcome, before: ProbeOutcome | undefined): number {
  if (before === undefined) return SMALLEST_STEP;
  const ratio = Math.max(last.ratePerSec / before.ratePerSec, before.ratePerSec / last.ratePerSec);
  return Math.min(LARGEST_STEP, Math.max(SMALLEST_STEP, ratio ** 2));
}

const clamp = (rate: number, spec: SearchSpec): number =>
  Math.min(spec.maxPerSec, Math.max(spec.minPerSec, rate));

/** The next rate to probe after these outcomes, or null when the search is over. */
export function nextRate(spec: SearchSpec, outcomes: readonly ProbeOutcome[]): number | null {
  const { lows, highs } = bracketOf(outcomes);
  const [low, high] = [lows[0], highs[0]];
  if (high === undefined) {
    if (low === undefined) return clamp(spec.startPerSec, spec);
    return low.ratePerSec >= spec.maxPerSec ? null : clamp(low.ratePerSec * stepFrom(low, lows[1]), spec);
  }
  if (low === undefined && high.ratePerSec > spec.minPerSec) {
    return clamp(high.ratePerSec / stepFrom(high, highs[1]), spec);
  }
  if (low !== undefined && high.ratePerSec / low.ratePerSec - 1 > spec.precision) {
    return Math.sqrt(high.ratePerSec * low.ratePerSec);
  }
  const failures = outcomes.filter((one) => one.ratePerSec === high.ratePerSec && !one.sustained).length;
  return failures >= FAILURES_NEEDED ? null : high.ratePerSec;
}

/**
 * @param probe runs one probe at a rate; `index` counts from 0 and names its seed
 * @param timeIsUp whether there is no time for another probe; the first one always runs
 */
export async function searchRate(
  spec: SearchSpec,
  probe: (ratePerSec: number, index: number) => Promise<ProbeOutcome>,
  timeIsUp: () => boolean = () => false,
): Promise<SearchAnswer> {
  const probes: ProbeOutcome[] = [];
  let exhausted: 'probes' | 'time' | null = null;
  for (;;) {
    const rate = nextRate(spec, probes);
    if (rate === null) break;
    if (probes.length >= spec.maxProbes) exhausted = 'probes';
    else if (probes.length > 0 && timeIsUp()) exhausted = 'time';
    if (exhausted !== null) break;
    probes.push(await probe(rate, probes.length));
  }
  const { lows, highs } = bracketOf(probes);
  const [low, high] = [lows[0], highs[0]];
  const open = low === undefined || high === undefined;
  return {
    lowPerSec: low?.ratePerSec ?? null,
    highPerSec: high?.ratePerSec ?? null,
    failed: high?.failed ?? [],
    // A load that was held back says nothing of the cluster, whatever ended the search.
    limitedBy: high?.generatorLimited === true ? 'generator' : (exhausted ?? (open ? 'range' : 'cluster')),
    probes,
  };
}
