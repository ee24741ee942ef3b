import { SERIES_COLUMNS, type SeriesRow } from './series-columns.ts';

/**
 * The rows of a series.csv. An empty field, or a column that an older version did not write, is null.
 * Throws where the text has no header with `tSec` and `phase`; a last line without its end is left out.
 */
export function parseSeries(text: string): SeriesRow[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const [header = '', ...lines] = whole.split(/\r?\n/);
  const columns = header.split(',');
  if (!columns.includes('tSec') || !columns.includes('phase'))
    throw new Error('it has no tSec and phase columns');
  const index = new Map(columns.map((name, i) => [name, i]));
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      // No field of a series holds a comma or a quote: all but the phase are numbers.
      const fields = line.split(',');
      const textOf = (column: string) => fields[index.get(column) ?? -1] ?? '';
      const entries = SERIES_COLUMNS.map((column) => {
        const field = textOf(column);
        if (column === 'phase') return [column, field];
        const value = Number(field);
        return [column, field === '' || !Number.isFinite(value) ? null : value];
      });
      return Object.fromEntries(entries) as SeriesRow;
    });
}
