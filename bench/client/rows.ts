import { STAMP_BYTES } from '../common/stamp-place.ts';
import type { ReceivedRows, ReportRows, RowRange } from './driver.ts';

/** A ring that JavaScript itself fills, for clients whose rows come through the event loop. */
class Rows {
  readonly mask: number;
  readonly #defer: (run: () => void) => void;
  #head = 0;
  #tail = 0;
  #onReadable: (() => void) | undefined;

  /** @param defer runs a callback later, for rows that are there already when somebody begins to wait */
  constructor(capacity: number, defer: (run: () => void) => void) {
    if (!Number.isInteger(Math.log2(capacity))) throw new RangeError(`${capacity} rows: no power of two`);
    this.mask = capacity - 1;
    this.#defer = defer;
  }

  get count(): number {
    return this.#head - this.#tail;
  }

  get room(): number {
    return this.mask + 1 - this.count;
  }

  /** The index of a new row, which can be read once {@link published} has been called. */
  protected claim(): number {
    if (this.room === 0) throw new RangeError('the ring is full');
    return this.#head++ & this.mask;
  }

  /** Tells whoever waits. */
  published(): void {
    const callback = this.#onReadable;
    if (callback === undefined || this.count === 0) return;
    this.#onReadable = undefined;
    callback();
  }

  readable(): RowRange {
    return { start: this.#tail & this.mask, count: this.count };
  }

  release(count: number): void {
    if (!(Number.isInteger(count) && count >= 0 && count <= this.count)) {
      throw new RangeError(`release: expected 0 to ${this.count} rows, not ${count}`);
    }
    this.#tail += count;
  }

  onReadable(callback: () => void): void {
    this.#onReadable = callback;
    if (this.count > 0) this.#defer(() => this.published());
  }
}

/** Delivery reports; what the ring has no room for waits beside it. */
export class ReportRing extends Rows {
  readonly rows: ReportRows;
  readonly #waiting: (readonly [number, number, number, number, number])[] = [];

  constructor(capacity: number, defer: (run: () => void) => void) {
    super(capacity, defer);
    this.rows = {
      slot: new Int32Array(capacity),
      error: new Int32Array(capacity),
      partition: new Int32Array(capacity),
      offset: new Float64Array(capacity),
      atUs: new Float64Array(capacity),
    };
  }

  add(slot: number, error: number, partition: number, offset: number, atUs: number): void {
    if (this.room === 0) this.#waiting.push([slot, error, partition, offset, atUs]);
    else this.#write(slot, error, partition, offset, atUs);
  }

  #write(slot: number, error: number, partition: number, offset: number, atUs: number): void {
    const row = this.claim();
    this.rows.slot[row] = slot;
    this.rows.error[row] = error;
    this.rows.partition[row] = partition;
    this.rows.offset[row] = offset;
    this.rows.atUs[row] = atUs;
  }

  override release(count: number): void {
    super.release(count);
    if (this.#waiting.length === 0) return;
    for (const waiting of this.#waiting.splice(0, this.room)) this.#write(...waiting);
  }
}

/** Received records. */
export class ReceivedRing extends Rows {
  readonly rows: ReceivedRows;

  constructor(capacity: number, defer: (run: () => void) => void) {
    super(capacity, defer);
    this.rows = {
      partition: new Int32Array(capacity),
      offset: new Float64Array(capacity),
      sizeBytes: new Int32Array(capacity),
      timestampMs: new Float64Array(capacity),
      atUs: new Float64Array(capacity),
      stamp: new Uint8Array(capacity * STAMP_BYTES),
      stamped: new Uint8Array(capacity),
    };
  }

  /** @param stamp bytes that begin with the stamp, or undefined where the record has none */
  add(
    record: {
      readonly partition: number;
      readonly offset: number;
      readonly size: number;
      readonly timestamp?: number | undefined;
    },
    stamp: Uint8Array | undefined,
    atUs: number,
  ): void {
    const row = this.claim();
    this.rows.partition[row] = record.partition;
    this.rows.offset[row] = record.offset;
    this.rows.sizeBytes[row] = record.size;
    this.rows.timestampMs[row] = record.timestamp ?? -1;
    this.rows.atUs[row] = atUs;
    this.rows.stamped[row] = stamp === undefined ? 0 : 1;
    if (stamp === undefined) return;
    const at = row * STAMP_BYTES;
    for (let i = 0; i < STAMP_BYTES; i++) this.rows.stamp[at + i] = stamp[i] as number;
  }
}
