import { z } from 'zod';
import {
  DURATION_PATTERN,
  parseDurationMs,
  parseRate,
  parseSizeBytes,
  RATE_PATTERN,
  SIZE_PATTERN,
} from '../common/units.ts';

/**
 * Text with a unit, or a bare number. The pattern and the bound are for editors; `expected` says in words what a text is
 * not, when `read` returns undefined.
 */
const quantity = <T>(
  pattern: string,
  read: (value: string | number) => T | undefined,
  expected: string,
  description: string,
) =>
  z
    .union([z.string().meta({ pattern }), z.number().meta({ minimum: 0 })])
    .transform((value, context) => {
      const parsed = read(value);
      if (parsed !== undefined) return parsed;
      context.addIssue({ code: 'custom', message: `expected ${expected}` });
      return z.NEVER;
    })
    .meta({ description });

export const durationMs = quantity(
  DURATION_PATTERN,
  parseDurationMs,
  'a duration such as 250ms, 20s or 2m',
  'A duration such as 250ms, 20s, 2m; a bare number is seconds.',
);

export const sizeBytes = quantity(
  SIZE_PATTERN,
  (value) => {
    const parsed = parseSizeBytes(value);
    return parsed === undefined ? undefined : Math.round(parsed);
  },
  'a size such as 100, 1KiB or 5MB',
  'A size such as 100 (bytes), 1KiB (2^10) or 5MB (10^6).',
);

export const rate = quantity(
  RATE_PATTERN,
  parseRate,
  'a rate such as 20000 (records/s), 20k/s, 5MB/s or 5TB/day',
  'Offered rate over all producers: records (20000, 20k/s, 2M/h) or bytes (5MB/s, 5TB/day).',
);
