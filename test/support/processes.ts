import { readdirSync, readFileSync } from 'node:fs';

interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function all(): ProcessInfo[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        // A zombie is gone but for its parent's asking.
        return fields[0] === 'Z' ? [] : [{ pid: Number(name), parent: Number(fields[1]), command }];
      } catch {
        return [];
      }
    });
}

/** Agents that this parent has forked, in the order of their pids: the observer's comes first. */
export function agentsOf(parent: number): number[] {
  return all()
    .filter((one) => one.parent === parent && /load\/agent\/main\.js/.test(one.command))
    .map(({ pid }) => pid)
    .sort((a, b) => a - b);
}

export function isRunning(pid: number): boolean {
  return all().some((one) => one.pid === pid);
}

/** Command lines of a process and of all that descend from it. */
export function commandLinesUnder(pid: number): string[] {
  const processes = all();
  const family = new Set([pid]);
  // A child may have a lower pid than its parent: look until nobody is added.
  for (let size = 0; size < family.size; ) {
    size = family.size;
    for (const one of processes) if (family.has(one.parent)) family.add(one.pid);
  }
  return processes.filter((one) => family.has(one.pid)).map(({ command }) => command);
}

/** Processes whose command line holds a text, this one's not among them. */
export function pidsWith(text: string): number[] {
  return all()
    .filter(({ pid, command }) => pid !== process.pid && command.includes(text))
    .map(({ pid }) => pid);
}

/** Processes in whose environment a NAME=value stands, with their command lines: a process and all that it has started. */
export function pidsInEnvironment(entry: string): { readonly pid: number; readonly command: string }[] {
  return all().filter(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(entry);
    } catch {
      return false;
    }
  });
}
