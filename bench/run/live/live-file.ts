import { appendFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostSecond } from '../../host/second.ts';
import { percentileUs } from '../../results/histogram.ts';
import { BINS_PER_DECADE, countsByBin } from '../../results/latency-bins.ts';
import { LIVE_FILE, LIVE_SECONDS, type LiveSecond } from '../../results/live-second.ts';
import type { Progress } from '../measure/progress.ts';
import { type LastSecond, mergedLatency } from './last-second.ts';

/**
 * Tells whoever looks into the run folder what the run is doing: a line a second, in the coordinator's process, which
 * generates no load. A disk that does not take it costs the run nothing but its live page.
 */
export class LiveFile {
  readonly #path: string;
  readonly #keep: number;
  /** The newest lines: what a file that has grown too long is made anew of. */
  #lines: string[] = [];
  #written = 0;
  #seq = 0;
  #last = '';
  #writing: Promise<void>;

  constructor(dir: string, keep = LIVE_SECONDS) {
    this.#path = join(dir, LIVE_FILE);
    this.#keep = keep;
    // An earlier process that was killed may have left one.
    this.#writing = rm(this.#path, { force: true }).catch(() => {});
  }

  /** Called at each phase and each second; a second that is known already is not told again. */
  add(progress: Progress, last: LastSecond | null, host: HostSecond | null): void {
    const { cellId, block, attempt, phase } = progress;
    const moment = `${cellId} ${block} ${attempt} ${phase} ${last?.second}`;
    if (moment === this.#last) return;
    this.#last = moment;
    const line = `${JSON.stringify(secondOf(this.#seq++, progress, last, host))}\n`;
    this.#lines = [...this.#lines.slice(1 - this.#keep), line];
    const whole = ++this.#written > 2 * this.#keep;
    if (whole) this.#written = this.#lines.length;
    const kept = whole ? this.#lines.join('') : line;
    this.#writing = this.#writing.then(() => (whole ? this.#replace(kept) : this.#append(kept)));
  }

  /** Removes it: what was measured stands in the results then. */
  async close(): Promise<void> {
    await this.#writing;
    await rm(this.#path, { force: true }).catch(() => {});
  }

  #append(line: string): Promise<void> {
    return appendFile(this.#path, line).catch(() => {});
  }

  async #replace(text: string): Promise<void> {
    const temporary = `${this.#path}.tmp`;
    await writeFile(temporary, text)
      .then(() => rename(temporary, this.#path))
      .catch(() => {});
  }
}

function secondOf(
  seq: number,
  progress: Progress,
  last: LastSecond | null,
  host: HostSecond | null,
): LiveSecond {
  const { cell, block, attempt, phase, finished, total, leftMs } = progress;
  const latency = last === null ? null : last.produced === null ? 'end-to-end' : 'due-to-ack';
  const merged = last === null || latency === null ? null : mergedLatency(last.snapshots, latency);
  const idle = host?.idleShare ?? null;
  return {
    seq,
    at: new Date().toISOString(),
    cell,
    block,
    attempt,
    phase,
    second: last?.second ?? null,
    finished,
    total,
    leftMs,
    offeredPerSec: last?.produced?.offeredPerSec ?? null,
    achievedPerSec: last?.produced?.achievedPerSec ?? null,
    receivedPerSec: last?.consumed?.receivedPerSec ?? null,
    lagRecords: last?.consumed?.lagRecords ?? null,
    latency,
    p50Us: merged === null ? null : percentileUs(merged, 'p50'),
    p99Us: merged === null ? null : percentileUs(merged, 'p99'),
    bins: merged === null ? [] : countsByBin(merged, BINS_PER_DECADE),
    unsentRecords: last?.produced?.unsentRecords ?? null,
    queueFullMs: last?.produced?.queueFullMs ?? null,
    eventLoopDelayP99Us: last?.eventLoopDelayP99Us ?? null,
    cpuMaxShare: last?.cpuMaxShare ?? null,
    hostCpuShare: idle === null ? null : 1 - idle,
    hostStolenShare: host?.stolenShare ?? null,
  };
}
