import { loadAddon } from '../../bench/client/batch/addon.ts';
import { BatchAdmin } from '../../bench/client/batch/admin.ts';
import { batchDriver } from '../../bench/client/batch/driver.ts';
import type {
  ClientSettings,
  ConsumerClient,
  ConsumerHandlers,
  ConsumerOptions,
  ProducerClient,
  ProducerOptions,
  RecordColumns,
} from '../../bench/client/driver.ts';
import { STAMP_BYTES } from '../../bench/results/stamp.ts';

/** µs of CLOCK_MONOTONIC. */
export const nowUs = (): number => Number(process.hrtime.bigint()) / 1000;

/** librdkafka's own simulated brokers, which speak the protocol on loopback; another client reaches them there. */
export class MockCluster {
  readonly bootstrapServers: string;
  readonly #admin: BatchAdmin;

  private constructor(admin: BatchAdmin, bootstrapServers: string) {
    this.#admin = admin;
    this.bootstrapServers = bootstrapServers;
  }

  static async start(brokers = 1): Promise<MockCluster> {
    const admin = new BatchAdmin({ 'test.mock.num.brokers': brokers });
    const addresses = (await admin.describeCluster(10_000)).map(({ address }) => address);
    return new MockCluster(admin, addresses.join(','));
  }

  stop(): Promise<void> {
    return this.#admin.close();
  }
}

/** Records of one size, the sequence in each stamp. */
export function columnsOf(count: number, sizeBytes: number): RecordColumns {
  const stamps = new Uint8Array(count * STAMP_BYTES);
  const view = new DataView(stamps.buffer);
  for (let i = 0; i < count; i++) view.setFloat64(i * STAMP_BYTES + 8, i, true);
  return {
    pool: Buffer.alloc(sizeBytes, 'x'),
    offsets: new Uint32Array(count),
    lengths: new Int32Array(count).fill(sizeBytes),
    keys: null,
    stamps,
    partitions: null,
    slots: Int32Array.from({ length: count }, (_, i) => i),
  };
}

export function producerOf(
  settings: ClientSettings,
  options: Partial<ProducerOptions> = {},
  onError: (code: string, message: string) => void = () => {},
): ProducerClient {
  return batchDriver().createProducer(
    settings,
    { topic: 'records', reports: 'each', stamp: 'payload', headers: [], ringRows: 4096, ...options },
    { onError },
  );
}

export function consumerOf(
  settings: ClientSettings,
  options: Partial<ConsumerOptions> = {},
  handlers: Partial<ConsumerHandlers> = {},
): ConsumerClient {
  return batchDriver().createConsumer(
    { 'auto.offset.reset': 'earliest', ...settings },
    { stamp: 'payload', ringRows: 4096, pollRows: 500, ...options },
    { onError: () => {}, onAssignment: () => {}, ...handlers },
  );
}

export interface Report {
  readonly slot: number;
  readonly error: string;
  readonly partition: number;
  readonly offset: number;
}

/** The reports that are readable now. */
export function takeReports(producer: ProducerClient): Report[] {
  const { errorName } = loadAddon();
  const { start, count } = producer.readable();
  const taken = Array.from({ length: count }, (_, i) => {
    const at = (start + i) & producer.reportMask;
    const { slot, error, partition, offset } = producer.reports;
    return {
      slot: slot[at] as number,
      error: errorName(error[at] as number),
      partition: partition[at] as number,
      offset: offset[at] as number,
    };
  });
  producer.release(count);
  return taken;
}

/** Hands all records over and waits for their reports. */
export async function produceAll(producer: ProducerClient, columns: RecordColumns): Promise<Report[]> {
  const wanted = columns.lengths.length;
  const reports: Report[] = [];
  for (let sent = 0; reports.length < wanted; ) {
    if (sent < wanted) sent += producer.produce(columns, sent, Math.min(500, wanted - sent));
    const taken = takeReports(producer);
    reports.push(...taken);
    if (taken.length === 0) await new Promise<void>((resolve) => producer.onReadable(resolve));
  }
  return reports;
}

export interface Received {
  readonly partition: number;
  readonly offset: number;
  readonly sizeBytes: number;
  /** The stamp's sequence; undefined where the record has no stamp. */
  readonly sequence: number | undefined;
}

export async function receive(consumer: ConsumerClient, wanted: number): Promise<Received[]> {
  const { rows, rowMask } = consumer;
  const view = new DataView(rows.stamp.buffer, rows.stamp.byteOffset);
  const received: Received[] = [];
  while (received.length < wanted) {
    const { start, count } = consumer.readable();
    for (let i = 0; i < count; i++) {
      const at = (start + i) & rowMask;
      received.push({
        partition: rows.partition[at] as number,
        offset: rows.offset[at] as number,
        sizeBytes: rows.sizeBytes[at] as number,
        sequence: rows.stamped[at] === 1 ? view.getFloat64(at * STAMP_BYTES + 8, true) : undefined,
      });
    }
    consumer.release(count);
    if (count === 0) await new Promise<void>((resolve) => consumer.onReadable(resolve));
  }
  return received;
}
