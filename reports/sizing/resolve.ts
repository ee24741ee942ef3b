import { type Figure, figure } from './figure.ts';
import { mayBeLost, usualFailures, usualMinInsync } from './formulas/failures.ts';
import { type PartitionsDemand, RF_OF_PHASE } from './input/demand.ts';
import { DEFAULT, type Origin, OWN, originOf } from './origin.ts';
import type { Note } from './report.ts';
import { resolvePolicy } from './resolve-policy.ts';

/** The traffic and policy of a demand with every unanswered question answered by a stated default. */
export interface ResolvedData {
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number;
  readonly zones: number;
  readonly failures: number | 'zone';
  readonly recordSizeBytes: number;
  /** Bytes on the wire and on disk for a byte of payload. */
  readonly wireShare: number;
}

export interface ResolvedGroup {
  readonly name: string;
  readonly runs: number | null;
  readonly spares: number;
  readonly handlerSec: number;
  readonly concurrency: number;
  readonly perConsumerBytesPerSec: number | null;
}

export interface ResolvedDemand extends ResolvedData {
  /** False where neither average nor peak was given. */
  readonly known: boolean;
  /** Payload bytes a second, today. */
  readonly averageBytesPerSec: number;
  readonly peakBytesPerSec: number;
  readonly growth: number;
  readonly groups: readonly ResolvedGroup[];
  readonly keyed: boolean;
}

/** What a run measured that stands in for an answer. */
export interface MeasuredData {
  readonly recordSizeBytes: number | null;
  readonly wireShare: number | null;
  readonly source: string;
}

const RF_SOURCE = 'by phase: 1 for tests, 2 where a little loss is tolerable, 3 where none is';

/** Replication factor by phase, and the policies that hang on it. */
export function resolveData(
  demand: {
    phase?: 'test' | 'some-loss' | 'no-loss' | undefined;
    replicationFactor?: number | undefined;
    minInsyncReplicas?: number | undefined;
    zones?: number | undefined;
    failures?: number | 'zone' | undefined;
    recordSize?: number | undefined;
    compression?: number | undefined;
  },
  measured: MeasuredData | null,
  assumptions: Figure[],
): ResolvedData {
  const rf = demand.replicationFactor ?? RF_OF_PHASE[demand.phase ?? 'no-loss'];
  assumptions.push(
    figure(
      'Replication factor',
      rf,
      '',
      'assumption',
      demand.replicationFactor !== undefined
        ? OWN
        : demand.phase !== undefined
          ? RF_SOURCE
          : `${DEFAULT}, ${RF_SOURCE}`,
    ),
  );
  const minInsyncReplicas = demand.minInsyncReplicas ?? usualMinInsync(rf);
  assumptions.push(
    figure(
      'min.insync.replicas',
      minInsyncReplicas,
      '',
      'assumption',
      demand.minInsyncReplicas === undefined ? `${DEFAULT}: replication factor − 1` : OWN,
    ),
  );
  const zones = demand.zones ?? Math.min(rf, 3);
  assumptions.push(
    figure(
      'Availability zones',
      zones,
      '',
      'assumption',
      demand.zones === undefined ? `${DEFAULT}: one per replica, at most 3` : OWN,
    ),
  );
  const failures = demand.failures ?? usualFailures(rf, minInsyncReplicas);
  assumptions.push(
    figure(
      'Brokers that may be lost at peak',
      failures === 'zone' ? 'those of a zone' : failures,
      '',
      'assumption',
      demand.failures !== undefined
        ? OWN
        : failures === 0
          ? `${DEFAULT}: min.insync.replicas ${minInsyncReplicas} of ${rf} leaves room for none`
          : `${DEFAULT}: one`,
    ),
  );
  const recordSizeBytes = demand.recordSize ?? measured?.recordSizeBytes ?? 1000;
  assumptions.push(
    demand.recordSize !== undefined
      ? figure('Record size', recordSizeBytes, 'B', 'assumption', OWN)
      : measured?.recordSizeBytes != null
        ? figure('Record size', recordSizeBytes, 'B', 'measured', measured.source)
        : figure('Record size', recordSizeBytes, 'B', 'assumption', DEFAULT),
  );
  const wireShare = demand.compression !== undefined ? 1 - demand.compression : (measured?.wireShare ?? 1);
  assumptions.push(
    demand.compression !== undefined
      ? figure('Bytes after compression', wireShare, 'share', 'assumption', OWN)
      : measured?.wireShare != null
        ? figure('Bytes after compression', wireShare, 'share', 'measured', measured.source)
        : figure('Bytes after compression', wireShare, 'share', 'assumption', `${DEFAULT}: no compression`),
  );
  return { replicationFactor: rf, minInsyncReplicas, zones, failures, recordSizeBytes, wireShare };
}

/** Replicas that all have to be in sync leave no room for a broker that is restarted, let alone lost. */
export function inSyncWarning({ replicationFactor, minInsyncReplicas }: ResolvedData): Note[] {
  if (replicationFactor === 1 || mayBeLost(replicationFactor, minInsyncReplicas) > 0) return [];
  return [
    {
      code: 'min-insync',
      text: `min.insync.replicas ${minInsyncReplicas} of ${replicationFactor}: producers with acks=all stop as soon as one broker is lost or restarted, so no failure is survived`,
    },
  ];
}

