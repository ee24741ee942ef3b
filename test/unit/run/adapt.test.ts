import * as assert from 'uvu/assert';
import { ClientError, type TopicSpec } from '../../../bench/client/driver.ts';
import type { KsweepError } from '../../../bench/common/errors.ts';
import type { LoadGenerator } from '../../../bench/load/agent/load-generator.ts';
import { adaptPlan, adaptTopic } from '../../../bench/run/cluster/adapt.ts';
import { resolveWorkload } from '../../../bench/workload/load.ts';
import { suite } from '../../support/suite.ts';

const test = suite('topics that a service refuses');

const WANTED: TopicSpec = {
  name: 't',
  partitions: 6,
  replicationFactor: 1,
  configs: { 'min.insync.replicas': 1, 'remote.storage.enable': true, 'retention.ms': 1000 },
};

/** A service by what it says to a topic. */
const service = (takes: (topic: TopicSpec) => boolean) => async (topic: TopicSpec) =>
  takes(topic) ? null : new ClientError('ERR_POLICY_VIOLATION', 'not as you like it');

async function adapted(takes: (topic: TopicSpec) => boolean, wanted = WANTED) {
  const found = await adaptTopic(wanted, service(takes));
  return found instanceof ClientError ? found.code : found.changes;
}

test('what is taken stays as it is', async () => {
  assert.equal(await adapted(() => true), []);
});

test('a forced replication factor, forbidden configs, and both', async () => {
  assert.equal(await adapted(({ replicationFactor }) => replicationFactor === 3), [
    'replication factor 3 instead of 1',
  ]);
  assert.equal(await adapted(({ configs }) => configs['remote.storage.enable'] === undefined), [
    'without remote.storage.enable=true',
  ]);
  const both = ({ replicationFactor, configs }: TopicSpec) =>
    replicationFactor === 2 && configs['min.insync.replicas'] === undefined;
  assert.equal(await adapted(both), ['replication factor 2 instead of 1', 'without min.insync.replicas=1']);
});

test('partitions are what is measured: they are never changed', async () => {
  assert.is(await adapted(({ partitions }) => partitions <= 3), 'ERR_POLICY_VIOLATION');
});

test('where the brokers cannot be asked, nothing is adapted', async () => {
  for (const code of ['ERR__NOT_IMPLEMENTED', 'ERR__TIMED_OUT', 'ERR_TOPIC_AUTHORIZATION_FAILED']) {
    const found = await adaptTopic(WANTED, async () => new ClientError(code, ''));
    assert.equal(found, { topic: WANTED, changes: [] });
  }
});

/** A plan of two partition counts against brokers that want three replicas. */
function planned(adapt: boolean) {
  let asked = 0;
  const { plan } = resolveWorkload(
    { name: 'x', sweep: { axes: { 'linger.ms': [1, 5], partitions: [1, 2] } } },
    '.',
    () => {
      throw new Error('refused');
    },
  );
  const observer = {
    async ask({ topic }: { topic: TopicSpec }) {
      asked++;
      if (topic.replicationFactor !== 3) throw new ClientError('ERR_INVALID_REPLICATION_FACTOR', 'must be 3');
    },
  } as unknown as Pick<LoadGenerator, 'ask'>;
  return adaptPlan(plan, observer, 'probe', adapt).then((found) => ({ ...found, asked }));
}

test('each topic of a plan is asked about once, and its cells are marked', async () => {
  const { plan, changes, asked } = await planned(true);
  assert.is(changes.size, 4);
  assert.ok(plan.cells.every(({ workload }) => workload.topic.replicationFactor === 3));
  assert.is(asked, 4);
});

test('without --adapt the run is refused before it begins, and told what would be taken', async () => {
  const error = await planned(false).then(
    () => null,
    (refused: KsweepError) => refused,
  );
  assert.is(error?.code, 'topic-failed');
  assert.match(error?.message ?? '', /must be 3 \(ERR_INVALID_REPLICATION_FACTOR\)/);
  assert.match(error?.hint ?? '', /--adapt measures replication factor 3 instead of 1/);
});

test.run();
