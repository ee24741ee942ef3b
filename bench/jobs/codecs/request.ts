import { z } from 'zod';
import { KsweepError } from '../../common/errors.ts';
import { nearest } from '../../common/nearest.ts';
import { parseDurationMs, parseRate, parseSizeBytes } from '../../common/units.ts';
import { parseOverride } from '../../workload/load.ts';
import { CODECS, DEFAULT_CODECS, parseCodecs, type Varied } from './codecs.ts';
import { PAYLOAD_FORMATS, PAYLOAD_NAMES } from './payload.ts';

export const PRIORITIES = ['latency', 'bytes', 'cpu', 'cost'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Parts of a comparison that can be left out. */
export const OPTIONAL_PHASES = ['stamp', 'recompression'] as const;
type OptionalPhase = (typeof OPTIONAL_PHASES)[number];

/** Codecs that a topic may be told to keep its records in, whatever producers send. */
export const TOPIC_CODECS = ['gzip', 'snappy', 'lz4', 'zstd', 'uncompressed'] as const;

/** The command line's options as commander gives them. */
export interface CodecsFlags {
  readonly payload?: string;
  readonly payloadFile?: string;
  readonly payloadFormat: string;
  readonly payloadTopic?: string;
  readonly payloadRecords: string;
  readonly payloadBootstrapServer?: string;
  readonly payloadCommandConfig?: string;
  readonly rate?: string;
  readonly codecs?: string;
  readonly batchSize?: string;
  readonly lingerMs?: string;
  readonly priority: string;
  readonly repeats?: string;
  readonly finalists?: string;
  readonly finalistRepeats?: string;
  readonly warmup?: string;
  readonly duration?: string;
  readonly seed: string;
  readonly quick?: true;
  readonly budget?: string;
  readonly findMax?: true;
  readonly topicCompression?: string;
  readonly skip: string[];
  readonly set: string[];
  readonly volume?: string;
  readonly retention: string;
  readonly replicas: string;
  readonly groups: string;
  readonly zones: string;
  readonly region: string;
  readonly instance: string;
  readonly prices?: string;
}

const positive = z.int().min(1);

/** What is asked of `ksweep codecs`, complete: kept in its folder, so that --resume needs nothing else. */
export const codecsRequestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  payload: z.strictObject({
    payload: z.string().nullable(),
    payloadFile: z.string().nullable(),
    format: z.enum(PAYLOAD_FORMATS),
  }),
  rate: z.string(),
  codecs: z.array(z.strictObject({ codec: z.enum(CODECS), level: z.int().nullable() })).min(1),
  batchSizesBytes: z.array(positive).min(1),
  lingersMs: z.array(z.number().min(0)).min(1),
  priority: z.enum(PRIORITIES),
  repeats: positive,
  finalists: positive,
  finalistRepeats: positive,
  warmupMs: positive,
  durationMs: positive,
  seed: z.int().min(0),
  findMax: z.boolean(),
  /** null: another one than the recommended producer's. */
  topicCompression: z.enum(TOPIC_CODECS).nullable(),
  skip: z.array(z.enum(OPTIONAL_PHASES)),
  set: z.array(z.string()),
  price: z.strictObject({
    /** Records a second before compression, bytes; null: the measured rate. */
    volumeBytesPerSec: z.number().nullable(),
    retentionSec: z.number(),
    replicas: positive,
    groups: z.int().min(0),
    zones: positive,
    region: z.string(),
    instance: z.string(),
    pricesFile: z.string().nullable(),
  }),
});
export type CodecsRequest = z.infer<typeof codecsRequestSchema>;

const usage = (message: string, hint?: string): KsweepError =>
  new KsweepError('usage', message, hint === undefined ? {} : { hint });

function oneOf<T extends string>(option: string, text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  const guess = nearest(text, known);
  throw usage(
    `${option} ${text}: expected ${known.join(', ')}`,
    guess === undefined ? undefined : `did you mean ${guess}?`,
  );
}

