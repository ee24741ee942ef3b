/** What a file seems to be, by its first bytes. Sources: the formats' own specifications, as `file(1)` collects them. */

type Compression = 'gzip' | 'zstd';

const startsWith = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  bytes.length >= at + signature.length && signature.every((byte, i) => bytes[at + i] === byte);

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

/** What can be read through: RFC 1952 (with deflate, the only method there is) and RFC 8878. */
export function compressionOf(bytes: Uint8Array): Compression | null {
  if (startsWith(bytes, [0x1f, 0x8b, 0x08])) return 'gzip';
  return startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd]) ? 'zstd' : null;
}

const UNPACK = 'unpack it first, or give it through a pipe';
const EXPORT = 'write its rows as JSON lines first';
const BINARY: readonly {
  readonly what: string;
  readonly bytes: readonly number[];
  at?: number;
  next: string;
}[] = [
  { what: 'a zip archive (or a jar or an Office document)', bytes: [0x50, 0x4b, 0x03, 0x04], next: UNPACK },
  { what: 'compressed by bzip2', bytes: ascii('BZh'), next: UNPACK },
  { what: 'compressed by xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], next: UNPACK },
  { what: 'compressed by lz4', bytes: [0x04, 0x22, 0x4d, 0x18], next: UNPACK },
  { what: 'compressed by snappy', bytes: [0xff, 0x06, 0x00, 0x00, ...ascii('sNaPpY')], next: UNPACK },
  { what: 'a 7z archive', bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], next: UNPACK },
  { what: 'a tar archive', bytes: ascii('ustar'), at: 257, next: UNPACK },
  { what: 'a Parquet file', bytes: ascii('PAR1'), next: EXPORT },
  { what: 'an Avro file', bytes: [...ascii('Obj'), 0x01], next: EXPORT },
  { what: 'an ORC file', bytes: ascii('ORC'), next: EXPORT },
  { what: 'a Hadoop sequence file', bytes: ascii('SEQ'), next: EXPORT },
  { what: 'an SQLite database', bytes: ascii('SQLite format 3'), next: EXPORT },
  { what: 'a PDF', bytes: ascii('%PDF'), next: EXPORT },
  { what: 'a PNG image', bytes: [0x89, ...ascii('PNG')], next: 'give records, one per line' },
  { what: 'a JPEG image', bytes: [0xff, 0xd8, 0xff], next: 'give records, one per line' },
  { what: 'a program', bytes: [0x7f, ...ascii('ELF')], next: 'give records, one per line' },
];

/** What a file is that holds no records as they would be sent, and what to do about it. */
export interface Unfit {
  readonly what: string;
  readonly next: string;
}

const inUtf8 = (encoding: string): Unfit => ({
  what: `text in ${encoding}`,
  next: `write it in UTF-8: iconv -f ${encoding} -t UTF-8`,
});

/** Another file format than text or length-prefixed records; null where none is recognised. */
export function binaryKind(bytes: Uint8Array): Unfit | null {
  return BINARY.find(({ bytes: signature, at }) => startsWith(bytes, signature, at)) ?? null;
}

/** Why bytes are no lines of text that a producer would send; null where they may be. */
export function textProblem(bytes: Uint8Array): Unfit | null {
  // The mark of UTF-32LE begins with that of UTF-16LE.
  if (startsWith(bytes, [0xff, 0xfe, 0x00, 0x00])) return inUtf8('UTF-32LE');
  if (startsWith(bytes, [0x00, 0x00, 0xfe, 0xff])) return inUtf8('UTF-32BE');
  if (startsWith(bytes, [0xff, 0xfe])) return inUtf8('UTF-16LE');
  if (startsWith(bytes, [0xfe, 0xff])) return inUtf8('UTF-16BE');
  const known = binaryKind(bytes);
  if (known !== null) return known;
  const at = bytes.indexOf(0);
  if (at === -1) return null;
  const [even, odd] = nulsByParity(bytes.subarray(0, 4_096));
  // Of ASCII in UTF-16 every second byte is 0, and of UTF-32 three of four.
  const half = Math.min(bytes.length, 4_096) / 2;
  if (even + odd > 1.4 * half) return inUtf8('UTF-32');
  if (odd > 0.7 * half && even < 0.3 * half) return inUtf8('UTF-16LE');
  if (even > 0.7 * half && odd < 0.3 * half) return inUtf8('UTF-16BE');
  return {
    what: `binary: there is a NUL at byte ${at}`,
    next: 'give binary records with a u32 big-endian length before each, as length-prefixed',
  };
}

function nulsByParity(bytes: Uint8Array): [even: number, odd: number] {
  const counts: [number, number] = [0, 0];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) counts[(i & 1) as 0 | 1]++;
  return counts;
}

/** Bytes without the mark of UTF-8, which is no part of the first record. */
export const withoutMark = (bytes: Buffer): Buffer =>
  startsWith(bytes, [0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes;
