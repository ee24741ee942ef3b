import { poolTask } from '../../common/pool.ts';
import { median } from '../../stats/describe.ts';
import { type CanaryMove, canaryMove } from './canary-move.ts';
import { analyseSeries, oriented, type SeriesChange } from './decide.ts';
import { type EnvironmentShift, explainByCanary, firstFrom } from './explain-canary.ts';
import type { JudgedSeries } from './judged-series.ts';
import { DEFAULT_POLICY, PLACE_TOLERANCE, type Policy } from './policy.ts';
import { chanceOfStray, type StrayLog, strayLog, strays, TailHistory, tailOf } from './tails.ts';
import type { NightState } from './track.ts';

export type SeriesVerdict = 'learning' | 'steady' | 'improved' | 'warning' | 'regressed' | 'environment';

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
  /** The state behind the verdict; indexes are into the series. */
  readonly night: NightState | null;
  readonly spoiled: readonly number[];
  /** Share of the suite's nights that stray by δ or more, for the worse, though no level moved. */
  readonly strayShare: number;
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

/** How far nights strayed, by metric: cells of a suite share their machine's bad nights. */
export type Pools = ReadonlyMap<string, StrayLog>;

export function poolsOf(series: readonly JudgedSeries[]): Pools {
  const parts = new Map<string, { logs: Float64Array; times: Float64Array }[]>();
  for (const one of series) {
    const { logs } = oriented(one);
    parts.set(one.metric, [...(parts.get(one.metric) ?? []), { logs, times: one.times }]);
  }
  return new Map([...parts].map(([metric, list]) => [metric, strayLog(list)]));
}

type Histories = ReadonlyMap<string, TailHistory>;
const historiesOf = (pools: Pools): Histories =>
  new Map([...pools].map(([metric, log]) => [metric, new TailHistory(log)]));

/** Whether the environment explains a change of a series, as of one of its nights. */
export function explainer(
  { times }: Pick<JudgedSeries, 'times'>,
  canary: JudgedSeries | undefined,
  policy: Policy,
): (from: number, now: number, shift: number) => EnvironmentShift | null {
  return (from, now, shift) =>
    explainByCanary(
      canary,
      {
        since: times[Math.max(0, from - policy.window)] ?? 0,
        from: times[from] ?? 0,
        until: times[now] ?? Number.POSITIVE_INFINITY,
      },
      shift,
      policy,
    );
}

/** The verdict of a night, from its state: failed, or else what is news. `explained`: the canary shows it too. */
export function verdictOfNight(
  night: NightState,
  logs: Float64Array,
  now: number,
  margin: number,
  isKnown: (index: number) => boolean,
  explained: (from: number, shift: number) => boolean,
): SeriesVerdict {
  if (night.failure !== null) return 'regressed';
  const { points, news, suspect, ended } = night;
  const shifts = news.flatMap((index) => {
    const place = points.findIndex((point) => point.index === index);
    if (isKnown(index)) return [];
    const before = logs.subarray(Math.max(points[place - 1]?.index ?? 0, index - 50), index);
    const after = logs.subarray(index, points[place + 1]?.index ?? now + 1);
    const shift = median([...after]) - median([...before]);
    return Math.abs(shift) < margin ? [] : [{ index, shift }];
  });
  if (suspect !== null && !isKnown(suspect.from)) shifts.push({ index: suspect.from, shift: suspect.shift });
  const own = shifts.filter(({ index, shift }) => !explained(index, shift));
  if (own.some(({ shift }) => shift > 0)) return 'warning';
  if (own.length < shifts.length || ended?.how === 'environment') return 'environment';
  return own.length > 0 ? 'improved' : 'steady';
}

