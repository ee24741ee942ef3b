import { delay } from '../common/deadline.ts';
import { readCpuTimes } from './cpu.ts';
import type { HostFiles } from './files.ts';

const LOOK_MS = 1_000;
/** Seconds in a row without a loss, so that a pause between two bursts is not taken for calm. */
const CALM_LOOKS = 3;
const CALM_STOLEN_SHARE = 0.01;

/**
 * Waits until the hypervisor has left this host alone for some seconds, `limitMs` at most. Returns whether it did; at
 * once where the host does not tell of stolen time.
 */
export async function waitForCalm(files: HostFiles, limitMs: number, signal: AbortSignal): Promise<boolean> {
  let before = readCpuTimes(files);
  if (before === null) return true;
  let calm = 0;
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += LOOK_MS) {
    await delay(LOOK_MS);
    if (signal.aborted) return false;
    const after = readCpuTimes(files);
    if (after === null) return true;
    const stolenUs = Math.max(0, after.stolenUs - before.stolenUs);
    const share = stolenUs / (LOOK_MS * 1000 * Math.max(1, after.processors));
    calm = share < CALM_STOLEN_SHARE ? calm + 1 : 0;
    if (calm >= CALM_LOOKS) return true;
    before = after;
  }
  return false;
}
