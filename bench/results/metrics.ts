import { formatUnit, type Unit } from './figure-units.ts';
import { LATENCIES, type LatencyName, PERCENTILES, type PercentileName } from './latency.ts';
import { columnOf } from './metric-column.ts';
import type { RepeatResult } from './result.ts';

/** One figure of a repeat, declared once for summaries, thresholds, comparisons and history. */
export interface Metric {
  /** Stable name, such as `due-to-ack.p99`, `achievedPerSec` or `cpu.producerUsPerMB`. */
  readonly key: string;
  /** For people: "due→ack p99". */
  readonly label: string;
  readonly unit: Unit;
  /** Column of CSV files, unit included: `dueToAckP99Us`. */
  readonly column: string;
  /** null where neither is better, such as the offered rate. */
  readonly direction: 'lower-is-better' | 'higher-is-better' | null;
  /** null where the repeat did not measure it, where the sample was too small, or where the repeat failed. */
  read(result: RepeatResult): number | null;
  /** With its unit, to four significant digits: "1.234 ms". */
  format(value: number): string;
}

type Direction = Metric['direction'];
const LOWER: Direction = 'lower-is-better';
const HIGHER: Direction = 'higher-is-better';

function metric(
  key: string,
  label: string,
  unit: Unit,
  direction: Direction,
  read: (result: RepeatResult) => number | null | undefined,
): Metric {
  return {
    key,
    label,
    unit,
    column: columnOf(key, unit),
    direction,
    read: (result) => (result.outcome === 'failed' ? null : (read(result) ?? null)),
    format: (value) => formatUnit(value, unit),
  };
}

/** How people write the four latencies. */
export const LATENCY_LABEL: Readonly<Record<LatencyName, string>> = {
  'due-to-ack': 'due→ack',
  'sent-to-ack': 'sent→ack',
  'due-to-sent': 'due→sent',
  'end-to-end': 'end to end',
};

function latencyMetrics(latency: LatencyName): Metric[] {
  const label = LATENCY_LABEL[latency];
  const names = Object.keys(PERCENTILES) as PercentileName[];
  const ofSamples = (read: (summary: NonNullable<RepeatResult['latencyUs'][LatencyName]>) => number) => {
    return (result: RepeatResult) => {
      const summary = result.latencyUs[latency];
      return summary === null || summary.count === 0 ? null : read(summary);
    };
  };
  return [
    ...names.map((name) =>
      metric(
        `${latency}.${name}`,
        `${label} ${name}`,
        'us',
        LOWER,
        (result) => result.latencyUs[latency]?.percentilesUs[name],
      ),
    ),
    metric(
      `${latency}.mean`,
      `${label} mean`,
      'us',
      LOWER,
      ofSamples((summary) => summary.meanUs),
    ),
    metric(
      `${latency}.stddev`,
      `${label} standard deviation`,
      'us',
      LOWER,
      ofSamples((one) => one.stddevUs),
    ),
    metric(
      `${latency}.min`,
      `${label} min`,
      'us',
      LOWER,
      ofSamples((summary) => summary.minUs),
    ),
    metric(
      `${latency}.max`,
      `${label} max`,
      'us',
      LOWER,
      ofSamples((summary) => summary.maxUs),
    ),
    metric(`${latency}.count`, `${label} samples`, 'count', null, (one) => one.latencyUs[latency]?.count),
    metric(
      `${latency}.negative`,
      `${label} samples below zero`,
      'count',
      LOWER,
      (result) => result.latencyUs[latency]?.negativeCount,
    ),
  ];
}

type RateOf = (rate: RepeatResult['rate']) => number;
/** A run that only consumes sends nothing, and one without consumers receives nothing: no figure, rather than 0. */
const sent = (read: RateOf) => (result: RepeatResult) =>
  result.rate.kind === 'consume' ? null : read(result.rate);
const received = (read: RateOf) => (result: RepeatResult) =>
  result.consumers.length === 0 ? null : read(result.rate);

