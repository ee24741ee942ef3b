import { readCgroup } from './cgroup.ts';
import { readCpuTimes } from './cpu.ts';
import type { HostFiles } from './files.ts';
import { readMemory } from './memory.ts';
import { readSocketLimits } from './network.ts';

/** One thing that was looked at on a host. */
export interface Finding {
  readonly check: string;
  /** `unknown`: this host does not tell. */
  readonly state: 'good' | 'warning' | 'bad' | 'unknown';
  readonly found: string;
  /** What to do about it; null where there is nothing to mend. */
  readonly remedy: string | null;
}

/** What has to be watched for a while to be known. */
export interface Watched {
  readonly stolenShare: number | null;
  readonly watchedSec: number;
  /** How late waits of 1 ms ended, µs. */
  readonly wakeUpP50Us: number;
  readonly wakeUpP99Us: number;
}

const DEFAULT_TIMER_SLACK_NS = 50_000;
/** Each producer and consumer needs sockets to each broker, files and pipes; some hundreds in all. */
const FEWEST_FILES = 4_096;
const FEWEST_FREE_BYTES = 1 << 30;
/** Clock sources that are read without a call into the kernel (vDSO): a read of others costs microseconds. */
const QUICK_CLOCKS = ['tsc', 'kvm-clock', 'hyperv_clocksource_tsc_page', 'arch_sys_counter', 'pvclock'];

const good = (check: string, found: string): Finding => ({ check, state: 'good', found, remedy: null });
const unknown = (check: string): Finding => ({
  check,
  state: 'unknown',
  found: 'not told by this host',
  remedy: null,
});

function timerSlack(files: HostFiles): Finding {
  const check = 'timer slack';
  const ns = Number(files.read('proc/self/timerslack_ns') ?? Number.NaN);
  if (!Number.isFinite(ns)) return unknown(check);
  const found = `${ns / 1000} µs`;
  if (ns <= DEFAULT_TIMER_SLACK_NS) return good(check, found);
  return {
    check,
    state: 'warning',
    found,
    remedy:
      'waits end this much late: start ksweep from a shell of its own, not from a service with a larger slack',
  };
}

function clockSource(files: HostFiles): Finding {
  const check = 'clock source';
  const name = files.read('sys/devices/system/clocksource/clocksource0/current_clocksource')?.trim();
  if (name === undefined) return unknown(check);
  if (QUICK_CLOCKS.includes(name)) return good(check, name);
  const others = (files.read('sys/devices/system/clocksource/clocksource0/available_clocksource') ?? '')
    .trim()
    .split(/\s+/);
  const better = QUICK_CLOCKS.find((quick) => others.includes(quick));
  return {
    check,
    state: 'warning',
    found: `${name}: each reading is a call into the kernel`,
    remedy:
      better === undefined
        ? 'use an instance type whose clock source is tsc or kvm-clock'
        : `write ${better} to /sys/devices/system/clocksource/clocksource0/current_clocksource`,
  };
}

function cores(files: HostFiles, generators: number | null): Finding {
  const check = 'processors for generators';
  const processors = readCpuTimes(files)?.processors ?? 0;
  if (processors === 0) return unknown(check);
  const limit = readCgroup(files)?.cpuLimit ?? null;
  const usable = limit === null ? processors : Math.min(processors, limit);
  const has =
    limit !== null && limit < processors
      ? `${limit.toFixed(1)} of ${processors} (control group limit)`
      : `${processors}`;
  if (generators === null) {
    return limit !== null && limit < processors
      ? {
          check,
          state: 'warning',
          found: has,
          remedy:
            'a process over the limit is stopped for tens of milliseconds at a time: raise or remove it',
        }
      : good(check, has);
  }
  const found = `${has} for ${generators} generators`;
  if (usable >= generators) return good(check, found);
  return {
    check,
    state: 'warning',
    found,
    remedy: `use a host with ${generators} processors or more, or fewer producers and consumers per host`,
  };
}

function openFiles(files: HostFiles): Finding {
  const check = 'open files';
  const limits = files.read('proc/self/limits')?.match(/^Max open files\s+(\S+)\s+(\S+)/m);
  if (limits === null || limits === undefined) return unknown(check);
  const [, soft = '', hard = ''] = limits;
  const allowed = soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  const found = `${soft} (at most ${hard})`;
  if (allowed >= FEWEST_FILES) return good(check, found);
  return { check, state: 'warning', found, remedy: `ulimit -n ${FEWEST_FILES}` };
}

function memory(files: HostFiles): Finding {
  const check = 'memory';
  const { availableBytes } = readMemory(files);
  const limit = readCgroup(files)?.memoryLimitBytes ?? null;
  if (availableBytes === null) return unknown(check);
  const free = limit === null ? availableBytes : Math.min(availableBytes, limit);
  const found = `${(free / 2 ** 30).toFixed(1)} GiB available`;
  if (free >= FEWEST_FREE_BYTES) return good(check, found);
  return {
    check,
    state: 'bad',
    found,
    remedy: 'generators that swap measure the disk: free memory or use a larger host',
  };
}

function socketBuffers(files: HostFiles): Finding {
  const check = 'socket buffers';
  const { receive, send } = readSocketLimits(files);
  if (receive === null || send === null) return unknown(check);
  const found = `receive ${receive} B, send ${send} B at most`;
  return good(check, found);
}

function governor(files: HostFiles): Finding {
  const check = 'frequency';
  const name = files.read('sys/devices/system/cpu/cpu0/cpufreq/scaling_governor')?.trim();
  if (name === undefined) return unknown(check);
  if (name === 'performance') return good(check, `governor ${name}`);
  return {
    check,
    state: 'warning',
    found: `governor ${name}: idle processors are slow to speed up`,
    remedy: 'cpupower frequency-set -g performance',
  };
}

function stolen({ stolenShare, watchedSec }: Watched): Finding {
  const check = 'stolen processor time';
  if (stolenShare === null) return unknown(check);
  const found = `${(stolenShare * 100).toFixed(1)} % over ${watchedSec.toFixed(0)} s`;
  if (stolenShare < 0.01) return good(check, found);
  return {
    check,
    state: stolenShare < 0.05 ? 'warning' : 'bad',
    found,
    remedy:
      'the hypervisor takes processors away: on t2 and t3 the CPU credits are gone; use another instance type or a less shared host',
  };
}

function wakeUp({ wakeUpP50Us, wakeUpP99Us }: Watched): Finding {
  const check = 'wake-up latency';
  const found = `p50 ${wakeUpP50Us.toFixed(0)} µs, p99 ${wakeUpP99Us.toFixed(0)} µs late`;
  if (wakeUpP99Us < 1_000) return good(check, found);
  return {
    check,
    state: wakeUpP99Us < 10_000 ? 'warning' : 'bad',
    found,
    remedy: 'records go out this much late: stop other work on this host, or use one with more processors',
  };
}

/**
 * Everything that can be said of a host before it loads anything.
 * @param generators producers and consumers that are to run on it; null where that is not known
 */
export function checkUp(files: HostFiles, generators: number | null, watched: Watched): Finding[] {
  return [
    stolen(watched),
    wakeUp(watched),
    ...checkAtOnce(files, generators),
    governor(files),
    socketBuffers(files),
  ];
}

/** What needs no watching: a run looks at these before it starts, and tells what is wrong. */
export function checkAtOnce(files: HostFiles, generators: number | null): Finding[] {
  return [cores(files, generators), timerSlack(files), clockSource(files), openFiles(files), memory(files)];
}
