import { formatNumber } from '../../bench/common/format-number.ts';
import type { Figure } from './figure.ts';

/** A rate in the largest decimal unit that leaves at least 1: "120 MB/s". */
export function formatBytesPerSec(bytesPerSec: number): string {
  return `${formatBytes(bytesPerSec)}/s`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal units: 1 MB is 10^6 bytes. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${formatNumber(value)} ${BYTE_UNITS[unit]}`;
}

/** "7 d", "12 h", "90 s", "250 ms". */
export function formatDuration(sec: number): string {
  if (sec >= 365 * 86_400) return `${formatNumber(sec / (365 * 86_400))} y`;
  if (sec >= 86_400) return `${formatNumber(sec / 86_400)} d`;
  if (sec >= 3600) return `${formatNumber(sec / 3600)} h`;
  if (sec >= 1) return `${formatNumber(sec)} s`;
  return `${formatNumber(sec * 1000)} ms`;
}

/** The unit of a figure decides how its value is shown: bytes and bytes/s are scaled, seconds are spelled out. */
export function formatValue(value: number | string | null, unit: string): string {
  if (value === null) return 'no limit';
  if (typeof value === 'string') return value;
  if (unit === 'B/s') return formatBytesPerSec(value);
  if (unit === 'B') return formatBytes(value);
  if (unit === 's') return formatDuration(value);
  if (unit === 'share') return `${formatNumber(value * 100)} %`;
  return unit === '' ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
}

/** "120 MB/s [110 MB/s, 131 MB/s]". */
export function formatFigure(figure: Figure): string {
  const value = formatValue(figure.value, figure.unit);
  if (figure.low === undefined || figure.high === undefined) return value;
  if (figure.low === figure.value && figure.high === figure.value) return value;
  return `${value} [${formatValue(figure.low, figure.unit)}, ${formatValue(figure.high, figure.unit)}]`;
}

export function plural(count: number, singular: string): string {
  return `${formatNumber(count)} ${singular}${count === 1 ? '' : 's'}`;
}
