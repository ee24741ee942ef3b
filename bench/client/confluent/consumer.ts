import { createClock } from '../../common/clock.ts';
import { processCpuUs } from '../../common/process-cpu.ts';
import { STAMP_BYTES, STAMP_HEADER } from '../../common/stamp-place.ts';
import type {
  ClientSettings,
  ConsumerClient,
  ConsumerHandlers,
  ConsumerOptions,
  ReceivedRows,
  RowRange,
  Traffic,
} from '../driver.ts';
import { withOwnSettings } from '../own-settings.ts';
import { ReceivedRing } from '../rows.ts';
import { StatisticsListener } from '../statistics.ts';
import Kafka from './addon.ts';
import { clientError, codeName, promised } from './call.ts';
import { awaitLeaders } from './leaders.ts';
import { withTokens } from './with-tokens.ts';

interface ReceivedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly size: number;
  readonly timestamp?: number;
  readonly value: Buffer | null;
  readonly headers?: readonly Record<string, unknown>[];
}

interface NativeConsumer {
  /** Up to `limit` records, waiting for each of them; `firstOnly` would wait 1 ms for those after the first. */
  consume(
    timeoutMs: number,
    limit: number,
    firstOnly: boolean,
    done: (error: unknown, records: readonly ReceivedRecord[]) => void,
  ): void;
}

const ASSIGN = Kafka.CODES.ERRORS.ERR__ASSIGN_PARTITIONS as unknown as number;
/** A blocked wait holds a thread of the pool and delays a stop by at most this long; a record ends it at once. */
const WAIT_MS = 100;

export class ConfluentConsumer implements ConsumerClient {
  readonly rows: ReceivedRows;
  readonly rowMask: number;
  readonly #ring: ReceivedRing;
  readonly #options: ConsumerOptions;
  readonly #handlers: ConsumerHandlers;
  readonly #clock = createClock();
  readonly #consumer: Kafka.KafkaConsumer;
  readonly #native: NativeConsumer;
  /** Records came the last time: there may be more, ready to be taken without a wait. */
  #flowing = false;
  #polling = false;
  /** Somebody waits for rows: polling goes on until there are some. */
  #wanted = false;
  #subscribed = false;
  readonly #statistics = new StatisticsListener();
  #paused = false;
  #closing = false;

  constructor(settings: ClientSettings, options: ConsumerOptions, handlers: ConsumerHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#ring = new ReceivedRing(options.ringRows, setImmediate);
    this.rows = this.#ring.rows;
    this.rowMask = this.#ring.mask;
    this.#consumer = new Kafka.KafkaConsumer({
      ...withTokens(withOwnSettings(settings)),
      rebalance_cb: true,
    } as Kafka.ConsumerGlobalConfig);
    this.#consumer.on('event.stats', (event: { message: string }) => this.#statistics.take(event.message));
    // The event comes before librdkafka has applied the assignment, so it is read a turn later.
    this.#consumer.on('rebalance', (event) => {
      setImmediate(() => {
        if (this.#closing || !this.#consumer.isConnected()) return;
        const owned = this.#consumer.assignments();
        if (this.#paused && owned.length > 0) this.#consumer.pause(owned);
        handlers.onAssignment(
          event.code === ASSIGN ? 'assigned' : 'revoked',
          owned.map(({ partition }) => partition),
        );
      });
    });
    this.#consumer.on('event.error', (error) => handlers.onError(codeName(error.code), error.message));
    this.#native = this.#consumer.getClient() as unknown as NativeConsumer;
  }

  async connect(
    topics: readonly string[],
    timeoutMs: number,
    paused: boolean,
    beforeJoin?: () => Promise<void>,
  ): Promise<void> {
    this.#paused = paused;
    const topic = topics[0] ?? '';
    await promised((done) => this.#consumer.connect({ topic, timeout: timeoutMs }, done as never));
    for (const topic of topics) {
      await awaitLeaders(
        (done) => this.#consumer.getMetadata({ topic, timeout: timeoutMs }, done as never),
        topic,
        timeoutMs,
      );
    }
    await beforeJoin?.();
    this.#consumer.subscribe([...topics]);
    this.#subscribed = true;
  }

  resume(): void {
    this.#paused = false;
    const owned = this.#consumer.assignments();
    if (owned.length > 0) this.#consumer.resume(owned);
  }

  pause(): void {
    this.#paused = true;
    const owned = this.#consumer.assignments();
    if (owned.length > 0) this.#consumer.pause(owned);
  }

  /**
   * Waits for one record, then takes what is ready. Asking for many with a wait would gather records that trickle in
   * less than 1 ms apart until the limit is full: 200 ms of latency at 2,500 a second that no Java client has.
   */
  #poll(): void {
    if (this.#polling || this.#closing || !this.#subscribed || this.#ring.count > 0) return;
    this.#polling = true;
    const most = Math.min(this.#options.pollRows, this.#options.ringRows);
    const [waitMs, limit] = this.#flowing ? [0, most] : [WAIT_MS, 1];
    this.#native.consume(waitMs, limit, false, (error, records) => {
      this.#polling = false;
      this.#flowing = !error && records.length > 0;
      if (error) this.#handlers.onError(clientError(error).code, clientError(error).message);
      else this.#take(records);
    });
  }

  #take(records: readonly ReceivedRecord[]): void {
    const atUs = this.#clock.nowUs();
    for (const record of records) this.#ring.add(record, this.#stampOf(record), atUs);
    this.#ring.published();
    if (this.#ring.count === 0 && this.#wanted) this.#poll();
  }

  #stampOf({ value, headers }: ReceivedRecord): Uint8Array | undefined {
    switch (this.#options.stamp) {
      case 'none':
        return undefined;
      case 'payload':
        return value !== null && value.length >= STAMP_BYTES ? value : undefined;
      case 'header': {
        const header = headers?.find((candidate) => STAMP_HEADER in candidate)?.[STAMP_HEADER];
        return Buffer.isBuffer(header) && header.length === STAMP_BYTES ? header : undefined;
      }
    }
  }

  readable(): RowRange {
    this.#wanted = false;
    this.#poll();
    return this.#ring.readable();
  }

  release(count: number): void {
    this.#ring.release(count);
  }

  waitUntil(): boolean {
    return false;
  }

  onReadable(callback: () => void): void {
    this.#wanted = true;
    this.#ring.onReadable(callback);
    this.#poll();
  }

  cpuUs(): number {
    return processCpuUs();
  }

  traffic(timeoutMs: number): Promise<Traffic | null> {
    return this.#statistics.next(timeoutMs);
  }

  /** This client always leaves its group; only the end of its process looks like one. */
  async close(): Promise<void> {
    this.#closing = true;
    if (!this.#consumer.isConnected()) return;
    await promised((done) => this.#consumer.disconnect(done as never));
  }
}
