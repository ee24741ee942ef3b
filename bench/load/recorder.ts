import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  encode,
  type Histogram,
  initRecorderHistograms,
  maxUs,
  newRecorderHistogram,
} from '../results/histogram.ts';
import { RECORDED, type RecordedName } from '../results/latency.ts';
import type { DueSecond, IntervalSnapshot } from './protocol.ts';

/** An hour: a latency above it is recorded as an hour. */
const HIGHEST_US = 3_600_000_000;
const EVENT_LOOP_RESOLUTION_MS = 5;

/** Has to be awaited once in a process before its first recorder. */
export const prepareRecorder = initRecorderHistograms;

/** The counters of one interval; a role adds to them directly. */
export interface Counters {
  due: number;
  sent: number;
  acked: number;
  ackedBytes: number;
  failed: number;
  received: number;
  receivedBytes: number;
  queueFull: number;
  queueFullMs: number;
}

export const zeroCounters = (): Counters => ({
  due: 0,
  sent: 0,
  acked: 0,
  ackedBytes: 0,
  failed: 0,
  received: 0,
  receivedBytes: 0,
  queueFull: 0,
  queueFullMs: 0,
});

/** The places of the latencies in a bucket's columns: a look-up by name would cost as much as the recording. */
export const DUE_TO_ACK = RECORDED.indexOf('due-to-ack');
export const SENT_TO_ACK = RECORDED.indexOf('sent-to-ack');
export const DUE_TO_SENT = RECORDED.indexOf('due-to-sent');
export const END_TO_END = RECORDED.indexOf('end-to-end');
export const END_TO_END_ACROSS = RECORDED.indexOf('end-to-end-across');

/** The histograms of the records due in one second. */
class Bucket {
  readonly #histograms: (Histogram | undefined)[] = RECORDED.map(() => undefined);
  readonly #negative = RECORDED.map(() => 0);

  record(latency: number, latencyUs: number): void {
    const rounded = Math.round(latencyUs);
    if (rounded < 0) {
      this.#negative[latency] = (this.#negative[latency] as number) + 1;
      return;
    }
    let histogram = this.#histograms[latency];
    if (histogram === undefined) {
      histogram = newRecorderHistogram();
      this.#histograms[latency] = histogram;
    }
    histogram.recordValue(Math.min(rounded, HIGHEST_US));
  }

  /** What was recorded since the last call, a histogram a step; undefined where nothing was. */
  *take(second: number): Generator<undefined, DueSecond | undefined> {
    const histograms: { [K in RecordedName]?: string } = {};
    const negative: { [K in RecordedName]?: number } = {};
    let any = false;
    for (const [i, name] of RECORDED.entries()) {
      const histogram = this.#histograms[i];
      if (histogram === undefined || histogram.totalCount === 0) continue;
      yield;
      histograms[name] = encode(histogram);
      histogram.reset();
      any = true;
    }
    RECORDED.forEach((name, i) => {
      const below = this.#negative[i] as number;
      if (below > 0) {
        negative[name] = below;
        any = true;
      }
    });
    this.#negative.fill(0);
    return any ? { second, negative, histograms } : undefined;
  }

  destroy(): void {
    for (const histogram of this.#histograms) histogram?.destroy();
    this.#histograms.fill(undefined);
  }
}

/** What a role tells of its interval beside what is recorded. */
export type ToldBesides = Pick<IntervalSnapshot, 'positions' | 'settled' | 'rebalances' | 'brokersAsSeen'>;

/** What one generator measured since its last snapshot: counters, latencies by due second, CPU, event-loop delay. */
export class Recorder {
  counters: Counters = zeroCounters();
  readonly #buckets = new Map<number, Bucket>();
  /** Emptied buckets, kept because a WASM histogram costs a fresh allocation otherwise. */
  readonly #spare: Bucket[] = [];
  readonly #loop = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION_MS });
  readonly #cpuUs: () => number;
  #cpuBeforeUs = 0;
  #current: Bucket | undefined;
  #currentSecond = -1;
  readonly #notice = newRecorderHistogram();

  /** @param cpuUs CPU time of this generator so far; asked only between its connect and its close */
  constructor(cpuUs: () => number) {
    this.#cpuUs = cpuUs;
    this.#loop.enable();
  }

  /** The load begins: what making and connecting the client took is not of its first second. */
  begin(): void {
    this.#cpuBeforeUs = this.#cpuUs();
    this.#loop.reset();
  }

  /** Records a latency in µs of a record that was due in `dueSecond`; a negative one is counted apart, never clamped. */
  record(latency: number, dueSecond: number, latencyUs: number): void {
    if (dueSecond !== this.#currentSecond || this.#current === undefined) this.#select(dueSecond);
    (this.#current as Bucket).record(latency, latencyUs);
  }

  /** How long rows that the client stamped waited until this loop read them. */
  noticed(count: number, delayUs: number): void {
    this.#notice.recordValueWithCount(Math.min(HIGHEST_US, Math.max(0, Math.round(delayUs))), count);
  }

  #select(second: number): void {
    let bucket = this.#buckets.get(second);
    if (bucket === undefined) {
      bucket = this.#spare.pop() ?? new Bucket();
      this.#buckets.set(second, bucket);
    }
    this.#current = bucket;
    this.#currentSecond = second;
  }

  /**
   * Ends the interval `second` and starts the next one with the first step; each further step encodes one histogram,
   * which takes a good part of a millisecond. What is recorded between two steps is in this snapshot or in the next one.
   */
  *interval(second: number, more: ToldBesides = {}): Generator<undefined, IntervalSnapshot> {
    const cpuUs = this.#cpuUs();
    const usedUs = cpuUs - this.#cpuBeforeUs;
    this.#cpuBeforeUs = cpuUs;
    const ended = {
      second,
      ...this.counters,
      cpuUs: usedUs,
      eventLoopDelayP99Us: beyondResolutionUs(this.#loop.percentile(99)),
      eventLoopDelayMaxUs: beyondResolutionUs(this.#loop.max),
      ...(this.#notice.totalCount === 0
        ? {}
        : { noticeDelayP99Us: this.#notice.getValueAtPercentile(99), noticeDelayMaxUs: maxUs(this.#notice) }),
      ...more,
    };
    this.#loop.reset();
    this.#notice.reset();
    this.counters = zeroCounters();
    const latencies: DueSecond[] = [];
    for (const [dueSecond, bucket] of [...this.#buckets]) {
      const taken = yield* bucket.take(dueSecond);
      if (taken !== undefined) latencies.push(taken);
      else if (dueSecond < second) {
        if (this.#current === bucket) this.#current = undefined;
        this.#buckets.delete(dueSecond);
        this.#spare.push(bucket);
      }
    }
    return { ...ended, latencies };
  }

  /** The whole interval at once. */
  snapshot(second: number, more: ToldBesides = {}): IntervalSnapshot {
    const steps = this.interval(second, more);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  close(): void {
    this.#loop.disable();
    this.#notice.destroy();
    for (const bucket of [...this.#buckets.values(), ...this.#spare]) bucket.destroy();
  }
}

/** The monitor reports its timer's whole interval; what exceeds the resolution is the delay. */
function beyondResolutionUs(ns: number): number {
  return Number.isFinite(ns) && ns > 0
    ? Math.max(0, Math.round(ns / 1000 - EVENT_LOOP_RESOLUTION_MS * 1000))
    : 0;
}
