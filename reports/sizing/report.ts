import { z } from 'zod';
import { FIGURE_KINDS, figureSchema } from './figure.ts';
import { brokersByVariant, tierAnswer, topicAnswer } from './granular-answer.ts';

/** What `ksweep size … --json` prints: schemas/sizing.schema.json is made from this. Numbers are SI base units. */

export const SIZING_SCHEMA_VERSION = 1;
const SIZING_MODES = ['partitions', 'simple', 'granular', 'reverse'] as const;

/** A sentence with a code that stays the same between versions. */
const note = z.strictObject({ code: z.string(), text: z.string() });
export type Note = z.infer<typeof note>;

/** A limit that is broken: what it is, and by how much. */
const broken = z.strictObject({ constraint: z.string(), message: z.string() });
export type Broken = z.infer<typeof broken>;

/** A resource that was not held against the demand, and what would change that. */
const unjudged = z.strictObject({ resource: z.string(), reason: z.string() });
export type NotJudged = z.infer<typeof unjudged>;

/** A change of the demand or the brokers that makes an infeasible demand feasible. */
const wayOut = z.strictObject({
  change: z.string(),
  /** What the answer then is, in words. */
  answer: z.string(),
  /** null where a price is not known. */
  costPerMonth: z.number().nullable(),
  currency: z.string().nullable(),
});
export type WayOut = z.infer<typeof wayOut>;

/** The same demand on another type. */
const typeCost = z.strictObject({
  instance: z.string(),
  brokers: z.int().nullable(),
  binding: z.string(),
  costPerMonth: z.number().nullable(),
});
export type TypeCost = z.infer<typeof typeCost>;

const step = z.strictObject({
  number: z.int(),
  title: z.string(),
  /** The conclusion of the step. */
  result: figureSchema,
  /** What it was reckoned from. */
  figures: z.array(figureSchema),
  text: z.string(),
});
export type Step = z.infer<typeof step>;

const interval = z.strictObject({
  /** Partitions if the upper bound of what was measured is the truth; null: no number is enough. */
  low: z.number().nullable(),
  point: z.number().nullable(),
  /** Partitions if the lower bound is the truth: the safe end. */
  high: z.number().nullable(),
});

const partitionsAnswer = z.strictObject({
  /** null where the demand is infeasible. */
  recommended: z.int().nullable(),
  /** The recommendation at both ends of what was measured (95 %; less below six repeats, see the warnings). */
  interval,
  /** What the demand needs there, before rounding to a multiple of the brokers. */
  needed: interval,
  /** Needed at the planning horizon; the same as today's where the topic is keyed. */
  atHorizon: z.int().nullable(),
  replicationFactor: z.int(),
});

const groupAnswer = z.strictObject({
  name: z.string(),
  consumers: z.int(),
  spares: z.int(),
  /** Consumers that the group runs today, as answered; null where it was not asked. */
  running: z.int().nullable(),
  /** Consumers that get no partition: those started (running or needed, and spares) above the partitions. */
  idle: z.int(),
  /** Some members, spares included, carry one partition more than others. */
  uneven: z.boolean(),
  bound: z.enum(['reading', 'handler', 'running already', 'unknown']),
});
export type GroupAnswer = z.infer<typeof groupAnswer>;

const need = z.strictObject({
  resource: z.string(),
  brokers: z.number().nullable(),
  brokersWithFailures: z.number().nullable(),
  utilizationAtPeak: z.number().nullable(),
  utilizationAfterFailure: z.number().nullable(),
  /** What the count rests on; and the limit alone. */
  kind: z.enum(FIGURE_KINDS),
  limitKind: z.enum(FIGURE_KINDS),
  source: z.string(),
});

const brokersAnswer = z.strictObject({
  /** Brokers of the answer: those that there are, else those that the demand needs. */
  recommended: z.int().nullable(),
  needed: z.int().nullable(),
  withoutFailures: z.int().nullable(),
  binding: z.string(),
  /** How the needed count came about, in one line. */
  why: z.string(),
  instance: z.string(),
  needs: z.array(need),
});

const allowance = z.strictObject({
  resource: z.string(),
  /** Payload. */
  averageBytesPerSec: z.number(),
  /** What the result rests on; and the limit alone. */
  kind: z.enum(FIGURE_KINDS),
  limitKind: z.enum(FIGURE_KINDS),
  source: z.string(),
});
export type Allowance = z.infer<typeof allowance>;

