import { availableParallelism } from 'node:os';
import type { CellSettings } from '../../results/planned.ts';
import { RESULT_SCHEMA_VERSION, type Reason, type RepeatResult } from '../../results/result.ts';
import type { SeriesRow } from '../../results/series-columns.ts';
import { lagSlope } from '../../stats/lag-slope.ts';
import type { CellWorkload } from '../../workload/plan.ts';
import { boundBy } from './bound/bound.ts';
import { brokerFigures } from './brokers.ts';
import { brokersAsSeen } from './brokers-as-seen.ts';
import { brokersCpuPercent, bytesOf, cpuByMetrics, cpuOf, generatorOf } from './bytes-and-cpu.ts';
import { clockLimits, judgeClocks } from './clock.ts';
import { countsOf } from './counts.ts';
import { hostFigures } from './hosts.ts';
import { type HostNetworks, hostAtLimit, hostsNeeded, neededText } from './hosts-needed.ts';
import { lateGroups } from './late-groups.ts';
import type { Measured, Measurement } from './measurement.ts';
import type { MergeInput, MergeResult } from './merge.ts';
import { recoverySec } from './recovery.ts';
import { errorsOf, pollExceeded, type Reports, refusalsOf, reportsOf } from './reports.ts';
import { endOffsetAt, seriesRows } from './series.ts';
import { isEven, tooShortNotes } from './too-short.ts';
import { topicAsSeen } from './topic-as-seen.ts';
import { judge } from './validity.ts';
import { inWindow, sum, total, type Window } from './window.ts';

/** Defaults of the Java client's that a workload need not state. */
const JAVA_BATCH_SIZE = 16_384;
const JAVA_MAX_IN_FLIGHT = 5;

export interface RepeatIdentity {
  readonly runId: string;
  readonly cellId: string;
  readonly block: number;
  readonly attempt: number;
  readonly settings: CellSettings;
  readonly workload: CellWorkload;
  /** Facts about the whole run that every repeat carries, such as a broker on the same host. */
  readonly notes: readonly Reason[];
  /** Baseline of one broker's network, bytes a second; null or absent where it is not known. */
  readonly networkBaselineBytesPerSec?: number | null;
  /** Baselines of the load hosts' networks, as far as they are known. */
  readonly loadHostNetworks?: HostNetworks;
  /** Brokers of the cluster; absent where it is not known. */
  readonly brokerCount?: number;
  readonly startedAt: string;
  readonly finishedAt: string;
}

export interface Evaluation {
  readonly result: RepeatResult;
  readonly series: readonly SeriesRow[];
  readonly hlog: MergeResult['hlog'];
}

/** What has to be merged in a worker thread before a repeat can be judged. */
export function mergeInputOf(measurement: Measured, workload: CellWorkload): MergeInput {
  const { rate } = workload.load;
  return {
    processes: [...measurement.producers, ...measurement.consumers].map(({ snapshots }) => snapshots),
    startEpochMs: measurement.loadStartedAt.getTime(),
    warmupSec: measurement.warmupSec,
    endSec: measurement.loadSec,
    seekSteadyState: isEven(workload),
    openTap: rate === 'max',
    clocks: measurement.loadHosts == null ? null : clockLimits(measurement.loadHosts, workload),
  };
}

function kindOf(rate: CellWorkload['load']['rate']): 'max' | 'fixed' | 'steps' | 'shape' {
  if (rate === 'max') return rate;
  if ('steps' in rate) return 'steps';
  return 'kind' in rate || 'search' in rate ? 'fixed' : 'shape';
}

/**
 * Records due before a second that were acknowledged by the end of that second. What a shape has due just before a
 * window's edge, such as a whole burst, is acknowledged just behind it: counted as it falls, the edges would decide.
 */
function settledBy({ producers }: Measurement, second: number): number {
  const before = (end: number) => inWindow(producers, { fromSec: Number.NEGATIVE_INFINITY, endSec: end });
  return Math.min(total(before(second), 'due'), total(before(second + 1), 'acked'));
}

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
  const kind = producers === 0 ? 'consume' : kindOf(rate);
  let achieved = total(sent, 'acked');
  let achievedBytes = total(sent, 'ackedBytes');
  if (kind === 'shape' && achieved > 0) {
    const kept = settledBy(measurement, window.endSec) - settledBy(measurement, window.fromSec);
    achievedBytes *= kept / achieved;
    achieved = kept;
  }
  if (timing === 'counts' && producers > 0) {
    // Without a report a record the brokers' end offsets say what arrived, and when.
    const from = endOffsetAt(measurement, window.fromSec);
    const to = endOffsetAt(measurement, window.endSec);
    const acked = sum(reports.producers.map((done) => done.acked));
    const meanBytes = acked === 0 ? 0 : sum(reports.producers.map((done) => done.ackedBytes)) / acked;
    achieved = from === null || to === null ? (acked * seconds) / measurement.loadSec : to - from;
    achievedBytes = achieved * meanBytes;
  }
  const offered = kind === 'max' || kind === 'consume' ? null : total(sent, 'due') / seconds;
  // A backlog read before the planned end was read in less than whole seconds.
  const readSec =
    kind === 'consume' ? Math.max(0.001, Math.min(seconds, measurement.loadSec - window.fromSec)) : seconds;
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

function lagOf(series: readonly SeriesRow[], window: Window, ratePerSec: number): RepeatResult['lag'] {
  const known = series.filter(({ tSec }) => tSec !== null && tSec >= window.fromSec && tSec < window.endSec);
  const lags = known.flatMap(({ lagRecords }) => (lagRecords === null ? [] : [lagRecords]));
  if (lags.length === 0) return null;
  const { slopePerSec, growing } = lagSlope(lags, ratePerSec);
  return { maxRecords: Math.max(...lags), finalRecords: lags.at(-1) ?? 0, slopePerSec, growing };
}

