import { randomBytes } from 'node:crypto';
import { delay } from '../../common/deadline.ts';
import { ClientError, type ClientSettings } from '../driver.ts';
import Kafka from './addon.ts';
import { type Callback, codeName, promised } from './call.ts';
import { withTokens } from './with-tokens.ts';

/** Offsets of one partition, `to` exclusive. */
export interface OffsetRange {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** A whole record; names of headers are text, since the addon gives them so. */
export interface ReadRecord {
  readonly partition: number;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly name: Buffer; readonly value: Buffer | null }[];
}

interface NativeRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp?: number;
  readonly key?: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers?: readonly Record<string, Buffer | string | null>[];
}

interface NativeConsumer {
  consume(
    timeoutMs: number,
    limit: number,
    firstOnly: boolean,
    done: (error: unknown, records: readonly NativeRecord[], ends: readonly { partition: number }[]) => void,
  ): void;
}

interface TimesConsumer {
  offsetsForTimes(
    wanted: readonly { topic: string; partition: number; offset: number }[],
    timeoutMs: number,
    done: Callback<readonly { partition: number; offset: number; error?: unknown }[]>,
  ): void;
}

const POLL_MS = 200;
const POLL_RECORDS = 200;
/** Partitions that answer nothing for so long are given up, with an error. */
const SILENCE_MS = 30_000;

/**
 * What is fetched ahead stays small, so that a bound on the rate of reading bounds the brokers' work, too. A group
 * is named because librdkafka wants one; nothing joins it and no offset is stored or committed.
 */
const READER_SETTINGS: ClientSettings = {
  'enable.auto.commit': false,
  'enable.auto.offset.store': false,
  'enable.partition.eof': true,
  // Retention may take away what was about to be read; what is left behind it counts.
  'auto.offset.reset': 'earliest',
  'isolation.level': 'read_committed',
  'queued.max.messages.kbytes': 1_024,
  'fetch.message.max.bytes': 262_144,
  'fetch.max.bytes': 1_048_576,
  'fetch.queue.backoff.ms': 10,
  'fetch.wait.max.ms': 100,
};

const bytesOf = (value: Buffer | string | null | undefined): Buffer | null =>
  value === null || value === undefined ? null : Buffer.from(value);

function recordOf({ partition, timestamp, key, value, headers }: NativeRecord): ReadRecord {
  return {
    partition,
    timestampMs: timestamp ?? -1,
    key: bytesOf(key),
    value: bytesOf(value),
    headers: (headers ?? []).flatMap((header) =>
      Object.entries(header).map(([name, held]) => ({ name: Buffer.from(name), value: bytesOf(held) })),
    ),
  };
}

/** Reads whole records of one topic by offset, without a group. It needs a process of its own: see addon.ts. */
export class TopicReader {
  readonly #topic: string;
  readonly #consumer: Kafka.KafkaConsumer;
  #complaint: string | null = null;

