import type { HostFiles } from './files.ts';

/** CPU time of a host so far, all processors together, µs (proc_stat(5)). */
export interface CpuTimes {
  readonly userUs: number;
  readonly systemUs: number;
  readonly idleUs: number;
  readonly iowaitUs: number;
  /** Time in which this machine wanted to run and its hypervisor ran something else. */
  readonly stolenUs: number;
  readonly processors: number;
}

/** USER_HZ is 100 in the kernel's interface on every architecture that Node runs on (time(7)). */
const US_PER_TICK = 10_000;

/** Reads /proc/stat; null where it is not there or has no line of totals. */
export function readCpuTimes(files: HostFiles): CpuTimes | null {
  const text = files.read('proc/stat');
  const total = text?.match(/^cpu +(.*)$/m)?.[1];
  if (text === null || text === undefined || total === undefined) return null;
  // Old kernels end after iowait, or before steal.
  const at = total.trim().split(/\s+/).map(Number);
  const us = (index: number): number => (at[index] ?? 0) * US_PER_TICK;
  return {
    userUs: us(0) + us(1),
    systemUs: us(2) + us(5) + us(6),
    idleUs: us(3),
    iowaitUs: us(4),
    stolenUs: us(7),
    processors: [...text.matchAll(/^cpu\d+ /gm)].length,
  };
}
