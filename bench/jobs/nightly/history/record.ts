import { z } from 'zod';

/**
 * The lines of a series' NDJSON file, one series a file, append-only: nothing is ever rewritten. A line that this
 * version doesn't understand is named and left where it is.
 */
export const HISTORY_SCHEMA_VERSION = 1;

const v = z.literal(HISTORY_SCHEMA_VERSION);
const instant = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Names a night everywhere; sorts by time. */
export const NIGHT_ID = /^\d{8}T\d{6}Z(-\d+)?$/;
const nightId = z.string().regex(NIGHT_ID);

/** First line: what the file holds. The path says the same, so a damaged one costs nothing but the settings. */
const seriesLine = z.strictObject({
  v,
  type: z.literal('series'),
  at: instant,
  suite: z.string(),
  cell: z.string(),
  metric: z.string(),
  canary: z.boolean(),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type SeriesLine = z.infer<typeof seriesLine>;

const nightLine = z.strictObject({
  v,
  type: z.literal('night'),
  night: nightId,
  /** When it was measured. */
  at: instant,
  /** The night's median over its valid repeats, in the metric's base unit, above zero. */
  value: z.number().positive(),
  spread: z.strictObject({ n: z.int().positive(), min: z.number(), max: z.number(), iqr: z.number().min(0) }),
  /** Repeats that were measured and not believed, or not measured at all. */
  invalid: z.int().min(0),
  /** Version under test, as the user names it. */
  label: z.string().nullable(),
  commit: z.string().nullable(),
  /** Digests: of the environment (environments/<digest>.json), of the cell's resolved workload, of the run's results. */
  environment: sha256,
  definition: sha256,
  run: sha256,
  /** Run folder, relative to the history where it lies in it. */
  folder: z.string(),
  /** Added from a run folder afterwards: its place is by its time, not by its line. */
  imported: z.boolean(),
});
export type NightLine = z.infer<typeof nightLine>;

const NIGHT_KEYS = Object.keys(nightLine.shape).length;
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
const isDigest = (value: unknown): boolean =>
  isText(value) && value.length === 64 && /^[0-9a-f]+$/.test(value);

/**
 * Whether a value is a night's line, twenty times as fast as the schema, for the hundreds of thousands of lines of a
 * long history. It may refuse what the schema takes, and never the other way round: the schema has the last word.
 */
export function isNightLine(content: unknown): content is NightLine {
  if (typeof content !== 'object' || content === null) return false;
  const line = content as Partial<Record<keyof NightLine, unknown>>;
  if (line.type !== 'night' || line.v !== HISTORY_SCHEMA_VERSION) return false;
  const spread = line.spread as Partial<Record<keyof NightLine['spread'], unknown>> | null | undefined;
  return (
    Object.keys(line).length === NIGHT_KEYS &&
    isText(line.night) &&
    NIGHT_ID.test(line.night) &&
    isText(line.at) &&
    /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}Z$/.test(line.at) &&
    !Number.isNaN(Date.parse(line.at)) &&
    Number.isFinite(line.value) &&
    (line.value as number) > 0 &&
    typeof spread === 'object' &&
    spread !== null &&
    Object.keys(spread).length === 4 &&
    isCount(spread.n) &&
    spread.n !== 0 &&
    Number.isFinite(spread.min) &&
    Number.isFinite(spread.max) &&
    Number.isFinite(spread.iqr) &&
    (spread.iqr as number) >= 0 &&
    isCount(line.invalid) &&
    isTextOrNull(line.label) &&
    isTextOrNull(line.commit) &&
    isDigest(line.environment) &&
    isDigest(line.definition) &&
    isDigest(line.run) &&
    isText(line.folder) &&
    typeof line.imported === 'boolean'
  );
}

const acceptedLine = z.strictObject({
  v,
  type: z.literal('accepted'),
  at: instant,
  night: nightId,
  by: z.string().min(1),
  why: z.string().min(1),
});
export type AcceptedLine = z.infer<typeof acceptedLine>;

const forgottenLine = z.strictObject({
  v,
  type: z.literal('forgotten'),
  at: instant,
  /** null: the whole series up to here. */
  night: nightId.nullable(),
  by: z.string().min(1),
  why: z.string().min(1),
});
export type ForgottenLine = z.infer<typeof forgottenLine>;

export const historyLineSchema = z.discriminatedUnion('type', [
  seriesLine,
  nightLine,
  acceptedLine,
  forgottenLine,
]);
export type HistoryLine = z.infer<typeof historyLineSchema>;

/** `20261123T010203Z` from a time. */
export function nightIdOf(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** The time in a night's name, ms since 1970; NaN where it is none. */
export function timeOfNight(night: string): number {
  const m = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(night);
  return m === null ? Number.NaN : Date.parse(`${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}Z`);
}
