import { formatNumber } from '../../bench/common/format-number.ts';
import { scaleOf } from '../../bench/results/figure-units.ts';
import type { Metric } from '../../bench/results/metrics.ts';
import type { Spread } from '../../bench/stats/describe.ts';
import type { Figure } from './cell-summary.ts';

/** Three significant digits: more than a few repeats can tell. */
const three = (value: number): string =>
  formatNumber(Math.abs(value) >= 1000 ? value : Number(value.toPrecision(3)));

const percent = (share: number): string => `${formatNumber(Number((100 * share).toPrecision(2)))} %`;

/** What stands in brackets behind a median: the interval where there is one, else the range, else nothing. */
export function boundsOf(spread: Spread): { readonly low: number; readonly high: number } | null {
  if (spread.ci !== null) return spread.ci;
  return spread.n > 1 ? { low: spread.min, high: spread.max } : null;
}

/** What a chart has to have room for: the median, and its bounds where it has some. */
export function extentOf(spread: Spread): number[] {
  const bounds = boundsOf(spread);
  return bounds === null ? [spread.median] : [bounds.low, bounds.high, spread.median];
}

/**
 * "5.31 [4.90, 5.82] ms", all in the unit of the median; "5.31 ms" where there is one repeat. Behind it how far the clocks
 * of different hosts may have put it off: "5.31 ms ± 0.3 ms", with a mark where that is too much to rely on it; where it
 * is therefore only of records of one host, their share.
 */
export function formatSpread(metric: Metric, spread: Figure): string {
  const { clockError } = spread;
  const text = withBounds(metric, spread);
  if (clockError === undefined) return text;
  const { errorUs, unsure, sameHostShare } = clockError;
  const share = sameHostShare === undefined ? '' : ` (${percent(sameHostShare)} of the records: same host)`;
  if (errorUs === 0) return `${text}${share}`;
  // A twentieth of a millisecond on is told in milliseconds, as the latency beside it is.
  const { divisor, suffix } = scaleOf(20 * errorUs, 'us');
  const error = formatNumber(Number((errorUs / divisor).toPrecision(2)));
  return `${text} ± ${error}${suffix}${unsure ? ' (unsure)' : ''}${share}`;
}

function withBounds(metric: Metric, spread: Spread): string {
  const { divisor, suffix } = scaleOf(spread.median, metric.unit);
  const bounds = boundsOf(spread);
  const text = three(spread.median / divisor);
  if (bounds === null) return `${text}${suffix}`;
  return `${text} [${three(bounds.low / divisor)}, ${three(bounds.high / divisor)}]${suffix}`;
}

/** How far repeats lie apart, (max − min) ÷ median: "8.3 %". */
export const relativeRange = ({ min, max, median }: Spread): string =>
  `${(median === 0 ? 0 : (100 * (max - min)) / median).toFixed(1)} %`;

/** What the brackets of {@link formatSpread} mean where cells have that many repeats. */
export function describeBounds(repeats: readonly number[]): string {
  const most = Math.max(0, ...repeats);
  const fewest = Math.min(...repeats, most);
  if (most === 0) return 'No repeat is valid.';
  if (most === 1)
    return 'One repeat per cell: no spread is known, and differences between cells prove nothing.';
  if (fewest >= 6) return 'Medians over repeats, with the 95 % interval of the median in brackets.';
  if (most < 6) {
    return 'Medians over repeats, with the range from the lowest to the highest in brackets: a 95 % interval needs six.';
  }
  return 'Medians over repeats; in brackets the 95 % interval of the median from six repeats on, else the range.';
}
