import type { IntervalSnapshot } from '../../load/protocol.ts';
import type { SeriesRow } from '../../results/series-columns.ts';
import { hostColumns } from './hosts.ts';
import type { BrokerSample, Measurement, OffsetSample } from './measurement.ts';
import type { MergedSecond } from './merge.ts';
import { sum } from './window.ts';

function bySecond<S extends IntervalSnapshot>(
  processes: readonly { readonly snapshots: readonly S[] }[],
): Map<number, S[]> {
  const seconds = new Map<number, S[]>();
  for (const { snapshots } of processes) {
    for (const snapshot of snapshots) {
      const list = seconds.get(snapshot.second);
      if (list === undefined) seconds.set(snapshot.second, [snapshot]);
      else list.push(snapshot);
    }
  }
  return seconds;
}

/** Of each whole second the sample nearest to it, no further off than half a second. */
function byWholeSecond<T extends { readonly atSec: number }>(samples: readonly T[]): Map<number, T> {
  const nearest = new Map<number, T>();
  for (const sample of samples) {
    const sec = Math.round(sample.atSec);
    const known = nearest.get(sec);
    if (known === undefined || Math.abs(sample.atSec - sec) < Math.abs(known.atSec - sec)) {
      nearest.set(sec, sample);
    }
  }
  return nearest;
}

type Offsets = ReadonlyMap<number, OffsetSample>;
type BrokerCpu = ReadonlyMap<number, BrokerSample>;

function endOffset(offsets: Offsets, sec: number): number | null {
  const high = offsets.get(sec)?.high ?? null;
  return high === null ? null : sum(high);
}

/** End offsets summed over partitions at the end of a second, or null. */
export function endOffsetAt(measurement: Measurement, sec: number): number | null {
  return endOffset(byWholeSecond(measurement.offsets), sec);
}

function cpuBetween(brokers: BrokerCpu, fromSec: number, toSec: number): number | null {
  const from = brokers.get(fromSec);
  const to = brokers.get(toSec);
  if (from?.processes !== to?.processes) return null;
  const [before, after] = [from?.cpuUs ?? null, to?.cpuUs ?? null];
  return before === null || after === null ? null : after - before;
}

/** CPU of all brokers between two moments, µs; null where it was not seen, or one was restarted in between. */
export function brokerCpuUs(measurement: Measurement, fromSec: number, toSec: number): number | null {
  return cpuBetween(byWholeSecond(measurement.brokers), fromSec, toSec);
}

/**
 * Records between the end offsets and each group's positions at the end of each second, summed over groups (but for those
 * that begin late, which are behind by design); a second
 * where either side was not seen is absent. One pass: positions are carried on from second to second.
 */
function lagBySecond(
  { consumers: all, startOffsets }: Pick<Measurement, 'consumers' | 'startOffsets'>,
  offsets: Offsets,
  seconds: number,
  which: (consumer: Measurement['consumers'][number]) => boolean = ({ lateSec }) => lateSec === undefined,
): Map<number, number> {
  const consumers = all.filter(which);
  const lags = new Map<number, number>();
  if (consumers.length === 0) return lags;
  const positions = new Map(consumers.map(({ group }) => [group, [...startOffsets]]));
  const reported = bySecond(
    consumers.map(({ group, snapshots }) => ({
      snapshots: snapshots.map((snapshot) => ({ ...snapshot, group })),
    })),
  );
  let settled = 0;
  for (let second = 0; second < seconds; second++) {
    for (const snapshot of reported.get(second) ?? []) {
      const own = positions.get(snapshot.group) ?? [];
      // A partition's position may only grow, whoever of the group owns it now.
      for (const [key, position] of Object.entries(snapshot.positions ?? {})) {
        own[Number(key)] = Math.max(own[Number(key)] ?? 0, position);
      }
      // What a share group has settled lies anywhere in the log: only its number counts.
      settled += snapshot.settled ?? 0;
    }
    const high = offsets.get(second + 1)?.high ?? null;
    if (high === null) continue;
    const behind = [...positions.values()].map((own) =>
      sum(high.map((end, partition) => Math.max(0, end - (own[partition] ?? 0)))),
    );
    lags.set(second, Math.max(0, sum(behind) - settled));
  }
  return lags;
}

