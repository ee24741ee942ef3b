import { KsweepError } from '../../../common/errors.ts';
import { nearest } from '../../../common/nearest.ts';
import { seriesName } from './series-id.ts';
import type { StoredSeries } from './store.ts';

/** Series whose names hold a text. Throws history-input where there is none. */
export function chosen(series: readonly StoredSeries[], text: string): StoredSeries[] {
  const found = series.filter(({ id }) => seriesName(id).includes(text));
  if (found.length > 0) return found;
  const guess = nearest(
    text,
    series.flatMap(({ id }) => [seriesName(id), id.metric, id.cell]),
  );
  throw new KsweepError('history-input', `no series' name holds "${text}"`, {
    hint: guess === undefined ? 'see `ksweep history list`' : `did you mean ${guess}?`,
  });
}

/** The night that a text names or begins, among those of these series. */
export function nightOf(series: readonly StoredSeries[], text: string): string {
  const wanted = text.replaceAll(/[-:]/g, '').toUpperCase();
  const all = new Set(series.flatMap(({ content }) => content.nights.names));
  if (all.has(wanted)) return wanted;
  const found = [...all].filter((night) => night.startsWith(wanted)).sort();
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new KsweepError(
    'history-input',
    found.length === 0
      ? `there is no night ${text}`
      : `several nights begin with ${text}: ${found.join(', ')}`,
    {
      hint: 'give a night as `ksweep history show` prints it, such as 20261123T010000Z, or its day, 2026-11-23',
    },
  );
}
