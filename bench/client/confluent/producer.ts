import type { BrokersAsSeen } from '../../common/broker-as-seen.ts';
import { createClock } from '../../common/clock.ts';
import { processCpuUs } from '../../common/process-cpu.ts';
import { decodeHeaders } from '../../common/record-headers.ts';
import { STAMP_BYTES, STAMP_HEADER } from '../../common/stamp-place.ts';
import { BrokerCounter } from '../broker-counter.ts';
import {
  type BytesColumn,
  ClientError,
  type ClientSettings,
  type ErrorHandlers,
  type ProducerClient,
  type ProducerOptions,
  type RecordColumns,
  type ReportRows,
  type RowRange,
  type Traffic,
} from '../driver.ts';
import { withOwnSettings } from '../own-settings.ts';
import { ReportRing } from '../rows.ts';
import { StatisticsListener } from '../statistics.ts';
import Kafka from './addon.ts';
import { codeName, promised } from './call.ts';
import { awaitLeaders } from './leaders.ts';
import { Slices } from './slices.ts';
import { withTokens } from './with-tokens.ts';

interface NativeProducer {
  produce(
    topic: string,
    partition: number,
    payload: Buffer | null,
    key: Buffer | null,
    timestamp: null,
    opaque: number | undefined,
    headers: readonly Record<string, string | Buffer | null>[] | undefined,
  ): number;
}

const { ERRORS } = Kafka.CODES as unknown as { ERRORS: Readonly<Record<string, number>> };
const PARTITIONER = -1;
/** The addon dispatches at most 100 delivery reports a turn of the event loop: sending more than that starves them. */
const BURST_WITH_REPORTS = 100;
const BURST_COUNTING = 1_000;
/** Errors that every further record would meet, too. */
const REFUSES_ALL = new Set([ERRORS['ERR__FATAL'], ERRORS['ERR__STATE']]);

export class ConfluentProducer implements ProducerClient {
  readonly burstRows: number;
  readonly reports: ReportRows;
  readonly reportMask: number;
  readonly #producer: Kafka.Producer;
  readonly #native: NativeProducer;
  readonly #statistics = new StatisticsListener();
  readonly #seen = new BrokerCounter();
  readonly #transactional: boolean;
  readonly #topic: string;
  readonly #ring: ReportRing;
  readonly #clock = createClock();
  readonly #stamp: ProducerOptions['stamp'];
  /** The stamp's header, written in place for each record: the addon copies it. */
  readonly #stampHeader = Buffer.alloc(STAMP_BYTES);
  /** Undefined where records have none: the addon takes a shorter way then. */
  readonly #headers: Record<string, Buffer | null>[] | undefined;
  readonly #payloads = new Slices();
  readonly #keys = new Slices();

