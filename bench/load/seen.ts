/** A set of sequence numbers as a growing bitmap: one bit each, so that ten million records cost 1.25 MB. */
export class SequenceSet {
  #bits = new Uint8Array(1024);

  /** Adds a sequence; false where it was there before. */
  add(sequence: number): boolean {
    const index = Math.floor(sequence / 8);
    if (index >= this.#bits.length) {
      const grown = new Uint8Array(Math.max(index + 1, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    const mask = 1 << (sequence & 7);
    const byte = this.#bits[index] as number;
    if ((byte & mask) !== 0) return false;
    this.#bits[index] = byte | mask;
    return true;
  }

  /** The bitmap, least significant bit first. */
  get bits(): Uint8Array {
    return this.#bits;
  }
}

const POPCOUNT = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** Union of bitmaps of any lengths. */
export function unionBits(bitmaps: readonly Uint8Array[]): Uint8Array {
  const union = new Uint8Array(Math.max(0, ...bitmaps.map(({ length }) => length)));
  for (const bits of bitmaps)
    for (let i = 0; i < bits.length; i++) union[i] = (union[i] as number) | (bits[i] as number);
  return union;
}

/** How many sequences a bitmap holds. */
export function countBits(bits: Uint8Array): number {
  let count = 0;
  for (const byte of bits) count += POPCOUNT[byte] as number;
  return count;
}

/** Whether a bitmap holds a sequence. */
export function hasBit(bits: Uint8Array, sequence: number): boolean {
  return (((bits[Math.floor(sequence / 8)] ?? 0) >> (sequence & 7)) & 1) === 1;
}
