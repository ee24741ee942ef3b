/**
 * The figures of kafka-producer-perf-test and the lines that it prints them in, to the letter (Kafka 4.3,
 * ProducerPerformance.Stats): latency from the call of send, in whole ms; MB are MiB. The percentiles are exact here,
 * where the tool keeps 500,000 samples at most.
 */

const MIB = 1024 * 1024;
const TOTAL_PERCENTILES = [0.5, 0.95, 0.99, 0.999];

export interface ProducerStatsOptions {
  readonly intervalMs: number;
  /** Records after the warm-up only. */
  readonly steady: boolean;
  readonly nowMs: () => number;
  readonly print: (line: string) => void;
}

export class ProducerStats {
  readonly #options: ProducerStatsOptions;
  readonly #startMs: number;
  /** Records by their latency in ms. */
  readonly #counts = new Map<number, number>();
  #count = 0;
  #bytes = 0;
  #totalMs = 0;
  #maxMs = 0;
  #windowStartMs: number;
  #windowCount = 0;
  #windowBytes = 0;
  #windowTotalMs = 0;
  #windowMaxMs = 0;
  #silent = false;

  constructor(options: ProducerStatsOptions) {
    this.#options = options;
    this.#startMs = options.nowMs();
    this.#windowStartMs = this.#startMs;
  }

  /** From here on another one prints the windows. */
  suppressPrinting(): void {
    this.#silent = true;
  }

  /** An acknowledged record; prints the window where it has lasted long enough. */
  record(latencyMs: number, bytes: number, atMs: number): void {
    this.#counts.set(latencyMs, (this.#counts.get(latencyMs) ?? 0) + 1);
    this.#count++;
    this.#bytes += bytes;
    this.#totalMs += latencyMs;
    this.#maxMs = Math.max(this.#maxMs, latencyMs);
    this.#windowCount++;
    this.#windowBytes += bytes;
    this.#windowTotalMs += latencyMs;
    this.#windowMaxMs = Math.max(this.#windowMaxMs, latencyMs);
    if (atMs - this.#windowStartMs < this.#options.intervalMs) return;
    if (this.#options.steady && this.#count === this.#windowCount) this.#options.print('In steady state.');
    if (!this.#silent) this.#printWindow();
    this.#newWindow();
  }

  #printWindow(): void {
    const { nowMs, print } = this.#options;
    const elapsedMs = nowMs() - this.#windowStartMs;
    const rate = (1000 * this.#windowCount) / elapsedMs;
    const mbRate = (1000 * this.#windowBytes) / elapsedMs / MIB;
    const averageMs = this.#windowTotalMs / this.#windowCount;
    print(
      `${this.#windowCount} records sent, ${rate.toFixed(1)} records/sec (${mbRate.toFixed(2)} MB/sec), ${averageMs.toFixed(1)} ms avg latency, ${this.#windowMaxMs.toFixed(1)} ms max latency.`,
    );
  }

  #newWindow(): void {
    this.#windowStartMs = this.#options.nowMs();
    this.#windowCount = 0;
    this.#windowBytes = 0;
    this.#windowTotalMs = 0;
    this.#windowMaxMs = 0;
  }

  printTotal(): void {
    const { nowMs, print, steady } = this.#options;
    const elapsedMs = nowMs() - this.#startMs;
    const rate = (1000 * this.#count) / elapsedMs;
    const mbRate = (1000 * this.#bytes) / elapsedMs / MIB;
    const [p50, p95, p99, p999] = this.#percentilesMs();
    print(
      `${this.#count}${steady ? ' steady state' : ''} records sent, ${rate.toFixed(6)} records/sec (${mbRate.toFixed(2)} MB/sec), ${(this.#totalMs / this.#count).toFixed(2)} ms avg latency, ${this.#maxMs.toFixed(2)} ms max latency, ${p50} ms 50th, ${p95} ms 95th, ${p99} ms 99th, ${p999} ms 99.9th.`,
    );
  }

  /** As the tool takes them: the value at place ⌊p × n⌋, from 0, of all in order; 0 where there is none. */
  #percentilesMs(): number[] {
    const sorted = [...this.#counts].sort(([a], [b]) => a - b);
    return TOTAL_PERCENTILES.map((percentile) => {
      const place = Math.floor(percentile * this.#count);
      let before = 0;
      for (const [latencyMs, count] of sorted) {
        before += count;
        if (before > place) return latencyMs;
      }
      return 0;
    });
  }
}
