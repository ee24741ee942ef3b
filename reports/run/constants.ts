import type { Scalar } from '../../bench/common/scalar.ts';
import type { Manifest } from '../../bench/results/manifest.ts';
import { formatBytes } from '../sizing/format.ts';
import { cellName, valueText } from './cell-name.ts';

type Fields = Readonly<Record<string, unknown>>;
const mapOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Names that an axis may use for what the workload keeps elsewhere. */
const BARE = /^(?:producer|consumer|topic\.configs|topic|load|records|consumers)\./;

/**
 * What every cell of a run shares, said once: "6 partitions", "1 KiB records", "acks all". A setting that the sweep
 * varies is not in it, nor one that has no value.
 */
export function constantSettings({ workload, cells }: Manifest): string[] {
  const swept = new Set(
    cells.flatMap(({ settings }) =>
      Object.entries(settings).flatMap(([name, value]) => [
        name.replace(BARE, ''),
        ...String(value)
          .split(',')
          .flatMap((part) => (part.includes('=') ? [(part.split('=')[0] ?? '').replace(BARE, '')] : [])),
      ]),
    ),
  );
  const [topic, load, records, consumers] = ['topic', 'load', 'records', 'consumers'].map((key) =>
    mapOf(workload[key]),
  );
  const texts: string[] = [];
  const add = (name: string, value: unknown, text?: (value: Scalar) => string) => {
    if (swept.has(name) || !isScalar(value) || value === '') return;
    texts.push(text?.(value) ?? cellName([{ name, levels: [] }], { [name]: value }));
  };
  add('partitions', topic?.['partitions']);
  add('replicationFactor', topic?.['replicationFactor']);
  add('size', records?.['size']);
  add('rate', rateOf(load?.['rate']));
  add('producers', load?.['producers']);
  if (!swept.has('consumers'))
    add('perGroup', consumers?.['perGroup'], (n) => `${n} consumer${n === 1 ? '' : 's'} a group`);
  add('groups', consumers?.['groups']);
  for (const role of ['producer', 'consumer'] as const) {
    for (const [name, value] of Object.entries(mapOf(workload[role]))) add(name, value);
  }
  for (const [name, value] of Object.entries(mapOf(topic?.['configs'])))
    add(name, value, (one) => `topic ${name} ${valueText(name, one)}`);
  return texts;
}

/** A rate in the words of an axis, or null for steps and searches, which the answer names. */
function rateOf(rate: unknown): Scalar | null {
  if (isScalar(rate)) return rate;
  const { kind, perSec } = mapOf(rate);
  if (typeof perSec !== 'number') return null;
  return kind === 'bytes' ? `${formatBytes(perSec)}/s` : perSec;
}
