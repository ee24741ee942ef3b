import { runTask } from '../../common/pool.ts';
import type { ThresholdOutcome } from '../../results/thresholds/evaluate.ts';
import type { NightSummary } from './history/nights.ts';
import type { SetAside } from './history/parse.ts';
import { seriesName } from './history/series-id.ts';
import type { StoredSeries } from './history/store.ts';
import { type CanaryJudgement, judgeNightTask, poolsOf } from './judge.ts';
import type { JudgedSeries } from './judged-series.ts';
import { endedSentence } from './sentences.ts';
import type { SeriesReport } from './series-report.ts';
import { nightlyMetric } from './watched.ts';

/** Everything the views of a night show. */
export interface NightReport {
  readonly suite: string;
  /** The night that is judged; null in an empty history. */
  readonly night: string | null;
  readonly at: string | null;
  readonly label: string | null;
  readonly series: readonly SeriesReport[];
  readonly canary: CanaryJudgement;
  readonly thresholds: readonly ThresholdOutcome[];
  readonly notes: readonly string[];
  readonly setAside: readonly SetAside[];
  readonly nights: readonly NightSummary[];
  readonly status: number;
}

interface Prepared {
  readonly stored: StoredSeries;
  readonly judged: JudgedSeries;
}

function prepare(stored: StoredSeries, deltas: ReadonlyMap<string, number>): Prepared | null {
  const { nights, accepted, comparableFrom: from } = stored.content;
  const { id, path } = stored;
  const metric = nightlyMetric(id.metric);
  if (metric === undefined) return null;
  const timeOf = new Map(nights.names.map((name, i) => [name, nights.times[i] ?? Number.NaN]));
  return {
    stored,
    judged: {
      id: path,
      metric: id.metric,
      direction: metric.direction,
      delta: deltas.get(id.metric) ?? metric.delta,
      times: nights.times.slice(from),
      values: nights.values.slice(from),
      lows: nights.lows.slice(from),
      highs: nights.highs.slice(from),
      accepted: accepted.flatMap(({ night }) => timeOf.get(night) ?? []),
    },
  };
}

/** Series that go to one worker thread at a time. */
const CHUNK = 50;

export interface Judged {
  readonly series: readonly SeriesReport[];
  readonly canary: CanaryJudgement;
  readonly notes: readonly string[];
  /** Series that were judged together. */
  readonly family: number;
}

/**
 * Judges a suite's series as of `night`, in worker threads. A series without a figure of that night, or of a metric
 * that this version doesn't know, is named and shown, not judged.
 */
export async function judgeSuite(
  stored: readonly StoredSeries[],
  night: string | null,
  deltas: ReadonlyMap<string, number>,
  drift: readonly string[],
): Promise<Judged> {
  const notes: string[] = [];
  const prepared: Prepared[] = [];
  for (const one of stored) {
    const ready = prepare(one, deltas);
    if (ready === null)
      notes.push(`${one.path}: this version knows no metric ${one.id.metric}; kept, not judged`);
    else if (one.content.nights.names.length > 0) prepared.push(ready);
  }
  const isTonight = ({ stored: { content } }: Prepared): boolean => content.nights.names.at(-1) === night;
  const canaries = prepared.filter((one) => one.stored.canary).map(({ judged }) => judged);
  const own = prepared.filter((one) => !one.stored.canary);
  const family = Math.max(1, own.filter(isTonight).length);

  const pools = poolsOf(own.map(({ judged }) => judged));

  const tasks = [];
  for (let from = 0; from < Math.max(1, own.length); from += CHUNK) {
    const series = own.slice(from, from + CHUNK).map(({ judged }) => judged);
    tasks.push(runTask(judgeNightTask, { series, canaries, drift, family, pools }));
  }
  const judgements = await Promise.all(tasks);
  const canary = judgements[0]?.canary ?? { moved: false, reasons: [], series: [] };
  const byId = new Map(
    [...canary.series, ...judgements.flatMap(({ series }) => series)].map((one) => [one.id, one]),
  );

  const series = prepared.map((one): SeriesReport => {
    const { stored: source, judged } = one;
    const judgement = byId.get(judged.id);
    const { nights, tail, accepted, comparableFrom, environmentChanges } = source.content;
    return {
      name: seriesName(source.id),
      cell: source.id.cell,
      metric: judged.metric,
      canary: source.canary,
      direction: judged.direction,
      delta: judged.delta,
      verdict: isTonight(one) ? (judgement?.verdict ?? 'learning') : 'missing',
      nights,
      tail,
      comparableFrom,
      changes: (judgement?.changes ?? []).map((change) => ({
        ...change,
        index: change.index + comparableFrom,
      })),
      state: judgement?.night ?? null,
      spoiled: (judgement?.spoiled ?? []).map((index) => index + comparableFrom),
      strayShare: judgement?.strayShare ?? 0,
      accepted: accepted.map(({ night: of, by, why }) => ({ night: of, by, why })),
      environmentChanges,
    };
  });
  const ended = series.flatMap((one) => endedSentence(one) ?? []);
  return { series, canary, family, notes: [...notes, ...ended, ...missingNotes(series, night)] };
}

/** Cells that the last night did not measure, with the new cell that each may have become. */
function missingNotes(series: readonly SeriesReport[], night: string | null): string[] {
  const cells = new Map<string, { last: string; first: string }>();
  for (const { name, metric, nights, canary } of series) {
    if (canary) continue;
    const cell = name.slice(0, -metric.length - 1);
    const [first, last] = [nights.names[0] ?? '', nights.names.at(-1) ?? ''];
    const known = cells.get(cell);
    cells.set(cell, {
      last: known === undefined || last > known.last ? last : known.last,
      first: known === undefined || first < known.first ? first : known.first,
    });
  }
  const fresh = [...cells].filter(([, { first }]) => first === night).map(([cell]) => cell);
  return [...cells]
    .filter(([, { last }]) => last !== night)
    .map(([cell, { last }]) => {
      const renamed =
        fresh.length === 0 ? '' : `; renamed to ${fresh.join(' or ')}? A renamed cell starts a new series`;
      return `cell ${cell} was not measured tonight (last on ${last})${renamed}; its history is kept`;
    });
}
