import { KsweepError } from '../../common/errors.ts';

/** What commander reads of `ksweep perf producer`: the flags of kafka-producer-perf-test. */
export interface ProducerFlags {
  readonly topic: string;
  readonly bootstrapServer?: string;
  readonly numRecords: string;
  readonly recordSize?: string;
  readonly payloadFile?: string;
  readonly payloadDelimiter: string;
  readonly payloadMonotonic?: true;
  readonly throughput: string;
  readonly commandProperty?: string[];
  readonly producerProps?: string[];
  readonly commandConfig?: string;
  readonly 'producer.config'?: string;
  readonly printMetrics?: true;
  readonly transactionalId?: string;
  readonly transactionDurationMs?: string;
  readonly warmupRecords: string;
  readonly reportingInterval: string;
  readonly json?: true;
}

/** What commander reads of `ksweep perf consumer`: the flags of kafka-consumer-perf-test. */
export interface ConsumerFlags {
  readonly bootstrapServer: string;
  readonly topic?: string;
  readonly include?: string;
  readonly numRecords?: string;
  readonly messages?: string;
  readonly group?: string;
  readonly fetchSize: string;
  readonly socketBufferSize: string;
  readonly fromLatest?: true;
  readonly timeout: string | true;
  readonly reportingInterval: string;
  readonly showDetailedStats?: true;
  readonly hideHeader?: true;
  readonly dateFormat: string;
  readonly printMetrics?: true;
  readonly commandProperty?: string[];
  readonly commandConfig?: string;
  readonly 'consumer.config'?: string;
  readonly json?: true;
}

/** A whole number of a flag, `least` or more. Throws usage. */
export function wholeNumber(flag: string, text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new KsweepError('usage', `${flag} ${text}: expected a whole number, ${least} or more`);
}

/** Records a second of --throughput, fractions too; null for -1, which is no limit. Throws usage. */
export function throughputOf(text: string): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value < 0) return null;
  if (Number.isFinite(value) && value > 0) return value;
  throw new KsweepError(
    'usage',
    `--throughput ${text}: expected records a second above 0, or -1 for no limit`,
    {
      ...(value === 0 ? { hint: 'at 0 kafka-producer-perf-test sends one record and waits for ever' } : {}),
    },
  );
}

/** The one of two names of a flag that was given. Throws usage where both were. */
export function oneOfTwo<T>(
  newer: { readonly flag: string; readonly value: T | undefined },
  older: { readonly flag: string; readonly value: T | undefined },
): T | undefined {
  if (newer.value !== undefined && older.value !== undefined) {
    throw new KsweepError('usage', `${newer.flag} and ${older.flag} cannot be specified together`);
  }
  return newer.value ?? older.value;
}