/** A rate in payload bytes a second. */
export const bytesPerSec = (rate: { kind: 'records' | 'bytes'; perSec: number }, recordSizeBytes: number) =>
  rate.kind === 'bytes' ? rate.perSec : rate.perSec * recordSizeBytes;

function resolveGroups(demand: PartitionsDemand, origin: Origin, assumptions: Figure[]): ResolvedGroup[] {
  const { groups } = demand;
  assumptions.push(
    figure(
      'Consumer groups',
      typeof groups === 'number' ? groups : groups.length,
      '',
      'assumption',
      origin('groups', 'one'),
    ),
    figure('Spare consumers per group', demand.spares, '', 'assumption', origin('spares', 'one')),
    figure('Handler time of a record', demand.handler, 's', 'assumption', origin('handler', 'none')),
    figure('Records handled at a time', demand.concurrency, '', 'assumption', origin('concurrency', 'one')),
  );
  const list =
    typeof groups === 'number'
      ? Array.from({ length: groups }, (_, i) => ({ name: `group ${i + 1}` }))
      : groups;
  return list.map((group: Exclude<typeof groups, number>[number]) => ({
    name: group.name,
    runs: group.consumers ?? null,
    spares: group.spares ?? demand.spares,
    handlerSec: group.handler ?? demand.handler,
    concurrency: group.concurrency ?? demand.concurrency,
    perConsumerBytesPerSec: group.perConsumer ?? null,
  }));
}

const DEFAULT_PEAK_FACTOR = 2;

type Traffic = Pick<PartitionsDemand, 'average' | 'peak' | 'peakFactor' | 'growth'>;

/** Average and peak in payload bytes a second; the one that was not given follows from the peak factor. */
export function resolveTraffic(
  demand: Traffic,
  recordSizeBytes: number,
  origin: Origin,
  assumptions: Figure[],
): { known: boolean; averageBytesPerSec: number; peakBytesPerSec: number } {
  if (demand.average === undefined && demand.peak === undefined) {
    return { known: false, averageBytesPerSec: 0, peakBytesPerSec: 0 };
  }
  const factor = demand.peakFactor ?? DEFAULT_PEAK_FACTOR;
  const peak = demand.peak === undefined ? undefined : bytesPerSec(demand.peak, recordSizeBytes);
  const average =
    demand.average === undefined ? (peak ?? 0) / factor : bytesPerSec(demand.average, recordSizeBytes);
  const derived = (key: string) =>
    origin(key, demand.peakFactor === undefined ? 'the peak is twice the average' : 'from the peak factor');
  const resolved = { known: true, averageBytesPerSec: average, peakBytesPerSec: peak ?? average * factor };
  assumptions.push(
    figure('Average', average, 'B/s', 'assumption', derived('average')),
    figure('Peak', resolved.peakBytesPerSec, 'B/s', 'assumption', derived('peak')),
    figure('Growth', demand.growth, '×', 'assumption', origin('growth', 'none')),
  );
  return resolved;
}

/** What the brokers are and where their prices come from. */
export function resolvePlatform(
  demand: Pick<PartitionsDemand, 'region' | 'platform' | 'followerFetching'> & { existingReplicas?: number },
  volume: string,
  origin: Origin,
  assumptions: Figure[],
): void {
  const add = (name: string, value: string | number, source: string) =>
    assumptions.push(figure(name, value, '', 'assumption', source));
  add('Region of the prices', demand.region, origin('region', 'us-east-1'));
  add('Platform', demand.platform, origin('platform', 'self-managed'));
  add('Volumes of a broker', volume, origin('volume', 'gp3, or local NVMe where the type has it'));
  add(
    'Consumers fetch from the nearest replica',
    demand.followerFetching ? 'yes' : 'no',
    origin('followerFetching', 'no'),
  );
  if (demand.existingReplicas !== undefined) {
    const source = origin('existingReplicas', 'an empty cluster');
    add('Partition replicas there already', demand.existingReplicas, source);
  }
}

/** Answers every open question; `given` are the keys that the user answered, everything else is noted as a default. */
export function resolveDemand(
  demand: PartitionsDemand,
  measured: MeasuredData | null,
  given: ReadonlySet<string>,
  assumptions: Figure[],
): ResolvedDemand {
  const origin = originOf(given);
  const data = resolveData(demand, measured, assumptions);
  const traffic = resolveTraffic(demand, data.recordSizeBytes, origin, assumptions);
  const keyed = demand.keyed ?? true;
  resolvePolicy(demand, origin, assumptions);
  assumptions.push(
    figure(
      'Keys decide the partition',
      keyed ? 'yes' : 'no',
      '',
      'assumption',
      origin('keyed', 'yes, the safe side'),
    ),
    figure(
      'Hottest key',
      demand.hottestKeyShare,
      'share',
      'assumption',
      origin('hottestKeyShare', 'an even spread'),
    ),
  );
  return {
    ...data,
    ...traffic,
    growth: demand.growth,
    groups: resolveGroups(demand, origin, assumptions),
    keyed,
  };
}
