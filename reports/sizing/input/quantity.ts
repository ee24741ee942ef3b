import { z } from 'zod';
import { parseDurationMs, parseRate, parseSizeBytes, type Rate } from '../../../bench/common/units.ts';

/**
 * The figures with units that sizing asks for. Text and YAML numbers are both accepted; whatever could be read in
 * two ways (a bare number, "Mb") is refused with the reading that was likely meant.
 */

export type Read<T> = { ok: true; value: T } | { ok: false; message: string };
const good = <T>(value: T): Read<T> => ({ ok: true, value });
const bad = (message: string): Read<never> => ({ ok: false, message });

type Raw = string | number;
// Numbers of every kind, so that .inf and .nan get an answer in our words and not the validator's.
const raw = z.custom<Raw>(
  (value) => typeof value === 'string' || typeof value === 'number',
  'expected a number or text with a unit',
);
const MOST_PER_SEC = 1e15;
const LONGEST_SEC = 100 * 365 * 86_400;
const LARGEST_BYTES = 1e18;

/** What no figure may be, whatever it counts. */
function refuseUnreal(value: Raw): Read<never> | null {
  const number = typeof value === 'number' ? value : Number(value);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return bad(`${Number.isNaN(value) ? 'not a number' : 'infinite'}; expected a finite number`);
  }
  return number === Number.POSITIVE_INFINITY || number === Number.NEGATIVE_INFINITY
    ? bad(`"${value}" is infinite; expected a finite number`)
    : null;
}

const atMost = (read: Read<number>, most: number, what: string): Read<number> =>
  read.ok && read.value > most ? bad(`is beyond ${what}`) : read;

/** A zod field that reads text or a number, with the reader's message as the issue. */
function field<T>(read: (value: Raw) => Read<T>) {
  return raw.transform((value, context) => {
    const result = refuseUnreal(value) ?? read(value);
    if (result.ok) return result.value;
    context.addIssue({ code: 'custom', message: result.message });
    return z.NEVER;
  });
}

/** 10^3 and 2^10 prefixes of bits and bytes in any spelling that people use, to say what was likely meant. */
function likelyMeant(text: string, perSecond: boolean): string | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt])(i?)(b|bit|bits|byte|bytes|bps)?(?:\/s|ps)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, number = '', prefix = '', binary = '', unit = ''] = match;
  const scale = prefix.toUpperCase() === 'K' && binary === '' ? 'k' : prefix.toUpperCase();
  const suffix = perSecond ? '/s' : '';
  const bytes = `${number}${scale}${binary === '' ? '' : 'i'}B${suffix}`;
  if (unit === 'B' || /^bytes?$/i.test(unit)) return `write ${bytes}`;
  const inBytes = `${Number((Number(number) / 8).toPrecision(6))}${scale}${binary === '' ? '' : 'i'}B${suffix}`;
  return `write ${inBytes} if bits were meant, ${bytes} if bytes`;
}

const isNegative = (value: Raw) => (typeof value === 'number' ? value < 0 : /^\s*-/.test(value));

/** "50MB/s", "50MiB/s", "20k/s", "20000/s", and 0 with a unit. Bare numbers and bits are refused. */
export function readRate(value: Raw): Read<Rate> {
  const expected = 'expected bytes or records per second: 50MB/s (10^6), 50MiB/s (2^20), 20k/s or 20000/s';
  if (isNegative(value)) return bad(`${value} is negative; ${expected}`);
  const text = String(value).trim();
  if (/^\d+(\.\d+)?\s*[kM]?$/.test(text)) {
    return bad(`${text} has no unit; write ${text}MB/s for megabytes or ${text}/s for records`);
  }
  const zero = /^0+(?:\.0+)?\s*([A-Za-z]*)\/s$/.exec(text);
  if (zero !== null) {
    return good(
      zero[1] === '' || zero[1] === 'records' ? { kind: 'records', perSec: 0 } : { kind: 'bytes', perSec: 0 },
    );
  }
  const parsed = parseRate(text);
  if (parsed !== undefined) return good(parsed);
  const likely = likelyMeant(text, true);
  return bad(`"${text}" is not a rate; ${likely ?? expected}`);
}

