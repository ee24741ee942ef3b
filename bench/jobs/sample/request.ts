import { KsweepError } from '../../common/errors.ts';
import { parseDurationMs, parseRate } from '../../common/units.ts';
import { LARGEST_SAMPLE_BYTES } from '../../corpus/sample/sample-file.ts';
import type { SampleRequest } from './sample.ts';

/** The options of `ksweep sample`, as commander gives them. */
export interface SampleFlags {
  readonly topic?: string;
  readonly records: string;
  readonly output?: string;
  readonly from?: string;
  readonly evenly?: true;
  readonly maxRate: string;
  readonly anonymize?: true;
  readonly seed?: string;
}

export const DEFAULT_RECORDS = '50000';
export const DEFAULT_MAX_RATE = '10MB/s';
const MOST_RECORDS = 5_000_000;

const usage = (message: string, hint?: string): KsweepError =>
  new KsweepError('usage', message, hint === undefined ? {} : { hint });

/** A time (ISO 8601), or how long ago, as epoch ms. */
function timeOf(text: string, nowMs: number): number {
  const agoMs = /^[\d.]+$/.test(text) ? undefined : parseDurationMs(text);
  const timeMs =
    agoMs === undefined ? (/^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN) : nowMs - agoMs;
  if (!Number.isFinite(timeMs)) {
    throw usage(`--from ${text}: expected a time such as 2026-01-31T08:00:00Z, or how long ago: 2h, 3d`);
  }
  if (timeMs > nowMs) throw usage(`--from ${text}: lies in the future`);
  return timeMs;
}

function recordsOf(option: string, text: string): number {
  const records = Number(text);
  if (/^\d+$/.test(text) && records >= 1 && records <= MOST_RECORDS) return records;
  const limit = `a sample holds ${LARGEST_SAMPLE_BYTES / 2 ** 20} MiB at most`;
  throw usage(`${option} ${text}: expected a whole number from 1 to ${MOST_RECORDS}`, limit);
}

/** Checks every option before anything starts. Throws usage. */
export function sampleRequest(flags: SampleFlags, nowMs: number): Omit<SampleRequest, 'connection'> {
  const { topic, output, from, evenly, seed } = flags;
  if (topic === undefined) throw usage('--topic is missing: which topic is to be sampled');
  if (output === undefined) throw usage('-o is missing: where the sample goes, such as -o orders.sample');
  if (from !== undefined && evenly === true) throw usage('--from and --evenly: give one of them');
  const maxRate = parseRate(flags.maxRate);
  if (maxRate === undefined) {
    throw usage(`--max-rate ${flags.maxRate}: expected bytes or records per second, such as 5MB/s or 2k/s`);
  }
  if (seed !== undefined && flags.anonymize !== true) throw usage('--seed goes with --anonymize');
  if (seed !== undefined && !(/^\d+$/.test(seed) && Number(seed) <= 0xffff_ffff)) {
    throw usage(`--seed ${seed}: expected a whole number from 0 to 4294967295`);
  }
  return {
    topic,
    path: output,
    asked: {
      mode: evenly === true ? 'evenly' : from === undefined ? 'end' : 'from',
      fromMs: from === undefined ? 0 : timeOf(from, nowMs),
      records: recordsOf('--records', flags.records),
    },
    maxRate,
    anonymize: flags.anonymize !== true ? null : seed === undefined ? 'random' : { seed: Number(seed) },
  };
}
