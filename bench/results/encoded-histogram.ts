import { inflateSync } from 'node:zlib';
import { JsHistogram } from 'hdr-histogram-js';
import { decode, type Histogram } from './histogram.ts';

/**
 * Reading of HdrHistogram's compressed V2 encoding straight into another histogram. Building a histogram only to
 * add it costs five to ten times as much, which a report over thousands of intervals cannot afford.
 *
 * Compressed: i32 cookie, i32 length, zlib stream of: i32 cookie, i32 payload length, i32 normalizing offset,
 * i32 significant digits, i64 lowest and i64 highest value, f64 ratio, then the counts in the order of their
 * buckets as ZigZag LEB128 (64b9B variant), where a negative number skips as many empty buckets.
 */
const COMPRESSED_COOKIE = 0x1c849304;
const COOKIE = 0x1c849303;
const WORD_SIZE_BITS = 0xf0;
const HEADER_BYTES = 40;
const OUR_DIGITS = 3;

/** The inflated encoding, or undefined where it is no V2 histogram of our resolution. */
function inflate(text: string): Buffer | undefined {
  const compressed = Buffer.from(text, 'base64');
  if (compressed.length < 8 || (compressed.readInt32BE(0) & ~WORD_SIZE_BITS) !== COMPRESSED_COOKIE)
    return undefined;
  const content = inflateSync(compressed.subarray(8, 8 + compressed.readInt32BE(4)));
  const ours =
    content.length >= HEADER_BYTES &&
    (content.readInt32BE(0) & ~WORD_SIZE_BITS) === COOKIE &&
    content.readInt32BE(12) === OUR_DIGITS &&
    content.readBigInt64BE(16) === 1n;
  return ours ? content : undefined;
}

/** Adds what `text` encodes to `target`, one of {@link newHistogram}; a foreign resolution goes the slow way. */
export function addEncoded(target: Histogram, text: string): void {
  const content = inflate(text);
  if (content === undefined || !(target instanceof JsHistogram) || !addCounts(target, content)) {
    target.add(decode(text));
  }
}

/** False, with nothing added, where a value lies beyond the target's buckets. */
function addCounts(target: JsHistogram, content: Buffer): boolean {
  const end = Math.min(content.length, HEADER_BYTES + content.readInt32BE(4));
  const indexes: number[] = [];
  const counts: number[] = [];
  let index = 0;
  let total = 0;
  for (let at = HEADER_BYTES; at < end; ) {
    let encoded = 0;
    let scale = 1;
    for (let length = 1; ; length++, scale *= 128) {
      const byte = content[at++] ?? 0;
      // The ninth byte is whole: it needs no mark for a tenth.
      if (byte < 128 || length === 9) {
        encoded += byte * scale;
        break;
      }
      encoded += (byte - 128) * scale;
    }
    if (encoded % 2 === 1) {
      index += (encoded + 1) / 2;
      continue;
    }
    if (encoded > 0) {
      indexes.push(index);
      counts.push(encoded / 2);
      total += encoded / 2;
    }
    index++;
  }
  const first = indexes.find((bucket) => bucket > 0);
  const last = indexes.at(-1);
  if (last === undefined) return true;
  if (last >= target.countsArrayLength) return false;
  indexes.forEach((bucket, i) => {
    target.addToCountAtIndex(bucket, counts[i] ?? 0);
  });
  target.addToTotalCount(total);
  if (first !== undefined) target.updateMinAndMax(target.valueFromIndex(first));
  target.updateMinAndMax(target.highestEquivalentValue(target.valueFromIndex(last)));
  return true;
}
