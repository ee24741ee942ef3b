/**
 * The records in flight, as columns. A slot's number travels through the client as the record's `opaque`,
 * which costs less than an object and needs no look-up by sequence when its report comes back.
 */
export class Slots {
  readonly dueUs: Float64Array;
  readonly sentUs: Float64Array;
  readonly sequence: Float64Array;
  readonly bytes: Uint32Array;
  readonly #free: Int32Array;
  #freeCount: number;
  readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.dueUs = new Float64Array(capacity);
    this.sentUs = new Float64Array(capacity);
    this.sequence = new Float64Array(capacity);
    this.bytes = new Uint32Array(capacity);
    this.#free = Int32Array.from({ length: capacity }, (_, i) => capacity - 1 - i);
    this.#freeCount = capacity;
  }

  /** A free slot for the record of `sequence`, or −1 where all are in flight. */
  take(sequence: number): number {
    if (this.#freeCount === 0) return -1;
    const slot = this.#free[--this.#freeCount] as number;
    this.sequence[slot] = sequence;
    return slot;
  }

  /** The record was handed over. */
  sent(slot: number, dueUs: number, sentUs: number, bytes: number): void {
    this.dueUs[slot] = dueUs;
    this.sentUs[slot] = sentUs;
    this.bytes[slot] = bytes;
  }

  release(slot: number): void {
    this.#free[this.#freeCount++] = slot;
  }

  get inFlight(): number {
    return this.capacity - this.#freeCount;
  }
}
