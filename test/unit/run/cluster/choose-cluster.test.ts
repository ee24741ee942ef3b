import * as assert from 'uvu/assert';
import { type ClusterFlags, chooseCluster } from '../../../../bench/run/cluster/choose-cluster.ts';
import { workloadSchema } from '../../../../bench/workload/schema.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('choosing the cluster');

const plain = { name: 'x' };
const named = { name: 'x', producer: { 'bootstrap.servers': 'broker:9092' } };

for (const [what, flags, workload, message] of [
  ['brokers without a cluster to start', { brokers: '3' }, plain, /--brokers.+ go with --local/],
  [
    'properties of a cluster that is started here',
    { local: true, commandConfig: 'x' },
    plain,
    /--command-config/,
  ],
  ['properties of a provisioned cluster', { cluster: 'c', commandConfig: 'x' }, plain, /--command-config/],
  [
    '--local for a workload that names its cluster',
    { local: true },
    named,
    /bootstrap.servers broker:9092, and --local/,
  ],
  [
    'pages of metrics without one',
    { local: true, brokerMetrics: ' ' },
    plain,
    /--broker-metrics names no page/,
  ],
  ['--cluster for a workload that names its cluster', { cluster: 'c' }, named, /broker:9092, and --cluster/],
] as const) {
  test(`refuses ${what}`, async () => {
    const refused = chooseCluster(
      flags as ClusterFlags,
      workloadSchema.parse(workload),
      () => assert.unreachable('something was started'),
      new AbortController().signal,
    );
    await refused.then(
      () => assert.unreachable(),
      (error: Error) => assert.match(error.message, message),
    );
  });
}

test('a workload may name the cluster that it measures', async () => {
  const signal = new AbortController().signal;
  const { underTest } = await chooseCluster({}, workloadSchema.parse(named), () => {}, signal);
  assert.is(underTest.info.bootstrapServers, 'broker:9092');
});

test.run();
