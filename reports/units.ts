import { formatBytes, formatBytesPerSec, formatNumber } from './sizing/format.ts';

/** Units that the figures of a repeat are kept in. */
export type Unit =
  | 'us'
  | 'ms'
  | 'sec'
  | 'perSec'
  | 'bytesPerSec'
  | 'bytes'
  | 'usPerMB'
  | 'percent'
  | 'ratio'
  | 'records'
  | 'count';

/** "850 µs", "1.234 ms", "2.5 s": the largest unit that leaves at least 1. */
export function formatMicroseconds(us: number): string {
  if (Math.abs(us) >= 1e6) return `${formatNumber(us / 1e6)} s`;
  if (Math.abs(us) >= 1e3) return `${formatNumber(us / 1e3)} ms`;
  return `${formatNumber(us)} µs`;
}

/** A value with its unit, to four significant digits. */
export function formatUnit(value: number, unit: Unit): string {
  switch (unit) {
    case 'us':
      return formatMicroseconds(value);
    case 'ms':
      return formatMicroseconds(value * 1e3);
    case 'sec':
      return `${formatNumber(value)} s`;
    case 'perSec':
      return `${formatNumber(value)}/s`;
    case 'bytesPerSec':
      return formatBytesPerSec(value);
    case 'bytes':
      return formatBytes(value);
    case 'usPerMB':
      return `${formatMicroseconds(value)}/MB`;
    case 'percent':
      return `${formatNumber(value)} %`;
    case 'records':
      return `${formatNumber(value)} records`;
    case 'ratio':
    case 'count':
      return formatNumber(value);
  }
}