  constructor(settings: ClientSettings, options: ProducerOptions, handlers: ErrorHandlers) {
    const each = options.reports === 'each';
    this.burstRows = each ? BURST_WITH_REPORTS : BURST_COUNTING;
    this.#topic = options.topic;
    this.#stamp = options.stamp;
    this.#ring = new ReportRing(options.ringRows, setImmediate);
    this.reports = this.#ring.rows;
    this.reportMask = this.#ring.mask;
    const headers = options.headers.map(({ name, value }) => ({
      [name]: value === null ? null : Buffer.from(value),
    }));
    if (options.stamp === 'header') headers.push({ [STAMP_HEADER]: this.#stampHeader });
    this.#headers = headers.length === 0 ? undefined : headers;
    this.#producer = new Kafka.Producer({
      ...withTokens(withOwnSettings(settings)),
      ...(each ? {} : { 'delivery.report.only.error': true }),
      dr_cb: (
        error: { code: number } | null,
        report: { opaque?: number; partition: number; offset?: number },
      ) => {
        const { opaque = -1, partition, offset = -1 } = report;
        this.#ring.add(opaque, error === null ? 0 : error.code, partition, offset, this.#clock.nowUs());
        this.#ring.published();
      },
    } as Kafka.ProducerGlobalConfig);
    this.#native = this.#producer.getClient() as unknown as NativeProducer;
    this.#transactional = settings['transactional.id'] !== undefined;
    this.#producer.on('event.stats', ({ message }: { message: string }) => {
      this.#statistics.take(message);
      this.#seen.add(message);
    });
    this.#producer.on('event.error', (error) => handlers.onError(codeName(error.code), error.message));
  }

  async connect(timeoutMs: number): Promise<void> {
    const topic = this.#topic;
    await promised((done) => this.#producer.connect({ topic, timeout: timeoutMs }, done as never));
    await awaitLeaders(
      (done) => this.#producer.getMetadata({ topic, timeout: timeoutMs }, done as never),
      topic,
      timeoutMs,
    );
    this.#producer.setPollInBackground(true);
    if (this.#transactional)
      await promised((done) => this.#producer.initTransactions(timeoutMs, done as never));
  }

  produce(columns: RecordColumns, from: number, count: number): number {
    const { slots, partitions, keys, headers, stamps } = columns;
    for (let row = from; row < from + count; row++) {
      const payload = this.#payloads.at(columns, row);
      this.#writeStamp(payload, stamps, row);
      const code = this.#native.produce(
        this.#topic,
        partitions === null ? PARTITIONER : (partitions[row] as number),
        payload,
        keys === null ? null : this.#keys.at(keys, row),
        null,
        slots === null ? undefined : slots[row],
        headers ? this.#withOwn(headers, row) : this.#headers,
      );
      if (code === 0) continue;
      if (code === ERRORS['ERR__QUEUE_FULL']) return row - from;
      if (REFUSES_ALL.has(code)) {
        // What was taken is told first; the next call meets the same error.
        if (row > from) return row - from;
        throw new ClientError(codeName(code), `produce to ${this.#topic} failed: ${codeName(code)}`);
      }
      this.#ring.add(slots === null ? -1 : (slots[row] as number), code, -1, -1, this.#clock.nowUs());
    }
    return count;
  }

  /** The producer's headers and the record's own, whose names this addon takes as text. */
  #withOwn({ pool, offsets, lengths }: BytesColumn, row: number): Record<string, Buffer | null>[] {
    const at = offsets[row] as number;
    const run = Buffer.from(pool.buffer, pool.byteOffset + at, Math.max(0, lengths[row] as number));
    const own = decodeHeaders(run);
    if (own === undefined) throw new RangeError('headers: not whole headers');
    return [...(this.#headers ?? []), ...own.map(({ name, value }) => ({ [name.toString()]: value }))];
  }

  #writeStamp(payload: Buffer | null, stamps: Uint8Array | null, row: number): void {
    if (this.#stamp === 'none' || stamps === null) return;
    // In place: the pool is this process's own, and librdkafka copies the record before the next one is stamped.
    const target = this.#stamp === 'header' ? this.#stampHeader : payload;
    if (target === null) return;
    const at = row * STAMP_BYTES;
    for (let i = 0; i < STAMP_BYTES; i++) target[i] = stamps[at + i] as number;
  }

  readable(): RowRange {
    return this.#ring.readable();
  }

  release(count: number): void {
    this.#ring.release(count);
  }

  waitUntil(): boolean {
    return false;
  }

  onReadable(callback: () => void): void {
    this.#ring.onReadable(callback);
  }

  beginTransaction(): Promise<void> {
    return promised((done) => this.#producer.beginTransaction(done as never));
  }

  commitTransaction(timeoutMs: number): Promise<void> {
    return promised((done) => this.#producer.commitTransaction(timeoutMs, done as never));
  }

  abortTransaction(timeoutMs: number): Promise<void> {
    return promised((done) => this.#producer.abortTransaction(timeoutMs, done as never));
  }

  async flush(timeoutMs: number): Promise<boolean> {
    return promised<void>((done) => this.#producer.flush(timeoutMs, done as never)).then(
      () => true,
      () => false,
    );
  }

  cpuUs(): number {
    return processCpuUs();
  }

  traffic(timeoutMs: number): Promise<Traffic | null> {
    return this.#statistics.next(timeoutMs);
  }

  async queued(timeoutMs: number): Promise<number | null> {
    return (await this.#statistics.next(timeoutMs))?.queued ?? null;
  }

  brokersAsSeen(): BrokersAsSeen {
    return this.#seen.take();
  }

  async close(): Promise<void> {
    // What never connected has nothing to take leave of, and the addon refuses to.
    if (!this.#producer.isConnected()) return;
    await promised((done) => this.#producer.disconnect(100, done as never));
  }
}
