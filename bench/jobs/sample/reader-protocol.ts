import type { ReadRecord } from '../../client/confluent/topic-reader.ts';
import type { ClientSettings } from '../../client/driver.ts';
import type { AskedRange, ReadRate } from './ranges.ts';

/** What the reading process is asked, once. */
export interface ReadOrder {
  /** bootstrap.servers and security, in librdkafka's names. */
  readonly settings: ClientSettings;
  readonly topic: string;
  readonly asked: AskedRange;
  readonly maxRate: ReadRate;
  /** No more than this is read, whatever was asked. */
  readonly limitBytes: number;
}

export type FromReader =
  | {
      readonly type: 'topic';
      readonly partitions: number;
      readonly topicRecords: number;
      readonly history: readonly { readonly fromMs: number; readonly records: number }[];
    }
  | { readonly type: 'records'; readonly records: readonly ReadRecord[] }
  | { readonly type: 'done'; readonly cut: boolean }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };
