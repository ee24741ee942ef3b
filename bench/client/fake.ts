import type { BrokersAsSeen } from '../common/broker-as-seen.ts';
import { processCpuUs } from '../common/process-cpu.ts';
import type { Random } from '../common/random.ts';
import { STAMP_BYTES } from '../common/stamp-place.ts';
import {
  type AdminClient,
  ClientError,
  type ConsumerClient,
  type ConsumerHandlers,
  type ConsumerOptions,
  type Driver,
  type ProducerClient,
  type ProducerOptions,
  type ReceivedRows,
  type RecordColumns,
  type ReportRows,
  type RowRange,
  type Traffic,
} from './driver.ts';
import { ReceivedRing, ReportRing } from './rows.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface SimulatedCluster {
  /** Records a second that it carries on average. */
  readonly capacityPerSec: number;
  /** Standard deviation of the capacity's logarithm from one slice of 10 ms to the next. */
  readonly noise: number;
  /** Time from the service of a record to its acknowledgement, µs. */
  readonly serviceUs: number;
  readonly partitions: number;
}

const SLICE_US = 10_000;
/** A slice's capacity resembles the one before it: real brokers are slow for a while, not for one record. */
const CORRELATION = 0.8;

interface Queued {
  readonly stamp: Uint8Array | undefined;
  readonly size: number;
  readonly slot: number;
  readonly owner: FakeProducer;
}

/**
 * A simulated cluster behind the driver's interface: a queue that is served at a noisy capacity. It stands in for
 * Kafka where a test needs a known truth, such as the rate that a search has to find; nothing measured on it is
 * evidence about Kafka.
 */
export class FakeCluster implements Driver {
  readonly name = 'fake';
  readonly versions = { client: 'simulated', librdkafka: 'simulated' };
  readonly clock: VirtualClock;
  readonly cluster: SimulatedCluster;
  readonly queue: Queued[] = [];
  readonly consumers: FakeConsumer[] = [];
  readonly ends: number[];
  readonly #random: Random;
  #deviation = 0;
  #credit = 0;
  #next = 0;
  #stopped = false;

  constructor(clock: VirtualClock, cluster: SimulatedCluster, random: Random) {
    this.clock = clock;
    this.cluster = cluster;
    this.ends = new Array<number>(cluster.partitions).fill(0);
    this.#random = random;
    this.#serve();
  }

  stop(): void {
    this.#stopped = true;
  }

  #gaussian(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.#random.next()));
    return radius * Math.cos(2 * Math.PI * this.#random.next());
  }

