/** The figures of kafka-consumer-perf-test and the lines that it prints them in (Kafka 4.3, ConsumerPerformance). */

const MIB = 1024 * 1024;
const NEW_FIELDS = ', rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec';

export const consumerHeader = (detailed: boolean): string =>
  `${detailed ? 'time, threadId' : 'start.time, end.time'}, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec${NEW_FIELDS}`;

export interface ConsumerStatsOptions {
  readonly startMs: number;
  readonly intervalMs: number;
  readonly detailed: boolean;
  readonly time: (epochMs: number) => string;
  readonly print: (line: string) => void;
}

export class ConsumerStats {
  readonly #options: ConsumerStatsOptions;
  #records = 0;
  #bytes = 0;
  #joinMs = 0;
  #roundJoinMs = 0;
  #joinStartMs: number;
  #reportedMs: number;
  #reportedRecords = 0;
  #reportedBytes = 0;

  constructor(options: ConsumerStatsOptions) {
    this.#options = options;
    this.#joinStartMs = options.startMs;
    this.#reportedMs = options.startMs;
  }

  get records(): number {
    return this.#records;
  }

  get bytes(): number {
    return this.#bytes;
  }

  revoked(atMs: number): void {
    this.#joinStartMs = atMs;
  }

  assigned(atMs: number): void {
    this.#joinMs += atMs - this.#joinStartMs;
    this.#roundJoinMs += atMs - this.#joinStartMs;
  }

  /** A record of the poll at `pollMs`; prints the interval that it ends. */
  record(bytes: number, pollMs: number): void {
    this.#records++;
    this.#bytes += bytes;
    if (pollMs - this.#reportedMs < this.#options.intervalMs) return;
    if (this.#options.detailed) this.#printProgress(pollMs);
    this.#roundJoinMs = 0;
    this.#reportedMs = pollMs;
    this.#reportedRecords = this.#records;
    this.#reportedBytes = this.#bytes;
  }

  #printProgress(endMs: number): void {
    const { time, print } = this.#options;
    const elapsedMs = endMs - this.#reportedMs;
    const mb = (this.#bytes - this.#reportedBytes) / MIB;
    const records = this.#records - this.#reportedRecords;
    const fetchMs = elapsedMs - this.#roundJoinMs;
    const perFetch = (amount: number): string => (fetchMs <= 0 ? 0 : (1000 * amount) / fetchMs).toFixed(4);
    const basic = [
      time(endMs),
      0,
      (this.#bytes / MIB).toFixed(4),
      ((1000 * mb) / elapsedMs).toFixed(4),
      this.#records,
      ((1000 * records) / elapsedMs).toFixed(4),
    ];
    print([...basic, this.#roundJoinMs, fetchMs, perFetch(mb), perFetch(records)].join(', '));
  }

  /** The line at the end; with detailed stats the tool prints none. */
  printTotal(endMs: number): void {
    const { startMs, detailed, time, print } = this.#options;
    if (detailed) return;
    const elapsedSec = (endMs - startMs) / 1000;
    const fetchMs = endMs - startMs - this.#joinMs;
    const mb = this.#bytes / MIB;
    print(
      [
        time(startMs),
        time(endMs),
        mb.toFixed(4),
        (mb / elapsedSec).toFixed(4),
        this.#records,
        (this.#records / elapsedSec).toFixed(4),
        this.#joinMs,
        fetchMs,
        (mb / (fetchMs / 1000)).toFixed(4),
        (this.#records / (fetchMs / 1000)).toFixed(4),
      ].join(', '),
    );
  }
}