/** How far one group was behind at the end of each second. */
export const groupLag = (measurement: Measurement, group: string, seconds: number): Map<number, number> =>
  lagBySecond(
    measurement,
    byWholeSecond(measurement.offsets),
    seconds,
    (consumer) => consumer.group === group,
  );

/** One row a second from the load's start to the end of the drain. */
export function seriesRows(
  measurement: Measurement,
  merged: readonly MergedSecond[],
  fromSec: number,
  endSec: number,
  /** Producers without a report a record tell of no second what was acknowledged. */
  counting: boolean,
): SeriesRow[] {
  const producers = bySecond(measurement.producers);
  const consumers = bySecond(measurement.consumers);
  const latencies = new Map(merged.map((entry) => [entry.second, entry.latencies]));
  const last = Math.max(-1, ...producers.keys(), ...consumers.keys());
  const offsets = byWholeSecond(measurement.offsets);
  const brokers = byWholeSecond(measurement.brokers);
  const lags = lagBySecond(measurement, offsets, last + 1);
  return Array.from({ length: last + 1 }, (_, second) => {
    const sent = producers.get(second) ?? [];
    const got = consumers.get(second) ?? [];
    const quantiles = latencies.get(second);
    const total = (
      list: readonly IntervalSnapshot[],
      key: 'due' | 'sent' | 'acked' | 'ackedBytes' | 'received' | 'receivedBytes' | 'queueFullMs' | 'cpuUs',
    ) => sum(list.map((snapshot) => snapshot[key]));
    const cpuUs = cpuBetween(brokers, second, second + 1);
    const all = [...sent, ...got];
    return {
      tSec: second,
      phase: second < fromSec ? 'warmup' : second < endSec ? 'measure' : 'drain',
      duePerSec: total(sent, 'due'),
      sentPerSec: total(sent, 'sent'),
      ackedPerSec: counting ? null : total(sent, 'acked'),
      ackedBytesPerSec: counting ? null : total(sent, 'ackedBytes'),
      receivedPerSec: total(got, 'received'),
      receivedBytesPerSec: total(got, 'receivedBytes'),
      lagRecords: lags.get(second) ?? null,
      rebalances: got.length === 0 ? null : sum(got.map((snapshot) => snapshot.rebalances ?? 0)),
      dueToAckP50Us: quantiles?.['due-to-ack']?.p50Us ?? null,
      dueToAckP99Us: quantiles?.['due-to-ack']?.p99Us ?? null,
      dueToAckMaxUs: quantiles?.['due-to-ack']?.maxUs ?? null,
      sentToAckP99Us: quantiles?.['sent-to-ack']?.p99Us ?? null,
      dueToSentP99Us: quantiles?.['due-to-sent']?.p99Us ?? null,
      endToEndP50Us: quantiles?.['end-to-end']?.p50Us ?? null,
      endToEndP99Us: quantiles?.['end-to-end']?.p99Us ?? null,
      eventLoopDelayP99Us:
        all.length === 0 ? null : Math.max(...all.map((snapshot) => snapshot.eventLoopDelayP99Us)),
      producersCpuPercent: total(sent, 'cpuUs') / 1e4,
      consumersCpuPercent: total(got, 'cpuUs') / 1e4,
      brokersCpuPercent: cpuUs === null ? null : cpuUs / 1e4,
      queueFullMs: total(sent, 'queueFullMs'),
      endOffset: endOffset(offsets, second + 1),
      ...hostColumns(measurement.hosts, second),
    };
  });
}