/** "50MB/s" only: the rate of one partition, one consumer or one disk. Returns bytes a second. */
export function readThroughput(value: Raw): Read<number> {
  const rate = readRate(value);
  if (!rate.ok) return rate;
  if (rate.value.kind === 'records') {
    return bad(`"${value}" counts records; expected bytes per second such as 50MB/s or 50MiB/s`);
  }
  if (rate.value.perSec === 0) return bad('0 carries nothing; expected a rate above 0 such as 50MB/s');
  return good(rate.value.perSec);
}

/** "1000" or "1000B", "1KiB", "5MB". Returns bytes. */
export function readSize(
  value: Raw,
  expected = 'expected bytes: 1000, 1kB (10^3), 1KiB (2^10)',
): Read<number> {
  if (isNegative(value)) return bad(`${value} is negative; ${expected}`);
  const parsed = parseSizeBytes(value);
  if (parsed !== undefined) return good(parsed);
  return bad(`"${value}" is not a size; ${likelyMeant(String(value), false) ?? expected}`);
}

/** Memory or disk, "32GiB" or "4TB": a bare number would be read as that many bytes and hardly ever means them. */
export function readCapacity(value: Raw): Read<number> {
  const expected = 'expected bytes with their unit: 500GB, 4TB (10^12) or 32GiB (2^30)';
  const text = String(value).trim();
  if (/^\d+(\.\d+)?$/.test(text)) {
    return bad(`${text} has no unit; write ${text}GB or ${text}GiB; ${expected}`);
  }
  const size = readSize(value, expected);
  if (!size.ok) return size;
  return size.value > 0 ? size : bad(`"${text}" holds nothing; ${expected}`);
}

/** A network card's rate in Gb/s (or Mb/s), as the vendors print it. Returns bytes a second. */
export function readNetwork(value: Raw): Read<number> {
  const expected = 'expected bits per second as vendors print them: 10Gb/s, 0.75Gb/s or 750Mb/s';
  if (isNegative(value)) return bad(`${value} is negative; ${expected}`);
  const text = String(value).trim();
  if (/^\d+(\.\d+)?$/.test(text)) return bad(`${text} has no unit; write ${text}Gb/s`);
  const match = /^(\d+(?:\.\d+)?)\s*(Gb|Gbit|Mb|Mbit)(?:\/s|ps)$/.exec(text);
  const gbe = /^(\d+)\s*GbE$/.exec(text);
  if (gbe !== null) return good((Number(gbe[1]) * 1e9) / 8);
  if (match !== null) return good((Number(match[1]) * (match[2]?.startsWith('G') ? 1e9 : 1e6)) / 8);
  const bytes = /^(\d+(?:\.\d+)?)\s*([GM])B\/s$/.exec(text);
  if (bytes !== null) {
    return bad(
      `"${text}" is in bytes, and networks are given in bits: write ${Number(bytes[1]) * 8}${bytes[2]}b/s for that many bytes, ${bytes[1]}${bytes[2]}b/s if bits were meant`,
    );
  }
  return bad(`"${text}" is not a network rate; ${expected}`);
}

/** "5ms", "20s", "7d". Returns seconds; a bare number is refused because seconds and days are both likely. */
export function readDurationSec(value: Raw): Read<number> {
  const expected = 'expected a duration with its unit: 5ms, 20s, 2m, 4h or 7d';
  if (isNegative(value)) return bad(`${value} is negative; ${expected}`);
  if (/^0+$/.test(String(value).trim())) return good(0);
  if (typeof value === 'number' || /^\d+(\.\d+)?$/.test(value.trim())) {
    return bad(`${value} has no unit; ${expected}`);
  }
  const parsed = parseDurationMs(value);
  return parsed === undefined ? bad(`"${value}" is not a duration; ${expected}`) : good(parsed / 1000);
}

/** Infinite retention is reckoned as ten years (eventsizer). */
export const INFINITE_RETENTION_SEC = 10 * 365 * 86_400;

/** A duration above 0, or −1 or "infinite". */
export function readRetentionSec(value: Raw): Read<number> {
  if (value === -1 || value === '-1' || value === 'infinite') return good(INFINITE_RETENTION_SEC);
  const read = readDurationSec(value);
  if (read.ok && read.value === 0) return bad(`${value} keeps nothing; expected a duration such as 7d`);
  return read.ok ? read : bad(`${read.message}; or -1 for ever (counted as 10 years)`);
}

