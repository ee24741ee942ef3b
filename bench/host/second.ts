import type { DiskCounters } from './disk.ts';
import type { InterfaceCounters } from './network.ts';
import { RESOURCES, type Resource } from './pressure.ts';
import type { HostSample } from './sample.ts';

/** What a host did between two samples. Shares are 0 to 1 of the time that passed; null: this host does not tell. */
export interface HostSecond {
  readonly elapsedUs: number;
  /** Of all processors' time. */
  readonly stolenShare: number | null;
  readonly userShare: number | null;
  readonly systemShare: number | null;
  readonly iowaitShare: number | null;
  readonly idleShare: number | null;
  /** Of the time: at least one task waited for the resource. */
  readonly pressureShare: { readonly [R in Resource]: number | null };
  /** Of the control group's periods, those in which it ran out of its quota; null without a quota. */
  readonly throttledPeriodShare: number | null;
  /** How long the control group was held back, all its processors together, µs; null without a quota. */
  readonly throttledUs: number | null;
  readonly cpuLimit: number | null;
  /** How long threads that load were ready to run and did not, µs, all together. */
  readonly runQueueWaitUs: number | null;
  readonly memoryAvailableBytes: number | null;
  readonly majorFaults: number | null;
  readonly swappedPages: number | null;
  readonly receivedBytesPerSec: number | null;
  readonly sentBytesPerSec: number | null;
  readonly droppedPackets: number | null;
  readonly retransmitted: number | null;
  readonly diskReadBytesPerSec: number | null;
  readonly diskWrittenBytesPerSec: number | null;
  /** Of the busiest disk: the share of time with a request in its queue, and the mean length of that queue. */
  readonly diskBusyShare: number | null;
  readonly diskQueue: number | null;
  /** Packets that EC2 held back or dropped because an allowance was spent. */
  readonly refusedPackets: number | null;
  readonly descriptors: number | null;
  readonly mhz: number | null;
}

/** A counter's growth; null where either end is unknown, or where it went backwards: a device or a group was made anew. */
function growth(before: number | null | undefined, after: number | null | undefined): number | null {
  if (before === null || before === undefined || after === null || after === undefined) return null;
  return after < before ? null : after - before;
}

function sumOf<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
  read: (one: T) => number,
): number | null {
  const known = new Map(before.map((one) => [one.name, one]));
  const grown = after.map((one) => {
    const earlier = known.get(one.name);
    return earlier === undefined ? null : growth(read(earlier), read(one));
  });
  const told = grown.filter((value) => value !== null);
  return told.length === 0 ? null : told.reduce((sum, value) => sum + value, 0);
}

function cpuShares(before: HostSample, after: HostSample) {
  const [a, b] = [before.cpu, after.cpu];
  const parts = ['userUs', 'systemUs', 'idleUs', 'iowaitUs', 'stolenUs'] as const;
  const deltas = parts.map((part) => growth(a?.[part], b?.[part]));
  // Steal and iowait may step back by a tick between two readings.
  const total = deltas.reduce<number>((sum, delta) => sum + (delta ?? 0), 0);
  const share = (index: number): number | null =>
    a === null || b === null || total === 0 ? null : (deltas[index] ?? 0) / total;
  return {
    userShare: share(0),
    systemShare: share(1),
    idleShare: share(2),
    iowaitShare: share(3),
    stolenShare: share(4),
  };
}

function busiestDisk(before: readonly DiskCounters[], after: readonly DiskCounters[], elapsedMs: number) {
  let best: { busy: number; queue: number } | null = null;
  for (const disk of after) {
    const earlier = before.find(({ name }) => name === disk.name);
    const busy = growth(earlier?.busyMs, disk.busyMs);
    const queued = growth(earlier?.queuedMs, disk.queuedMs);
    if (busy === null || queued === null) continue;
    if (best === null || busy > best.busy) best = { busy, queue: queued };
  }
  return best === null
    ? { diskBusyShare: null, diskQueue: null }
    : { diskBusyShare: Math.min(1, best.busy / elapsedMs), diskQueue: best.queue / elapsedMs };
}

/** The loopback's bytes are the same host's twice, and load nothing else. */
const outside = (interfaces: readonly InterfaceCounters[]): InterfaceCounters[] =>
  interfaces.filter(({ name }) => name !== 'lo');

/** What happened between two samples of one host. */
export function secondBetween(before: HostSample, after: HostSample): HostSecond {
  const elapsedUs = Math.max(1, after.atUs - before.atUs);
  const sec = elapsedUs / 1e6;
  const perSec = (value: number | null): number | null => (value === null ? null : value / sec);
  const [net, netAfter] = [outside(before.network.interfaces), outside(after.network.interfaces)];
  const periods = growth(before.cgroup?.periods, after.cgroup?.periods);
  const throttled = growth(before.cgroup?.throttledPeriods, after.cgroup?.throttledPeriods);
  const pressureShare = Object.fromEntries(
    RESOURCES.map((resource) => {
      const some = growth(before.pressure[resource]?.someUs, after.pressure[resource]?.someUs);
      return [resource, some === null ? null : Math.min(1, some / elapsedUs)];
    }),
  ) as HostSecond['pressureShare'];
  const limited = after.cgroup !== null && after.cgroup.cpuLimit !== null;
  return {
    elapsedUs,
    ...cpuShares(before, after),
    pressureShare,
    throttledPeriodShare:
      !limited || periods === null || throttled === null ? null : periods === 0 ? 0 : throttled / periods,
    throttledUs: limited ? growth(before.cgroup?.throttledUs, after.cgroup?.throttledUs) : null,
    cpuLimit: after.cgroup?.cpuLimit ?? null,
    // A thread that ended takes its waiting along: less than before is then no news.
    runQueueWaitUs: growth(before.threads?.waitUs, after.threads?.waitUs),
    memoryAvailableBytes: after.memory.availableBytes,
    majorFaults: growth(before.memory.majorFaults, after.memory.majorFaults),
    swappedPages: growth(before.memory.swappedPages, after.memory.swappedPages),
    receivedBytesPerSec: perSec(sumOf(net, netAfter, ({ receivedBytes }) => receivedBytes)),
    sentBytesPerSec: perSec(sumOf(net, netAfter, ({ sentBytes }) => sentBytes)),
    droppedPackets: sumOf(net, netAfter, ({ dropped }) => dropped),
    retransmitted: growth(before.network.retransmitted, after.network.retransmitted),
    diskReadBytesPerSec: perSec(sumOf(before.disks, after.disks, ({ readBytes }) => readBytes)),
    diskWrittenBytesPerSec: perSec(sumOf(before.disks, after.disks, ({ writtenBytes }) => writtenBytes)),
    ...busiestDisk(before.disks, after.disks, elapsedUs / 1000),
    refusedPackets: growth(before.refusedPackets, after.refusedPackets),
    descriptors: after.descriptors,
    mhz: after.mhz,
  };
}
