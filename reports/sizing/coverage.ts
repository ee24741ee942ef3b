import { formatNumber } from '../../bench/common/format-number.ts';
import { FEWEST_FOR_INTERVAL } from '../../bench/stats/curve-bounds.ts';

/**
 * How often the smallest and the largest of `repeats` values have the true median between them: 1 − 2^(1−n).
 * Source: David and Nagaraja, Order Statistics, 7.1.
 */
function coverageOfRange(repeats: number): number {
  return repeats < 1 ? 0 : 1 - 2 ** (1 - repeats);
}

/** What an interval over so many repeats is worth: "range of 5 repeats, 93.75 %". */
export function coverageText(repeats: number): string {
  if (repeats >= FEWEST_FOR_INTERVAL) return `95 % interval of ${repeats} repeats`;
  if (repeats < 2) return 'one repeat: no interval';
  return `range of ${repeats} repeats, ${formatNumber(coverageOfRange(repeats) * 100)} %`;
}
