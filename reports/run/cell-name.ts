import { formatNumber } from '../../bench/common/format-number.ts';
import type { Scalar } from '../../bench/common/scalar.ts';
import type { CellSettings } from '../../bench/results/planned.ts';

/** A setting that the sweep varies, with its values in the order of the workload. */
export interface Axis {
  readonly name: string;
  readonly levels: readonly Scalar[];
}

/** "compression.type" of "producer.compression.type": sections of a workload say nothing in a name. */
const SECTION = /^(?:producer|consumer|topic\.configs|topic|load|records|consumers)\./;
const bare = (name: string): string => name.replace(SECTION, '');

const BYTES = /(?:^|\.)(?:bytes|size)$/;
const BYTE_UNITS = [
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
] as const;

/** Exact, so that two values never share a text. */
function bytesText(bytes: number): string {
  const unit = BYTE_UNITS.find(([size]) => bytes >= size && Number.isInteger((bytes / size) * 4));
  return unit === undefined ? `${bytes} B` : `${bytes / unit[0]} ${unit[1]}`;
}

function msText(ms: number): string {
  return ms >= 1000 && ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}

/** Its value as a number, also where YAML had it in quotes. */
function numberOf(value: Scalar): number | null {
  if (typeof value === 'boolean' || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A value with its unit as people write it: "10 ms", "128 KiB", "on", "10000/s". */
export function valueText(name: string, value: Scalar): string {
  const key = bare(name);
  const number = numberOf(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (number === null || number < 0) return String(value);
  if (key.endsWith('.ms') || key === 'handler') return msText(number);
  if (BYTES.test(key) && key !== 'transaction.size') return bytesText(number);
  if (key === 'rate') return `${formatNumber(number)}/s`;
  return String(value);
}

const count = (text: string, word: string): string => `${text} ${word}${text === '1' ? '' : 's'}`;

/** One setting in words: "linger 10 ms", "128 KiB", "acks all", "3 consumers". */
function settingText(name: string, value: Scalar): string {
  const key = bare(name);
  const text = valueText(name, value);
  switch (key) {
    case 'compression.type':
    case 'codec':
    case 'batch.size':
      return text;
    case 'size':
      return `records of ${text}`;
    case 'rate':
      return text === 'max' ? 'maximum rate' : text;
    case 'partitions':
    case 'producers':
    case 'consumers':
    case 'groups':
      return count(text, key.slice(0, -1));
    case 'perGroup':
      return `${text} a group`;
    case 'replicationFactor':
      return count(text, 'replica');
    case 'partition.assignment.strategy':
      return text;
    case 'compression.level':
      return `level ${text}`;
    default:
      return `${key
        .replace(/\.(?:ms|bytes|size)$/, '')
        .replace(/^enable\./, '')
        .replaceAll('.', ' ')} ${text}`;
  }
}

/** The parts of a value that sets several settings at once, such as "compression.type=zstd,compression.zstd.level=3". */
function assignmentsOf(name: string, value: Scalar): [string, Scalar][] {
  const text = String(value);
  if (typeof value !== 'string' || !text.includes('=')) return [[name, value]];
  const parts = text.split(/,\s*(?=[\w.]+=)/).map((part): [string, Scalar] => {
    const at = part.indexOf('=');
    const raw = part.slice(at + 1);
    return [part.slice(0, at), raw === 'true' || raw === 'false' ? raw === 'true' : raw];
  });
  return parts.every(([key]) => key !== '') ? parts : [[name, value]];
}

const LEVEL = /^compression\.(?:[a-z0-9]+\.)?level$/;

/**
 * What sets a cell apart, in the order of the axes: "zstd:3 · linger 10 ms · 128 KiB"; "baseline" where nothing is
 * swept. The one name of a cell in tables, legends, headings and links. Different settings give different names.
 */
export function cellName(axes: readonly Axis[], settings: CellSettings): string {
  const all = axes.flatMap(({ name }) => {
    const value = settings[name];
    return value === undefined ? [] : assignmentsOf(name, value);
  });
  const codec = all.find(([key]) => bare(key) === 'compression.type');
  const level = codec === undefined ? undefined : all.find(([key]) => LEVEL.test(bare(key)));
  const parts = all.flatMap((one) => {
    if (one === level) return [];
    const text = settingText(...one);
    return [one === codec && level !== undefined ? `${text}:${level[1]}` : text];
  });
  return parts.join(' · ') || 'baseline';
}

/** One value of an axis, as ticks and tiles show it under the axis' own name. */
export function levelText(name: string, value: Scalar): string {
  return typeof value === 'string' && value.includes('=')
    ? cellName([{ name, levels: [] }], { [name]: value })
    : valueText(name, value);
}
