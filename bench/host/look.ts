import { delay } from '../common/deadline.ts';
import type { Watched } from './checkup.ts';
import { readCpuTimes } from './cpu.ts';
import type { HostFiles } from './files.ts';

const WATCH_MS = 3_000;
const WAKE_UPS = 200;
const NAP_MS = 1;

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;

/** Watches a host for three seconds: what was stolen from it, and how late short waits ended. Blocks this thread. */
export async function lookAt(files: HostFiles): Promise<Watched> {
  const before = readCpuTimes(files);
  const startedAt = performance.now();
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const lateUs: number[] = [];
  for (let i = 0; i < WAKE_UPS; i++) {
    const from = performance.now();
    Atomics.wait(cell, 0, 0, NAP_MS);
    lateUs.push((performance.now() - from - NAP_MS) * 1000);
  }
  await delay(Math.max(0, WATCH_MS - (performance.now() - startedAt)));
  const after = readCpuTimes(files);
  const elapsedMs = performance.now() - startedAt;
  lateUs.sort((a, b) => a - b);
  const lost = before === null || after === null ? null : Math.max(0, after.stolenUs - before.stolenUs);
  return {
    stolenShare:
      lost === null || after === null ? null : lost / (elapsedMs * 1000 * Math.max(1, after.processors)),
    watchedSec: elapsedMs / 1000,
    wakeUpP50Us: at(lateUs, 0.5),
    wakeUpP99Us: at(lateUs, 0.99),
  };
}
