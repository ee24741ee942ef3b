import type { ClusterUnderTest } from '../../../infra/cluster-under-test.ts';
import type { LocalCluster } from '../../../infra/local/cluster.ts';

/** A cluster on this machine, as a run sees it. */
export function localUnderTest(cluster: LocalCluster): ClusterUnderTest {
  const { bootstrapServers, kafkaVersion, mode } = cluster;
  return {
    info: { bootstrapServers, kafkaVersion, mode, local: true, hardware: null },
    connection: { 'bootstrap.servers': bootstrapServers },
    metrics: cluster.brokers.flatMap(({ metricsAddress }) =>
      metricsAddress === null ? [] : [`http://${metricsAddress}/metrics`],
    ),
    control: {
      cpu: () => cluster.cpu(),
      topicBytes: (topic) => cluster.topicBytes(topic),
      signalBroker: (index, signal) => cluster.signalBroker(index, signal),
      restartBroker: (index) => cluster.restartBroker(index),
      processes: () => cluster.brokers,
      deadBrokers: () => cluster.brokers.filter(({ alive }) => !alive).map(({ id }) => id),
    },
  };
}
