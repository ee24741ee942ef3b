import { type CgroupState, readCgroup } from './cgroup.ts';
import { type CpuTimes, readCpuTimes } from './cpu.ts';
import { type DiskCounters, readDisks } from './disk.ts';
import type { HostFiles } from './files.ts';
import { type MemoryState, readMemory } from './memory.ts';
import { type NetworkState, readNetwork } from './network.ts';
import { type Pressure, type Resource, readPressure } from './pressure.ts';
import { readThreadTimes, type ThreadTimes } from './threads.ts';

/** What a host tells of itself at one moment: counters so far, and states. */
export interface HostSample {
  /** µs of the host's monotonic clock. */
  readonly atUs: number;
  readonly cpu: CpuTimes | null;
  readonly pressure: { readonly [R in Resource]: Pressure | null };
  readonly cgroup: CgroupState | null;
  /** Of the processes that load, together. */
  readonly threads: ThreadTimes | null;
  readonly memory: MemoryState;
  readonly network: NetworkState;
  readonly disks: readonly DiskCounters[];
  /** Open file descriptors of the processes that load. */
  readonly descriptors: number | null;
  /** Packets that EC2 held back or dropped because an allowance was spent, so far; null elsewhere. */
  readonly refusedPackets: number | null;
  /** Mean frequency of the processors, MHz; null where it is not told, as in most virtual machines. */
  readonly mhz: number | null;
}

/** Takes a sample; about a millisecond, so once a second and never in the hot path. */
export function takeSample(
  files: HostFiles,
  atUs: number,
  pids: readonly (number | 'self')[],
  refusedPackets: number | null = null,
): HostSample {
  return {
    atUs,
    cpu: readCpuTimes(files),
    pressure: readPressure(files),
    cgroup: readCgroup(files),
    threads: sumThreads(pids.map((pid) => readThreadTimes(files, pid))),
    memory: readMemory(files),
    network: readNetwork(files),
    disks: readDisks(files),
    descriptors: descriptorsOf(files, pids),
    refusedPackets,
    mhz: frequencyOf(files),
  };
}

function sumThreads(all: readonly (ThreadTimes | null)[]): ThreadTimes | null {
  const known = all.filter((times) => times !== null);
  if (known.length === 0) return null;
  return {
    runUs: known.reduce((sum, { runUs }) => sum + runUs, 0),
    waitUs: known.reduce((sum, { waitUs }) => sum + waitUs, 0),
    threads: known.reduce((sum, { threads }) => sum + threads, 0),
  };
}

function descriptorsOf(files: HostFiles, pids: readonly (number | 'self')[]): number | null {
  const count = pids.reduce<number>((sum, pid) => sum + files.list(`proc/${pid}/fd`).length, 0);
  return count === 0 ? null : count;
}

function frequencyOf(files: HostFiles): number | null {
  const values = [...(files.read('proc/cpuinfo') ?? '').matchAll(/^cpu MHz\s*: ([\d.]+)$/gm)].map(([, mhz]) =>
    Number(mhz),
  );
  return values.length === 0 ? null : values.reduce((sum, mhz) => sum + mhz, 0) / values.length;
}
