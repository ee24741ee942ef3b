import type { ClusterControl } from '../../../infra/cluster-under-test.ts';
import type { BrokerReading } from '../../brokers/figures.ts';
import { readCgroup } from '../../host/cgroup.ts';
import { readBusyMsOf } from '../../host/disk.ts';
import type { HostFiles } from '../../host/files.ts';

/** What this machine tells of a broker that runs on it, and its own metrics do not: its logs' disk and its CPU limit. */
export function brokerHere(
  files: HostFiles,
  control: Pick<ClusterControl, 'processes'> | null,
  broker: string,
): Partial<BrokerReading> {
  const own = control?.processes().find(({ metricsAddress }) => metricsAddress === broker);
  if (own === undefined) return {};
  const busyMs = readBusyMsOf(files, own.pid, own.logDir);
  const cgroup = readCgroup(files, own.pid);
  return {
    ...(busyMs === null ? {} : { diskBusy: busyMs / 1000 }),
    cpuPeriodsPerSec: cgroup?.periods ?? null,
    cpuThrottledPeriodsPerSec: cgroup?.throttledPeriods ?? null,
  };
}
