import type { Catalog } from '../../infra/catalog/catalog.ts';
import type { CapacityPoint } from './capacity.ts';
import { networkInPerBroker, networkOutPerBroker } from './formulas/traffic.ts';
import type { MeasuredRun, Sample } from './measured.ts';
import type { Note } from './report.ts';

/** A measured rate above what the instance may do for good was made of burst credits. */
export function burstWarnings(
  runs: readonly MeasuredRun[],
  samples: readonly Sample[],
  catalog: Catalog,
): Note[] {
  const notes: Note[] = [];
  for (const run of runs) {
    const { cluster } = run.manifest;
    const name = cluster.hardware?.['instanceType'];
    const type = typeof name === 'string' ? catalog.instances.get(name) : undefined;
    if (type === undefined) continue;
    const top = Math.max(
      0,
      ...samples.filter(({ repeat }) => repeat.runId === run.manifest.runId).map((s) => s.bytesPerSec),
    );
    const topic = run.manifest.workload['topic'] as { replicationFactor?: number } | undefined;
    const consumers = run.manifest.workload['consumers'] as { groups?: number } | undefined;
    const rf = topic?.replicationFactor ?? 1;
    const brokers = Math.max(1, cluster.brokers.length);
    const network = (type.network.baselineGbps ?? Number.POSITIVE_INFINITY) * 1.25e8;
    const used = Math.max(
      networkInPerBroker(top, rf, brokers),
      networkOutPerBroker(top, consumers?.groups ?? 0, rf, brokers),
    );
    const ebs = (type.ebs?.baselineMBps ?? Number.POSITIVE_INFINITY) * 1e6;
    const written = networkInPerBroker(top, rf, brokers);
    for (const [what, value, limit] of [
      ['network', used, network],
      ['EBS', written, ebs],
    ] as const) {
      if (value > limit) {
        notes.push({
          code: 'burst',
          text: `burst: ${run.manifest.runId} moved ${(value / 1e6).toFixed(1)} MB/s a broker, above the ${what} baseline of ${type.type} (${(limit / 1e6).toFixed(1)} MB/s): it will not last, so the baseline is what brokers are sized with`,
        });
      }
    }
    if (type.cpuBaselineShare !== null) {
      notes.push({
        code: 'burst',
        text: `burst: ${run.manifest.runId} ran on ${type.type}, whose CPU credits may have helped`,
      });
    }
  }
  return notes;
}

/** What weakens the curve: where it was measured, what limited it, and how often. */
export function curveWarnings(
  runs: readonly MeasuredRun[],
  samples: readonly Sample[],
  points: readonly CapacityPoint[],
): Note[] {
  const notes: Note[] = [];
  if (runs.some((run) => run.manifest.cluster.local)) {
    notes.push({
      code: 'smoke-scale',
      text: 'smoke-scale: the broker ran on the load generator’s machine; the shape of the curve is real, its height is that machine’s',
    });
  }
  const limited = points.filter((point) => point.atLeast);
  const generator = limited.filter((point) =>
    samples.some((sample) => sample.partitions === point.partitions && sample.repeat.generator.wasLimit),
  );
  const at = (list: readonly CapacityPoint[]) => list.map((point) => point.partitions).join(', ');
  if (generator.length > 0) {
    notes.push({
      code: 'client-limited',
      text: `Unbounded: client-limited at ${at(generator)} partitions: the load generator was the limit, the cluster may carry more`,
    });
  }
  const offered = limited.filter((point) => !generator.includes(point));
  if (offered.length > 0) {
    notes.push({
      code: 'rate-limited',
      text: `at ${at(offered)} partitions the rate was given: what was carried is a lower bound (use rate: max, or a search)`,
    });
  }
  const few = points.filter((point) => point.repeats.length < 5);
  if (few.length > 0) {
    notes.push({
      code: 'few-repeats',
      text: `fewer than 5 valid repeats at ${few.map((point) => `${point.partitions} (${point.repeats.length})`).join(', ')} partitions: the interval is wide, or none at all with one repeat`,
    });
  }
  return notes;
}

/** The demand's records are not those that were measured: small ones cost more a byte, large ones less. */
export function recordSizeWarning(measuredBytes: number | null, demandBytes: number | undefined): Note[] {
  if (measuredBytes === null || demandBytes === undefined) return [];
  const factor = Math.max(measuredBytes / demandBytes, demandBytes / measuredBytes);
  if (factor <= 2) return [];
  const text = `the run had records of ${measuredBytes.toFixed(0)} bytes, the demand has ${demandBytes.toFixed(0)}: measure with records of that size`;
  return [{ code: 'other-record-size', text }];
}
