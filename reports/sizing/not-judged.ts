import type { BrokerHardware } from './broker-hardware.ts';
import type { BrokerLoad } from './broker-load.ts';
import { RULE_PER_CORE_BYTES_PER_SEC } from './formulas/cpu.ts';
import { roundUp } from './formulas/partitions.ts';
import type { Watermarks } from './policy.ts';
import type { NotJudged } from './report.ts';
import { rateLimits } from './resources.ts';

const RULE = "by Google Cloud's rule of thumb (20 MB/s written, and a quarter of what is sent, per vCPU)";

/** What the rule of thumb would ask for: said beside "not judged", counted only where it is asked for. */
function byRule(load: BrokerLoad, hardware: BrokerHardware, policy: Watermarks): number | null {
  const ruled = { ...load, perCoreBytesPerSec: RULE_PER_CORE_BYTES_PER_SEC };
  const cpu = rateLimits(ruled, hardware).find((one) => one.resource === 'CPU');
  if (cpu === undefined) return null;
  return roundUp(
    Math.max(
      cpu.average / (policy.utilizationAverage * cpu.limit),
      cpu.peak / (policy.utilizationPeak * cpu.limit),
      1,
    ),
  );
}

/** Every resource that decides of brokers elsewhere and not here, with the reason and what would change it. */
export function notJudged(load: BrokerLoad, hardware: BrokerHardware, policy: Watermarks): NotJudged[] {
  const list: NotJudged[] = [];
  const add = (resource: string, reason: string) => list.push({ resource, reason });
  if (hardware.express !== null) {
    add(
      'network, disk, memory and CPU',
      'Amazon MSK Express sells ingress and egress, and keeps the disks itself',
    );
    return list;
  }
  const { instance } = hardware;
  if (hardware.networkBytesPerSec === null)
    add('network', `no baseline of ${instance} is known: give --network`);
  if (hardware.storageBytesPerSec === null) {
    add('disk throughput', `no figure for the disks of ${instance}: give --disk-throughput`);
  }
  if (hardware.diskBytes === null)
    add('disk space', `the disks of ${instance} are not known: give --disk-size`);
  if (hardware.memoryBytes === null) add('memory', `the memory of ${instance} is not known: give --memory`);
  if (load.brokerCpuUsPerMB === null && load.perCoreBytesPerSec === null) {
    const rule = byRule(load, hardware, policy);
    add(
      'CPU',
      rule === null
        ? `the cores of ${instance} are not known: give --cores`
        : `no run measured it; ${RULE} ${rule} in working order: give --run, or --per-core 20MB/s to count it`,
    );
  }
  return list;
}
