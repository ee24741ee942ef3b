import type { ClientSettings, ConsumerClient, ConsumerHandlers, WireBytes } from '../driver.ts';
import Kafka from './addon.ts';
import { clientError, codeName, promised } from './call.ts';
import { withOwnSettings } from './client-settings.ts';
import { awaitLeaders } from './leaders.ts';
import { WireCounter } from './wire-counter.ts';

const ASSIGN = Kafka.CODES.ERRORS.ERR__ASSIGN_PARTITIONS as unknown as number;

export class ConfluentConsumer implements ConsumerClient {
  readonly #consumer: Kafka.KafkaConsumer;
  readonly #wire: WireCounter;
  #paused = false;
  #closing = false;

  constructor(settings: ClientSettings, handlers: ConsumerHandlers) {
    this.#consumer = new Kafka.KafkaConsumer({
      ...withOwnSettings(settings),
      rebalance_cb: true,
    } as Kafka.ConsumerGlobalConfig);
    this.#wire = new WireCounter(this.#consumer);
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
    // A blocked wait holds a thread of the pool and delays a stop by at most this long; records end it at once.
    this.#consumer.setDefaultConsumeTimeout(100);
    (
      this.#consumer as unknown as { setDefaultIsTimeoutOnlyForFirstMessage(on: boolean): void }
    ).setDefaultIsTimeoutOnlyForFirstMessage(true);
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

  receive(limit: number, done: Parameters<ConsumerClient['receive']>[1]): void {
    this.#consumer.consume(limit, (error, messages) => {
      if (error) done(clientError(error), []);
      else done(null, messages as never);
    });
  }

  wireBytes(timeoutMs: number): Promise<WireBytes | null> {
    return this.#wire.next(timeoutMs);
  }

  close(): Promise<void> {
    this.#closing = true;
    return promised((done) => this.#consumer.disconnect(done as never));
  }
}
