import { lagSlope } from '../compute/lag-slope.ts';
import type { MergeInput, MergeResult } from '../compute/merge.ts';
import type { ConsumerDone, IntervalSnapshot, ProducerDone } from '../load/protocol.ts';
import type { CellSettings, CellWorkload } from '../plan.ts';
import { RESULT_SCHEMA_VERSION, type Reason, type RepeatResult, type SeriesRow } from '../result.ts';
import { countLoss } from './loss.ts';
import type { MeasuredProcess, Measurement } from './measurement.ts';
import { recoverySec } from './recovery.ts';
import { brokerCpuUs, endOffsetAt, seriesRows } from './series.ts';
import { judge } from './validity.ts';

export interface RepeatIdentity {
  readonly runId: string;
  readonly cellId: string;
  readonly block: number;
  readonly attempt: number;
  readonly settings: CellSettings;
  readonly workload: CellWorkload;
  /** Facts about the whole run that every repeat carries, such as a broker on the same host. */
  readonly notes: readonly Reason[];
  readonly startedAt: string;
  readonly finishedAt: string;
}

export interface Evaluation {
  readonly result: RepeatResult;
  readonly series: readonly SeriesRow[];
  readonly hlog: MergeResult['hlog'];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What has to be merged in a worker thread before a repeat can be judged. */
export function mergeInputOf(measurement: Measurement, workload: CellWorkload): MergeInput {
  const { rate } = workload.load;
  return {
    processes: [...measurement.producers, ...measurement.consumers].map(({ snapshots }) => snapshots),
    startEpochMs: measurement.loadStartedAt.getTime(),
    warmupSec: measurement.warmupSec,
    endSec: measurement.loadSec,
    // A load that changes by design has no steady state to look for.
    seekSteadyState:
      !(rate !== 'max' && 'steps' in rate) &&
      workload.consumers.backlog === 0 &&
      workload.disruptions.length === 0,
    openTap: rate === 'max',
  };
}

interface Window {
  readonly fromSec: number;
  readonly endSec: number;
}

const inWindow = (
  processes: readonly { readonly snapshots: readonly IntervalSnapshot[] }[],
  window: Window,
): IntervalSnapshot[] =>
  processes.flatMap(({ snapshots }) =>
    snapshots.filter(({ second }) => second >= window.fromSec && second < window.endSec),
  );

const total = (
  snapshots: readonly IntervalSnapshot[],
  key: 'due' | 'acked' | 'ackedBytes' | 'received' | 'receivedBytes' | 'cpuUs' | 'queueFullMs',
): number => sum(snapshots.map((snapshot) => snapshot[key]));

function rateOf(
  measurement: Measurement,
  workload: CellWorkload,
  window: Window,
  reports: Reports,
): RepeatResult['rate'] {
  const seconds = window.endSec - window.fromSec;
  const sent = inWindow(measurement.producers, window);
  const got = inWindow(measurement.consumers, window);
  const { rate, producers, timing } = workload.load;
  const kind = producers === 0 ? 'consume' : rate === 'max' ? 'max' : 'steps' in rate ? 'steps' : 'fixed';
  let achieved = total(sent, 'acked');
  let achievedBytes = total(sent, 'ackedBytes');
  if (timing === 'counts' && producers > 0) {
    // Without a report a record the brokers' end offsets say what arrived, and when.
    const from = endOffsetAt(measurement, window.fromSec);
    const to = endOffsetAt(measurement, window.endSec);
    const acked = sum(reports.producers.map((done) => done.acked));
    const meanBytes = acked === 0 ? 0 : sum(reports.producers.map((done) => done.ackedBytes)) / acked;
    achieved = from === null || to === null ? (acked * seconds) / measurement.loadSec : to - from;
    achievedBytes = achieved * meanBytes;
  }
  const offered = kind === 'fixed' || kind === 'steps' ? total(sent, 'due') / seconds : null;
  // A backlog read before the planned end was read in less than whole seconds.
  const readSec = kind === 'consume' ? Math.min(seconds, measurement.loadSec - window.fromSec) : seconds;
  return {
    kind,
    offeredPerSec: offered,
    achievedPerSec: achieved / seconds,
    achievedBytesPerSec: achievedBytes / seconds,
    receivedPerSec: total(got, 'received') / readSec,
    receivedBytesPerSec: total(got, 'receivedBytes') / readSec,
    achievedOverOffered: offered === null || offered === 0 ? null : achieved / seconds / offered,
  };
}

interface Reports {
  readonly producers: readonly ProducerDone[];
  readonly all: readonly ProducerDone[];
  readonly consumers: readonly ConsumerDone[];
}

function reportsOf(measurement: Measurement): Reports {
  const done = <D>(processes: readonly MeasuredProcess<D>[]): D[] =>
    processes.flatMap((process) => (process.done === null ? [] : [process.done]));
  const producers = done(measurement.producers);
  const backlog = measurement.backlog?.done ?? null;
  return {
    producers,
    all: backlog === null ? producers : [...producers, backlog],
    consumers: done(measurement.consumers),
  };
}

function countsOf(
  measurement: Measurement,
  workload: CellWorkload,
  reports: Reports,
  notes: Reason[],
): RepeatResult['counts'] {
  const byIndex = new Map<number, ProducerDone>();
  measurement.producers.forEach(({ done }, index) => {
    if (done !== null) byIndex.set(index, done);
  });
  if (measurement.backlog !== null && measurement.backlog.done !== null) {
    byIndex.set(workload.load.producers, measurement.backlog.done);
  }
  const groups = new Set(measurement.consumers.map(({ group }) => group));
  const silent = measurement.consumers.filter(({ done }) => done === null);
  if (silent.length > 0) {
    const names = silent.map(({ name }) => name).join(', ');
    notes.push({
      code: 'loss-unchecked',
      message: `${names} was killed on purpose; what it had received is not known, so loss is not counted`,
    });
  }
  const complete = [...measurement.producers, measurement.backlog].every(
    (one) => one === null || one.done !== null,
  );
  const checked = groups.size > 0 && byIndex.size > 0 && complete && silent.length === 0;
  const losses = [...groups].map((group) =>
    countLoss(
      byIndex,
      reports.consumers.filter((done) => done.group === group),
    ),
  );
  const fromAll = (
    key: 'due' | 'sent' | 'acked' | 'failed' | 'queueFull' | 'committedTransactions' | 'abortedTransactions',
  ): number => sum(reports.all.map((done) => done[key]));
  const fromConsumers = (key: 'received' | 'outOfOrder' | 'foreign'): number =>
    sum(reports.consumers.map((done) => done[key]));
  return {
    due: fromAll('due'),
    sent: fromAll('sent'),
    acknowledged: fromAll('acked'),
    failed: fromAll('failed'),
    received: fromConsumers('received'),
    lost: checked ? sum(losses.map((loss) => loss.lost)) : null,
    duplicated: checked ? sum(losses.map((loss) => loss.duplicated)) : null,
    outOfOrder: fromConsumers('outOfOrder'),
    foreign: fromConsumers('foreign'),
    queueFull: fromAll('queueFull'),
    committedTransactions: fromAll('committedTransactions'),
    abortedTransactions: fromAll('abortedTransactions'),
  };
}

function bytesOf(measurement: Measurement, reports: Reports): RepeatResult['bytes'] {
  const payload = sum(reports.all.map((done) => done.ackedBytes));
  const records = sum(reports.all.map((done) => done.acked));
  const wire = (values: readonly (number | null)[]): number | null =>
    values.length === 0 || values.some((value) => value === null) ? null : sum(values as number[]);
  const producerWire = wire(reports.all.map((done) => done.wireBytes));
  const disk = measurement.brokerDiskBytes;
  const per = (bytes: number | null, divisor: number): number | null =>
    bytes === null || divisor === 0 ? null : bytes / divisor;
  const replicated = payload * measurement.replicationFactor;
  return {
    payload,
    producerWire,
    consumerWire: wire(reports.consumers.map((done) => done.wireBytes)),
    brokerDisk: disk,
    wirePerRecord: per(producerWire, records),
    diskPerRecord: per(disk, records),
    wireCompressionRatio: producerWire === null || producerWire === 0 ? null : payload / producerWire,
    diskCompressionRatio: disk === null || disk === 0 ? null : replicated / disk,
  };
}

function cpuOf(measurement: Measurement, window: Window, rate: RepeatResult['rate']): RepeatResult['cpu'] {
  const seconds = window.endSec - window.fromSec;
  const producersUs = total(inWindow(measurement.producers, window), 'cpuUs');
  const consumersUs = total(inWindow(measurement.consumers, window), 'cpuUs');
  const brokersUs = brokerCpuUs(measurement, window.fromSec, window.endSec);
  const percent = (us: number): number => us / seconds / 1e4;
  const perMB = (us: number | null, bytesPerSec: number): number | null =>
    us === null || bytesPerSec === 0 ? null : us / ((bytesPerSec * seconds) / 1e6);
  return {
    producersPercent: measurement.producers.length === 0 ? null : percent(producersUs),
    consumersPercent: measurement.consumers.length === 0 ? null : percent(consumersUs),
    brokersPercent: brokersUs === null ? null : percent(brokersUs),
    producerUsPerMB: measurement.producers.length === 0 ? null : perMB(producersUs, rate.achievedBytesPerSec),
    consumerUsPerMB: measurement.consumers.length === 0 ? null : perMB(consumersUs, rate.receivedBytesPerSec),
    brokerUsPerMB: perMB(
      brokersUs,
      rate.achievedBytesPerSec > 0 ? rate.achievedBytesPerSec : rate.receivedBytesPerSec,
    ),
  };
}

function generatorOf(measurement: Measurement, window: Window): Omit<RepeatResult['generator'], 'wasLimit'> {
  const seconds = window.endSec - window.fromSec;
  const all = [...measurement.producers, ...measurement.consumers];
  const snapshots = inWindow(all, window);
  const busiest = all.map((process) => total(inWindow([process], window), 'cpuUs') / seconds / 1e4);
  return {
    eventLoopDelayP99Us: Math.max(0, ...snapshots.map((snapshot) => snapshot.eventLoopDelayP99Us)),
    eventLoopDelayMaxUs: Math.max(0, ...snapshots.map((snapshot) => snapshot.eventLoopDelayMaxUs)),
    cpuMaxPercent: Math.max(0, ...busiest),
    queueFullMs: total(snapshots, 'queueFullMs'),
  };
}

function lagOf(series: readonly SeriesRow[], window: Window, ratePerSec: number): RepeatResult['lag'] {
  const known = series.filter(({ tSec }) => tSec !== null && tSec >= window.fromSec && tSec < window.endSec);
  const lags = known.flatMap(({ lagRecords }) => (lagRecords === null ? [] : [lagRecords]));
  if (lags.length === 0) return null;
  const { slopePerSec, growing } = lagSlope(lags, ratePerSec);
  return { maxRecords: Math.max(...lags), finalRecords: lags.at(-1) ?? 0, slopePerSec, growing };
}

function errorsOf(reports: Reports): Record<string, number> {
  const errors: Record<string, number> = {};
  for (const done of [...reports.all, ...reports.consumers]) {
    for (const [code, count] of Object.entries(done.errorsByCode)) errors[code] = (errors[code] ?? 0) + count;
  }
  return errors;
}

function refusalsOf(measurement: Measurement): string[] {
  return measurement.producers.flatMap(({ name, done }) => {
    const refused = done?.refused ?? null;
    return refused === null
      ? []
      : [`the client of ${name} took no more records: ${refused.message} (${refused.code})`];
  });
}

/** Turns one repeat's measurement into its record. Pure: the merging was done before. */
export function evaluateRepeat(
  identity: RepeatIdentity,
  measurement: Measurement,
  merged: MergeResult,
): Evaluation {
  const { workload } = identity;
  // A backlog that was read within the first second still has a window of one second.
  const window = { fromSec: merged.fromSec, endSec: Math.max(merged.fromSec + 1, merged.endSec) };
  const windowSec = window.endSec - window.fromSec;
  const reports = reportsOf(measurement);
  const notes = [...identity.notes];
  const rate = rateOf(measurement, workload, window, reports);
  const counts = countsOf(measurement, workload, reports, notes);
  const series = seriesRows(measurement, merged.series, window.fromSec, window.endSec);
  const lag = lagOf(series, window, rate.achievedPerSec);
  const generator = generatorOf(measurement, window);
  // At an open tap every record is due when it is sent: a latency would only tell how deep the client's queue is.
  const timed = rate.kind === 'fixed' || rate.kind === 'steps';
  const latencyUs = timed
    ? merged.latencyUs
    : { 'due-to-ack': null, 'sent-to-ack': null, 'due-to-sent': null, 'end-to-end': null };
  const verdict = judge({
    rate,
    counts,
    steady: merged.warmUp.steady,
    lagGrowing: lag?.growing ?? false,
    latencyUs,
    generator,
    windowSec,
    producers: workload.load.producers,
    drainMissing: measurement.drainMissing,
    refused: refusalsOf(measurement),
    disrupted: workload.disruptions.length > 0,
    transactional: counts.committedTransactions + counts.abortedTransactions > 0,
    hasBacklog: workload.consumers.backlog > 0,
  });
  const result: RepeatResult = {
    schemaVersion: RESULT_SCHEMA_VERSION,
    runId: identity.runId,
    cellId: identity.cellId,
    block: identity.block,
    attempt: identity.attempt,
    outcome: verdict.reasons.length === 0 ? 'valid' : 'invalid',
    reasons: [...verdict.reasons],
    notes: [...notes, ...verdict.notes],
    settings: { ...identity.settings },
    startedAt: identity.startedAt,
    finishedAt: identity.finishedAt,
    phasesMs: { ...measurement.phasesMs },
    window: { warmupSec: window.fromSec, measuredSec: windowSec, steady: merged.warmUp.steady },
    rate,
    counts,
    errorsByCode: errorsOf(reports),
    latencyUs,
    lag,
    cpu: cpuOf(measurement, window, rate),
    bytes: bytesOf(measurement, reports),
    generator: { ...generator, wasLimit: verdict.generatorWasLimit },
    consumers: measurement.consumers.map(({ name, group, done }) => ({
      name,
      group,
      partitions: [...(done?.partitions ?? [])],
      received: done?.received ?? 0,
      idle: done !== null && done.partitions.length === 0 && done.received === 0,
      rebalances: done?.rebalances ?? 0,
      rebalancingMs: done?.rebalancingMs ?? 0,
    })),
    disruptions: measurement.disruptions.map((event) => ({
      ...event,
      recoverySec: recoverySec(event, series, measurement.consumers.length > 0),
    })),
    drain: { complete: measurement.drainMissing.length === 0, missing: [...measurement.drainMissing] },
  };
  return { result, series, hlog: timed ? merged.hlog : {} };
}
