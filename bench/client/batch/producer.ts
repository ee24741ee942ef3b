import type { BrokersAsSeen } from '../../common/broker-as-seen.ts';
import { BrokerCounter } from '../broker-counter.ts';
import type {
  ClientSettings,
  ErrorHandlers,
  ProducerClient,
  ProducerOptions,
  RecordColumns,
  ReportRows,
} from '../driver.ts';
import { withOwnSettings } from '../own-settings.ts';
import { StatisticsListener } from '../statistics.ts';
import type { NativeProducer } from './addon.ts';
import { called, promised } from './call.ts';
import { RingClient } from './ring-client.ts';

/** A few hundred µs of work: the event loop's other affairs wait no longer for it. */
const BURST_ROWS = 1_024;

export class BatchProducer extends RingClient<NativeProducer> implements ProducerClient {
  readonly burstRows = BURST_ROWS;
  readonly reports: ReportRows;
  readonly reportMask: number;
  readonly #seen: BrokerCounter;
  readonly #statistics: StatisticsListener;

  constructor(settings: ClientSettings, options: ProducerOptions, handlers: ErrorHandlers) {
    const [seen, statistics] = [new BrokerCounter(), new StatisticsListener()];
    super(
      settings,
      ({ Producer }, onEvent) => new Producer(withOwnSettings(settings), options, onEvent),
      handlers,
      { rows: options.ringRows, doubles: 2, ints: 3 },
      (json) => {
        seen.add(json);
        statistics.take(json);
      },
    );
    this.#seen = seen;
    this.#statistics = statistics;
    const [offset, atUs] = this.ring.doubles as [Float64Array, Float64Array];
    const [slot, error, partition] = this.ring.ints as [Int32Array, Int32Array, Int32Array];
    this.reports = { slot, error, partition, offset, atUs };
    this.reportMask = this.ring.mask;
  }

  connect(timeoutMs: number): Promise<void> {
    return promised(() => this.native.connect(timeoutMs));
  }

  produce(columns: RecordColumns, from: number, count: number): number {
    const { pool, offsets, lengths, keys, headers, stamps, partitions, slots } = columns;
    try {
      return this.native.produce(
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
        headers?.pool,
        headers?.offsets,
        headers?.lengths,
      );
    } catch (error) {
      return called(() => {
        throw error;
      });
    }
  }

  beginTransaction(): Promise<void> {
    return promised(() => this.native.begin());
  }

  commitTransaction(timeoutMs: number): Promise<void> {
    return promised(() => this.native.commit(Math.ceil(timeoutMs)));
  }

  abortTransaction(timeoutMs: number): Promise<void> {
    return promised(() => this.native.abort(Math.ceil(timeoutMs)));
  }

  flush(timeoutMs: number): Promise<boolean> {
    return promised(() => this.native.flush(Math.ceil(timeoutMs)));
  }

  async queued(timeoutMs: number): Promise<number | null> {
    return (await this.#statistics.next(timeoutMs))?.queued ?? null;
  }

  brokersAsSeen(): BrokersAsSeen {
    return this.#seen.take();
  }

  close(): Promise<void> {
    return this.closeOnce(true);
  }
}
