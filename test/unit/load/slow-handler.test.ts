import * as assert from 'uvu/assert';
import { FakeCluster } from '../../../bench/client/fake.ts';
import { VirtualClock } from '../../../bench/client/virtual-clock.ts';
import { createRandom } from '../../../bench/common/random.ts';
import { createConsumer } from '../../../bench/load/consume.ts';
import type { FromLoad } from '../../../bench/load/protocol.ts';
import { prepareRecorder } from '../../../bench/load/recorder.ts';
import { consumerAssignment } from '../../support/consumer-assignment.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a consumer whose handler is slow');
test.before(prepareRecorder);

test('a handler at work is stopped at once, and tells each second while it works', async () => {
  const clock = new VirtualClock();
  const cluster = { capacityPerSec: 1_000, noise: 0, serviceUs: 100, partitions: 1 };
  const driver = new FakeCluster(clock, cluster, createRandom(1));
  const told: { readonly type: string; readonly atMs: number }[] = [];
  let startUs = 0;
  const role = createConsumer(consumerAssignment({ handlerMs: 100, maxPollRecords: 500 }), {
    driver,
    clock,
    connectTimeoutMs: 1_000,
    emit: ({ type }: FromLoad) => told.push({ type, atMs: (clock.nowUs() - startUs) / 1000 }),
  });
  const [client] = driver.consumers;
  if (client === undefined) throw new Error('no consumer was made');
  for (let offset = 0; offset < 500; offset++) client.arrive({ partition: 0, offset, size: 64 }, undefined);
  await role.prepare();
  startUs = clock.nowUs() + 1_000;
  role.start(startUs, startUs + 60e6);
  // 500 records of 100 ms each keep it busy for 50 s.
  clock.at(startUs + 3_500_000, () => role.stop(0));
  await clock.runUntil(() => told.some(({ type }) => type === 'done'));
  driver.stop();
  const done = told.find(({ type }) => type === 'done');
  // Its client polls once more, and virtual time goes on while promises settle; the handler had 46 s to go.
  assert.ok((done?.atMs ?? 0) < 6_000, `${done?.atMs} ms`);
  const seconds = told.filter(({ type }) => type === 'interval').map(({ atMs }) => Math.floor(atMs / 1000));
  assert.equal(seconds.slice(0, 3), [1, 2, 3]);
});

test.run();
