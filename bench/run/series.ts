import type { MergedSecond } from '../compute/merge.ts';
import type { IntervalSnapshot } from '../load/protocol.ts';
import type { SeriesRow } from '../result.ts';
import type { Measurement } from './measurement.ts';
import { sum } from './window.ts';

function bySecond(
  processes: readonly { readonly snapshots: readonly IntervalSnapshot[] }[],
): Map<number, IntervalSnapshot[]> {
  const seconds = new Map<number, IntervalSnapshot[]>();
  for (const { snapshots } of processes) {
    for (const snapshot of snapshots) {
      const list = seconds.get(snapshot.second);
      if (list === undefined) seconds.set(snapshot.second, [snapshot]);
      else list.push(snapshot);
    }
  }
  return seconds;
}

/** The sample nearest to a moment, no further off than half a second. */
function at<T extends { readonly atSec: number }>(samples: readonly T[], sec: number): T | undefined {
  let best: T | undefined;
  for (const sample of samples) {
    const off = Math.abs(sample.atSec - sec);
    if (off <= 0.5 && (best === undefined || off < Math.abs(best.atSec - sec))) best = sample;
  }
  return best;
}

/** End offsets summed over partitions at the end of a second, or null. */
export function endOffsetAt(measurement: Measurement, sec: number): number | null {
  const high = at(measurement.offsets, sec)?.high ?? null;
  return high === null ? null : sum(high);
}

/** CPU of all brokers between two moments, µs; null where it was not seen, or one was restarted in between. */
export function brokerCpuUs(measurement: Measurement, fromSec: number, toSec: number): number | null {
  const from = at(measurement.brokers, fromSec);
  const to = at(measurement.brokers, toSec);
  if (from?.processes !== to?.processes) return null;
  const [before, after] = [from?.cpuUs ?? null, to?.cpuUs ?? null];
  return before === null || after === null ? null : after - before;
}

/**
 * Records between the end offsets and each group's positions at the end of a second, summed over groups.
 * Null where either side was not seen.
 */
function lagAt(measurement: Measurement, second: number, startOffsets: readonly number[]): number | null {
  if (measurement.consumers.length === 0) return null;
  const high = at(measurement.offsets, second + 1)?.high ?? null;
  if (high === null) return null;
  let lag = 0;
  for (const group of new Set(measurement.consumers.map((consumer) => consumer.group))) {
    const positions = [...startOffsets];
    for (const consumer of measurement.consumers) {
      if (consumer.group !== group) continue;
      // A partition's position may only grow, whoever of the group owns it now.
      for (const snapshot of consumer.snapshots) {
        if (snapshot.second > second) break;
        for (const [partition, position] of Object.entries(snapshot.positions ?? {})) {
          positions[Number(partition)] = Math.max(positions[Number(partition)] ?? 0, position);
        }
      }
    }
    lag += sum(high.map((end, partition) => Math.max(0, end - (positions[partition] ?? 0))));
  }
  return lag;
}

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
  return Array.from({ length: last + 1 }, (_, second) => {
    const sent = producers.get(second) ?? [];
    const got = consumers.get(second) ?? [];
    const quantiles = latencies.get(second);
    const total = (
      list: readonly IntervalSnapshot[],
      key: 'due' | 'sent' | 'acked' | 'ackedBytes' | 'received' | 'receivedBytes' | 'queueFullMs' | 'cpuUs',
    ) => sum(list.map((snapshot) => snapshot[key]));
    const cpuUs = brokerCpuUs(measurement, second, second + 1);
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
      lagRecords: lagAt(measurement, second, measurement.startOffsets),
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
      endOffset: endOffsetAt(measurement, second + 1),
    };
  });
}
