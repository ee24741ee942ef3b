import type { CellWorkload } from './plan.ts';
import type { SizeSpec } from './schema.ts';

/** Java's defaults (Kafka 4), which every client of a run is given where nothing else is set. */
const DEFAULTS = {
  'batch.size': 16_384,
  'max.request.size': 1_048_576,
  'transaction.timeout.ms': 60_000,
  'transaction.size': 1_000,
  'session.timeout.ms': 45_000,
} as const;

/** The largest record that a size names; a lognormal's tail has no end, and its p99 has to fit at least. */
export function largestBytes(size: SizeSpec): number {
  if (typeof size === 'number') return size;
  switch (size.distribution) {
    case 'uniform':
      return size.max;
    case 'lognormal':
      return size.p99;
    case 'weighted':
      return Math.max(...Object.keys(size.weights).map((range) => Number(range.split('-').at(-1))));
  }
}

/** What a request of this producer may hold; librdkafka's own name passes, too. */
export function largestRequestBytes(producer: CellWorkload['producer']): number {
  return Number(
    producer['max.request.size'] ?? producer['message.max.bytes'] ?? DEFAULTS['max.request.size'],
  );
}

/** A producer's settings as they will be, defaults filled in. */
export function producerFacts({ producer, records }: CellWorkload): {
  readonly batchBytes: number;
  readonly compressed: boolean;
  readonly acksAll: boolean;
  readonly largestRecordBytes: number | null;
  readonly transaction: { readonly size: number; readonly timeoutMs: number } | null;
} {
  const batch = Number(producer['batch.size'] ?? DEFAULTS['batch.size']);
  return {
    batchBytes: Math.min(batch, largestRequestBytes(producer)),
    compressed: String(producer['compression.type'] ?? producer['compression.codec'] ?? 'none') !== 'none',
    acksAll: ['all', '-1'].includes(String(producer['acks'] ?? 'all')),
    largestRecordBytes: records.size === undefined ? null : largestBytes(records.size),
    transaction:
      producer['transactional.id'] === undefined
        ? null
        : {
            size: Number(producer['transaction.size'] ?? DEFAULTS['transaction.size']),
            timeoutMs: Number(producer['transaction.timeout.ms'] ?? DEFAULTS['transaction.timeout.ms']),
          },
  };
}

/** When a group notices that a member is gone; null where that is the broker's business (group.protocol=consumer). */
export function sessionFacts({ consumer }: CellWorkload): {
  readonly sessionMs: number | null;
  readonly isStatic: boolean;
} {
  const brokers = consumer['group.protocol'] === 'consumer';
  return {
    sessionMs: brokers ? null : Number(consumer['session.timeout.ms'] ?? DEFAULTS['session.timeout.ms']),
    isStatic: consumer['group.instance.id'] !== undefined,
  };
}
