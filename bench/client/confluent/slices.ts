import type { BytesColumn } from '../driver.ts';

/** Buffers over the parts of a pool, made once each: a new one a record costs more than handing it over. */
export class Slices {
  readonly #known = new Map<number, Buffer>();
  #pool: Uint8Array | undefined;

  /** Row `row` as a buffer; null where its length is −1. */
  at({ pool, offsets, lengths }: BytesColumn, row: number): Buffer | null {
    const length = lengths[row] as number;
    if (length < 0) return null;
    if (pool !== this.#pool) {
      this.#known.clear();
      this.#pool = pool;
    }
    const offset = offsets[row] as number;
    let slice = this.#known.get(offset);
    if (slice === undefined || slice.length !== length) {
      if (offset + length > pool.length) throw new RangeError('offsets, lengths: outside the pool');
      slice = Buffer.from(pool.buffer, pool.byteOffset + offset, length);
      this.#known.set(offset, slice);
    }
    return slice;
  }
}
