/** A seeded stream of random numbers: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform over all 32-bit unsigned integers. */
  uint32(): number;
  /** Uniform integer in [0, limit); `limit` from 1 to 2^32. */
  int(limit: number): number;
  /** Shuffles in place (Fisher-Yates) and returns the same array. */
  shuffle<T>(items: T[]): T[];
  /** An independent stream; the same label gives the same stream, and drawing from it leaves this one as it is. */
  fork(label: string): Random;
}

/** SplitMix32 (Steele, Lea and Flood's mixer, 32-bit variant): turns any seed into well-mixed state words. */
function splitmix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/** FNV-1a over UTF-16 units, starting from the parent's seed. */
function hashLabel(seed: number, label: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/** sfc32 (Chris Doty-Humphrey's Small Fast Counter, 128 bits of state) seeded by SplitMix32. */
export function createRandom(seed: number): Random {
  const mix = splitmix32(seed);
  let a = mix();
  let b = mix();
  let c = mix();
  let counter = 1;
  const uint32 = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let i = 0; i < 12; i++) uint32();
  const next = (): number => uint32() / 2 ** 32;
  const int = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    uint32,
    int,
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = int(i + 1);
        const held = items[i];
        const other = items[j];
        if (held !== undefined && other !== undefined) {
          items[i] = other;
          items[j] = held;
        }
      }
      return items;
    },
    fork: (label) => createRandom(hashLabel(seed >>> 0, label)),
  };
}
