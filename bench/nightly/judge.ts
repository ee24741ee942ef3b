import { analyseSeries, DEFAULT_POLICY, type Policy, type SeriesAnalysis, testSplit } from './decide.ts';
import type { Direction } from './metrics.ts';

/** One night of a series; nights of different series meet by `night`. */
export interface NightValue {
  readonly night: string;
  readonly value: number;
}

export interface JudgedSeries {
  readonly id: string;
  readonly metric: string;
  readonly direction: Direction;
  readonly delta: number;
  readonly points: readonly NightValue[];
  /** Nights whose change somebody has accepted. */
  readonly accepted: readonly string[];
}

export type SeriesVerdict = 'learning' | 'steady' | 'improved' | 'warning' | 'regressed' | 'environment';

/** What the canary says about the nights around one change. */
export interface EnvironmentShift {
  /** Night of the change. */
  readonly night: string;
  /** New level ÷ old level of the canary. */
  readonly ratio: number;
  readonly p: number;
}

export interface JudgedChange {
  readonly night: string;
  readonly ratio: number;
  readonly p: number;
  readonly worse: boolean;
  readonly accepted: boolean;
  readonly recent: boolean;
  readonly confirmed: boolean;
  /** The canary moved with it, the same way. */
  readonly environment: EnvironmentShift | null;
}

export interface SeriesJudgement {
  readonly id: string;
  readonly verdict: SeriesVerdict;
  readonly changes: readonly JudgedChange[];
}

export interface CanaryJudgement {
  /** The gates are suspended: what got slower tonight may be the machine. */
  readonly moved: boolean;
  readonly reasons: readonly string[];
  readonly series: readonly SeriesJudgement[];
}

export interface NightJudgement {
  readonly canary: CanaryJudgement;
  readonly series: readonly SeriesJudgement[];
}

/** p below which the canary's move at the place of a series' change explains it; not a gate, so not as strict. */
const CANARY_P = 0.02;
/** Least share of a change that the canary has to show to explain it. */
const CANARY_SHARE = 0.4;

const logRatio = (ratio: number): number => Math.log(ratio);

/** The canary between the nights around a series' change, or null where it stood still or went the other way. */
function explain(
  series: JudgedSeries,
  change: { readonly index: number; readonly ratio: number },
  canary: JudgedSeries | undefined,
  policy: Policy,
): EnvironmentShift | null {
  const night = series.points[change.index]?.night;
  if (canary === undefined || night === undefined) return null;
  const since = series.points[Math.max(0, change.index - policy.window)]?.night ?? '';
  const until = series.points[change.index + policy.window]?.night;
  const within = canary.points.filter((p) => p.night >= since && (until === undefined || p.night < until));
  const values = within.map(({ value }) => value);
  const split = within.filter((p) => p.night < night).length;
  const own = logRatio(change.ratio);
  // A series' change may be seen a night beside the canary's, in particular on the first nights.
  for (const place of [split, split + 1, split - 1]) {
    const test = testSplit(values, place, canary.delta);
    if (test === null || test.p > CANARY_P) continue;
    const its = logRatio(test.ratio);
    if (Math.sign(own) === Math.sign(its) && Math.abs(its) >= CANARY_SHARE * Math.abs(own)) {
      return { night: within[place]?.night ?? night, ...test };
    }
  }
  return null;
}

function verdictOf(analysis: SeriesAnalysis, changes: readonly JudgedChange[], delta: number): SeriesVerdict {
  if (analysis.state === 'learning') return 'learning';
  const recent = changes.filter(
    (change) => change.recent && !change.accepted && Math.abs(logRatio(change.ratio)) >= Math.log1p(delta),
  );
  const own = recent.filter(({ environment }) => environment === null);
  if (own.some(({ confirmed }) => confirmed)) return 'regressed';
  if (own.some(({ worse }) => worse)) return 'warning';
  if (recent.some(({ environment }) => environment !== null)) return 'environment';
  return own.length > 0 ? 'improved' : 'steady';
}

function judgeSeries(
  series: JudgedSeries,
  canary: JudgedSeries | undefined,
  family: number,
  policy: Policy,
): SeriesJudgement {
  const indexOf = new Map(series.points.map(({ night }, index) => [night, index]));
  const analysis = analyseSeries(
    {
      values: series.points.map(({ value }) => value),
      direction: series.direction,
      delta: series.delta,
      accepted: series.accepted.flatMap((night) => indexOf.get(night) ?? []),
      family,
    },
    policy,
  );
  const changes = analysis.changes.map(
    ({ index, ...change }): JudgedChange => ({
      ...change,
      night: series.points[index]?.night ?? '',
      environment: explain(series, { index, ratio: change.ratio }, canary, policy),
    }),
  );
  return { id: series.id, verdict: verdictOf(analysis, changes, series.delta), changes };
}

/**
 * The canary holds everything fixed that the nights are there to test, so a change of it is the environment's. It
 * has moved where one of its series has a change in the last nights, of either direction and one night being
 * enough: suspending the gates for a night costs less than blaming the code.
 */
function judgeCanary(
  canaries: readonly JudgedSeries[],
  drift: readonly string[],
  policy: Policy,
): CanaryJudgement {
  const reasons = [...drift];
  const series = canaries.map((canary) => judgeSeries(canary, undefined, canaries.length, policy));
  for (const [i, judged] of series.entries()) {
    const margin = Math.log1p(canaries[i]?.delta ?? 0);
    for (const change of judged.changes) {
      if (!change.recent || change.accepted || Math.abs(logRatio(change.ratio)) < margin) continue;
      const percent = ((change.ratio - 1) * 100).toFixed(1);
      reasons.push(`canary ${canaries[i]?.metric} changed by ${percent} % on ${change.night}`);
    }
  }
  return { moved: reasons.length > 0, reasons, series };
}

/**
 * Judges the last night of every series. `drift` holds what the canary showed within the night (first run against
 * last). A change that the canary shows at the same nights is the environment's, whatever else it did.
 */
export function judgeNight(
  series: readonly JudgedSeries[],
  canaries: readonly JudgedSeries[],
  drift: readonly string[] = [],
  policy: Policy = DEFAULT_POLICY,
): NightJudgement {
  const byMetric = new Map(canaries.map((canary) => [canary.metric, canary]));
  return {
    canary: judgeCanary(canaries, drift, policy),
    series: series.map((one) => judgeSeries(one, byMetric.get(one.metric), series.length, policy)),
  };
}
