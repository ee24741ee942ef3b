import type { HostFiles } from './files.ts';

/** Memory of a host (proc_meminfo(5), proc_vmstat(5)). */
export interface MemoryState {
  readonly availableBytes: number | null;
  readonly totalBytes: number | null;
  /** Pages that had to be read from a disk, so far. */
  readonly majorFaults: number | null;
  /** Pages moved to and from swap, so far. */
  readonly swappedPages: number | null;
}

export function readMemory(files: HostFiles): MemoryState {
  const info = files.read('proc/meminfo');
  const stat = files.read('proc/vmstat');
  const bytes = (key: string): number | null => {
    const kib = info?.match(new RegExp(`^${key}: +(\\d+) kB`, 'm'))?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  };
  const count = (key: string): number | null => {
    const found = stat?.match(new RegExp(`^${key} (\\d+)$`, 'm'))?.[1];
    return found === undefined ? null : Number(found);
  };
  const [swappedIn, swappedOut] = [count('pswpin'), count('pswpout')];
  return {
    availableBytes: bytes('MemAvailable'),
    totalBytes: bytes('MemTotal'),
    majorFaults: count('pgmajfault'),
    swappedPages: swappedIn === null || swappedOut === null ? null : swappedIn + swappedOut,
  };
}
