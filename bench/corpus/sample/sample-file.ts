import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { KsweepError } from '../../common/errors.ts';
import { decodeHeaders, encodeHeaders, type RecordHeader } from '../../common/record-headers.ts';
import { writeAtomically } from '../../common/write-atomically.ts';

/** One record of a topic, as it was read. */
export interface SampleRecord {
  /** −1 where the record has none. */
  readonly timestampMs: number;
  readonly partition: number;
  readonly key: Buffer | null;
  /** null: a tombstone. */
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
}

/** How many records of the topic have a timestamp from here until the next entry's, by the brokers' offset index. */
const historySchema = z.strictObject({ fromMs: z.number(), records: z.number() });

const infoSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** null where the sample is anonymized. */
  topic: z.string().nullable(),
  partitions: z.int().min(1),
  /** end: the newest records; from: those from a time on; evenly: runs of records spread over what is retained. */
  taken: z.enum(['end', 'from', 'evenly']),
  takenAt: z.string(),
  anonymized: z.boolean(),
  /** Records in the topic when it was read, and their rate over what is retained; empty where it can't be told. */
  topicRecords: z.number(),
  history: z.array(historySchema),
  records: z.int().min(1),
  bodyBytes: z.int().min(1),
  sha256: z.string(),
});

/** What a sample file says of itself before its records. */
export type SampleInfo = z.infer<typeof infoSchema>;
export type SampleOrigin = Omit<SampleInfo, 'schemaVersion' | 'records' | 'bodyBytes' | 'sha256'>;

export interface Sample {
  readonly info: SampleInfo;
  readonly records: readonly SampleRecord[];
}

/** docs/sample.md describes the format for others. */
const MAGIC = 'KSWEEPS1';
const HEAD_BYTES = 12;
const LARGEST_INFO_BYTES = 2 ** 20;
const FIXED_BYTES = 24;
/** As much as a corpus may hold: every producer has it in memory. */
export const LARGEST_SAMPLE_BYTES = 1024 * 2 ** 20;

function encodeRecord({ timestampMs, partition, key, value, headers }: SampleRecord): Buffer[] {
  const encoded = encodeHeaders(headers);
  const fixed = Buffer.alloc(4 + FIXED_BYTES);
  fixed.writeUInt32LE(FIXED_BYTES + (key?.length ?? 0) + (value?.length ?? 0) + encoded.length, 0);
  fixed.writeDoubleLE(timestampMs, 4);
  fixed.writeInt32LE(partition, 12);
  fixed.writeInt32LE(key === null ? -1 : key.length, 16);
  fixed.writeInt32LE(value === null ? -1 : value.length, 20);
  fixed.writeUInt32LE(encoded.length, 24);
  return [fixed, ...(key === null ? [] : [key]), ...(value === null ? [] : [value]), encoded];
}

/** The whole file, as parts. Throws sample-invalid for no records or too many bytes of them. */
export function encodeSample(origin: SampleOrigin, records: readonly SampleRecord[]): Buffer[] {
  const body = Buffer.concat(records.flatMap(encodeRecord));
  if (records.length === 0) throw new KsweepError('sample-invalid', 'a sample without a record');
  if (body.length > LARGEST_SAMPLE_BYTES) {
    throw new KsweepError('sample-invalid', `a sample of ${body.length} bytes`, {
      hint: `take fewer records: a sample holds ${LARGEST_SAMPLE_BYTES} bytes at most`,
    });
  }
  const info: SampleInfo = {
    schemaVersion: 1,
    ...origin,
    records: records.length,
    bodyBytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
  };
  const text = Buffer.from(JSON.stringify(info));
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(MAGIC, 'latin1');
  head.writeUInt32LE(text.length, 8);
  return [head, text, body];
}

const refuse = (name: string, why: string, hint?: string): KsweepError =>
  new KsweepError('sample-invalid', `${name}: ${why}`, hint === undefined ? {} : { hint });

const TAKE_AGAIN = 'take it again with `ksweep sample`, or copy it again';

function infoOf(content: Buffer, name: string): { readonly info: SampleInfo; readonly bodyAt: number } {
  if (content.length < HEAD_BYTES || content.toString('latin1', 0, 7) !== MAGIC.slice(0, 7)) {
    throw refuse(name, 'is no sample of ksweep', 'samples are taken with `ksweep sample --topic …`');
  }
  if (content.toString('latin1', 0, 8) !== MAGIC) {
    throw refuse(name, `is a sample of another version (${content.toString('latin1', 7, 8)})`, TAKE_AGAIN);
  }
  const infoBytes = content.readUInt32LE(8);
  const bodyAt = HEAD_BYTES + infoBytes;
  if (infoBytes > LARGEST_INFO_BYTES) throw refuse(name, 'its header is damaged: too long', TAKE_AGAIN);
  if (bodyAt > content.length) throw refuse(name, 'is cut off within its header', TAKE_AGAIN);
  let told: unknown;
  try {
    told = JSON.parse(content.toString('utf8', HEAD_BYTES, bodyAt));
  } catch {
    throw refuse(name, 'its header is damaged: no JSON', TAKE_AGAIN);
  }
  const parsed = infoSchema.safeParse(told);
  if (parsed.success) return { info: parsed.data, bodyAt };
  const [issue] = parsed.error.issues;
  throw refuse(name, `its header is damaged: ${issue?.path.join('.')}: ${issue?.message}`, TAKE_AGAIN);
}

