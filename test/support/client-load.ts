import type {
  ClientSettings,
  ConsumerClient,
  ConsumerHandlers,
  ConsumerOptions,
  Driver,
  ProducerClient,
  ProducerOptions,
  RecordColumns,
} from '../../bench/client/driver.ts';
import { StampReader, StampWriter } from '../../bench/results/stamp.ts';

/** A record to send: undefined is a plain value of 100 bytes, null a tombstone. */
export interface Sent {
  readonly key?: string;
  readonly value?: null;
}

const VALUE_BYTES = 100;

/** Records as columns; the stamp of each holds its index as the sequence, and the index is its slot. */
export function columnsOf(records: readonly Sent[], valueBytes = VALUE_BYTES): RecordColumns {
  const keys = records.map(({ key }) => Buffer.from(key ?? ''));
  const stamps = new StampWriter(1, 0, records.length);
  for (let i = 0; i < records.length; i++) stamps.write(i, i, 0);
  let at = 0;
  return {
    pool: Buffer.alloc(valueBytes, 'x'),
    offsets: new Uint32Array(records.length),
    lengths: Int32Array.from(records, ({ value }) => (value === null ? -1 : valueBytes)),
    keys: {
      pool: Buffer.concat([...keys, Buffer.alloc(1)]),
      offsets: Uint32Array.from(keys, ({ length }) => {
        at += length;
        return at - length;
      }),
      lengths: Int32Array.from(records, ({ key }, i) => (key === undefined ? -1 : (keys[i]?.length ?? 0))),
    },
    stamps: stamps.column,
    partitions: null,
    slots: Int32Array.from(records, (_, i) => i),
  };
}

export const plain = (count: number): Sent[] => Array.from({ length: count }, () => ({}));

export interface Told {
  readonly slot: number;
  readonly error: string;
  readonly partition: number;
}

/** Clients of one driver, made, used and closed by tests. */
export class ClientLoad {
  readonly driver: Driver;
  readonly #connection: ClientSettings;
  readonly #open = new Set<{ close(): Promise<void> }>();

  constructor(driver: Driver, connection: ClientSettings) {
    this.driver = driver;
    this.#connection = connection;
  }

  producer(
    settings: ClientSettings,
    options: Partial<ProducerOptions> & { readonly topic: string },
    onError: (code: string) => void = () => {},
  ): ProducerClient {
    const client = this.driver.createProducer(
      { ...this.#connection, ...settings },
      { reports: 'each', stamp: 'payload', headers: [], ringRows: 16_384, ...options },
      { onError },
    );
    this.#open.add(client);
    return client;
  }

  consumer(
    settings: ClientSettings,
    options: Partial<ConsumerOptions> = {},
    handlers: Partial<ConsumerHandlers> = {},
  ): ConsumerClient {
    const client = this.driver.createConsumer(
      { ...this.#connection, 'auto.offset.reset': 'earliest', ...settings },
      { stamp: 'payload', ringRows: 1_024, pollRows: 500, ...options },
      { onAssignment: () => {}, onError: () => {}, ...handlers },
    );
    this.#open.add(client);
    return client;
  }

  async close(client: { close(): Promise<void> }): Promise<void> {
    this.#open.delete(client);
    await client.close();
  }

  /** What a test that failed left open. */
  async closeAll(): Promise<void> {
    await Promise.allSettled([...this.#open].map((client) => this.close(client)));
  }

  /** The reports that are there. */
  take(producer: ProducerClient): Told[] {
    const { start, count } = producer.readable();
    const { slot, error, partition } = producer.reports;
    const told = Array.from({ length: count }, (_, i) => {
      const row = (start + i) & producer.reportMask;
      const code = error[row] as number;
      return {
        slot: slot[row] as number,
        error: code === 0 ? '' : this.driver.errorName(code),
        partition: partition[row] as number,
      };
    });
    producer.release(count);
    return told;
  }

  /** Hands all over, and waits for a report of each. */
  async produce(producer: ProducerClient, columns: RecordColumns): Promise<Told[]> {
    const told: Told[] = [];
    const wanted = columns.lengths.length;
    for (let sent = 0; told.length < wanted; ) {
      if (sent < wanted) sent += producer.produce(columns, sent, Math.min(producer.burstRows, wanted - sent));
      const taken = this.take(producer);
      told.push(...taken);
      if (taken.length === 0) await new Promise<void>((resolve) => producer.onReadable(resolve));
    }
    return told.sort((a, b) => a.slot - b.slot);
  }

  /** Reads until `wanted` records are there; the sequence of each, or undefined where it has no stamp. */
  async receive(
    consumer: ConsumerClient,
    wanted: number,
  ): Promise<{ partition: number; offset: number; sizeBytes: number; sequence: number | undefined }[]> {
    const { rows, rowMask } = consumer;
    const stamps = new StampReader(rows.stamp);
    const received: { partition: number; offset: number; sizeBytes: number; sequence: number | undefined }[] =
      [];
    while (received.length < wanted) {
      const { start, count } = consumer.readable();
      for (let i = 0; i < count; i++) {
        const row = (start + i) & rowMask;
        received.push({
          partition: rows.partition[row] as number,
          offset: rows.offset[row] as number,
          sizeBytes: rows.sizeBytes[row] as number,
          sequence: rows.stamped[row] === 1 ? stamps.sequence(row) : undefined,
        });
      }
      consumer.release(count);
      if (count === 0) await new Promise<void>((resolve) => consumer.onReadable(resolve));
    }
    return received;
  }
}