/** A warm-up that would have left nothing to measure, and what became of it. */
function cutNotes({ warmupCut, warmupSec }: Measurement): Reason[] {
  if (warmupCut === undefined) return [];
  const share = `${(warmupCut.share * 100).toFixed(0)} %`;
  const message = `the warm-up ended when ${share} of what there was had been read: the window begins at ${warmupSec} s, not at ${warmupCut.plannedSec} s`;
  return [{ code: 'warm-up-cut', message }];
}

function lowestLatencyUs({ consumers }: Reports): number | null {
  const told = consumers.map((done) => done.lowestLatencyUs).filter((lowest) => lowest !== null);
  return told.length === 0 ? null : Math.min(...told);
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
  const counting = workload.load.timing === 'counts' && workload.load.producers > 0;
  const series = seriesRows(measurement, merged.series, window.fromSec, window.endSec, counting);
  const lag = lagOf(series, window, rate.achievedPerSec);
  const generator = generatorOf(measurement, window);
  const hosts = hostFigures(measurement.hosts, window);
  notes.push(...cutNotes(measurement));
  notes.push(...tooShortNotes(workload, measurement.consumers.length > 0, windowSec, merged.warmUp.steady));
  // At an open tap every record is due when it is sent: a latency would only tell how deep the client's queue is.
  const timed = rate.kind !== 'max' && rate.kind !== 'consume';
  const latencyUs = timed
    ? merged.latencyUs
    : { 'due-to-ack': null, 'sent-to-ack': null, 'due-to-sent': null, 'end-to-end': null };
  const clocks =
    measurement.loadHosts == null
      ? null
      : judgeClocks(
          measurement.loadHosts,
          workload,
          timed && merged.latencyUs['end-to-end'] !== null ? merged.endToEnd : null,
          lowestLatencyUs(reports),
        );
  const networks = identity.loadHostNetworks ?? {};
  const needed = clocks === null ? null : hostsNeeded(hosts, rate, networks);
  const verdict = judge({
    rate,
    counts,
    steady: merged.warmUp.steady,
    lagGrowing: lag?.growing ?? false,
    latencyUs,
    generator,
    hosts,
    // Where the brokers share the generators' host, its processors are theirs, too.
    hostAtLimit: clocks === null ? null : hostAtLimit(hosts, networks),
    hostsNeeded: neededText(needed),
    windowSec,
    producers: workload.load.producers,
    drainMissing: measurement.drainMissing,
    refused: refusalsOf(measurement),
    disrupted: workload.disruptions.length > 0,
    transactional: counts.committedTransactions + counts.abortedTransactions > 0,
    hasBacklog: workload.consumers.backlog > 0,
    consumers: measurement.consumers.length,
    sharedTopic: workload.topic.existing,
    pollExceeded: pollExceeded(measurement, workload),
  });
  const reasons = [...verdict.reasons, ...(clocks?.reasons ?? [])];
  const brokers = brokerFigures(measurement.brokerSeconds, window);
  const seen = brokersAsSeen(measurement, window);
  const topic = topicAsSeen(measurement, window);
  const cpu = cpuOf(measurement, window, rate, cpuByMetrics(brokers, identity.brokerCount ?? null));
  const localCpu = brokersCpuPercent(measurement, window);
  const bound = boundBy({
    hosts,
    generator: { ...generator, wasLimit: verdict.generatorWasLimit },
    windowSec,
    producers: workload.load.producers,
    consumers: measurement.consumers.length,
    lagGrowing: lag?.growing ?? false,
    handlerMs: workload.consumers.handler,
    toHandlePerSec: Math.max(rate.receivedPerSec, (rate.offeredPerSec ?? 0) * workload.consumers.groups),
    concurrency: workload.consumers.concurrency,
    batchSizeBytes: Number(workload.producer['batch.size'] ?? JAVA_BATCH_SIZE),
    maxInFlight: Number(workload.producer['max.in.flight.requests.per.connection'] ?? JAVA_MAX_IN_FLIGHT),
    brokers,
    brokersAsSeen: seen,
    brokersCpuPercent: localCpu,
    brokerProcessors: localCpu === null ? null : availableParallelism(),
    networkBaselineBytesPerSec: identity.networkBaselineBytesPerSec ?? null,
  });
  const result: RepeatResult = {
    schemaVersion: RESULT_SCHEMA_VERSION,
    runId: identity.runId,
    cellId: identity.cellId,
    block: identity.block,
    attempt: identity.attempt,
    outcome: reasons.length === 0 ? 'valid' : 'invalid',
    reasons,
    notes: [...notes, ...verdict.notes, ...(clocks?.notes ?? [])],
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
    cpu,
    bytes: bytesOf(measurement, reports),
    generator: { ...generator, wasLimit: verdict.generatorWasLimit },
    hosts,
    ...(clocks === null ? {} : { loadHosts: { ...clocks.loadHosts, needed } }),
    ...(brokers.size === 0 ? {} : { brokers: Object.fromEntries(brokers) }),
    ...(topic === null ? {} : { topicAsSeen: topic }),
    ...(Object.keys(seen).length === 0 ? {} : { brokersAsSeen: seen }),
    boundBy: bound,
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
    ...(workload.consumers.late === undefined
      ? {}
      : { lateGroups: lateGroups(measurement, rate.offeredPerSec ?? rate.achievedPerSec) }),
    drain: { complete: measurement.drainMissing.length === 0, missing: [...measurement.drainMissing] },
  };
  return { result, series, hlog: timed ? merged.hlog : {} };
}
