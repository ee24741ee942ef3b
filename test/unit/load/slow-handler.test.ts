import * as assert from 'uvu/assert';
import type { Driver, ReceivedRecord } from '../../../bench/client/driver.ts';
import { VirtualClock } from '../../../bench/client/fake.ts';
import { createConsumer } from '../../../bench/load/consume.ts';
import type { FromLoad } from '../../../bench/load/protocol.ts';
import { prepareRecorder } from '../../../bench/load/recorder.ts';
import { consumerAssignment } from '../../support/consumer-assignment.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a consumer whose handler is slow');
test.before(prepareRecorder);

test('a handler at work is stopped at once, and tells each second while it works', async () => {
  const clock = new VirtualClock();
  const unused = (): never => assert.unreachable() as never;
  const record = { partition: 0, offset: 0, key: null, value: Buffer.alloc(64), size: 64 };
  let batch = Array.from(
    { length: 500 },
    (_, offset) => ({ ...record, offset }) as unknown as ReceivedRecord,
  );
  const driver: Driver = {
    versions: { client: 'scripted' } as unknown as Driver['versions'],
    createProducer: unused,
    createAdmin: unused,
    createConsumer: (_settings, handlers) => ({
      async connect() {
        handlers.onAssignment('assigned', [0]);
      },
      resume() {},
      receive: (limit, done) => clock.wait(1_000, () => done(null, batch.splice(0, limit))),
      statistics: async () => ({ sent: 0, received: 4_096, queued: 0, produceRequests: 0 }),
      async close() {},
    }),
  };
  const told: { readonly type: string; readonly atMs: number }[] = [];
  let startUs = 0;
  const role = createConsumer(consumerAssignment({ handlerMs: 100, maxPollRecords: 500 }), {
    driver,
    clock,
    connectTimeoutMs: 1_000,
    emit: ({ type }: FromLoad) => told.push({ type, atMs: (clock.nowUs() - startUs) / 1000 }),
  });
  await role.prepare();
  startUs = clock.nowUs() + 1_000;
  role.start(startUs, startUs + 60e6);
  // 500 records of 100 ms each keep it busy for 50 s.
  clock.at(startUs + 3_500_000, () => role.stop(0));
  await clock.runUntil(() => told.some(({ type }) => type === 'done'));
  batch = [];
  const done = told.find(({ type }) => type === 'done');
  assert.ok((done?.atMs ?? 0) < 3_700, `${done?.atMs} ms`);
  const seconds = told.filter(({ type }) => type === 'interval').map(({ atMs }) => Math.floor(atMs / 1000));
  assert.equal(seconds, [1, 2, 3, 3]);
});

test.run();
