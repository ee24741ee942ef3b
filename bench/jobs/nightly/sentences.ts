import type { SeriesReport } from './series-report.ts';
import type { EndedHow, Failure } from './track.ts';

/** "+5.2 %" from a ratio of levels. */
export function percentOf(ratio: number): string {
  const percent = (ratio - 1) * 100;
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(1)} %`;
}

/** "2026-11-20" from a time, ms. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The day of a night that the state of a series names by its index. */
export const dayAt = ({ nights, comparableFrom }: SeriesReport, index: number): string =>
  dayOf(nights.times[index + comparableFrom] ?? 0);

const HOW: Readonly<Record<EndedHow, string>> = {
  back: 'the level is back: two nights in a row are within half of δ of the old one',
  accepted: 'the change was accepted',
  wrong: 'it was shown to have been wrong: the nights since do not hold the level',
  environment: 'the canary now shows the same change: it is the environment’s',
};

/** Why a failure ended with this night, or null where none did. */
export function endedSentence(series: SeriesReport): string | null {
  const ended = series.state?.ended ?? null;
  if (ended === null) return null;
  return `${series.name} no longer fails (since ${dayAt(series, ended.failure.since)}): ${HOW[ended.how]}`;
}

/** Level of the nights since a failure began ÷ the level that it is held against. */
export function ratioOf(series: SeriesReport, failure: Failure): number {
  const { nights, comparableFrom, direction } = series;
  const from = failure.rule === 'creep' ? nights.values.length - 14 : failure.from + comparableFrom;
  const since = nights.values.slice(Math.max(comparableFrom, from)).sort();
  const level = since[(since.length - 1) >> 1] ?? Number.NaN;
  return level / Math.exp(direction === 'lower-is-better' ? failure.base : -failure.base);
}

/** "since 2026-01-04 in all +31.0 %, in 5 steps of about 5.5 %". */
export function failureSentence(series: SeriesReport, failure: Failure): string {
  const ratio = ratioOf(series, failure);
  const since = `failed since ${dayAt(series, failure.since)}`;
  if (failure.rule !== 'creep') return `${percentOf(ratio)} from ${dayAt(series, failure.from)}, ${since}`;
  const first = failure.baseFrom + series.comparableFrom;
  const steps = series.changes.filter(({ index, worse, accepted }) => worse && !accepted && index > first);
  const each = percentOf(Math.exp(Math.log(ratio) / Math.max(1, steps.length)));
  const how =
    steps.length > 1 ? `in ${steps.length} steps of about ${each}` : 'slowly, in no step of its own';
  return `since ${dayAt(series, failure.from)} in all ${percentOf(ratio)}, ${how}; ${since}`;
}