const rates: readonly Metric[] = [
  metric('offeredPerSec', 'offered rate', 'perSec', null, (r) => r.rate.offeredPerSec),
  metric(
    'achievedPerSec',
    'achieved rate',
    'perSec',
    HIGHER,
    sent((rate) => rate.achievedPerSec),
  ),
  metric(
    'achievedBytesPerSec',
    'achieved bytes',
    'bytesPerSec',
    HIGHER,
    sent((rate) => rate.achievedBytesPerSec),
  ),
  metric(
    'receivedPerSec',
    'received rate',
    'perSec',
    HIGHER,
    received((rate) => rate.receivedPerSec),
  ),
  metric(
    'receivedBytesPerSec',
    'received bytes',
    'bytesPerSec',
    HIGHER,
    received((rate) => rate.receivedBytesPerSec),
  ),
  metric('achieved/offered', 'achieved ÷ offered', 'ratio', HIGHER, (r) => r.rate.achievedOverOffered),
  metric('search.lowPerSec', 'sustainable rate', 'perSec', HIGHER, (r) => r.search?.lowPerSec),
  metric('search.highPerSec', 'lowest rate not sustained', 'perSec', HIGHER, (r) => r.search?.highPerSec),
];

/** Whole repeat, warm-up and drain included. */
const counts: readonly Metric[] = [
  metric('due', 'records due', 'count', null, (r) => r.counts.due),
  metric('sent', 'records sent', 'count', null, (r) => r.counts.sent),
  metric('acknowledged', 'records acknowledged', 'count', null, (r) => r.counts.acknowledged),
  metric('received', 'records received', 'count', null, (r) => r.counts.received),
  metric('failed', 'records not delivered', 'count', LOWER, (r) => r.counts.failed),
  metric('lost', 'records lost', 'count', LOWER, (r) => r.counts.lost),
  metric('duplicated', 'records duplicated', 'count', LOWER, (r) => r.counts.duplicated),
  metric('redelivered', 'records redelivered', 'count', LOWER, (r) => r.counts.share?.redelivered),
  metric('rejected', 'records rejected', 'count', null, (r) => r.counts.share?.rejected),
  metric('exhausted', 'records given up', 'count', LOWER, (r) => r.counts.share?.exhausted),
  metric('expired', 'records handled too late', 'count', LOWER, (r) => r.counts.share?.expired),
  metric('outOfOrder', 'records out of order', 'count', LOWER, (r) => r.counts.outOfOrder),
  metric('foreign', 'foreign records', 'count', LOWER, (r) => r.counts.foreign),
  metric('queueFull', 'sends that met a full queue', 'count', LOWER, (r) => r.counts.queueFull),
  metric(
    'committedTransactions',
    'transactions committed',
    'count',
    null,
    (r) => r.counts.committedTransactions,
  ),
  metric('abortedTransactions', 'transactions aborted', 'count', LOWER, (r) => r.counts.abortedTransactions),
];

/** The slowest of the groups that began late. */
const latest = (read: (group: NonNullable<RepeatResult['lateGroups']>[number]) => number | null) => {
  return ({ lateGroups }: RepeatResult): number | null => {
    const values = lateGroups?.map(read) ?? [];
    return values.length === 0 || values.includes(null) ? null : Math.max(...values.map(Number));
  };
};

const lag: readonly Metric[] = [
  metric(
    'late.caughtUp',
    'time to catch up',
    'sec',
    LOWER,
    latest((group) => group.caughtUpSec),
  ),
  metric('lag.max', 'highest lag', 'records', LOWER, (r) => r.lag?.maxRecords),
  metric('lag.final', 'lag at the end', 'records', LOWER, (r) => r.lag?.finalRecords),
  metric('lag.slope', 'growth of lag', 'perSec', LOWER, (r) => r.lag?.slopePerSec),
];

