import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that can be told apart from a later one with the same pid. */
export interface ProcessId {
  readonly pid: number;
  /** When it started: clock ticks since boot on Linux, the date that `ps` prints elsewhere. */
  readonly started: string;
}

/** /proc counts CPU time in ticks of 1/100 s (USER_HZ, fixed in the kernel's ABI). */
const US_PER_TICK = 10_000;

/** The fields of /proc/PID/stat after the name, which may itself hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const fields = statFields(pid);
    // A zombie has ended; only its parent has not asked yet.
    return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where no such process runs. */
export function processId(pid: number): ProcessId | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isAlive(id: ProcessId): boolean {
  return startOf(id.pid) === id.started;
}

/** Sends the signal to that very process; false where it is gone, also if its pid was given to another. */
export function signalProcess(id: ProcessId, signal: NodeJS.Signals): boolean {
  if (!isAlive(id)) return false;
  try {
    process.kill(id.pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** User and system CPU time, µs; null where the system does not tell or the process is gone. */
export function cpuUsOf(id: ProcessId): number | null {
  const fields = process.platform === 'linux' && isAlive(id) ? statFields(id.pid) : undefined;
  if (fields === undefined) return null;
  return (Number(fields[11]) + Number(fields[12])) * US_PER_TICK;
}

/** Resolves true as soon as all have ended, false after `limitMs`. */
export async function allEnded(ids: readonly ProcessId[], limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (ids.some(isAlive)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
