// One set-up at a time in a checkout: two at once would delete each other's node_modules.
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';

function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Takes the lock, waiting while its owner lives; the lock of one that was killed is taken over.
 * @param {string} file
 * @param {(owner: number) => void} onWait called once when there is a wait
 * @returns {Promise<() => void>} gives it back
 */
export async function takeLock(file, onWait) {
  // Linked from a complete file, so that no one reads a lock without its owner.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  let told = false;
  try {
    for (;;) {
      try {
        linkSync(own, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const owner = ownerOf(file);
      if (owner !== undefined && (owner === process.pid || !isAlive(owner))) {
        rmSync(file, { force: true });
        continue;
      }
      if (!told && owner !== undefined) {
        onWait(owner);
        told = true;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    rmSync(own, { force: true });
  }
}
