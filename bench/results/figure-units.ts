import { formatNumber } from '../common/format-number.ts';

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

/** How to show values of one size: divide, and put the suffix after. */
export interface Scale {
  readonly divisor: number;
  readonly suffix: string;
}

const TIME: readonly Scale[] = [
  { divisor: 1e6, suffix: ' s' },
  { divisor: 1e3, suffix: ' ms' },
  { divisor: 1, suffix: ' µs' },
];
const BYTES: readonly Scale[] = [
  { divisor: 1e12, suffix: ' TB' },
  { divisor: 1e9, suffix: ' GB' },
  { divisor: 1e6, suffix: ' MB' },
  { divisor: 1e3, suffix: ' kB' },
  { divisor: 1, suffix: ' B' },
];
const followedBy = (scales: readonly Scale[], end: string): Scale[] =>
  scales.map(({ divisor, suffix }) => ({ divisor, suffix: `${suffix}${end}` }));

const SCALES: Readonly<Record<Unit, readonly Scale[]>> = {
  us: TIME,
  ms: TIME.map(({ divisor, suffix }) => ({ divisor: divisor / 1e3, suffix })),
  sec: [{ divisor: 1, suffix: ' s' }],
  perSec: [{ divisor: 1, suffix: '/s' }],
  bytesPerSec: followedBy(BYTES, '/s'),
  bytes: BYTES,
  usPerMB: followedBy(TIME, '/MB'),
  percent: [{ divisor: 1, suffix: ' %' }],
  ratio: [{ divisor: 1, suffix: '' }],
  records: [{ divisor: 1, suffix: ' records' }],
  count: [{ divisor: 1, suffix: '' }],
};

const NONE: Scale = { divisor: 1, suffix: '' };

/** Every unit that values of one kind are shown in, the largest first. */
export const scalesOf = (unit: Unit): readonly Scale[] => SCALES[unit];

/** The largest unit in which the value is at least 1. */
export function scaleOf(value: number, unit: Unit): Scale {
  const scales = SCALES[unit];
  return scales.find(({ divisor }) => Math.abs(value) >= divisor) ?? scales.at(-1) ?? NONE;
}

/** A value with its unit, to four significant digits: "1.234 ms". */
export function formatUnit(value: number, unit: Unit): string {
  const { divisor, suffix } = scaleOf(value, unit);
  return `${formatNumber(value / divisor)}${suffix}`;
}
