import * as assert from 'uvu/assert';
import type { ConsumerHandlers } from '../../../bench/client/driver.ts';
import { FakeCluster } from '../../../bench/client/fake.ts';
import { VirtualClock } from '../../../bench/client/virtual-clock.ts';
import { createRandom } from '../../../bench/common/random.ts';
import { createConsumer } from '../../../bench/load/consume.ts';
import type { ConsumerAssignment, FromLoad } from '../../../bench/load/protocol.ts';
import { prepareRecorder } from '../../../bench/load/recorder.ts';
import { consumerAssignment } from '../../support/consumer-assignment.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a consumer’s positions');

test.before(prepareRecorder);

/** A consumer on a simulated cluster of two partitions, all that it says, and the handlers that it gave. */
async function started(more: Partial<ConsumerAssignment> = {}) {
  const clock = new VirtualClock();
  const shape = { capacityPerSec: 1_000, noise: 0, serviceUs: 100, partitions: 2 };
  const cluster = new FakeCluster(clock, shape, createRandom(1));
  const given: ConsumerHandlers[] = [];
  const createConsumerOf = cluster.createConsumer.bind(cluster);
  cluster.createConsumer = (settings, options, handlers) => {
    given.push(handlers);
    return createConsumerOf(settings, options, handlers);
  };
  const told: FromLoad[] = [];
  const role = createConsumer(consumerAssignment({ checkSequence: false, ...more }), {
    driver: cluster,
    clock,
    connectTimeoutMs: 1_000,
    emit: (message) => told.push(message),
  });
  await role.prepare();
  role.start(clock.nowUs(), clock.nowUs() + 1e6);
  const arrive = (partition: number, offset: number): void =>
    cluster.consumers[0]?.arrive({ partition, offset, size: 1 }, undefined);
  const end = async (): Promise<void> => {
    role.stop(0);
    await clock.runUntil(() => told.at(-1)?.type === 'done');
    cluster.stop();
    await role.close();
  };
  return { clock, told, role, handlers: given[0], arrive, end };
}

test('positions are told once when partitions go, and once more at the end', async () => {
  const { clock, told, handlers, arrive, end } = await started();
  arrive(0, 9);
  arrive(1, 41);
  const readUntilUs = clock.nowUs() + 100_000;
  await clock.runUntil(() => clock.nowUs() > readUntilUs);

  const progress = () => told.filter(({ type }) => type === 'progress');
  assert.equal(progress(), []);
  handlers?.onAssignment('revoked', [1]);
  assert.equal(progress(), [{ type: 'progress', received: 2, positions: { 0: 10, 1: 42 } }]);
  handlers?.onAssignment('assigned', [1]);
  assert.is(progress().length, 1);

  await end();
  const rebalances = told.flatMap((one) => (one.type === 'interval' ? [one.snapshot.rebalances ?? 0] : []));
  assert.is(
    rebalances.reduce((sum, count) => sum + count, 0),
    1,
  );
  assert.equal(progress().slice(1), [{ type: 'progress', received: 2, positions: { 1: 42 } }]);
});

test('a record is read when its handler is through with it', async () => {
  const { clock, told, role, arrive, end } = await started({ handlerMs: 400 });
  role.reportProgress?.();
  arrive(0, 0);
  const last = () => told.filter((message) => message.type === 'progress').at(-1)?.positions ?? {};
  const startUs = clock.nowUs();
  await clock.runUntil(() => clock.nowUs() > startUs + 300_000);
  assert.equal(last(), {});
  await clock.runUntil(() => clock.nowUs() > startUs + 500_000);
  assert.equal(last(), { 0: 1 });
  await end();
});

test.run();
