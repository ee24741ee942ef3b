import { mkdtempSync, rmSync, type Stats, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { KsweepError } from '../../common/errors.ts';
import { nearest } from '../../common/nearest.ts';
import { packageRoot } from '../../common/package-root.ts';
import { runTask } from '../../common/pool.ts';
import { lengthBytes } from '../../corpus/corpus-file.ts';
import { sampleRecordsTask } from '../../corpus/sample/sample-records.ts';
import { spooled } from '../../corpus/spool-pipe.ts';
import { userRecordsTask } from '../../corpus/user-records.ts';
import type { WorkloadInput } from '../../workload/schema.ts';

/** Payloads that ship with ksweep, by name; workloads/payloads/README.md says where each comes from. */
const SHIPPED = {
  'json-events': 'json-events.ndjson',
  'log-lines': 'log-lines.txt',
  'csv-rows': 'csv-rows.csv',
} as const;
const INCOMPRESSIBLE = 'incompressible';
const INCOMPRESSIBLE_BYTES = 1024;
export const PAYLOAD_NAMES: readonly string[] = [...Object.keys(SHIPPED), INCOMPRESSIBLE];

type Format = 'lines' | 'json' | 'length-prefixed' | 'folder' | 'sample';
export const PAYLOAD_FORMATS: readonly Format[] = ['lines', 'json', 'length-prefixed', 'folder', 'sample'];

/** Which records are compared: a shipped payload by name, or a file of the user's; exactly one is given. */
export interface PayloadChoice {
  readonly payload: string | null;
  readonly payloadFile: string | null;
  readonly format: Format;
}

/** The records of a comparison, checked. */
export interface Payload {
  /** For reports: the shipped name, or the file's name without its folder. */
  readonly name: string;
  readonly records: NonNullable<WorkloadInput['records']>;
  /** Where its path starts from. */
  readonly baseDir: string;
  readonly distinctRecords: number | null;
  readonly distinctBytes: number | null;
  readonly meanBytes: number;
  readonly maxBytes: number;
}

/** No more than this of a file is looked at and sent: as much as a corpus may hold. */
const LIMIT_BYTES = 256 * 2 ** 20;

/** Room that a record's own framing, its key and the measuring stamp take of max.message.bytes. */
const FRAMING_BYTES = 128;

function fileOf({ payload, payloadFile }: PayloadChoice): string {
  if (payloadFile !== null) return resolve(payloadFile);
  const shipped = Object.entries(SHIPPED).find(([name]) => name === payload);
  if (shipped !== undefined) return join(packageRoot(), 'workloads', 'payloads', shipped[1]);
  const guess = nearest(payload ?? '', PAYLOAD_NAMES);
  throw new KsweepError('usage', `--payload ${payload}: expected ${PAYLOAD_NAMES.join(', ')}`, {
    hint: guess === undefined ? 'for records of your own use --payload-file' : `did you mean ${guess}?`,
  });
}

function statusOf(file: string, option: string): Stats {
  try {
    return statSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new KsweepError('usage', `${option}: ${code === 'ENOENT' ? 'there is no such file' : message}`, {
      cause: error,
    });
  }
}

/**
 * Finds and reads the records. Throws usage for a payload that does not exist, holds no record, or holds one that
 * `maxMessageBytes` would make the broker or the client refuse.
 */
export async function readPayload(choice: PayloadChoice, maxMessageBytes: number): Promise<Payload> {
  if (choice.payload === INCOMPRESSIBLE) {
    return {
      name: INCOMPRESSIBLE,
      records: { payload: { source: 'random' }, size: INCOMPRESSIBLE_BYTES },
      baseDir: '.',
      distinctRecords: null,
      distinctBytes: null,
      meanBytes: INCOMPRESSIBLE_BYTES,
      maxBytes: INCOMPRESSIBLE_BYTES,
    };
  }
  const named = fileOf(choice);
  const option = `--payload-file ${choice.payloadFile}`;
  const found = statusOf(named, option);
  if (found.isFile() && found.size === 0) throw new KsweepError('usage', `${option}: the file is empty`);
  const { format } = choice;
  const file = found.isFIFO() && format !== 'sample' ? await copyOfPipe(named, option) : named;
  const read = format === 'sample' ? await readTaken(file, option) : await readRecords(file, format, option);
  const tooLong = read.lengths.findIndex((length) => length + FRAMING_BYTES > maxMessageBytes);
  if (tooLong >= 0) {
    throw new KsweepError(
      'usage',
      `${option}: record ${tooLong + 1} has ${read.lengths[tooLong]} bytes; with its framing it has to stay below ${maxMessageBytes} (max.request.size, max.message.bytes)`,
      {
        hint: 'raise both with --set producer.max.request.size=N --set topic.configs.max.message.bytes=N, or leave such records out',
      },
    );
  }
  const totalBytes = read.lengths.reduce((sum, length) => sum + length, 0);
  return {
    name: choice.payload ?? basename(named),
    records: {
      payload:
        format === 'sample'
          ? { source: 'sample', path: basename(file) }
          : { source: 'file', path: basename(file), format },
    },
    baseDir: dirname(file),
    distinctRecords: read.distinctRecords,
    distinctBytes: read.distinctBytes,
    meanBytes: totalBytes / read.lengths.length,
    maxBytes: read.lengths.reduce((most, length) => Math.max(most, length), 0),
  };
}

/** Values of a sample; its tombstones have no bytes. */
async function readTaken(file: string, option: string) {
  try {
    const sample = await runTask(sampleRecordsTask, { path: file, limitBytes: LIMIT_BYTES, stamp: 'header' });
    return { ...sample, lengths: sample.lengths.map(lengthBytes) };
  } catch (error) {
    if (!(error instanceof KsweepError)) throw error;
    throw new KsweepError('usage', `${option}: ${error.message}`, {
      ...(error.hint && { hint: error.hint }),
    });
  }
}

async function readRecords(file: string, format: Exclude<Format, 'sample'>, option: string) {
  try {
    return await runTask(userRecordsTask, { path: file, format, limitBytes: LIMIT_BYTES });
  } catch (error) {
    if (!(error instanceof KsweepError)) throw error;
    const message = error.message.replace(/^records\.payload\.path: /, '');
    throw new KsweepError('usage', `${option}: ${message}`, {
      hint: (
        error.hint ?? `--payload-format says what the file is: ${PAYLOAD_FORMATS.join(', ')}`
      ).replaceAll(/set `format: ([a-z-]+)`/g, 'use --payload-format $1'),
    });
  }
}

/** What came out of a pipe, for the reading here and for the runs; gone when the process ends. */
async function copyOfPipe(path: string, option: string): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'ksweep-payload-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const signal = new AbortController().signal;
  return spooled(path, { dir, signal, onWait: (line) => process.stderr.write(`${option}: ${line}\n`) });
}

/**
 * Says where a batch may well hold one record twice, which a codec profits from: within a batch records follow one
 * another as in the file, so that has to hold a good deal more than the largest batch.
 */
export function repetitionWarning(payload: Payload, largestBatchBytes: number): string | null {
  const { distinctBytes } = payload;
  if (distinctBytes === null || distinctBytes >= 3 * largestBatchBytes) return null;
  const kilobytes = Math.round(distinctBytes / 1e3);
  return `${payload.name} holds ${payload.distinctRecords} distinct records in ${kilobytes} kB, and a batch up to ${Math.round(largestBatchBytes / 1e3)} kB: a batch may hold a record twice, and ratios come out better than in production. Give more records, or smaller batches.`;
}
