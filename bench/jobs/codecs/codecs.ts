import { CODEC_LEVELS } from '../../client/properties/producer.ts';
import { KsweepError } from '../../common/errors.ts';
import { nearest } from '../../common/nearest.ts';
import { own } from '../../common/own.ts';
import type { Scalar } from '../../common/scalar.ts';
import type { Cell } from '../../workload/plan.ts';
import type { Workload } from '../../workload/schema.ts';

export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
type Codec = (typeof CODECS)[number];

/** A codec and its level; null where the codec has none, or the client's default level is meant. */
export interface CodecChoice {
  readonly codec: Codec;
  readonly level: number | null;
}

/** What a producer would roll out: one cell of the comparison. */
export interface CodecConfig extends CodecChoice {
  readonly batchSizeBytes: number;
  readonly lingerMs: number;
}

export const DEFAULT_CODECS = 'none,snappy,lz4,gzip:1,gzip:6,zstd:1,zstd:3,zstd:9';

const levelsOf = (codec: Codec): readonly [number, number] | undefined =>
  own<readonly [number, number]>(CODEC_LEVELS, codec);

function problem(text: string, message: string, hint?: string): KsweepError {
  return new KsweepError('usage', `--codecs: "${text}": ${message}`, hint === undefined ? {} : { hint });
}

function parseChoice(text: string): CodecChoice {
  const [name = '', level, ...more] = text.split(':');
  const codec = CODECS.find((one) => one === name);
  if (codec === undefined) {
    const guess = nearest(name, CODECS);
    throw problem(
      text,
      `Kafka has no codec "${name}"; expected ${CODECS.join(', ')}`,
      guess === undefined ? undefined : `did you mean ${guess}?`,
    );
  }
  if (level === undefined) return { codec, level: null };
  const range = levelsOf(codec);
  if (range === undefined) throw problem(text, `${codec} has no levels`, `write ${codec}`);
  const [low, high] = range;
  if (more.length > 0 || !/^\d+$/.test(level) || Number(level) < low || Number(level) > high) {
    const limit = codec === 'zstd' ? ' (librdkafka refuses more; the Java client goes up to 22)' : '';
    throw problem(text, `expected a level of ${codec} from ${low} to ${high}${limit}`);
  }
  return { codec, level: Number(level) };
}

/** "none,gzip:1,zstd:3" as codecs with levels. Throws usage for what Kafka or the client does not know, and for twins. */
export function parseCodecs(text: string): CodecChoice[] {
  const words = text.split(',').map((word) => word.trim());
  const choices = words.map(parseChoice);
  const twin = words.find((word, i) => words.indexOf(word) !== i);
  if (twin !== undefined) throw problem(twin, 'is named twice');
  return choices;
}

/** The producer settings of a codec, by their Kafka names. */
export function codecSettings({ codec, level }: CodecChoice): Record<string, Scalar> {
  return { 'compression.type': codec, ...(level === null ? {} : { [`compression.${codec}.level`]: level }) };
}

export function producerSettings(config: CodecConfig): Record<string, Scalar> {
  return {
    ...codecSettings(config),
    'batch.size': config.batchSizeBytes,
    'linger.ms': config.lingerMs,
  };
}

/** The configuration that a cell runs. */
export const configOfCell = (cell: Cell): CodecConfig => configOf(cell.workload.producer);

export function configOf(producer: Workload['producer']): CodecConfig {
  const codec = CODECS.find((one) => one === producer['compression.type']) ?? 'none';
  const level = producer[`compression.${codec}.level`];
  return {
    codec,
    level: typeof level === 'number' ? level : null,
    batchSizeBytes: Number(producer['batch.size']),
    lingerMs: Number(producer['linger.ms']),
  };
}

const sizeText = (bytes: number): string => (bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} B`);

const codecText = ({ codec, level }: CodecChoice): string => (level === null ? codec : `${codec}:${level}`);

/** What configurations differ in, besides codec and level: what they share need not be said of each. */
export interface Varied {
  readonly batchSize: boolean;
  readonly linger: boolean;
}

/** "zstd:3, batch 128 KiB, linger 5 ms", or less of it where batch.size or linger.ms are the same for all. */
export function configText(config: CodecConfig, varied: Varied): string {
  return [
    codecText(config),
    ...(varied.batchSize ? [`batch ${sizeText(config.batchSizeBytes)}`] : []),
    ...(varied.linger ? [`linger ${config.lingerMs} ms`] : []),
  ].join(', ');
}

/** As it would stand in a producer's properties file. */
export function propertiesText(config: CodecConfig): string {
  return Object.entries(producerSettings(config))
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}