  constructor(settings: ClientSettings, topic: string) {
    this.#topic = topic;
    this.#consumer = new Kafka.KafkaConsumer({
      'client.id': 'ksweep-sample',
      ...withTokens(settings),
      ...READER_SETTINGS,
      'group.id': `ksweep-sample-${randomBytes(6).toString('hex')}`,
    } as Kafka.ConsumerGlobalConfig);
    this.#consumer.on('event.error', (error) => {
      // That all brokers are down follows from what was said of each.
      if (codeName(error.code) !== 'ERR__ALL_BROKERS_DOWN') this.#complaint = error.message;
    });
  }

  /** The client's newest word on what keeps it from the brokers; null while it has none. */
  get complaint(): string | null {
    return this.#complaint;
  }

  /** Connects, and tells how many partitions the topic has. Rejects with ClientError, also for an unknown topic. */
  async connect(timeoutMs: number): Promise<number> {
    const topic = this.#topic;
    await promised((done) => this.#consumer.connect({ timeout: timeoutMs }, done as never));
    const { topics } = await promised<{
      topics: readonly { name: string; partitions: readonly unknown[] }[];
    }>((done) => this.#consumer.getMetadata({ topic, timeout: timeoutMs }, done as never));
    const partitions = topics.find(({ name }) => name === topic)?.partitions.length ?? 0;
    if (partitions > 0) return partitions;
    throw new ClientError('ERR_UNKNOWN_TOPIC_OR_PART', `there is no topic ${topic}`);
  }

  /** Log start and end offsets by partition. */
  async bounds(partitions: number, timeoutMs: number): Promise<{ low: number[]; high: number[] }> {
    const found = await Promise.all(
      Array.from({ length: partitions }, (_, partition) =>
        promised<{ lowOffset: number; highOffset: number }>((done) =>
          this.#consumer.queryWatermarkOffsets(this.#topic, partition, timeoutMs, done as never),
        ),
      ),
    );
    return { low: found.map(({ lowOffset }) => lowOffset), high: found.map(({ highOffset }) => highOffset) };
  }

  /** By partition the first offset whose record is not older; −1 where there is none. */
  async offsetsAt(timeMs: number, partitions: number, timeoutMs: number): Promise<number[]> {
    const wanted = Array.from({ length: partitions }, (_, partition) => ({
      topic: this.#topic,
      partition,
      offset: Math.floor(timeMs),
    }));
    const consumer = this.#consumer as unknown as TimesConsumer;
    const found = await promised<readonly { partition: number; offset: number; error?: unknown }[]>((done) =>
      consumer.offsetsForTimes(wanted, timeoutMs, done),
    );
    const offsets = new Array<number>(partitions).fill(-1);
    for (const { partition, offset } of found) offsets[partition] = offset;
    return offsets;
  }

  /**
   * Reads one range a partition at most, in whatever order partitions answer.
   * @param take is given each call's records, and says how long to wait before the next call, ms
   */
  async read(
    ranges: readonly OffsetRange[],
    take: (records: readonly ReadRecord[]) => number,
  ): Promise<void> {
    const open = new Map(ranges.filter(({ from, to }) => to > from).map((range) => [range.partition, range]));
    if (open.size === 0) return;
    const place = (partition: number) => ({ topic: this.#topic, partition });
    this.#consumer.assign(
      [...open.values()].map(({ partition, from }) => ({ ...place(partition), offset: from })),
    );
    // A partition that an earlier reading has paused stays so through an assignment.
    this.#consumer.resume([...open.keys()].map(place));
    const close = (partition: number): void => {
      if (open.delete(partition)) this.#consumer.pause([place(partition)]);
    };
    let heardAt = performance.now();
    while (open.size > 0) {
      const { records, ends } = await this.#poll();
      if (records.length > 0 || ends.length > 0) heardAt = performance.now();
      else if (performance.now() - heardAt > SILENCE_MS) {
        const why = this.#complaint ?? `partitions ${[...open.keys()].join(', ')} sent nothing`;
        throw new ClientError('ERR__TIMED_OUT', why);
      }
      const wanted: ReadRecord[] = [];
      for (const record of records) {
        const range = open.get(record.partition);
        if (range === undefined) continue;
        if (record.offset < range.to) wanted.push(recordOf(record));
        // What lies between may be markers of transactions, or have been compacted away.
        if (record.offset >= range.to - 1) close(record.partition);
      }
      for (const { partition } of ends) close(partition);
      const waitMs = take(wanted);
      if (waitMs > 0 && open.size > 0) {
        heardAt += waitMs;
        await delay(waitMs);
      }
    }
    this.#consumer.unassign();
  }

  #poll(): Promise<{ records: readonly NativeRecord[]; ends: readonly { partition: number }[] }> {
    const native = this.#consumer.getClient() as unknown as NativeConsumer;
    return new Promise((resolve, reject) => {
      native.consume(POLL_MS, POLL_RECORDS, true, (error, records, ends) => {
        if (error) promised((done) => done(error, undefined)).catch(reject);
        else resolve({ records, ends });
      });
    });
  }

  async close(): Promise<void> {
    if (this.#consumer.isConnected()) await promised((done) => this.#consumer.disconnect(done as never));
  }
}
