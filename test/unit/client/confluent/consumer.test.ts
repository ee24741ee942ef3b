import { EventEmitter } from 'node:events';
import * as assert from 'uvu/assert';
import Kafka from '../../../../bench/client/confluent/addon.ts';
import { ConfluentConsumer } from '../../../../bench/client/confluent/consumer.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('which records the addon is asked for');

type Done = (error: unknown, records: readonly object[]) => void;
interface Call {
  readonly waitMs: number;
  readonly limit: number;
  readonly done: Done;
}

/** Stands in for the addon's consumer, and keeps each call for records. */
class Native extends EventEmitter {
  static readonly calls: Call[] = [];
  getClient(): object {
    return {
      consume: (waitMs: number, limit: number, _firstOnly: boolean, done: Done) =>
        Native.calls.push({ waitMs, limit, done }),
    };
  }
  connect(_options: object, done: Done): void {
    done(null, []);
  }
  getMetadata({ topic }: { topic: string }, done: (error: unknown, found: object) => void): void {
    done(null, { topics: [{ name: topic, partitions: [{ leader: 1 }] }] });
  }
  subscribe(): void {}
}

test('one record is waited for, and what is ready then is taken without a wait', async () => {
  const own = Kafka.KafkaConsumer;
  Object.assign(Kafka, { KafkaConsumer: Native });
  try {
    const options = { stamp: 'none', pollRows: 1_000, ringRows: 4_096 } as const;
    const handlers = { onError: () => {}, onAssignment: () => {} };
    const consumer = new ConfluentConsumer({}, options, handlers);
    await consumer.connect(['orders'], 1_000, false);
    const asked = () => Native.calls.map(({ waitMs, limit }) => [waitMs > 0, limit]);
    const answer = (records: number): void =>
      Native.calls.at(-1)?.done(
        null,
        Array.from({ length: records }, (_, offset) => ({ partition: 0, offset, size: 9, value: null })),
      );
    assert.is(consumer.readable().count, 0);
    assert.equal(asked(), [[true, 1]]);
    answer(1);
    assert.is(consumer.readable().count, 1, 'a record is there to be read, and not gathered');
    consumer.release(1);
    consumer.readable();
    assert.equal(asked().at(-1), [false, 1_000]);
    answer(40);
    consumer.release(consumer.readable().count);
    consumer.readable();
    assert.equal(asked().at(-1), [false, 1_000]);
    answer(0);
    consumer.readable();
    assert.equal(asked().at(-1), [true, 1]);
  } finally {
    Object.assign(Kafka, { KafkaConsumer: own });
  }
});

test.run();
