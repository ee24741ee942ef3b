import type {
  ClientSettings,
  ClientStatistics,
  ErrorHandlers,
  ProducerClient,
  ProducerOptions,
  RecordColumns,
  ReportRows,
  RowRange,
} from '../driver.ts';
import { withOwnSettings } from '../own-settings.ts';
import { StatisticsListener } from '../statistics.ts';
import { loadAddon, type NativeProducer } from './addon.ts';
import { called, promised } from './call.ts';
import { dispatch } from './events.ts';
import { RingReader } from './ring.ts';

/** A few hundred µs of work: the event loop's other affairs wait no longer for it. */
const BURST_ROWS = 1_024;

export class BatchProducer implements ProducerClient {
  readonly burstRows = BURST_ROWS;
  readonly reports: ReportRows;
  readonly reportMask: number;
  readonly #native: NativeProducer;
  readonly #ring: RingReader;
  readonly #statistics = new StatisticsListener();
  #closed: Promise<void> | undefined;

  constructor(settings: ClientSettings, options: ProducerOptions, handlers: ErrorHandlers) {
    const { Producer, errorName } = loadAddon();
    const onReadable = (): void => this.#ring.deliver();
    const onEvent = dispatch({ ...handlers, onReadable }, this.#statistics, errorName);
    this.#native = called(() => new Producer(withOwnSettings(settings), options, onEvent));
    this.#ring = new RingReader(this.#native, options.ringRows, 2, 3);
    const [offset, atUs] = this.#ring.doubles as [Float64Array, Float64Array];
    const [slot, error, partition] = this.#ring.ints as [Int32Array, Int32Array, Int32Array];
    this.reports = { slot, error, partition, offset, atUs };
    this.reportMask = this.#ring.mask;
  }

  connect(timeoutMs: number): Promise<void> {
    return promised(() => this.#native.connect(timeoutMs));
  }

  produce(columns: RecordColumns, from: number, count: number): number {
    const { pool, offsets, lengths, keys, stamps, partitions, slots } = columns;
    try {
      return this.#native.produce(
        pool,
        offsets,
        lengths,
        keys?.pool,
        keys?.offsets,
        keys?.lengths,
        stamps,
        partitions,
        slots,
        from,
        count,
      );
    } catch (error) {
      return called(() => {
        throw error;
      });
    }
  }

  readable(): RowRange {
    return this.#ring.readable();
  }

  release(count: number): void {
    this.#ring.release(count);
  }

  waitUntil(deadlineUs: number): boolean {
    called(() => this.#native.waitUntil(deadlineUs));
    return true;
  }

  onReadable(callback: () => void): void {
    called(() => this.#ring.onReadable(callback));
  }

  beginTransaction(): Promise<void> {
    return promised(() => this.#native.begin());
  }

  commitTransaction(timeoutMs: number): Promise<void> {
    return promised(() => this.#native.commit(Math.ceil(timeoutMs)));
  }

  abortTransaction(timeoutMs: number): Promise<void> {
    return promised(() => this.#native.abort(Math.ceil(timeoutMs)));
  }

  flush(timeoutMs: number): Promise<boolean> {
    return promised(() => this.#native.flush(Math.ceil(timeoutMs)));
  }

  cpuUs(): number {
    return called(() => this.#native.cpuUs());
  }

  statistics(timeoutMs: number): Promise<ClientStatistics | null> {
    return this.#statistics.next(timeoutMs);
  }

  close(): Promise<void> {
    this.#closed ??= promised(() => this.#native.close());
    return this.#closed;
  }
}
