import type { NightReport } from '../report.ts';
import { ratioOf } from '../sentences.ts';
import type { SeriesReport } from '../series-report.ts';
import { statusWord } from './words.ts';

/** A series with its last night; the others are in its file. */
export function seriesJson(series: SeriesReport): object {
  const { nights, tail, environmentChanges: _changes, comparableFrom, state, spoiled, ...one } = series;
  const count = nights.names.length;
  const nameAt = (index: number): string | null => nights.names[index + comparableFrom] ?? null;
  const failing = state?.failure ?? null;
  const ended = state?.ended ?? null;
  return {
    ...one,
    nights: count,
    comparableNights: count - comparableFrom,
    spoiledTonight: spoiled.includes(count - 1),
    failing:
      failing === null
        ? null
        : {
            rule: failing.rule,
            from: nameAt(failing.from),
            since: nameAt(failing.since),
            ratio: ratioOf(series, failing),
          },
    ended: ended === null ? null : { how: ended.how, since: nameAt(ended.failure.since) },
    last: tail.at(-1) ?? null,
  };
}

/** The night for programs: one JSON document, with the last night of each series. */
export function nightJson(report: NightReport): string {
  const { suite, night, at, label, status, canary, thresholds, notes, setAside } = report;
  const document = {
    suite,
    night,
    at,
    label,
    status,
    result: statusWord(status),
    canary: { moved: canary.moved, reasons: canary.reasons },
    series: report.series.map(seriesJson),
    thresholds,
    notes,
    setAside,
  };
  return `${JSON.stringify(document)}\n`;
}
