import { poolTask } from '../common/pool.ts';
import { createRandom, type Random } from '../common/random.ts';
import type { SizeSpec } from '../workload/schema.ts';
import { DistinctCounter } from './distinct.ts';
import { jsonEvent } from './json-events.ts';
import { createSizer } from './sizes.ts';

export interface SliceInput {
  readonly source: { readonly kind: 'json' } | { readonly kind: 'random'; readonly randomShare: number };
  readonly size: SizeSpec;
  readonly minBytes: number;
  readonly seed: number;
  readonly index: number;
  readonly sliceBytes: number;
}

export interface Slice {
  readonly bytes: Uint8Array;
  readonly lengths: Uint32Array;
  readonly distinctRecords: number;
  readonly distinctBytes: number;
}

/** 2026-01-05T08:00Z. */
const FIRST_EVENT_MS = 1_767_600_000_000;
export const EVENT_GAP_MS = 40;

/** When the first record of a slice happened. */
export const firstTimeMs = (index: number): number => FIRST_EVENT_MS + index * 60_000;

/** The stated share of the record is random bytes, the rest one constant byte that any codec removes. */
function fillRandom(target: Buffer, at: number, sizeBytes: number, share: number, random: Random): void {
  const randomBytes = Math.round(sizeBytes * share);
  let i = at;
  for (; i + 4 <= at + randomBytes; i += 4) target.writeUInt32LE(random.uint32(), i);
  for (; i < at + randomBytes; i++) target[i] = random.uint32() & 0xff;
  target.fill(0x2e, i, at + sizeBytes);
}

/**
 * Generates one slice of a corpus: records until they reach `sliceBytes`, at least one. Slices of one corpus
 * differ by `index` only, so that several threads can make them and the corpus does not depend on how many.
 */
function generateSlice(input: SliceInput): Slice {
  const random = createRandom(input.seed).fork(`slice ${input.index}`);
  const nextSize = createSizer(input.size, input.minBytes, random.fork('sizes'));
  const sizes: number[] = [];
  let totalBytes = 0;
  while (totalBytes < input.sliceBytes) {
    const size = Math.max(1, nextSize());
    sizes.push(size);
    totalBytes += size;
  }
  const bytes = Buffer.allocUnsafeSlow(totalBytes);
  const { source } = input;
  let timeMs = firstTimeMs(input.index);
  const distinct = new DistinctCounter();
  let at = 0;
  for (const size of sizes) {
    if (source.kind === 'random') fillRandom(bytes, at, size, source.randomShare, random);
    else {
      timeMs += random.int(EVENT_GAP_MS);
      bytes.write(jsonEvent(size, timeMs, random), at, 'latin1');
    }
    distinct.add(bytes.subarray(at, at + size));
    at += size;
  }
  return {
    bytes,
    lengths: Uint32Array.from(sizes),
    distinctRecords: distinct.records,
    distinctBytes: distinct.bytes,
  };
}

export const sliceTask = poolTask(import.meta.url, 'sliceTask', generateSlice);
