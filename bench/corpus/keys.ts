import { poolTask } from '../common/pool.ts';
import { createRandom } from '../common/random.ts';
import type { RecordsSpec } from '../workload/schema.ts';
import { drawRank, zipfCumulative } from './zipf.ts';

export type KeysSpec = Exclude<RecordsSpec['keys'], 'none'>;

export interface GeneratedKeys {
  readonly bytes: Uint8Array;
  readonly lengths: Uint32Array;
  readonly sequence: Uint32Array;
  /** Expected share of the records that carry the most frequent key: no partition can hold less than that. */
  readonly hottestShare: number;
}

/** Draws before the sequence of keys starts over: enough that the rarest keys come up at all. */
const MIN_DRAWS = 2 ** 20;
const MAX_DRAWS = 2 ** 24;

/** Keys are "key-00000042", the number being the rank where the distribution has ranks. */
function keyBytes(cardinality: number): { bytes: Uint8Array; lengths: Uint32Array } {
  const digits = Math.max(8, String(cardinality - 1).length);
  const length = 4 + digits;
  const bytes = Buffer.allocUnsafeSlow(cardinality * length);
  for (let i = 0; i < cardinality; i++) {
    bytes.write(`key-${String(i).padStart(digits, '0')}`, i * length, 'latin1');
  }
  return { bytes, lengths: new Uint32Array(cardinality).fill(length) };
}

/** The keys and the order they are sent in; Zipf: P(rank k) ∝ 1 / k^exponent. */
function generateKeys(input: { spec: KeysSpec; seed: number }): GeneratedKeys {
  const { spec } = input;
  const { cardinality } = spec;
  const random = createRandom(input.seed).fork('keys');
  if (spec.distribution === 'round-robin') {
    const sequence = Uint32Array.from({ length: cardinality }, (_, i) => i);
    return { ...keyBytes(cardinality), sequence, hottestShare: 1 / cardinality };
  }
  const sequence = new Uint32Array(Math.min(MAX_DRAWS, Math.max(MIN_DRAWS, 4 * cardinality)));
  if (spec.distribution === 'zipf') {
    const cumulative = zipfCumulative(cardinality, spec.exponent);
    for (let i = 0; i < sequence.length; i++) sequence[i] = drawRank(cumulative, random);
    return { ...keyBytes(cardinality), sequence, hottestShare: cumulative[0] ?? 1 };
  }
  for (let i = 0; i < sequence.length; i++) sequence[i] = random.int(cardinality);
  return { ...keyBytes(cardinality), sequence, hottestShare: 1 / cardinality };
}

export const keysTask = poolTask(import.meta.url, 'keysTask', generateKeys);
