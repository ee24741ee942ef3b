import { poolTask } from '../../common/pool.ts';
import {
  analyseSeries,
  DEFAULT_POLICY,
  type Policy,
  type SeriesAnalysis,
  type SeriesChange,
  testSplit,
} from './decide.ts';
import type { Direction } from './metrics.ts';

/** A series as it crosses into a worker thread. */
export interface JudgedSeries {
  readonly id: string;
  readonly metric: string;
  readonly direction: Direction;
  readonly delta: number;
  /** When each night was, ms since 1970, ascending; nights of different series meet by it. */
  readonly times: Float64Array;
  /** The nights' medians, above zero. */
  readonly values: Float64Array;
  /** Times of nights whose change somebody has accepted. */
  readonly accepted: readonly number[];
}

export type SeriesVerdict = 'learning' | 'steady' | 'improved' | 'warning' | 'regressed' | 'environment';

/** What the canary says about the nights around one change. */
interface EnvironmentShift {
  /** When the canary changed. */
  readonly time: number;
  /** New level ÷ old level of the canary. */
  readonly ratio: number;
  readonly p: number;
}

export interface JudgedChange extends SeriesChange {
  /** The first night of the new level. */
  readonly time: number;
  /** The canary moved with it, the same way. */
  readonly environment: EnvironmentShift | null;
}

interface SeriesJudgement {
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

/** Index of the first time that is not before `time`. */
function firstFrom(times: Float64Array, time: number): number {
  const index = times.findIndex((other) => other >= time);
  return index < 0 ? times.length : index;
}

/** The canary between the nights around a series' change, or null where it stood still or went the other way. */
function explain(
  series: JudgedSeries,
  change: SeriesChange,
  canary: JudgedSeries | undefined,
  policy: Policy,
): EnvironmentShift | null {
  if (canary === undefined || !change.recent) return null;
  const { times } = series;
  const since = firstFrom(canary.times, times[Math.max(0, change.index - policy.window)] ?? 0);
  const split = firstFrom(canary.times, times[change.index] ?? 0);
  const values = canary.values.subarray(since);
  const own = Math.log(change.ratio);
  // A series' change may be seen a night beside the canary's, in particular on the first nights.
  for (const place of [split, split + 1, split - 1]) {
    const test = testSplit(values, place - since, canary.delta);
    if (test === null || test.p > CANARY_P) continue;
    const its = Math.log(test.ratio);
    if (Math.sign(own) === Math.sign(its) && Math.abs(its) >= CANARY_SHARE * Math.abs(own)) {
      return { time: canary.times[place] ?? Number.NaN, ...test };
    }
  }
  return null;
}

function verdictOf(analysis: SeriesAnalysis, changes: readonly JudgedChange[], delta: number): SeriesVerdict {
  if (analysis.state === 'learning') return 'learning';
  const recent = changes.filter(
    (change) => change.recent && !change.accepted && Math.abs(Math.log(change.ratio)) >= Math.log1p(delta),
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
  const { values, direction, delta, times } = series;
  const accepted = series.accepted.map((time) => firstFrom(times, time));
  const analysis = analyseSeries({ values, direction, delta, accepted, family }, policy);
  const changes = analysis.changes.map(
    (change): JudgedChange => ({
      ...change,
      time: times[change.index] ?? Number.NaN,
      environment: explain(series, change, canary, policy),
    }),
  );
  return { id: series.id, verdict: verdictOf(analysis, changes, delta), changes };
}

const canaryVerdict = (verdict: SeriesVerdict): SeriesVerdict =>
  verdict === 'learning' || verdict === 'steady' ? verdict : 'environment';

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
      if (!change.recent || change.accepted || Math.abs(Math.log(change.ratio)) < margin) continue;
      const percent = ((change.ratio - 1) * 100).toFixed(1);
      const day = new Date(change.time).toISOString().slice(0, 10);
      reasons.push(`the canary's ${canaries[i]?.metric} changed by ${percent} % on ${day}`);
    }
  }
  // Nothing of the canary is good or bad: it stands still, or the environment is another.
  const shown = series.map((judged) => ({ ...judged, verdict: canaryVerdict(judged.verdict) }));
  return { moved: reasons.length > 0, reasons, series: shown };
}

export interface JudgeInput {
  readonly series: readonly JudgedSeries[];
  readonly canaries: readonly JudgedSeries[];
  /** What the canary showed within the night, first run against last; a sentence each. */
  readonly drift: readonly string[];
  /** Series that are judged in this night altogether, where `series` is a part of them. */
  readonly family: number;
  readonly policy?: Policy;
}

/**
 * Judges the last night of every series. A change that the canary shows at the same nights is the environment's,
 * whatever else it did.
 */
export function judgeNight(input: JudgeInput): NightJudgement {
  const { series, canaries, drift, family, policy = DEFAULT_POLICY } = input;
  const byMetric = new Map(canaries.map((canary) => [canary.metric, canary]));
  return {
    canary: judgeCanary(canaries, drift, policy),
    series: series.map((one) => judgeSeries(one, byMetric.get(one.metric), family, policy)),
  };
}

export const judgeNightTask = poolTask(import.meta.url, 'judgeNightTask', judgeNight);
