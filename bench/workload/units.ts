/** Readers of the figures with units that workloads and command lines hold. Each returns undefined where the text is not such a figure. */

const NUMBER = String.raw`\d+(?:\.\d+)?`;
const oneOf = (units: Record<string, number>): string => `(?:${Object.keys(units).join('|')})`;

const DURATION_MS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** "250ms", "20s", "2m", "1.5h", "1d"; a bare number is seconds. Returns milliseconds. */
export function parseDurationMs(value: string | number): number | undefined {
  if (typeof value === 'number') return value >= 0 ? value * 1000 : undefined;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)$/.exec(value.trim());
  const unit = DURATION_MS[match?.[2] ?? ''];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

/** What editors hold the text of a duration against; for sizes and rates below, too. */
export const DURATION_PATTERN = String.raw`^\s*${NUMBER}\s*${oneOf(DURATION_MS)}\s*$`;

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

/** "512", "100 B", "1KiB", "5 MB" (10⁶), "5MiB" (2²⁰). Returns bytes, not rounded. */
export function parseSizeBytes(value: string | number): number | undefined {
  if (typeof value === 'number') return value >= 0 ? value : undefined;
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(value.trim());
  const unit = SIZE_BYTES[match?.[2] === '' ? 'B' : (match?.[2] ?? '')];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

const SIZE = String.raw`${NUMBER}\s*${oneOf(SIZE_BYTES)}`;
export const SIZE_PATTERN = String.raw`^\s*(?:${SIZE}|${NUMBER})\s*$`;

/** An offered rate: records or bytes a second, summed over all producers. */
export type Rate = { kind: 'records'; perSec: number } | { kind: 'bytes'; perSec: number };

export const RATE_PATTERN = String.raw`^\s*(?:${NUMBER}\s*[kM]?(?:\s*(?:records)?/s)?|(?:${SIZE}|${NUMBER})\s*/s)\s*$`;

/** "20000", "20000/s", "20k/s", "5 MB/s", "5MiB/s". */
export function parseRate(value: string | number): Rate | undefined {
  if (typeof value === 'number') return value > 0 ? { kind: 'records', perSec: value } : undefined;
  const text = value.trim();
  const records = /^(\d+(?:\.\d+)?)\s*(k|M)?(?:\s*(?:records)?\/s)?$/.exec(text);
  if (records !== null) {
    const scale = records[2] === 'k' ? 1e3 : records[2] === 'M' ? 1e6 : 1;
    const perSec = Number(records[1]) * scale;
    return perSec > 0 ? { kind: 'records', perSec } : undefined;
  }
  const bytes = /^(.*)\/s$/.exec(text);
  const perSec = bytes?.[1] === undefined ? undefined : parseSizeBytes(bytes[1]);
  return perSec === undefined || perSec <= 0 ? undefined : { kind: 'bytes', perSec };
}
