import type { HostSecond } from '../../host/second.ts';
import type { HostFigures } from '../../results/host-figures.ts';
import type { SeriesRow } from '../../results/series-columns.ts';
import type { HostMeasurement } from './measurement.ts';
import type { Window } from './window.ts';

type Read = (second: HostSecond) => number | null;

const known = (seconds: readonly HostSecond[], read: Read): number[] =>
  seconds.map(read).filter((value) => value !== null);

/** A share of time over several samples, weighted by how long each of them was. */
function shareOver(seconds: readonly HostSecond[], read: Read): number | null {
  const told = seconds.filter((second) => read(second) !== null);
  const elapsed = told.reduce((sum, { elapsedUs }) => sum + elapsedUs, 0);
  if (elapsed === 0) return null;
  return told.reduce((sum, second) => sum + (read(second) ?? 0) * second.elapsedUs, 0) / elapsed;
}

const greatest = (seconds: readonly HostSecond[], read: Read): number | null => {
  const values = known(seconds, read);
  return values.length === 0 ? null : Math.max(...values);
};

const total = (seconds: readonly HostSecond[], read: Read): number | null => {
  const values = known(seconds, read);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
};

const percent = (share: number | null): number | null => (share === null ? null : share * 100);

/** One host over the measured window: shares as means, counters as sums, extremes where a second tells more. */
function figuresOf({ name, seconds }: HostMeasurement, window: Window): HostFigures {
  const within = seconds
    .filter(({ atSec }) => atSec > window.fromSec && atSec <= window.endSec + 0.5)
    .map(({ second }) => second);
  const available = known(within, (s) => s.memoryAvailableBytes);
  return {
    name,
    stolenPercent: percent(shareOver(within, (s) => s.stolenShare)),
    stolenMaxPercent: percent(greatest(within, (s) => s.stolenShare)),
    userPercent: percent(shareOver(within, (s) => s.userShare)),
    systemPercent: percent(shareOver(within, (s) => s.systemShare)),
    iowaitPercent: percent(shareOver(within, (s) => s.iowaitShare)),
    idlePercent: percent(shareOver(within, (s) => s.idleShare)),
    cpuPressurePercent: percent(shareOver(within, (s) => s.pressureShare.cpu)),
    ioPressurePercent: percent(shareOver(within, (s) => s.pressureShare.io)),
    memoryPressurePercent: percent(shareOver(within, (s) => s.pressureShare.memory)),
    cpuLimit: within.at(-1)?.cpuLimit ?? null,
    throttledPercent: percent(shareOver(within, (s) => s.throttledPeriodShare)),
    throttledMs: toMs(total(within, (s) => s.throttledUs)),
    runQueueWaitMs: toMs(total(within, (s) => s.runQueueWaitUs)),
    memoryAvailableMinBytes: available.length === 0 ? null : Math.min(...available),
    majorFaults: total(within, (s) => s.majorFaults),
    swappedPages: total(within, (s) => s.swappedPages),
    receivedBytesPerSec: shareOver(within, (s) => s.receivedBytesPerSec),
    sentBytesPerSec: shareOver(within, (s) => s.sentBytesPerSec),
    droppedPackets: total(within, (s) => s.droppedPackets),
    retransmitted: total(within, (s) => s.retransmitted),
    diskReadBytesPerSec: shareOver(within, (s) => s.diskReadBytesPerSec),
    diskWrittenBytesPerSec: shareOver(within, (s) => s.diskWrittenBytesPerSec),
    diskBusyPercent: percent(shareOver(within, (s) => s.diskBusyShare)),
    diskQueue: shareOver(within, (s) => s.diskQueue),
    refusedPackets: total(within, (s) => s.refusedPackets),
    descriptorsMax: greatest(within, (s) => s.descriptors),
    mhz: shareOver(within, (s) => s.mhz),
  };
}

const toMs = (us: number | null): number | null => (us === null ? null : us / 1000);

export const hostFigures = (hosts: readonly HostMeasurement[], window: Window): HostFigures[] =>
  hosts.map((host) => figuresOf(host, window));

type HostColumns = Pick<
  SeriesRow,
  | 'hostStolenPercent'
  | 'hostUserPercent'
  | 'hostSystemPercent'
  | 'hostIowaitPercent'
  | 'hostIdlePercent'
  | 'hostCpuPressurePercent'
  | 'hostIoPressurePercent'
  | 'hostMemoryPressurePercent'
  | 'hostThrottledPercent'
  | 'hostRunQueueWaitMs'
  | 'hostMemoryAvailableBytes'
  | 'hostMajorFaults'
  | 'hostSwappedPages'
  | 'hostReceivedBytesPerSec'
  | 'hostSentBytesPerSec'
  | 'hostDroppedPackets'
  | 'hostRetransmitted'
  | 'hostDiskReadBytesPerSec'
  | 'hostDiskWrittenBytesPerSec'
  | 'hostDiskBusyPercent'
  | 'hostDiskQueue'
  | 'hostDescriptors'
  | 'hostMhz'
>;

/** The columns of one second: of several hosts the one that is worse off, since one slow host delays the load. */
export function hostColumns(hosts: readonly HostMeasurement[], second: number): HostColumns {
  const at = hosts.flatMap(({ seconds }) => {
    // A sample tells of the second before it.
    const nearest = seconds.find(({ atSec }) => Math.round(atSec) === second + 1);
    return nearest === undefined ? [] : [nearest.second];
  });
  const worst = (read: Read): number | null => greatest(at, read);
  const least = (read: Read): number | null => {
    const values = known(at, read);
    return values.length === 0 ? null : Math.min(...values);
  };
  return {
    hostStolenPercent: percent(worst((s) => s.stolenShare)),
    hostUserPercent: percent(worst((s) => s.userShare)),
    hostSystemPercent: percent(worst((s) => s.systemShare)),
    hostIowaitPercent: percent(worst((s) => s.iowaitShare)),
    hostIdlePercent: percent(least((s) => s.idleShare)),
    hostCpuPressurePercent: percent(worst((s) => s.pressureShare.cpu)),
    hostIoPressurePercent: percent(worst((s) => s.pressureShare.io)),
    hostMemoryPressurePercent: percent(worst((s) => s.pressureShare.memory)),
    hostThrottledPercent: percent(worst((s) => s.throttledPeriodShare)),
    hostRunQueueWaitMs: toMs(worst((s) => s.runQueueWaitUs)),
    hostMemoryAvailableBytes: least((s) => s.memoryAvailableBytes),
    hostMajorFaults: worst((s) => s.majorFaults),
    hostSwappedPages: worst((s) => s.swappedPages),
    hostReceivedBytesPerSec: worst((s) => s.receivedBytesPerSec),
    hostSentBytesPerSec: worst((s) => s.sentBytesPerSec),
    hostDroppedPackets: worst((s) => s.droppedPackets),
    hostRetransmitted: worst((s) => s.retransmitted),
    hostDiskReadBytesPerSec: worst((s) => s.diskReadBytesPerSec),
    hostDiskWrittenBytesPerSec: worst((s) => s.diskWrittenBytesPerSec),
    hostDiskBusyPercent: percent(worst((s) => s.diskBusyShare)),
    hostDiskQueue: worst((s) => s.diskQueue),
    hostDescriptors: worst((s) => s.descriptors),
    hostMhz: least((s) => s.mhz),
  };
}