/** Brokers that may be lost, or "zone". */
function readFailures(value: Raw): Read<number | 'zone'> {
  if (value === 'zone') return good('zone');
  const read = readCount(value, 0, 1000);
  return read.ok ? read : bad(`"${value}" is not a number of brokers; expected a whole number, or zone`);
}

/** A number of groups. Groups with figures of their own are a list, which this is not asked about. */
function readGroups(value: Raw): Read<number> {
  const read = readCount(value, 0, 1000);
  return read.ok ? read : bad(`${read.message}, or a list of groups`);
}

/** A share from 0 to 1, or "60%". */
export function readShare(value: Raw): Read<number> {
  const expected = 'expected a share from 0 to 1, or a percentage such as 60%';
  const percent = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(value.trim()) : null;
  if (String(value).trim() === '') return bad(`"" is not a share; ${expected}`);
  const share = percent === null ? Number(value) : Number(percent[1]) / 100;
  if (!Number.isFinite(share)) return bad(`"${value}" is not a share; ${expected}`);
  if (share < 0) return bad(`${value} is negative; ${expected}`);
  if (share > 1) {
    return bad(`${value} is above 1; ${percent === null && share <= 100 ? `write ${share}%` : expected}`);
  }
  return good(share);
}

/** "1.5", "1.5x" or "+50%"; at least 1. */
export function readMultiplier(value: Raw): Read<number> {
  const expected = 'expected a multiplier of at least 1, such as 1.5, 1.5x or +50%';
  const text = String(value).trim();
  const plus = /^\+(\d+(?:\.\d+)?)\s*%$/.exec(text);
  const times = /^(\d+(?:\.\d+)?)x?$/.exec(text);
  const factor = plus !== null ? 1 + Number(plus[1]) / 100 : times !== null ? Number(times[1]) : Number.NaN;
  if (Number.isNaN(factor)) return bad(`"${text}" is not a multiplier; ${expected}`);
  if (factor < 1) return bad(`${text} would shrink the demand; ${expected}`);
  return good(factor);
}

/** Counts that nobody has are typing errors: 1e9 brokers. */
export function readCount(value: Raw, min: number, max = Number.MAX_SAFE_INTEGER): Read<number> {
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  const range = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `${min} to ${max}`;
  if (Number.isInteger(number) && number >= min && number <= max) return good(number);
  const what =
    Number.isInteger(number) && number > max ? `${value} is too many` : `"${value}" is not a count`;
  return bad(`${what}; expected a whole number of ${number > max ? range : `at least ${min}`}`);
}

function readBoundedRate(value: Raw): Read<Rate> {
  const read = readRate(value);
  if (read.ok && read.value.perSec === 0) {
    return bad(`${value} is not traffic; expected a rate above 0 such as 50MB/s or 20k/s`);
  }
  return read.ok && read.value.perSec > MOST_PER_SEC ? bad(`"${value}" is beyond 1 PB/s`) : read;
}

export const rateField = field(readBoundedRate);
export const throughputField = field((value) => atMost(readThroughput(value), MOST_PER_SEC, '1 PB/s'));
export const sizeField = field((value) => readSize(value));
export const capacityField = field((value) => atMost(readCapacity(value), LARGEST_BYTES, '1 EB'));
export const networkField = field((value) => atMost(readNetwork(value), MOST_PER_SEC, '1 PB/s'));
export const durationField = field((value) => atMost(readDurationSec(value), LONGEST_SEC, '100 years'));
export const retentionField = field((value) => atMost(readRetentionSec(value), LONGEST_SEC, '100 years'));
export const shareField = field(readShare);
/** A share of a limit or a disk that may be used: none at all allows nothing. */
export const usedShareField = field((value) => {
  const read = readShare(value);
  return read.ok && read.value === 0 ? bad('0 allows no traffic; expected above 0, up to 1') : read;
});
export const multiplierField = field((value) => atMost(readMultiplier(value), 1e6, 'a factor of a million'));
export const countField = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  field((value) => readCount(value, min, max));
export const failuresField = field(readFailures);
export const groupsField = field(readGroups);
