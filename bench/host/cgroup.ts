import { dirname, join } from 'node:path';
import type { HostFiles } from './files.ts';

/** What a control group allows this process, and what it has held back so far. */
export interface CgroupState {
  readonly version: 1 | 2;
  /** Processors' worth of time a period, such as 1.5; null: no limit. */
  readonly cpuLimit: number | null;
  /** CPU time used in the group, µs. */
  readonly cpuUs: number | null;
  /** Periods in which the group ran out of its quota, of `periods` in all. */
  readonly throttledPeriods: number | null;
  readonly periods: number | null;
  readonly throttledUs: number | null;
  readonly memoryLimitBytes: number | null;
  readonly memoryBytes: number | null;
}

/** A limit above this is none: cgroup v1 says "no limit" by the largest page-aligned number. */
const NO_LIMIT_BYTES = 2 ** 60;

const numberIn = (text: string | null, key: string): number | null => {
  const found = text?.match(new RegExp(`^${key} (\\d+)$`, 'm'))?.[1];
  return found === undefined ? null : Number(found);
};

const numberOf = (text: string | null): number | null => {
  const trimmed = text?.trim() ?? '';
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : null;
};

const memoryLimit = (bytes: number | null): number | null =>
  bytes === null || bytes >= NO_LIMIT_BYTES ? null : bytes;

/** The least of several limits; null where there is none. */
const least = (limits: readonly (number | null)[]): number | null => {
  const given = limits.filter((limit) => limit !== null);
  return given.length === 0 ? null : Math.min(...given);
};

/** A group's folder and those above it, nearest first: a limit of any of them holds. */
function upwards(mount: string, path: string): string[] {
  const folders: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    folders.push(join(mount, at));
    if (at === '/' || at === '.') return folders;
  }
}

function version2(files: HostFiles, path: string): CgroupState | null {
  const folders = upwards('sys/fs/cgroup', path);
  // In a container's namespace the group's own path may not be seen from inside: its mount is then the group.
  const own = folders.find((folder) => files.read(join(folder, 'cpu.stat')) !== null);
  if (own === undefined) return null;
  const limits = folders.map((folder) => {
    const [quota, period] = (files.read(join(folder, 'cpu.max')) ?? '').trim().split(/\s+/).map(Number);
    return quota !== undefined && period !== undefined && Number.isFinite(quota) ? quota / period : null;
  });
  const stat = files.read(join(own, 'cpu.stat'));
  return {
    version: 2,
    cpuLimit: least(limits),
    cpuUs: numberIn(stat, 'usage_usec'),
    throttledPeriods: numberIn(stat, 'nr_throttled'),
    periods: numberIn(stat, 'nr_periods'),
    throttledUs: numberIn(stat, 'throttled_usec'),
    memoryLimitBytes: least(
      folders.map((folder) => memoryLimit(numberOf(files.read(join(folder, 'memory.max'))))),
    ),
    memoryBytes: numberOf(files.read(join(own, 'memory.current'))),
  };
}

function version1(files: HostFiles, paths: ReadonlyMap<string, string>): CgroupState | null {
  const foldersOf = (controller: string): string[] => {
    const path = paths.get(controller);
    if (path === undefined) return [];
    const mounts = [`sys/fs/cgroup/${controller}`, 'sys/fs/cgroup/cpu,cpuacct'];
    return mounts.flatMap((mount) => upwards(mount, path));
  };
  const cpu = foldersOf('cpu');
  const own = cpu.find((folder) => files.read(join(folder, 'cpu.stat')) !== null);
  if (own === undefined) return null;
  const limits = cpu.map((folder) => {
    const quota = numberOf(files.read(join(folder, 'cpu.cfs_quota_us')));
    const period = numberOf(files.read(join(folder, 'cpu.cfs_period_us')));
    return quota !== null && quota > 0 && period !== null && period > 0 ? quota / period : null;
  });
  const stat = files.read(join(own, 'cpu.stat'));
  const throttledNs = numberIn(stat, 'throttled_time');
  const usedNs = numberOf(
    foldersOf('cpuacct')
      .map((folder) => files.read(join(folder, 'cpuacct.usage')))
      .find((text) => text !== null) ?? null,
  );
  const memory = foldersOf('memory');
  return {
    version: 1,
    cpuLimit: least(limits),
    cpuUs: usedNs === null ? null : usedNs / 1000,
    throttledPeriods: numberIn(stat, 'nr_throttled'),
    periods: numberIn(stat, 'nr_periods'),
    throttledUs: throttledNs === null ? null : throttledNs / 1000,
    memoryLimitBytes: least(
      memory.map((folder) => memoryLimit(numberOf(files.read(join(folder, 'memory.limit_in_bytes'))))),
    ),
    memoryBytes:
      memory
        .map((folder) => numberOf(files.read(join(folder, 'memory.usage_in_bytes'))))
        .find((n) => n !== null) ?? null,
  };
}

/** The control group of process `pid` (cgroups(7)); null where there is none that tells of CPU. */
export function readCgroup(files: HostFiles, pid: number | 'self' = 'self'): CgroupState | null {
  const text = files.read(`proc/${pid}/cgroup`);
  if (text === null) return null;
  const paths = new Map<string, string>();
  for (const [, controllers = '', path = '/'] of text.matchAll(/^\d+:([^:]*):(.*)$/gm)) {
    for (const controller of controllers.split(',')) paths.set(controller, path);
  }
  // A hybrid host has both; the controllers are in version 1 there.
  return version1(files, paths) ?? version2(files, paths.get('') ?? '/');
}