/** Percent of one core, over the window. */
const cpu: readonly Metric[] = [
  metric('cpu.producers', 'CPU of producers', 'percent', LOWER, (r) => r.cpu.producersPercent),
  metric('cpu.consumers', 'CPU of consumers', 'percent', LOWER, (r) => r.cpu.consumersPercent),
  metric('cpu.brokers', 'CPU of brokers', 'percent', LOWER, (r) => r.cpu.brokersPercent),
  metric('cpu.producerUsPerMB', 'producer CPU per MB', 'usPerMB', LOWER, (r) => r.cpu.producerUsPerMB),
  metric('cpu.consumerUsPerMB', 'consumer CPU per MB', 'usPerMB', LOWER, (r) => r.cpu.consumerUsPerMB),
  metric('cpu.brokerUsPerMB', 'broker CPU per MB', 'usPerMB', LOWER, (r) => r.cpu.brokerUsPerMB),
];

const bytes: readonly Metric[] = [
  metric('payload', 'payload', 'bytes', null, (r) => r.bytes.payload),
  metric('producerWire', 'bytes producers sent', 'bytes', LOWER, (r) => r.bytes.producerWire),
  metric('consumerWire', 'bytes consumers read', 'bytes', LOWER, (r) => r.bytes.consumerWire),
  metric('brokerDisk', 'bytes on disk', 'bytes', LOWER, (r) => r.bytes.brokerDisk),
  metric(
    'recordsPerRequest',
    'records per request',
    'ratio',
    HIGHER,
    ({ bytes: { produceRequests }, counts }) =>
      produceRequests ? counts.acknowledged / produceRequests : null,
  ),
  metric('wirePerRecord', 'wire bytes per record', 'bytes', LOWER, (r) => r.bytes.wirePerRecord),
  metric('diskPerRecord', 'disk bytes per record', 'bytes', LOWER, (r) => r.bytes.diskPerRecord),
  metric(
    'wireCompressionRatio',
    'compression on the wire',
    'ratio',
    HIGHER,
    (r) => r.bytes.wireCompressionRatio,
  ),
  metric('diskCompressionRatio', 'compression on disk', 'ratio', HIGHER, (r) => r.bytes.diskCompressionRatio),
];

const generator: readonly Metric[] = [
  metric(
    'generator.eventLoopDelayP99',
    'event-loop delay p99',
    'us',
    LOWER,
    (r) => r.generator.eventLoopDelayP99Us,
  ),
  metric(
    'generator.eventLoopDelayMax',
    'event-loop delay max',
    'us',
    LOWER,
    (r) => r.generator.eventLoopDelayMaxUs,
  ),
  metric('generator.cpuMax', 'busiest generator', 'percent', LOWER, (r) => r.generator.cpuMaxPercent),
  metric('generator.queueFull', 'time with a full queue', 'ms', LOWER, (r) => r.generator.queueFullMs),
];

const groups: readonly Metric[] = [
  metric('consumers.idle', 'idle consumers', 'count', LOWER, (r) =>
    r.consumers.length === 0 ? null : r.consumers.filter((one) => one.idle).length,
  ),
  metric('consumers.rebalances', 'rebalances', 'count', LOWER, (r) =>
    r.consumers.length === 0 ? null : r.consumers.reduce((sum, one) => sum + one.rebalances, 0),
  ),
  // A recovery that never came has no figure: the repeat's reasons and notes name it.
  metric('recovery', 'longest recovery', 'sec', LOWER, (r) =>
    r.disruptions.length === 0 || r.disruptions.some((one) => one.recoverySec === null)
      ? null
      : Math.max(...r.disruptions.map((one) => one.recoverySec ?? 0)),
  ),
];

/** Every figure of a repeat, in the order of the CSV files. */
export const METRICS: readonly Metric[] = [
  ...rates,
  ...LATENCIES.flatMap(latencyMetrics),
  ...counts,
  ...lag,
  ...cpu,
  ...bytes,
  ...generator,
  ...groups,
];

const BY_KEY: ReadonlyMap<string, Metric> = new Map(METRICS.map((one) => [one.key, one]));

/** The metric of that key, or undefined. */
export function findMetric(key: string): Metric | undefined {
  return BY_KEY.get(key);
}

/** The metric of a key that the code itself names. Throws on a key that does not exist. */
export function metricOf(key: string): Metric {
  const found = BY_KEY.get(key);
  if (found === undefined) throw new RangeError(`there is not a metric ${key}`);
  return found;
}
