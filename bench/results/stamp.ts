import { STAMP_BYTES } from '../common/stamp-place.ts';

export { STAMP_BYTES, STAMP_HEADER } from '../common/stamp-place.ts';

/**
 * What ties a record to its run: 24 bytes over the start of the payload, or as the value of a header.
 *
 * | bytes | what |
 * | --- | --- |
 * | 0–3 | u32 run tag: one repeat's records; others are foreign |
 * | 4–5 | u16 producer index |
 * | 6–7 | 0 |
 * | 8–15 | f64 sequence, from 0, one series a producer |
 * | 16–23 | f64 due time, µs of the host's monotonic clock |
 */
/** Writes the stamps of one producer into a column of them: fixed parts once, the rest as doubles. */
export class StampWriter {
  readonly column: Uint8Array;
  readonly #doubles: Float64Array;

  constructor(runTag: number, producer: number, rows: number) {
    this.column = new Uint8Array(rows * STAMP_BYTES);
    this.#doubles = new Float64Array(this.column.buffer);
    const view = new DataView(this.column.buffer);
    for (let row = 0; row < rows; row++) {
      view.setUint32(row * STAMP_BYTES, runTag, true);
      view.setUint16(row * STAMP_BYTES + 4, producer, true);
    }
  }

  /** The layout is little-endian, as are the machines. */
  write(row: number, sequence: number, dueUs: number): void {
    this.#doubles[row * 3 + 1] = sequence;
    this.#doubles[row * 3 + 2] = dueUs;
  }
}

/** Reads stamps out of a column of them. */
export class StampReader {
  readonly #doubles: Float64Array;
  readonly #words: Uint32Array;
  readonly #halves: Uint16Array;

  /** @param column begins on a multiple of 8 in its buffer */
  constructor(column: Uint8Array) {
    const { buffer, byteOffset, byteLength } = column;
    this.#doubles = new Float64Array(buffer, byteOffset, byteLength / 8);
    this.#words = new Uint32Array(buffer, byteOffset, byteLength / 4);
    this.#halves = new Uint16Array(buffer, byteOffset, byteLength / 2);
  }

  runTag(row: number): number {
    return this.#words[row * 6] as number;
  }

  producer(row: number): number {
    return this.#halves[row * 12 + 2] as number;
  }

  sequence(row: number): number {
    return this.#doubles[row * 3 + 1] as number;
  }

  dueUs(row: number): number {
    return this.#doubles[row * 3 + 2] as number;
  }
}
