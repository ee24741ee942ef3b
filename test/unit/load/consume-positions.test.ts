import * as assert from 'uvu/assert';
import type { ConsumerHandlers, Driver } from '../../../bench/client/driver.ts';
import { FakeCluster, VirtualClock } from '../../../bench/client/fake.ts';
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
  const driver: Driver = {
    versions: cluster.versions,
    createProducer: (settings, reports, given) => cluster.createProducer(settings, reports, given),
    createAdmin: () => cluster.createAdmin(),
    createConsumer(settings, given) {
      handlers = given;
      return cluster.createConsumer(settings, given);
    },
  };
  const told: FromLoad[] = [];
  const role = createConsumer(consumerAssignment({ checkSequence: false }), {
    driver,
    clock,
    connectTimeoutMs: 1_000,
    emit: (message) => told.push(message),
  });
  await role.prepare();
  role.start(clock.nowUs(), clock.nowUs() + 1e6);
  const inbox = cluster.consumers[0]?.inbox;
  const record = (partition: number, offset: number) => ({
    partition,
    offset,
    size: 1,
    value: Buffer.alloc(1),
  });
  inbox?.push(record(0, 9), record(1, 41));
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

test.run();
