import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MOUNT = '/sys/fs/cgroup';
const PERIOD_US = 100_000;
/** Version 2 has one tree for all controllers, version 1 one for each. */
const isVersion2 = (): boolean => existsSync(join(MOUNT, 'cgroup.controllers'));
const treesOf = (): string[] => (isVersion2() ? [MOUNT] : [join(MOUNT, 'cpu'), join(MOUNT, 'blkio')]);

/** A control group of this machine, of version 1 or 2. Needs root. */
export class ControlGroup {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
    if (isVersion2()) writeFileSync(join(MOUNT, 'cgroup.subtree_control'), '+cpu +io');
    for (const tree of treesOf()) mkdirSync(join(tree, name), { recursive: true });
  }

  #write(controller: 'cpu' | 'blkio', file: string, text: string): void {
    const tree = isVersion2() ? MOUNT : join(MOUNT, controller);
    writeFileSync(join(tree, this.#name, file), text);
  }

  /** Files to which a process writes its pid to be in the group. */
  get procs(): string[] {
    return treesOf().map((tree) => join(tree, this.#name, 'cgroup.procs'));
  }

  add(pid: number): void {
    for (const file of this.procs) writeFileSync(file, String(pid));
  }

  /** @param processors such as 0.5; null: no limit */
  limitCpu(processors: number | null): void {
    const quotaUs = processors === null ? null : Math.round(processors * PERIOD_US);
    if (isVersion2()) this.#write('cpu', 'cpu.max', `${quotaUs ?? 'max'} ${PERIOD_US}`);
    else this.#write('cpu', 'cpu.cfs_quota_us', String(quotaUs ?? -1));
  }

  /** Writes a second on the disk below a file; 0 lifts the limit. */
  limitWrites(file: string, perSec: number): void {
    const disk = wholeDiskOf(file);
    if (isVersion2()) this.#write('blkio', 'io.max', `${disk} wiops=${perSec === 0 ? 'max' : perSec}`);
    else this.#write('blkio', 'blkio.throttle.write_iops_device', `${disk} ${perSec}`);
  }
}

/** MAJOR:MINOR of the disk that a file is on; limits are of whole disks and not of partitions. */
function wholeDiskOf(file: string): string {
  const { dev } = statSync(file);
  const id = `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`;
  const parent = join('/sys/dev/block', id, '..', 'dev');
  return existsSync(join('/sys/dev/block', id, 'partition'))
    ? execFileSync('cat', [parent], { encoding: 'utf8' }).trim()
    : id;
}

/** Removes the groups whose name begins so; what was in them has ended. */
export function removeGroups(prefix: string): void {
  for (const tree of treesOf()) {
    for (const name of readdirSync(tree).filter((one) => one.startsWith(prefix))) {
      try {
        rmdirSync(join(tree, name));
      } catch {
        // A process of it is still ending: an empty group costs nothing.
      }
    }
  }
}