/** The record at a place of the body, and where the next one begins; undefined where it is none. */
function recordAt(body: Buffer, at: number): { record: SampleRecord; next: number } | undefined {
  if (body.length - at < 4 + FIXED_BYTES) return undefined;
  const next = at + 4 + body.readUInt32LE(at);
  const timestampMs = body.readDoubleLE(at + 4);
  const partition = body.readInt32LE(at + 12);
  const keyBytes = body.readInt32LE(at + 16);
  const valueBytes = body.readInt32LE(at + 20);
  const headersBytes = body.readUInt32LE(at + 24);
  const keyAt = at + 4 + FIXED_BYTES;
  const valueAt = keyAt + Math.max(0, keyBytes);
  const headersAt = valueAt + Math.max(0, valueBytes);
  const whole =
    keyBytes >= -1 && valueBytes >= -1 && headersAt + headersBytes === next && next <= body.length;
  if (!whole || partition < 0 || !Number.isFinite(timestampMs)) return undefined;
  const headers = decodeHeaders(body.subarray(headersAt, next));
  if (headers === undefined) return undefined;
  const key = keyBytes < 0 ? null : body.subarray(keyAt, valueAt);
  const value = valueBytes < 0 ? null : body.subarray(valueAt, headersAt);
  return { record: { timestampMs, partition, key, value, headers }, next };
}

/**
 * The sample in a file's content; its bytes are views of it.
 * @param name of the file, for messages. Throws sample-invalid where it is none, cut off, or damaged.
 */
export function decodeSample(content: Buffer, name: string): Sample {
  const { info, bodyAt } = infoOf(content, name);
  const body = content.subarray(bodyAt);
  if (body.length !== info.bodyBytes) {
    const what = body.length < info.bodyBytes ? 'is cut off' : 'has something behind its end';
    throw refuse(
      name,
      `${what}: ${body.length} bytes of records, and its header says ${info.bodyBytes}`,
      TAKE_AGAIN,
    );
  }
  if (createHash('sha256').update(body).digest('hex') !== info.sha256) {
    throw refuse(name, 'is damaged: its records do not have the digest that its header says', TAKE_AGAIN);
  }
  const records: SampleRecord[] = [];
  for (let at = 0; at < body.length; ) {
    const found = recordAt(body, at);
    if (found === undefined)
      throw refuse(name, `is damaged: record ${records.length + 1} is none`, TAKE_AGAIN);
    records.push(found.record);
    at = found.next;
  }
  if (records.length !== info.records) {
    throw refuse(
      name,
      `is damaged: ${records.length} records, and its header says ${info.records}`,
      TAKE_AGAIN,
    );
  }
  return { info, records };
}

const SAYS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'a part of its path is no folder',
  ELOOP: 'is a link that leads back to itself',
};

function systemError(path: string, error: unknown): KsweepError {
  const { code, message } = error as NodeJS.ErrnoException;
  return refuse(path, SAYS[code ?? ''] ?? message);
}

/** What stands at a path; undefined where nothing does. */
function standing(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw systemError(path, error);
  }
}

const IS_FILE = 'a sample is a file: it is read more than once';

/** Reads a sample file. Throws sample-invalid for what cannot be read, is no file, or is no whole sample. */
export function readSample(path: string): Sample {
  const found = standing(path);
  if (found === undefined)
    throw refuse(path, 'does not exist', 'take a sample with `ksweep sample --topic …`');
  if (!found.isFile()) throw refuse(path, found.isDirectory() ? 'is a folder' : 'is no file', IS_FILE);
  if (found.size > LARGEST_SAMPLE_BYTES + LARGEST_INFO_BYTES + HEAD_BYTES) {
    throw refuse(path, `has ${found.size} bytes, and a sample ${LARGEST_SAMPLE_BYTES} at most`);
  }
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    throw systemError(path, error);
  }
  return decodeSample(content, path);
}

/** Refuses a path that no sample can be written to, before anything is read. Throws sample-invalid. */
export function checkWritable(path: string): void {
  const found = standing(path);
  if (found !== undefined && !found.isFile()) {
    throw refuse(path, found.isDirectory() ? 'is a folder' : 'is no file', IS_FILE);
  }
  const folder = standing(dirname(path));
  if (folder === undefined || !folder.isDirectory()) throw refuse(path, 'its folder does not exist');
  try {
    accessSync(found === undefined ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    throw systemError(path, error);
  }
}

/** Writes a whole file or none. */
export async function writeSample(
  path: string,
  origin: SampleOrigin,
  records: readonly SampleRecord[],
): Promise<void> {
  await writeAtomically(path, encodeSample(origin, records));
}
