import * as assert from 'uvu/assert';
import type { ConsumerHandlers } from '../../../bench/client/driver.ts';
import { FakeCluster } from '../../../bench/client/fake.ts';
import { VirtualClock } from '../../../bench/client/virtual-clock.ts';
import { createRandom } from '../../../bench/common/random.ts';
import { createConsumer } from '../../../bench/load/consume.ts';
import type { FromLoad } from '../../../bench/load/protocol.ts';
import { prepareRecorder } from '../../../bench/load/recorder.ts';
import { consumerAssignment } from '../../support/consumer-assignment.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a consumer’s positions');

test.before(prepareRecorder);

test('positions are told once when partitions go, and once more at the end', async () => {
  const clock = new VirtualClock();
  const cluster = new FakeCluster(
    clock,
    { capacityPerSec: 1_000, noise: 0, serviceUs: 100, partitions: 2 },
    createRandom(1),
  );
  let handlers: ConsumerHandlers | undefined;
  const createConsumerOf = cluster.createConsumer.bind(cluster);
  cluster.createConsumer = (settings, options, given) => {
    handlers = given;
    return createConsumerOf(settings, options, given);
  };
  const told: FromLoad[] = [];
  const role = createConsumer(consumerAssignment({ checkSequence: false }), {
    driver: cluster,
    clock,
    connectTimeoutMs: 1_000,
    emit: (message) => told.push(message),
  });
  await role.prepare();
  role.start(clock.nowUs(), clock.nowUs() + 1e6);
  for (const [partition, offset] of [
    [0, 9],
    [1, 41],
  ] as const) {
    cluster.consumers[0]?.arrive({ partition, offset, size: 1 }, undefined);
  }
  const readUntilUs = clock.nowUs() + 100_000;
  await clock.runUntil(() => clock.nowUs() > readUntilUs);

  const progress = () => told.filter(({ type }) => type === 'progress');
  assert.equal(progress(), []);
  handlers?.onAssignment('revoked', [1]);
  assert.equal(progress(), [{ type: 'progress', received: 2, positions: { 0: 10, 1: 42 } }]);
  handlers?.onAssignment('assigned', [1]);
  assert.is(progress().length, 1);

  role.stop(0);
  await clock.runUntil(() => told.at(-1)?.type === 'done');
  cluster.stop();
  await role.close();
  assert.equal(progress().slice(1), [{ type: 'progress', received: 2, positions: { 1: 42 } }]);
});

test('a record is read when its handler is through with it', async () => {
  const clock = new VirtualClock();
  const shape = { capacityPerSec: 1_000, noise: 0, serviceUs: 100, partitions: 1 };
  const cluster = new FakeCluster(clock, shape, createRandom(1));
  const told: FromLoad[] = [];
  const role = createConsumer(consumerAssignment({ checkSequence: false, handlerMs: 400 }), {
    driver: cluster,
    clock,
    connectTimeoutMs: 1_000,
    emit: (message) => told.push(message),
  });
  await role.prepare();
  role.start(clock.nowUs(), clock.nowUs() + 1e6);
  role.reportProgress?.();
  cluster.consumers[0]?.arrive({ partition: 0, offset: 0, size: 1 }, undefined);
  const last = () => told.filter((message) => message.type === 'progress').at(-1)?.positions ?? {};
  const startUs = clock.nowUs();
  await clock.runUntil(() => clock.nowUs() > startUs + 300_000);
  assert.equal(last(), {});
  await clock.runUntil(() => clock.nowUs() > startUs + 500_000);
  assert.equal(last(), { 0: 1 });
  role.stop(0);
  await clock.runUntil(() => told.at(-1)?.type === 'done');
  cluster.stop();
  await role.close();
});

test.run();