function whole(option: string, text: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  const upTo = max === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${max}`;
  throw usage(`${option} ${text}: expected a whole number of at least ${min}${upTo}`);
}

function durationMs(option: string, text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms >= 1000) return Math.round(ms);
  throw usage(`${option} ${text}: expected a duration of at least 1 s, such as 10s or 2m`);
}

/** A list of distinct values. */
function list<T>(option: string, text: string, read: (word: string) => T): T[] {
  const values = text.split(',').map((word) => read(word.trim()));
  const twin = values.find((value, i) => values.indexOf(value) !== i);
  if (twin !== undefined) throw usage(`${option} ${text}: ${twin} is named twice`);
  return values;
}

function sizeBytes(option: string, text: string): number {
  const bytes = parseSizeBytes(text);
  if (bytes !== undefined && bytes >= 1) return Math.round(bytes);
  throw usage(`${option} ${text}: expected sizes such as 16384 or 128KiB, separated by commas`);
}

function volume(text: string | undefined): number | null {
  if (text === undefined) return null;
  const rate = parseRate(text);
  if (rate?.kind === 'bytes') return rate.perSec;
  throw usage(`--volume ${text}: expected bytes of records per second, such as 50MB/s`);
}

/** What every phase decides by itself; an override of it would make the phases compare something else. */
const OWN = [
  /^(name|description|sweep|repeats|seed|thresholds|disruptions)/,
  /^load\.(rate|warmup|duration|timing)/,
  /^records\.(payload|size|stamp|corpus)/,
  /^consumers\.(groups|backlog)/,
  /^topic\.(existing|name)/,
  /^topic\.configs\.compression/,
  /^producer\.(compression|batch\.size|linger\.ms|transactional\.id)/,
];

function overrides(set: readonly string[]): string[] {
  for (const text of set) {
    const path = parseOverride(text).path.join('.');
    if (OWN.some((own) => own.test(path))) {
      throw usage(`--set ${text}: ksweep codecs decides on ${path} itself`, 'see `ksweep codecs --help`');
    }
  }
  return [...set];
}

// Eight blocks: a difference that is there in each of them stays below 0.05 also after the adjustment for six tests.
const FULL = {
  batchSize: '16384,131072',
  repeats: '4',
  finalists: '3',
  finalistRepeats: '8',
  warmup: '3s',
  duration: '10s',
};
const QUICK = {
  batchSize: '131072',
  repeats: '2',
  finalists: '2',
  finalistRepeats: '3',
  warmup: '1s',
  duration: '4s',
};

/** Reads and checks every option before anything starts. Throws usage, naming option and expectation. */
export function requestOf(flags: CodecsFlags): CodecsRequest {
  const { payload, payloadFile, rate } = flags;
  if ((payload === undefined) === (payloadFile === undefined)) {
    throw usage(
      `name the records: either --payload-file, or --payload with one of ${PAYLOAD_NAMES.join(', ')}, or --payload-topic`,
    );
  }
  if (rate === undefined) throw usage('--rate is missing: how much is sent, such as 5MB/s or 20k/s');
  if (parseRate(rate) === undefined) {
    throw usage(`--rate ${rate}: expected records (20000, 20k/s) or bytes per second (5MB/s)`);
  }
  const defaults = flags.quick === true ? QUICK : FULL;
  const linger = (word: string): number => whole('--linger-ms', word, 0, 900_000);
  const retentionMs = parseDurationMs(flags.retention);
  if (retentionMs === undefined || /^\d+$/.test(flags.retention)) {
    throw usage(`--retention ${flags.retention}: expected a duration with its unit, such as 7d or 12h`);
  }
  return {
    schemaVersion: 1,
    payload: {
      payload: payload ?? null,
      payloadFile: payloadFile ?? null,
      format: oneOf('--payload-format', flags.payloadFormat, PAYLOAD_FORMATS),
    },
    rate,
    codecs: parseCodecs(flags.codecs ?? DEFAULT_CODECS),
    batchSizesBytes: list('--batch-size', flags.batchSize ?? defaults.batchSize, (word) =>
      sizeBytes('--batch-size', word),
    ),
    lingersMs: list('--linger-ms', flags.lingerMs ?? '5', linger),
    priority: oneOf('--priority', flags.priority, PRIORITIES),
    repeats: whole('--repeats', flags.repeats ?? defaults.repeats, 1),
    finalists: whole('--finalists', flags.finalists ?? defaults.finalists, 1),
    finalistRepeats: whole('--finalist-repeats', flags.finalistRepeats ?? defaults.finalistRepeats, 1),
    warmupMs: durationMs('--warmup', flags.warmup ?? defaults.warmup),
    durationMs: durationMs('--duration', flags.duration ?? defaults.duration),
    seed: whole('--seed', flags.seed, 0, 0xffff_ffff),
    findMax: flags.findMax === true,
    topicCompression:
      flags.topicCompression === undefined
        ? null
        : oneOf('--topic-compression', flags.topicCompression, TOPIC_CODECS),
    skip: flags.skip.map((name): OptionalPhase => oneOf('--skip', name, OPTIONAL_PHASES)),
    set: overrides(flags.set),
    price: {
      volumeBytesPerSec: volume(flags.volume),
      retentionSec: retentionMs / 1000,
      replicas: whole('--replicas', flags.replicas, 1),
      groups: whole('--groups', flags.groups, 0),
      zones: whole('--zones', flags.zones, 1),
      region: flags.region,
      instance: flags.instance,
      pricesFile: flags.prices ?? null,
    },
  };
}

/** The size that the broker and the client would let through, by the overrides; their defaults else. */
export function maxMessageBytes(request: CodecsRequest): number {
  const limits = request.set.flatMap((text) => {
    const { path, value } = parseOverride(text);
    const name = path.join('.');
    return name === 'producer.max.request.size' || name === 'topic.configs.max.message.bytes'
      ? [[name, Number(value)] as const]
      : [];
  });
  const given = new Map(limits);
  return Math.min(
    given.get('producer.max.request.size') ?? 1_048_576,
    given.get('topic.configs.max.message.bytes') ?? 1_048_588,
  );
}

/** What the configurations of a comparison differ in besides the codec. */
export const variedIn = (request: CodecsRequest): Varied => ({
  batchSize: request.batchSizesBytes.length > 1,
  linger: request.lingersMs.length > 1,
});
