import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { KsweepError } from '../../common/errors.ts';

/** Who holds a lock. A pid alone is reused; with the boot and the start time it is one process for ever. */
export interface LockOwner {
  readonly host: string;
  readonly pid: number;
  /** Changes with every boot; null where the system doesn't tell. */
  readonly boot: string | null;
  /** Clock ticks from the boot to the start of the process; null where the system doesn't tell. */
  readonly startTicks: string | null;
  readonly since: string;
}

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}

/** Field 22 of /proc/<pid>/stat; the name before it may hold spaces and brackets. */
function startTicks(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function thisProcess(now: Date): LockOwner {
  const { pid } = process;
  return { host: hostname(), pid, boot: bootId(), startTicks: startTicks(pid), since: now.toISOString() };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the owner is certainly gone. One on another host cannot be seen: it counts as alive. */
export function isGone(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return false;
  const boot = bootId();
  if (owner.boot !== null && boot !== null && owner.boot !== boot) return true;
  if (!isAlive(owner.pid)) return true;
  const ticks = startTicks(owner.pid);
  return owner.startTicks !== null && ticks !== null && owner.startTicks !== ticks;
}

async function ownerOf(file: string): Promise<LockOwner | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LockOwner;
  } catch {
    return null;
  }
}

/** A takeover that was killed half way is given up after this. */
const TAKEOVER_LIMIT_MS = 10_000;

/** Removes the lock of one that is gone; one process at a time, so that nobody removes its successor's. */
async function takeOver(file: string): Promise<void> {
  const guard = `${file}.takeover`;
  try {
    await mkdir(guard);
  } catch {
    const made = await stat(guard).catch(() => null);
    if (made !== null && Date.now() - made.mtimeMs > TAKEOVER_LIMIT_MS) {
      await rm(guard, { recursive: true, force: true });
    }
    return;
  }
  try {
    const owner = await ownerOf(file);
    if (owner !== null && isGone(owner)) await rm(file, { force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}

export interface LockOptions {
  /** How long to wait for the owner; 0: not at all. */
  readonly waitMs: number;
  readonly what: string;
}

const RETRY_MS = 50;

/**
 * Takes a lock file and returns what gives it back. The file appears whole (linked from a complete one, which fails
 * like O_EXCL where it exists), so nobody reads a lock without its owner. The lock of a process that is gone, or of
 * an earlier boot, is taken over. Throws history-locked with the owner's name where it is held for longer.
 */
export async function takeLock(file: string, options: LockOptions): Promise<() => Promise<void>> {
  await mkdir(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(own, JSON.stringify(thisProcess(new Date())));
  const until = performance.now() + options.waitMs;
  try {
    for (;;) {
      try {
        await link(own, file);
        return () => rm(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = await ownerOf(file);
      if (owner !== null && isGone(owner)) {
        await takeOver(file);
        await wait(1);
        continue;
      }
      if (performance.now() >= until) throw locked(file, owner, options.what);
      await wait(RETRY_MS);
    }
  } finally {
    await rm(own, { force: true });
  }
}

function locked(file: string, owner: LockOwner | null, what: string): KsweepError {
  const by = owner === null ? 'someone' : `process ${owner.pid} on ${owner.host}, since ${owner.since}`;
  return new KsweepError('history-locked', `${what} is in use by ${by}`, {
    hint: `wait for it to end; where that process is gone for certain, remove ${file}`,
  });
}