  #serve(): void {
    if (this.#stopped) return;
    const { capacityPerSec, noise, serviceUs } = this.cluster;
    this.#deviation =
      CORRELATION * this.#deviation + Math.sqrt(1 - CORRELATION ** 2) * noise * this.#gaussian();
    // exp(−σ²/2) keeps the mean of a log-normal capacity at the stated one.
    const factor = Math.exp(this.#deviation - noise ** 2 / 2);
    this.#credit += (capacityPerSec * factor * SLICE_US) / 1e6;
    const served = this.queue.splice(0, Math.floor(this.#credit));
    // An idle server cannot save its time for later.
    this.#credit =
      this.queue.length === 0 ? Math.min(this.#credit - served.length, 1) : this.#credit - served.length;
    if (served.length > 0) this.clock.at(this.clock.nowUs() + serviceUs, () => this.#deliver(served));
    this.clock.at(this.clock.nowUs() + SLICE_US, () => this.#serve());
  }

  #deliver(served: readonly Queued[]): void {
    for (const { stamp, size, slot, owner } of served) {
      const partition = this.#next++ % this.cluster.partitions;
      const offset = this.ends[partition] as number;
      this.ends[partition] = offset + 1;
      owner.acknowledge(slot, partition);
      for (const consumer of this.consumers) {
        consumer.arrive({ partition, offset, size }, stamp);
      }
    }
  }

  errorName(code: number): string {
    return `ERR_${code}`;
  }

  createProducer(settings: Readonly<Record<string, unknown>>, options: ProducerOptions): FakeProducer {
    return new FakeProducer(this, Number(settings['queue.buffering.max.messages'] ?? 100_000), options);
  }

  createConsumer(_settings: unknown, options: ConsumerOptions, handlers: ConsumerHandlers): FakeConsumer {
    const consumer = new FakeConsumer(this.clock, options, handlers, () => [...this.ends.keys()]);
    this.consumers.push(consumer);
    return consumer;
  }

  createAdmin(): AdminClient {
    throw new ClientError('ERR__NOT_IMPLEMENTED', 'a simulated cluster has no admin side');
  }
}

const soon =
  (clock: VirtualClock) =>
  (run: () => void): void =>
    clock.at(clock.nowUs(), run);

export class FakeProducer implements ProducerClient {
  readonly burstRows = 100;
  readonly reports: ReportRows;
  readonly reportMask: number;
  readonly #cluster: FakeCluster;
  readonly #limit: number;
  readonly #options: ProducerOptions;
  readonly #ring: ReportRing;
  #queued = 0;

  constructor(cluster: FakeCluster, limit: number, options: ProducerOptions) {
    this.#cluster = cluster;
    this.#limit = limit;
    this.#options = options;
    this.#ring = new ReportRing(options.ringRows, soon(cluster.clock));
    this.reports = this.#ring.rows;
    this.reportMask = this.#ring.mask;
  }

  async connect(): Promise<void> {}

  produce({ lengths, stamps, slots }: RecordColumns, from: number, count: number): number {
    const taken = Math.min(count, this.#limit - this.#queued);
    for (let row = from; row < from + taken; row++) {
      this.#cluster.queue.push({
        stamp:
          this.#options.stamp === 'none'
            ? undefined
            : stamps?.slice(row * STAMP_BYTES, (row + 1) * STAMP_BYTES),
        size: Math.max(0, lengths[row] as number),
        slot: slots === null ? -1 : (slots[row] as number),
        owner: this,
      });
    }
    this.#queued += taken;
    return taken;
  }

  acknowledge(slot: number, partition: number): void {
    this.#queued--;
    if (this.#options.reports === 'errors') return;
    this.#ring.add(slot, 0, partition, -1, this.#cluster.clock.nowUs());
    this.#ring.published();
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
  async beginTransaction(): Promise<void> {}
  async commitTransaction(): Promise<void> {}
  async abortTransaction(): Promise<void> {}
  async flush(): Promise<boolean> {
    return this.#queued === 0;
  }
  cpuUs(): number {
    return processCpuUs();
  }
  async traffic(): Promise<Traffic | null> {
    return { sent: 0, received: 0, produceRequests: 0 };
  }
  async queued(): Promise<number | null> {
    return this.#queued;
  }
  brokersAsSeen(): BrokersAsSeen {
    return {};
  }
  async close(): Promise<void> {}
}

interface Arrived {
  readonly partition: number;
  readonly offset: number;
  readonly size: number;
}

/** A consumer whose records come in virtual time: from a simulated cluster, or as a test hands them to it. */
export class FakeConsumer implements ConsumerClient {
  readonly rows: ReceivedRows;
  readonly rowMask: number;
  readonly #clock: VirtualClock;
  readonly #handlers: ConsumerHandlers;
  readonly #partitions: () => readonly number[];
  readonly #ring: ReceivedRing;
  readonly #waiting: { record: Arrived; stamp: Uint8Array | undefined; atUs: number }[] = [];

  constructor(
    clock: VirtualClock,
    options: ConsumerOptions,
    handlers: ConsumerHandlers,
    partitions: () => readonly number[],
  ) {
    this.#clock = clock;
    this.#handlers = handlers;
    this.#partitions = partitions;
    this.#ring = new ReceivedRing(options.ringRows, soon(clock));
    this.rows = this.#ring.rows;
    this.rowMask = this.#ring.mask;
  }

  async connect(
    _topics: readonly string[],
    _timeoutMs: number,
    _paused: boolean,
    beforeJoin?: () => Promise<void>,
  ): Promise<void> {
    await beforeJoin?.();
    this.#handlers.onAssignment('assigned', this.#partitions());
  }

  arrive(record: Arrived, stamp: Uint8Array | undefined): void {
    this.#waiting.push({ record, stamp, atUs: this.#clock.nowUs() });
    this.#fill();
    this.#ring.published();
  }

  #fill(): void {
    for (const { record, stamp, atUs } of this.#waiting.splice(0, this.#ring.room)) {
      this.#ring.add(record, stamp, atUs);
    }
  }

  readable(): RowRange {
    return this.#ring.readable();
  }
  release(count: number): void {
    this.#ring.release(count);
    this.#fill();
  }
  waitUntil(): boolean {
    return false;
  }
  onReadable(callback: () => void): void {
    this.#ring.onReadable(callback);
  }
  resume(): void {}
  pause(): void {}
  cpuUs(): number {
    return processCpuUs();
  }
  async traffic(): Promise<Traffic | null> {
    return null;
  }
  async close(): Promise<void> {}
}
