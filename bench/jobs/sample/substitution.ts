import { createRandom, type Random } from '../../common/random.ts';

/** Bytes that are put in each other's place: none stays where it was, and each class keeps to itself. */
const CLASSES: readonly (readonly number[])[] = [
  range(0x61, 0x7a),
  range(0x41, 0x5a),
  range(0x30, 0x39),
  [...range(0x20, 0x2f), ...range(0x3a, 0x40), ...range(0x5b, 0x60), ...range(0x7b, 0x7e)],
  [...range(0x00, 0x1f), 0x7f],
  range(0x80, 0xff),
];
/** Tables a class, of which the bytes before decide: the same word is always replaced by the same word. */
const TABLES = 256;
/** Words hang together as a whole; of punctuation and binary bytes only the last ones count, so that repeats stay repeats. */
const SHORT_CONTEXT = 2;

const WORD = 0;
const PUNCTUATION = 1;
const BINARY = 2;
const KIND_OF_CLASS = [WORD, WORD, WORD, PUNCTUATION, BINARY, BINARY];

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/**
 * A random order of a class in which frequent bytes tend to come first (Efraimidis and Spirakis 2006): frequent ones
 * are so more often replaced by frequent ones, which is what an entropy coder lives on.
 */
function weightedOrder(members: readonly number[], weights: Float64Array, random: Random): number[] {
  return members
    .map((byte) => ({ byte, key: -Math.log(1 - random.next()) / (weights[byte] as number) }))
    .sort((a, b) => a.key - b.key)
    .map(({ byte }) => byte);
}

/** One-to-one within a class, and no byte to itself. */
function derangement(members: readonly number[], weights: Float64Array, random: Random): [number, number][] {
  const from = weightedOrder(members, weights, random);
  const to = weightedOrder(members, weights, random);
  for (let i = 0; i < from.length; i++) {
    if (from[i] !== to[i]) continue;
    const other = (i + 1) % to.length;
    [to[i], to[other]] = [to[other] as number, to[i] as number];
  }
  return from.map((byte, i) => [byte, to[i] as number]);
}

/**
 * Replaces bytes so that lengths, equality, shared beginnings of words and repeats stay, and no byte stays in its place.
 * One-to-one: different inputs have different outputs. It is no encryption: who knows a few originals can undo a part.
 */
export class Substitution {
  readonly #tables = Array.from({ length: TABLES }, () => new Uint8Array(256));
  readonly #kinds = new Uint8Array(256);
  readonly #seeds: readonly [number, number];

  /**
   * @param secret four random words; whoever has them can undo it
   * @param frequencies how often each byte is in what will be replaced, 256 counts
   */
  constructor(secret: Uint32Array, frequencies: Float64Array) {
    this.#seeds = [secret[0] ?? 0, secret[1] ?? 0];
    const weights = frequencies.map((count) => count + 1);
    const tables = [createRandom(secret[2] ?? 0), createRandom(secret[3] ?? 0)] as const;
    for (const [index, members] of CLASSES.entries()) {
      for (const byte of members) this.#kinds[byte] = KIND_OF_CLASS[index] as number;
      for (let i = 0; i < TABLES; i++) {
        const random = tables[(i & 1) as 0 | 1].fork(`class ${index} table ${i}`);
        const table = this.#tables[i] as Uint8Array;
        for (const [from, to] of derangement(members, weights, random)) table[from] = to;
      }
    }
  }

  apply(bytes: Uint8Array): Buffer {
    const replaced = Buffer.allocUnsafeSlow(bytes.length);
    let kind = -1;
    let context = 0;
    let runAt = 0;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (this.#kinds[byte] !== kind) {
        kind = this.#kinds[byte] as number;
        context = this.#seeds[0];
        runAt = i;
      } else if (kind !== WORD) {
        context = this.#seeds[0];
        for (let j = Math.max(runAt, i - SHORT_CONTEXT); j < i; j++)
          context = this.#mix(context, bytes[j] as number);
      }
      replaced[i] = (this.#tables[this.#pick(context)] as Uint8Array)[byte] as number;
      if (kind === WORD) context = this.#mix(context, byte);
    }
    return replaced;
  }

  /** FNV-1a's step. */
  #mix(context: number, byte: number): number {
    return Math.imul(context ^ byte, 0x01000193);
  }

  #pick(context: number): number {
    const mixed = Math.imul(context ^ this.#seeds[1] ^ (context >>> 15), 0x2c1b3c6d);
    return (mixed ^ (mixed >>> 13)) >>> 24;
  }
}
