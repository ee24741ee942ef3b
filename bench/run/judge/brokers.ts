import { stringify } from 'csv-stringify/sync';
import { BROKER_FIGURES, type BrokerFigure, type BrokerFigures } from '../../brokers/figures.ts';
import type { BrokerSecond } from '../../brokers/watch.ts';
import type { Window } from './window.ts';

/** Means over the window by broker; null where a figure was never told. */
export function brokerFigures(seconds: readonly BrokerSecond[], window: Window): Map<string, BrokerFigures> {
  const within = seconds.filter(({ atSec }) => atSec > window.fromSec && atSec <= window.endSec + 0.5);
  const names = [...new Set(within.map(({ broker }) => broker))].sort();
  return new Map(
    names.map((name) => {
      const own = within.filter(({ broker }) => broker === name);
      const mean = (figure: BrokerFigure): number | null => {
        const told = own.map(({ figures }) => figures[figure]).filter((value) => value !== null);
        return told.length === 0 ? null : told.reduce((sum, value) => sum + value, 0) / told.length;
      };
      const entries = BROKER_FIGURES.map((figure) => [figure, mean(figure)] as const);
      return [name, Object.fromEntries(entries) as BrokerFigures] as const;
    }),
  );
}

/** brokers.csv: one row a broker and second; what was not told is empty. */
export function formatBrokerSeconds(seconds: readonly BrokerSecond[]): string {
  // The first reading of a repeat may be from before its load.
  const rows = seconds
    .filter(({ atSec }) => Math.round(atSec) >= 1)
    .map(({ broker, atSec, figures }) => [
      broker,
      Math.round(atSec) - 1,
      ...BROKER_FIGURES.map((figure) => {
        const value = figures[figure];
        return value === null ? null : Math.round(value * 1000) / 1000;
      }),
    ]);
  return stringify(rows, { header: true, columns: ['broker', 'tSec', ...BROKER_FIGURES] });
}
