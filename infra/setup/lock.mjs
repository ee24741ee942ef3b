// One set-up at a time in a checkout: two at once would delete each other's node_modules.
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { startOf } from './processes.mjs';

/** Longer than a set-up with downloads and a build from source takes. */
const WAIT_LIMIT_MS = 15 * 60_000;
const POLL_MS = 200;

/** The lock cannot be had. */
export class LockError extends Error {}

/** The lock's content; undefined where there is none, no owner where it is none of ours. */
function read(file) {
  try {
    const { pid, started } = JSON.parse(readFileSync(file, 'utf8'));
    return { pid, started };
  } catch (error) {
    return error.code === 'ENOENT' ? undefined : {};
  }
}

/** A pid alone does not tell: after a reboot, or in another container, it may be another process's. */
const isAlive = ({ pid, started }) => started !== undefined && startOf(pid) === started;

/** Makes `file` the same as the complete file `own`, unless it is there. */
function linked(own, file) {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a dead owner. Only who holds the guard may, so nobody removes the lock of the next owner. */
function removeDead(own, file) {
  const guard = `${file}.guard`;
  if (!linked(own, guard)) {
    const holder = read(guard);
    if (holder === undefined || isAlive(holder)) return false;
    throw new LockError(
      `a set-up was killed while it took over another's lock: delete ${guard}, then try again`,
    );
  }
  try {
    const owner = read(file);
    if (owner !== undefined && !isAlive(owner)) rmSync(file, { force: true });
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

/**
 * Takes the lock, waiting while its owner lives; the lock of one that was killed is taken over.
 * @param {string} file
 * @param {(pid: number) => void} onWait called once when there is a wait
 * @returns {Promise<() => void>} gives it back
 */
export async function takeLock(file, onWait, limitMs = WAIT_LIMIT_MS) {
  const deadline = Date.now() + limitMs;
  const own = `${file}.${process.pid}`;
  // Linked from a complete file, so that no one reads a lock without its owner.
  writeFileSync(own, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  let told = false;
  try {
    for (;;) {
      if (linked(own, file)) return () => rmSync(file, { force: true });
      const owner = read(file);
      if (owner === undefined) continue;
      if (!isAlive(owner)) {
        if (removeDead(own, file)) continue;
      } else if (!told) {
        onWait(owner.pid);
        told = true;
      }
      if (Date.now() >= deadline) {
        const minutes = limitMs / 60_000;
        throw new LockError(
          `another set-up (process ${owner.pid}) has not ended in ${minutes} minutes: end it, then try again`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    rmSync(own, { force: true });
  }
}
