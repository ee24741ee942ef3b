import type { NightReport } from '../../bench/nightly/report.ts';
import { statusWord } from './words.ts';

/** The night for programs: one JSON document, with the last night of each series. */
export function nightJson(report: NightReport): string {
  const { suite, night, at, label, status, canary, thresholds, notes, setAside } = report;
  const series = report.series.map(({ nights, environmentChanges: _changes, comparableFrom, ...one }) => ({
    ...one,
    nights: nights.length,
    comparableNights: nights.length - comparableFrom,
    last: nights.at(-1) ?? null,
  }));
  const document = {
    suite,
    night,
    at,
    label,
    status,
    result: statusWord(status),
    canary: { moved: canary.moved, reasons: canary.reasons },
    series,
    thresholds,
    notes,
    setAside,
  };
  return `${JSON.stringify(document)}\n`;
}
