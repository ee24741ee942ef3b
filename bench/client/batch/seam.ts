import type { AdminClient, ClientSettings, ClientStatistics } from '../driver.ts';

/** Bytes of a record's stamp: what is in them is bench/results/stamp.ts's affair. */
export const STAMP_BYTES = 24;

/** Columns of records to hand over. All columns have the same capacity; a call names a range of rows. */
export interface RecordColumns {
  /** Row i's payload is pool[offsets[i] .. offsets[i] + lengths[i]); a length of −1 is a tombstone. */
  readonly pool: Uint8Array;
  readonly offsets: Uint32Array;
  readonly lengths: Int32Array;
  /** Likewise; null where no record has a key; length −1: this record has none. */
  readonly keys: {
    readonly pool: Uint8Array;
    readonly offsets: Uint32Array;
    readonly lengths: Int32Array;
  } | null;
  /** STAMP_BYTES a row; null where there is no stamp. */
  readonly stamps: Uint8Array | null;
  /** Partition a row, −1 for the partitioner; null: all by the partitioner. */
  readonly partitions: Int32Array | null;
  /** Slot a row: comes back with its report. Null where no reports are asked for. */
  readonly slots: Int32Array | null;
}

export interface ProducerOptions {
  readonly topic: string;
  readonly reports: 'each' | 'errors';
  readonly stamp: 'payload' | 'header' | 'none';
  /** Headers of every record, the same each time. */
  readonly headers: readonly { readonly name: string; readonly value: Uint8Array | null }[];
  /** A power of two; a full ring is back-pressure on the client's thread, never a lost row. */
  readonly ringRows: number;
}

export interface ConsumerOptions {
  readonly stamp: 'payload' | 'header' | 'none';
  readonly ringRows: number;
}

/** Delivery reports as columns. */
export interface ReportRows {
  /** −1 where only errors are reported. */
  readonly slot: Int32Array;
  /** 0, or librdkafka's error code. */
  readonly error: Int32Array;
  readonly partition: Int32Array;
  /** −1: unknown. */
  readonly offset: Float64Array;
  /** µs of CLOCK_MONOTONIC when the client's thread took the report; one reading a batch. */
  readonly atUs: Float64Array;
}

export interface ReceivedRows {
  readonly partition: Int32Array;
  readonly offset: Float64Array;
  /** Bytes of the value. */
  readonly sizeBytes: Int32Array;
  /** The broker's or the producer's, as the topic says; −1 where there is none. */
  readonly timestampMs: Float64Array;
  readonly atUs: Float64Array;
  /** STAMP_BYTES a row, valid where stamped is 1. */
  readonly stamp: Uint8Array;
  readonly stamped: Uint8Array;
}

/** Readable rows of a ring: the first one's index, and how many; they wrap round. */
export interface RowRange {
  readonly start: number;
  readonly count: number;
}

export interface ErrorHandlers {
  readonly onError: (code: string, message: string) => void;
}

export interface ConsumerHandlers extends ErrorHandlers {
  readonly onAssignment: (event: 'assigned' | 'revoked', partitions: readonly number[]) => void;
}

interface Readable {
  /** What can be read now, without waiting. */
  readable(): RowRange;
  release(count: number): void;
  /** Blocks this thread until rows are there or the time has come; may return early. False: it can't block. */
  waitUntil(deadlineUs: number): boolean;
  /** Calls back once in the event loop when rows are readable. */
  onReadable(callback: () => void): void;
}

export interface ProducerClient extends Readable {
  connect(timeoutMs: number): Promise<void>;
  produce(columns: RecordColumns, from: number, count: number): number;
  readonly reports: ReportRows;
  readonly reportMask: number;
  beginTransaction(): Promise<void>;
  commitTransaction(timeoutMs: number): Promise<void>;
  abortTransaction(timeoutMs: number): Promise<void>;
  flush(timeoutMs: number): Promise<boolean>;
  statistics(timeoutMs: number): Promise<ClientStatistics | null>;
  close(): Promise<void>;
}

export interface ConsumerClient extends Readable {
  connect(topics: readonly string[], timeoutMs: number, paused: boolean): Promise<void>;
  resume(): void;
  pause(): void;
  readonly rows: ReceivedRows;
  readonly rowMask: number;
  statistics(timeoutMs: number): Promise<ClientStatistics | null>;
  close(options?: { leave?: boolean }): Promise<void>;
}

export interface Driver {
  readonly name: 'batch' | 'confluent' | 'fake';
  readonly versions: { readonly client: string; readonly librdkafka: string };
  readonly threads: boolean;
  errorName(code: number): string;
  createProducer(settings: ClientSettings, options: ProducerOptions, handlers: ErrorHandlers): ProducerClient;
  createConsumer(
    settings: ClientSettings,
    options: ConsumerOptions,
    handlers: ConsumerHandlers,
  ): ConsumerClient;
  createAdmin(settings: ClientSettings): AdminClient;
}
