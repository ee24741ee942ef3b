import type { Clock } from '../common/clock.ts';
import type { Random } from '../common/random.ts';
import {
  type AdminClient,
  ClientError,
  type ClientStatistics,
  type ConsumerClient,
  type ConsumerHandlers,
  type Driver,
  type ProducerClient,
  type ProducerHandlers,
  type ReceivedRecord,
} from './driver.ts';

/** Virtual time: runs callbacks in order of their time, as fast as the processor can. */
export class VirtualClock implements Clock {
  #nowUs = 1_000_000;
  #order = 0;
  readonly #queue: { atUs: number; order: number; run: () => void }[] = [];
  /** What a turn of an event loop costs where nothing is waited for. */
  readonly #turnUs = 20;

  nowUs(): number {
    return this.#nowUs;
  }

  wait(maxUs: number, next: () => void): void {
    this.at(this.#nowUs + Math.max(this.#turnUs, maxUs), next);
  }

  sleep(ms: number, next: () => void): void {
    this.at(this.#nowUs + ms * 1000, next);
  }

  /** Runs `run` at a moment of virtual time. */
  at(atUs: number, run: () => void): void {
    const entry = { atUs, order: this.#order++, run };
    let index = this.#queue.length;
    this.#queue.push(entry);
    // A binary heap, by time and then by order.
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, this.#queue[parent])) break;
      this.#queue[index] = this.#queue[parent] as typeof entry;
      index = parent;
    }
    this.#queue[index] = entry;
  }

  /** Runs until `done` says so or nothing is left; a turn of the real event loop now and then lets promises settle. */
  async runUntil(done: () => boolean): Promise<void> {
    for (let steps = 0; !done(); steps++) {
      const next = this.#take();
      if (next === undefined) {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#queue.length === 0 && !done())
          throw new Error('nothing is left to happen, and it is not done');
        continue;
      }
      this.#nowUs = Math.max(this.#nowUs, next.atUs);
      next.run();
      if (steps % 64 === 0) await Promise.resolve();
    }
  }

  #take(): { atUs: number; run: () => void } | undefined {
    const queue = this.#queue;
    const top = queue[0];
    const last = queue.pop();
    if (top === undefined || last === undefined || queue.length === 0) return top;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= queue.length) break;
      const child = left + 1 < queue.length && before(queue[left + 1], queue[left]) ? left + 1 : left;
      if (!before(queue[child], last)) break;
      queue[index] = queue[child] as typeof last;
      index = child;
    }
    queue[index] = last;
    return top;
  }
}

interface Timed {
  readonly atUs: number;
  readonly order: number;
}

function before(a: Timed | undefined, b: Timed | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);
}

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
  readonly payload: Buffer;
  readonly slot: number | undefined;
  readonly owner: FakeProducer;
}

/**
 * A simulated cluster behind the driver's interface: a queue that is served at a noisy capacity. It stands in for
 * Kafka where a test needs a known truth, such as the rate that a search has to find; nothing measured on it is
 * evidence about Kafka.
 */
export class FakeCluster implements Driver {
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
    // An idle server can't save its time for later.
    this.#credit =
      this.queue.length === 0 ? Math.min(this.#credit - served.length, 1) : this.#credit - served.length;
    if (served.length > 0) this.clock.at(this.clock.nowUs() + serviceUs, () => this.#deliver(served));
    this.clock.at(this.clock.nowUs() + SLICE_US, () => this.#serve());
  }

  #deliver(served: readonly Queued[]): void {
    for (const { payload, slot, owner } of served) {
      const partition = this.#next++ % this.cluster.partitions;
      const offset = this.ends[partition] as number;
      this.ends[partition] = offset + 1;
      owner.acknowledge(slot, partition);
      for (const consumer of this.consumers) {
        consumer.inbox.push({ partition, offset, size: payload.length, value: payload });
      }
    }
  }

  createProducer(
    settings: Readonly<Record<string, unknown>>,
    reports: 'each' | 'errors',
    handlers: ProducerHandlers,
  ): ProducerClient {
    return new FakeProducer(
      this,
      Number(settings['queue.buffering.max.messages'] ?? 100_000),
      reports,
      handlers,
    );
  }

  createConsumer(_settings: unknown, handlers: ConsumerHandlers): ConsumerClient {
    const consumer = new FakeConsumer(this, handlers);
    this.consumers.push(consumer);
    return consumer;
  }

  createAdmin(): AdminClient {
    throw new ClientError('ERR__NOT_IMPLEMENTED', 'a simulated cluster has no admin side');
  }
}

class FakeProducer implements ProducerClient {
  readonly #cluster: FakeCluster;
  readonly #limit: number;
  readonly #reports: 'each' | 'errors';
  readonly #handlers: ProducerHandlers;
  #queued = 0;

  constructor(cluster: FakeCluster, limit: number, reports: 'each' | 'errors', handlers: ProducerHandlers) {
    this.#cluster = cluster;
    this.#limit = limit;
    this.#reports = reports;
    this.#handlers = handlers;
  }

  async connect(): Promise<void> {}

  produce(_topic: string, payload: Buffer, _key: Buffer | null, slot: number | undefined): boolean {
    if (this.#queued >= this.#limit) return false;
    this.#queued++;
    this.#cluster.queue.push({ payload: Buffer.from(payload), slot, owner: this });
    return true;
  }

  acknowledge(slot: number | undefined, partition: number): void {
    this.#queued--;
    if (this.#reports === 'each') this.#handlers.onReport(null, slot, partition);
  }

  async beginTransaction(): Promise<void> {}
  async commitTransaction(): Promise<void> {}
  async abortTransaction(): Promise<void> {}
  async flush(): Promise<boolean> {
    return this.#queued === 0;
  }
  async statistics(): Promise<ClientStatistics> {
    return { sent: 0, received: 0, queued: this.#queued, produceRequests: 0 };
  }
  async close(): Promise<void> {}
}

class FakeConsumer implements ConsumerClient {
  readonly inbox: ReceivedRecord[] = [];
  readonly #cluster: FakeCluster;
  readonly #handlers: ConsumerHandlers;

  constructor(cluster: FakeCluster, handlers: ConsumerHandlers) {
    this.#cluster = cluster;
    this.#handlers = handlers;
  }

  async connect(): Promise<void> {
    this.#handlers.onAssignment('assigned', [...this.#cluster.ends.keys()]);
  }

  resume(): void {}

  receive(
    limit: number,
    done: (error: ClientError | null, records: readonly ReceivedRecord[]) => void,
  ): void {
    const waitUs = this.inbox.length > 0 ? 100 : 5_000;
    this.#cluster.clock.wait(waitUs, () => done(null, this.inbox.splice(0, limit)));
  }

  async statistics(): Promise<null> {
    return null;
  }
  async close(): Promise<void> {}
}