const costLine = z.strictObject({
  item: z.string(),
  quantity: z.number(),
  unit: z.string(),
  unitPrice: z.number().nullable(),
  perMonth: z.number().nullable(),
  perYear: z.number().nullable(),
  source: z.string(),
});
export type CostLine = z.infer<typeof costLine>;

const cost = z.strictObject({
  region: z.string(),
  currency: z.string(),
  asOf: z.string(),
  lines: z.array(costLine),
  /** null where a price is missing. */
  perMonth: z.number().nullable(),
  perYear: z.number().nullable(),
  perMonthWithFollowerFetching: z.number().nullable(),
  perYearWithFollowerFetching: z.number().nullable(),
  followerFetching: z.boolean(),
  /** What is paid all the same, and in no line. */
  notIncluded: z.array(z.string()),
});
export type Cost = z.infer<typeof cost>;

const sensitivity = z.strictObject({
  input: z.string(),
  change: z.string(),
  effect: z.string(),
  flips: z.boolean(),
});
export type Sensitivity = z.infer<typeof sensitivity>;

const curvePoint = z.strictObject({
  partitions: z.int(),
  low: z.number(),
  point: z.number(),
  high: z.number(),
  repeats: z.array(z.number()),
  /** The load was the limit here: the cluster may carry more. */
  atLeast: z.boolean(),
});

const curve = z.strictObject({
  /** Empty where nothing was measured. */
  points: z.array(curvePoint),
  /** Where nothing was measured: what one partition was said to carry, multiplied out. */
  assumedPerPartition: z.number().nullable(),
  model: z
    .strictObject({
      alpha: z.number(),
      beta: z.number(),
      gamma: z.number(),
      peakPartitions: z.number().nullable(),
      /** Resampling interval of the peak; `high` is null where some resamples have none. */
      peakInterval: z.strictObject({ low: z.number(), high: z.number().nullable() }).nullable(),
      relativeResidual: z.number(),
      rSquared: z.number(),
      /** (measured − model) ÷ model, the median at each number of partitions. */
      residuals: z.array(z.strictObject({ partitions: z.int(), relative: z.number() })),
      /** The bounds are resampling error alone: that the law is the wrong one is not in them. */
      line: z.array(
        z.strictObject({ partitions: z.number(), low: z.number(), point: z.number(), high: z.number() }),
      ),
    })
    .nullable(),
  /** Payload bytes a second that the curve has to reach: the demand with its headroom. */
  requiredBytesPerSec: z.number(),
  demandBytesPerSec: z.number(),
  caps: z.array(z.strictObject({ partitions: z.number(), reason: z.string() })),
  recommended: z.int().nullable(),
});
export type CurveView = z.infer<typeof curve>;

const table = z.strictObject({
  title: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string())),
});
export type Table = z.infer<typeof table>;

const growth = z.strictObject({
  /** Sustained lag of one group, records, from which partitions or consumers have to be added. */
  lagRecords: z.number(),
  lagForSec: z.number(),
  /** Sustained payload rate from which the headroom is used up. */
  rateBytesPerSec: z.number().nullable(),
  text: z.string(),
});

export const sizingReportSchema = z.strictObject({
  schemaVersion: z.literal(SIZING_SCHEMA_VERSION),
  mode: z.enum(SIZING_MODES),
  /** What the capacity figures rest on, in a sentence. */
  basis: z.string(),
  feasible: z.boolean(),
  /** Every limit that is broken. */
  infeasible: z.array(broken),
  /** Nearest changes that make it feasible; empty where it is. */
  waysOut: z.array(wayOut),
  answers: z.array(figureSchema),
  partitions: partitionsAnswer.nullable(),
  groups: z.array(groupAnswer),
  brokers: brokersAnswer.nullable(),
  /** Of a pipeline: each topic and tier, and the brokers of each variant; empty or null in other modes. */
  topics: z.array(topicAnswer),
  tiers: z.array(tierAnswer),
  brokersByVariant: brokersByVariant.nullable(),
  /** Of given brokers: what each resource carries, the one that binds first at the head. */
  allowances: z.array(allowance),
  /** Resources that were not held against the demand. */
  notJudged: z.array(unjudged),
  /** The same demand on other types, the cheapest first; empty where types are not compared. */
  types: z.array(typeCost),
  steps: z.array(step),
  tables: z.array(table),
  cost: cost.nullable(),
  sensitivities: z.array(sensitivity),
  growth: growth.nullable(),
  advice: z.array(note),
  warnings: z.array(note),
  limits: z.array(figureSchema),
  assumptions: z.array(figureSchema),
  curve: curve.nullable(),
});
export type SizingReport = z.infer<typeof sizingReportSchema>;
