import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { RealCause } from './causes.ts';

const works = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

const isRoot = process.getuid?.() === 0;
const groups = (controller: string): boolean =>
  existsSync(`/sys/fs/cgroup/${controller}`) || existsSync('/sys/fs/cgroup/cgroup.controllers');
const LOOPBACK_SLOWED =
  'ip link set lo up && tc qdisc add dev lo root tbf rate 10mbit burst 70kb latency 100ms';

/** What this machine lacks to put a cause in; null where it has all. */
export function missingFor({ id }: RealCause): string | null {
  const needs: Readonly<Record<string, () => string | null>> = {
    stolen: () => (works('unshare', '--mount', 'true') ? null : 'no mount namespace of its own'),
    sibling: () => (groups('cpu') ? null : 'no control group for CPU'),
    'agent-limit': () => (groups('cpu') ? null : 'no control group for CPU'),
    'broker-cpu': () => (groups('cpu') ? null : 'no control group for CPU'),
    'slow-disk': () =>
      groups('blkio') && works('losetup', '--find') ? null : 'no loop device, or no control group for disks',
    'slow-network': () =>
      works('unshare', '--net', 'sh', '-c', LOOPBACK_SLOWED) ? null : 'no tc tbf in a network namespace',
  };
  if (process.platform !== 'linux' || !isRoot) return 'needs Linux and root';
  return needs[id]?.() ?? null;
}
