import * as assert from 'uvu/assert';
import { ClientError, type ProducerClient } from '../../../bench/client/driver.ts';
import { FakeCluster } from '../../../bench/client/fake.ts';
import { VirtualClock } from '../../../bench/client/virtual-clock.ts';
import { createRandom } from '../../../bench/common/random.ts';
import { createProducer } from '../../../bench/load/produce.ts';
import type { FromLoad, ProducerDone } from '../../../bench/load/protocol.ts';
import { prepareRecorder } from '../../../bench/load/recorder.ts';
import { producerAssignment } from '../../support/producer-assignment.ts';
import { recordSource } from '../../support/record-source.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a producer’s loop');

test.before(prepareRecorder);

interface Options {
  readonly capacityPerSec?: number;
  readonly queueLimit?: number;
  readonly transactionSize?: number;
  readonly perSec?: number;
  /** Where the clock stands at the start. */
  readonly startUs?: number;
  readonly timing?: 'counts';
  /** Changes the client before it is used. */
  readonly client?: (client: ProducerClient) => void;
}

/** 2 s, at 100 records/s unless told otherwise, and a drain limit of 3 s, in virtual time. */
async function produce(options: Options): Promise<{ done: ProducerDone; tookSec: number }> {
  const clock = new VirtualClock();
  const cluster = { capacityPerSec: options.capacityPerSec ?? 10_000, noise: 0, serviceUs: 1_000 };
  const driver = new FakeCluster(clock, { ...cluster, partitions: 1 }, createRandom(1));
  const createClient = driver.createProducer.bind(driver);
  driver.createProducer = (_settings, producerOptions) => {
    const settings = { 'queue.buffering.max.messages': options.queueLimit ?? 1_000 };
    const client = createClient(settings, producerOptions);
    options.client?.(client);
    return client;
  };
  let done: ProducerDone | undefined;
  const role = createProducer(
    producerAssignment({
      timing: options.timing ?? 'each',
      rate: { steps: [{ fromUs: 0, perSec: options.perSec ?? 100 }], arrivals: 'constant' },
      queueLimit: options.queueLimit ?? 1_000,
      transactionSize: options.transactionSize ?? null,
    }),
    recordSource(1, 64),
    {
      driver,
      clock,
      connectTimeoutMs: 1_000,
      emit(message: FromLoad) {
        if (message.type === 'done') done = message.done as ProducerDone;
      },
    },
  );
  await role.prepare();
  const startUs = options.startUs ?? clock.nowUs();
  role.start(startUs, startUs + 2e6);
  await clock.runUntil(() => done !== undefined);
  driver.stop();
  await role.close();
  return { done: done as unknown as ProducerDone, tookSec: (clock.nowUs() - startUs) / 1e6 };
}

const flushed = (client: ProducerClient): void => {
  client.flush = async () => true;
};

test('a record that the client refuses ends the sending, not what was offered', async () => {
  const { done } = await produce({
    client(client) {
      client.produce = () => {
        throw new ClientError('ERR_MSG_SIZE_TOO_LARGE', 'too large');
      };
    },
  });
  assert.equal([done.due, done.sent, done.acked], [200, 0, 0]);
  assert.equal(done.refused, { code: 'ERR_MSG_SIZE_TOO_LARGE', message: 'too large' });
  assert.equal(done.errorsByCode, { ERR_MSG_SIZE_TOO_LARGE: 1 });
});

test('all that was due is sent, also where the last record is due at the very end of a rounded clock', async () => {
  const random = createRandom(7);
  for (let i = 0; i < 60; i++) {
    const perSec = 90 * (1 + random.int(7));
    const { done } = await produce({ perSec, startUs: 1e9 * random.next() });
    assert.equal([done.sent, done.acked], [done.due, done.due], `${perSec}/s`);
  }
});

test('a queue that stays full is given up at the drain limit, with a report', async () => {
  const { done, tookSec } = await produce({ capacityPerSec: 0, queueLimit: 50 });
  assert.equal([done.due, done.sent, done.acked, done.inFlight], [200, 50, 0, 50]);
  assert.is(done.refused, null);
  // Virtual time goes on while promises settle.
  assert.ok(tookSec >= 5 && tookSec < 7, `${tookSec} s`);
});

test('without reports a record that the client still holds at the drain limit is not acknowledged', async () => {
  const { done } = await produce({ capacityPerSec: 0, queueLimit: 50, timing: 'counts' });
  assert.equal([done.due, done.sent, done.acked, done.inFlight], [200, 50, 0, 50]);
  assert.is(done.ackedBytes, 0);
  const slow = (await produce({ capacityPerSec: 10, timing: 'counts' })).done;
  assert.ok(slow.acked > 0 && slow.inFlight > 0, `${slow.acked} and ${slow.inFlight}`);
  assert.is(slow.acked + slow.inFlight, slow.sent);
  const silent = await produce({
    capacityPerSec: 10,
    timing: 'counts',
    client(client) {
      client.queued = async () => null;
    },
  });
  assert.equal([silent.done.acked, silent.done.inFlight], [0, 200], 'none is known to have arrived');
  const all = (await produce({ timing: 'counts', client: flushed })).done;
  assert.equal([all.acked, all.inFlight, all.ackedBytes], [200, 0, 200 * 64]);
});

test('the records of an aborted transaction are taken off once, whether they had been acknowledged or not', async () => {
  let commits = 0;
  const { done } = await produce({
    transactionSize: 50,
    client(client) {
      client.commitTransaction = async () => {
        if (++commits === 2) throw new ClientError('ERR__TIMED_OUT', 'no answer');
      };
    },
  });
  assert.equal([done.sent, done.acked, done.abortedTransactions], [200, 150, 1]);
  assert.equal(
    [...(done.failedSequences ?? [])],
    Array.from({ length: 50 }, (_, i) => 50 + i),
  );
});

test.run();
