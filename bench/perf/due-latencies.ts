import {
  decode,
  encode,
  type Histogram,
  initRecorderHistograms,
  newRecorderHistogram,
  summarize,
} from '../results/histogram.ts';
import type { LatencySummary } from '../results/latency.ts';

/** An hour, the most that is recorded. */
const HIGHEST_US = 3_600_000_000;

/** Latencies from when a record was due and from when it was handed over, µs. */
export class DueLatencies {
  readonly #due: boolean;
  readonly #dueToAck: Histogram;
  readonly #sentToAck: Histogram;
  readonly #dueToSent: Histogram;

  private constructor(due: boolean) {
    this.#due = due;
    this.#dueToAck = newRecorderHistogram();
    this.#sentToAck = newRecorderHistogram();
    this.#dueToSent = newRecorderHistogram();
  }

  /** @param due whether records have due times: an open tap's have none */
  static async create(due: boolean): Promise<DueLatencies> {
    await initRecorderHistograms();
    return new DueLatencies(due);
  }

  record(dueUs: number, sentUs: number, ackedUs: number): void {
    add(this.#sentToAck, ackedUs - sentUs);
    if (!this.#due) return;
    add(this.#dueToAck, ackedUs - dueUs);
    add(this.#dueToSent, sentUs - dueUs);
  }

  summaries(): Record<'due-to-ack' | 'sent-to-ack' | 'due-to-sent', LatencySummary | null> {
    return {
      'due-to-ack': summaryOf(this.#dueToAck),
      'sent-to-ack': summaryOf(this.#sentToAck),
      'due-to-sent': summaryOf(this.#dueToSent),
    };
  }
}

/** One clock, read in order: what is below zero is the rounding of a reading. */
export const add = (histogram: Histogram, us: number): void =>
  histogram.recordValue(Math.min(HIGHEST_US, Math.max(0, Math.round(us))));

/** What a recorder's histogram holds; it can't be used any more. */
export function summaryOf(histogram: Histogram, negativeCount = 0): LatencySummary | null {
  const summary = summarize(decode(encode(histogram)), negativeCount);
  histogram.destroy();
  return summary;
}