function judgeSeries(
  series: JudgedSeries,
  canary: JudgedSeries | undefined,
  context: { readonly family: number; readonly policy: Policy; readonly pool: TailHistory | undefined },
): SeriesJudgement {
  const { policy, family, pool } = context;
  const { values, lows, highs, direction, delta, times } = series;
  const accepted = series.accepted.map((time) => firstFrom(times, time));
  const explain = explainer(series, canary, policy);
  const analysis = analyseSeries(
    {
      values,
      ...(lows === undefined || highs === undefined ? {} : { lows, highs }),
      direction,
      delta,
      accepted,
      times,
      family,
      ...(pool === undefined ? {} : { pool }),
      explained: (from, now, shift) => explain(from, now, shift)?.p ?? null,
    },
    policy,
  );
  const now = values.length - 1;
  const changes = analysis.changes.map(
    (change): JudgedChange => ({
      ...change,
      time: times[change.index] ?? Number.NaN,
      environment:
        change.recent && !change.confirmed ? explain(change.index, now, Math.log(change.ratio)) : null,
    }),
  );
  const { logs, sign } = oriented(series);
  const verdict =
    analysis.state === 'learning' || analysis.night === null
      ? 'learning'
      : verdictOfNight(
          analysis.night,
          logs,
          now,
          Math.log1p(delta),
          (index) => accepted.some((night) => Math.abs(night - index) <= PLACE_TOLERANCE),
          (from, shift) => explain(from, now, sign * shift) !== null,
        );
  const own = tailOf([strays(logs)]);
  const suite = pool?.at(times.at(-1) ?? 0) ?? own;
  const strayShare = chanceOfStray(own, suite, 'up', Math.log1p(delta));
  return { id: series.id, verdict, changes, night: analysis.night, spoiled: analysis.spoiled, strayShare };
}

/**
 * The canary holds everything fixed that the nights are there to test, so a change of it is the environment's,
 * whichever its direction.
 */
function judgeCanary(
  canaries: readonly JudgedSeries[],
  drift: readonly string[],
  pools: Histories,
  policy: Policy,
): CanaryJudgement {
  const moves = canaries.map((canary): CanaryMove | null =>
    canaryMove(canary, pools.get(canary.metric)?.at(canary.times.at(-1) ?? 0), canaries.length, policy),
  );
  const reasons = [...drift];
  for (const [i, move] of moves.entries()) {
    if (move === null) continue;
    const percent = ((move.ratio - 1) * 100).toFixed(1);
    const day = new Date(canaries[i]?.times[move.from] ?? 0).toISOString().slice(0, 10);
    reasons.push(`the canary's ${canaries[i]?.metric} changed by ${percent} % on ${day}`);
  }
  const series = canaries.map((canary, i): SeriesJudgement => {
    const context = { family: canaries.length, policy, pool: pools.get(canary.metric) };
    const judged = judgeSeries(canary, undefined, context);
    // Nothing of the canary is good or bad: it stands still, or the environment is another.
    const verdict = judged.verdict === 'learning' ? 'learning' : moves[i] === null ? 'steady' : 'environment';
    return { ...judged, verdict, night: null };
  });
  return { moved: reasons.length > 0, reasons, series };
}

export interface JudgeInput {
  readonly series: readonly JudgedSeries[];
  readonly canaries: readonly JudgedSeries[];
  /** What the canary showed within the night, first run against last; a sentence each. */
  readonly drift: readonly string[];
  /** Series that are judged in this night altogether, where `series` is a part of them. */
  readonly family: number;
  /** How far the nights of all of them strayed, where `series` is a part of them. */
  readonly pools?: Pools;
  readonly policy?: Policy;
}

/**
 * Judges the last night of every series. A change that the canary shows at the same nights is the environment's,
 * whatever else it did.
 */
export function judgeNight(input: JudgeInput): NightJudgement {
  const { series, canaries, drift, family, policy = DEFAULT_POLICY } = input;
  const byMetric = new Map(canaries.map((canary) => [canary.metric, canary]));
  const pools = historiesOf(input.pools ?? poolsOf(series));
  return {
    canary: judgeCanary(canaries, drift, historiesOf(poolsOf(canaries)), policy),
    series: series.map((one) =>
      judgeSeries(one, byMetric.get(one.metric), { family, policy, pool: pools.get(one.metric) }),
    ),
  };
}

export const judgeNightTask = poolTask(import.meta.url, 'judgeNightTask', judgeNight);
