/** Readers of the figures with units that workloads and command lines hold. Each returns undefined where the text is not such a figure. */

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
/** `.inf`, `.nan` and what overflows are numbers of YAML and of JavaScript, and no figures. */
const isFigure = (value: number): boolean => Number.isFinite(value) && value >= 0;
const oneOf = (units: Record<string, number>): string => `(${Object.keys(units).join('|')})`;

const DURATION_MS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Editors hold the text of a duration against it, too; the same of the patterns below. */
export const DURATION_PATTERN = String.raw`^\s*${NUMBER}\s*${oneOf(DURATION_MS)}\s*$`;
const DURATION = new RegExp(DURATION_PATTERN);

/** "250ms", "20s", "2m", "1.5h", "1d"; a bare number is seconds. Returns milliseconds. */
export function parseDurationMs(value: string | number): number | undefined {
  if (typeof value === 'number') return isFigure(value) ? value * 1000 : undefined;
  return scaled(DURATION.exec(value), DURATION_MS);
}

const SIZE_BYTES: Record<string, number> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

const SIZE_TEXT = String.raw`${NUMBER}\s*${oneOf(SIZE_BYTES)}?`;
export const SIZE_PATTERN = String.raw`^\s*${SIZE_TEXT}\s*$`;
const SIZE = new RegExp(SIZE_PATTERN);

/** "512", "100 B", "1KiB", "5 MB" (10⁶), "5MiB" (2²⁰). Returns bytes, not rounded. */
export function parseSizeBytes(value: string | number): number | undefined {
  if (typeof value === 'number') return isFigure(value) ? value : undefined;
  return scaled(SIZE.exec(value), SIZE_BYTES);
}

/** An offered rate: records or bytes a second, summed over all producers. */
export type Rate = { kind: 'records'; perSec: number } | { kind: 'bytes'; perSec: number };

const RECORDS: Record<string, number> = { k: 1e3, M: 1e6 };
/** Seconds in what a rate may be per. */
const PER_SEC: Record<string, number> = { s: 1, min: 60, h: 3_600, hour: 3_600, day: 86_400, d: 86_400 };
const RECORDS_PATTERN = String.raw`^\s*${NUMBER}\s*${oneOf(RECORDS)}?(?:\s*(?:records)?/${oneOf(PER_SEC)})?\s*$`;
const BYTES_PATTERN = String.raw`^\s*${SIZE_TEXT}\s*/\s*${oneOf(PER_SEC)}\s*$`;
export const RATE_PATTERN = `${RECORDS_PATTERN}|${BYTES_PATTERN}`;
const RECORDS_PER_SEC = new RegExp(RECORDS_PATTERN);
const BYTES_PER_SEC = new RegExp(BYTES_PATTERN);

/** "20000", "20000/s", "20k/s", "5 MB/s", "5MiB/s", "5 TB/day", "2M records/h". */
export function parseRate(value: string | number): Rate | undefined {
  if (typeof value === 'number')
    return isFigure(value) && value > 0 ? { kind: 'records', perSec: value } : undefined;
  const records = scaled(RECORDS_PER_SEC.exec(value), RECORDS);
  if (records !== undefined) return records > 0 ? { kind: 'records', perSec: records } : undefined;
  const perSec = scaled(BYTES_PER_SEC.exec(value), SIZE_BYTES);
  return perSec === undefined || perSec <= 0 ? undefined : { kind: 'bytes', perSec };
}

/** A figure with its unit, or with none, as the patterns capture them. */
function scaled(match: RegExpExecArray | null, units: Record<string, number>): number | undefined {
  if (match === null) return undefined;
  const [, figure, unit, per] = match;
  const value =
    (Number(figure) * (unit === undefined ? 1 : (units[unit] ?? Number.NaN))) /
    (per === undefined ? 1 : (PER_SEC[per] ?? Number.NaN));
  return isFigure(value) ? value : undefined;
}
