import { stringify } from 'csv-stringify/sync';
import { SERIES_COLUMNS, type SeriesRow } from './series-columns.ts';

/** series.csv: one row a second; what was not measured is empty, fractions are kept to a thousandth. */
export function formatSeries(rows: readonly SeriesRow[]): string {
  const rounded = rows.map((row) =>
    SERIES_COLUMNS.map((column) => {
      const value = row[column];
      return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
    }),
  );
  return stringify(rounded, { header: true, columns: [...SERIES_COLUMNS] });
}
