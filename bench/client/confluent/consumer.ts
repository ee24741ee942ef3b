import type {
  ClientSettings,
  ClientStatistics,
  ConsumerClient,
  ConsumerHandlers,
  ReceivedRecord,
} from '../driver.ts';
import Kafka from './addon.ts';
import { clientError, codeName, promised } from './call.ts';
import { withOwnSettings } from './client-settings.ts';
import { awaitLeaders } from './leaders.ts';
import { StatisticsListener } from './statistics.ts';

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
  readonly #consumer: Kafka.KafkaConsumer;
  readonly #native: NativeConsumer;
  /** Records came the last time: there may be more, ready to be taken without a wait. */
  #flowing = false;
  readonly #statistics: StatisticsListener;
  #paused = false;
  #closing = false;

  constructor(settings: ClientSettings, handlers: ConsumerHandlers) {
    this.#consumer = new Kafka.KafkaConsumer({
      ...withOwnSettings(settings),
      rebalance_cb: true,
    } as Kafka.ConsumerGlobalConfig);
    this.#statistics = new StatisticsListener(this.#consumer);
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

  async connect(topic: string, timeoutMs: number, paused: boolean): Promise<void> {
    this.#paused = paused;
    await promised((done) => this.#consumer.connect({ topic, timeout: timeoutMs }, done as never));
    await awaitLeaders(
      (done) => this.#consumer.getMetadata({ topic, timeout: timeoutMs }, done as never),
      topic,
      timeoutMs,
    );
    this.#consumer.subscribe([topic]);
  }

  resume(): void {
    this.#paused = false;
    const owned = this.#consumer.assignments();
    if (owned.length > 0) this.#consumer.resume(owned);
  }

  /**
   * Waits for one record, then takes what is ready. Asking for many with a wait would gather records that trickle in
   * less than 1 ms apart until the limit is full: 200 ms of latency at 2,500 a second that no Java client has.
   */
  receive(limit: number, done: Parameters<ConsumerClient['receive']>[1]): void {
    const [waitMs, most] = this.#flowing ? [0, limit] : [WAIT_MS, 1];
    this.#native.consume(waitMs, most, false, (error, records) => {
      this.#flowing = !error && records.length > 0;
      if (error) done(clientError(error), []);
      else done(null, records);
    });
  }

  statistics(timeoutMs: number): Promise<ClientStatistics | null> {
    return this.#statistics.next(timeoutMs);
  }

  close(): Promise<void> {
    this.#closing = true;
    return promised((done) => this.#consumer.disconnect(done as never));
  }
}
