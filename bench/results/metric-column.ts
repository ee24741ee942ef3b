import type { Unit } from './figure-units.ts';

/** Ends of column names that say the unit; a ratio or a count needs none. */
const COLUMN_UNIT: Readonly<Record<Unit, string>> = {
  us: 'Us',
  ms: 'Ms',
  sec: 'Sec',
  perSec: 'PerSec',
  bytesPerSec: 'BytesPerSec',
  bytes: 'Bytes',
  usPerMB: 'UsPerMB',
  percent: 'Percent',
  ratio: '',
  records: 'Records',
  count: '',
};

/** `due-to-ack.p99.9` in µs → `dueToAckP999Us`: camel case as in series.csv, the unit at the end. */
export function columnOf(key: string, unit: Unit): string {
  const name = key
    .replace('/', '-over-')
    .replace(/(\d)\.(\d)/g, '$1$2')
    .replace(/[-./]+([A-Za-z0-9])/g, (_all, next: string) => next.toUpperCase());
  return name.endsWith(COLUMN_UNIT[unit]) ? name : `${name}${COLUMN_UNIT[unit]}`;
}
