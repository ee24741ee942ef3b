import type { NightReport, SeriesReport } from '../report.ts';
import { statusWord } from './words.ts';

/** A series with its last night; the others are in its file. */
export function seriesJson(series: SeriesReport): object {
  const { nights, tail, environmentChanges: _changes, comparableFrom, ...one } = series;
  const count = nights.names.length;
  return { ...one, nights: count, comparableNights: count - comparableFrom, last: tail.at(-1) ?? null };
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
