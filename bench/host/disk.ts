import type { HostFiles } from './files.ts';

/** Counters of one whole disk, so far (the kernel's Documentation/admin-guide/iostats.rst). */
export interface DiskCounters {
  readonly name: string;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** Time with a request in the queue, ms. */
  readonly busyMs: number;
  /** Requests × time in the queue, ms: its growth over time is the mean queue. */
  readonly queuedMs: number;
}

/** Sectors of /proc/diskstats are 512 bytes whatever the disk's are. */
const SECTOR_BYTES = 512;

/**
 * Time with a request in its queue, ms so far, of the device that a file of process `pid` is on, a loop device included;
 * null where the file system has none of its own, as overlay and btrfs.
 */
export function readBusyMsOf(files: HostFiles, pid: number, path: string): number | null {
  // proc_pid_mountinfo(5): id, parent, MAJOR:MINOR, root, mount point.
  const mounts = (files.read(`proc/${pid}/mountinfo`) ?? '').split('\n').map((line) => line.split(' '));
  const below = (folder: string): boolean => folder === '/' || `${path}/`.startsWith(`${folder}/`);
  const [nearest] = mounts
    .flatMap(([, , device, , folder]) =>
      device !== undefined && folder !== undefined && below(folder) ? [{ device, folder }] : [],
    )
    .toSorted((a, b) => b.folder.length - a.folder.length);
  if (nearest === undefined) return null;
  for (const line of (files.read('proc/diskstats') ?? '').split('\n')) {
    const at = line.trim().split(/\s+/);
    if (`${at[0]}:${at[1]}` === nearest.device) return Number(at[12] ?? 0);
  }
  return null;
}

/** The disks in /sys/block, without loop and memory devices; partitions would count twice. */
export function readDisks(files: HostFiles): DiskCounters[] {
  const whole = new Set(files.list('sys/block').filter((name) => !/^(loop|ram|zram)\d/.test(name)));
  return (files.read('proc/diskstats') ?? '').split('\n').flatMap((line): DiskCounters[] => {
    const at = line.trim().split(/\s+/);
    const name = at[2];
    if (name === undefined || !whole.has(name)) return [];
    const value = (index: number): number => Number(at[index] ?? 0);
    return [
      {
        name,
        readBytes: value(5) * SECTOR_BYTES,
        writtenBytes: value(9) * SECTOR_BYTES,
        busyMs: value(12),
        queuedMs: value(13),
      },
    ];
  });
}
