import type { LocalCluster } from '../../infra/local/cluster.ts';
import type { ClusterUnderTest } from './cluster.ts';

/** A cluster on this machine, as a run sees it. */
export function localUnderTest(cluster: LocalCluster): ClusterUnderTest {
  const { bootstrapServers, kafkaVersion, mode } = cluster;
  return {
    info: { bootstrapServers, kafkaVersion, mode, local: true, hardware: null },
    connection: { 'bootstrap.servers': bootstrapServers },
    control: cluster,
  };
}
