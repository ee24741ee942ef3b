import {
  ClientError,
  type ClientSettings,
  type ClientStatistics,
  type ProducerClient,
  type ProducerHandlers,
} from '../driver.ts';
import Kafka from './addon.ts';
import { codeName, promised } from './call.ts';
import { withOwnSettings } from './client-settings.ts';
import { awaitLeaders } from './leaders.ts';
import { StatisticsListener } from './statistics.ts';

interface NativeProducer {
  produce(
    topic: string,
    partition: number,
    payload: Buffer,
    key: Buffer | null,
    timestamp: null,
    opaque: number | undefined,
    headers: readonly Record<string, string | Buffer>[] | undefined,
  ): number;
}

const QUEUE_FULL = Kafka.CODES.ERRORS.ERR__QUEUE_FULL as unknown as number;
const PARTITIONER = -1;

export class ConfluentProducer implements ProducerClient {
  readonly #producer: Kafka.Producer;
  readonly #native: NativeProducer;
  readonly #statistics: StatisticsListener;
  readonly #transactional: boolean;

  constructor(settings: ClientSettings, reports: 'each' | 'errors', handlers: ProducerHandlers) {
    const onReport = handlers.onReport;
    this.#producer = new Kafka.Producer({
      ...withOwnSettings(settings),
      ...(reports === 'errors' ? { 'delivery.report.only.error': true } : {}),
      dr_cb: (error: { code: number } | null, report: { opaque?: number; partition: number }) => {
        onReport(error === null ? null : codeName(error.code), report.opaque, report.partition);
      },
    } as Kafka.ProducerGlobalConfig);
    this.#native = this.#producer.getClient() as unknown as NativeProducer;
    this.#transactional = settings['transactional.id'] !== undefined;
    this.#statistics = new StatisticsListener(this.#producer);
    this.#producer.on('event.error', (error) => handlers.onError(codeName(error.code), error.message));
  }

  async connect(topic: string, timeoutMs: number): Promise<void> {
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

  produce(
    topic: string,
    payload: Buffer,
    key: Buffer | null,
    slot: number | undefined,
    headers: readonly Record<string, string | Buffer>[] | undefined,
  ): boolean {
    const code = this.#native.produce(topic, PARTITIONER, payload, key, null, slot, headers);
    if (code === 0) return true;
    if (code === QUEUE_FULL) return false;
    throw new ClientError(codeName(code), `produce to ${topic} failed: ${codeName(code)}`);
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

  statistics(timeoutMs: number): Promise<ClientStatistics | null> {
    return this.#statistics.next(timeoutMs);
  }

  close(): Promise<void> {
    return promised((done) => this.#producer.disconnect(100, done as never));
  }
}
