import { FEWEST_FOR_INTERVAL } from '../../bench/stats/curve-bounds.ts';
import type { Catalog } from '../../infra/catalog/catalog.ts';
import type { CapacityPoint } from './capacity.ts';
import { coverageText } from './coverage.ts';
import { networkInPerBroker, networkOutPerBroker } from './formulas/traffic.ts';
import type { MeasuredRun, Sample } from './measured-run.ts';
import type { Note } from './report.ts';

/** The highest rate of a run in bytes as they travel; null where the compression was not seen. */
function topWireRate(run: MeasuredRun, samples: readonly Sample[]): number | null {
  const rates = samples.flatMap(({ repeat, bytesPerSec }) => {
    const ratio = repeat.bytes.wireCompressionRatio;
    return repeat.runId !== run.manifest.runId || ratio === null || ratio === 0 ? [] : [bytesPerSec / ratio];
  });
  return rates.length === 0 ? null : Math.max(...rates);
}

/**
 * A measured rate above what the instance may do for good was made of burst credits. The manifest names the instance
 * type; where it does not, the brokers are taken to be of the type that the demand names.
 */
export function burstWarnings(
  runs: readonly MeasuredRun[],
  samples: readonly Sample[],
  catalog: Catalog,
  instance?: string,
): Note[] {
  const notes: Note[] = [];
  const say = (text: string) => notes.push({ code: 'burst', text: `burst: ${text}` });
  for (const run of runs) {
    const { cluster, runId } = run.manifest;
    const own = cluster.hardware?.['instanceType'];
    // What runs on this machine is no instance of the catalogue.
    const name = typeof own === 'string' ? own : cluster.local ? undefined : instance;
    const type = name === undefined ? undefined : catalog.instances.get(name);
    const top = topWireRate(run, samples);
    if (type === undefined || top === null) {
      if (cluster.local) continue;
      const why =
        type !== undefined
          ? 'its bytes on the wire were not measured'
          : name === undefined
            ? 'the instance type of its brokers is not known (give --instance)'
            : `${name} is not in the catalogue`;
      const text = `whether ${runId} lived on burst credits was not judged: ${why}`;
      notes.push({ code: 'burst-not-judged', text });
      continue;
    }
    const topic = run.manifest.workload['topic'] as { replicationFactor?: number } | undefined;
    const consumers = run.manifest.workload['consumers'] as { groups?: number } | undefined;
    const rf = topic?.replicationFactor ?? 1;
    const brokers = Math.max(1, cluster.brokers.length);
    const written = networkInPerBroker(top, rf, brokers);
    const used = Math.max(written, networkOutPerBroker(top, consumers?.groups ?? 0, rf, brokers));
    const network = (type.network.baselineGbps ?? Number.POSITIVE_INFINITY) * 1.25e8;
    const ebs = (type.ebs?.baselineMBps ?? Number.POSITIVE_INFINITY) * 1e6;
    const taken = typeof own === 'string' ? '' : ', which its brokers are taken to be';
    for (const [what, value, limit] of [
      ['network', used, network],
      ['EBS', written, ebs],
    ] as const) {
      if (value > limit) {
        say(
          `${runId} moved ${(value / 1e6).toFixed(1)} MB/s per broker, above the ${what} baseline of ${type.type} (${(limit / 1e6).toFixed(1)} MB/s)${taken}: it will not last, so the baseline is what brokers are sized with`,
        );
      }
    }
    if (type.cpuBaselineShare !== null)
      say(`${runId} ran on ${type.type}${taken}, whose CPU credits may have helped`);
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
  const few = points.filter((point) => point.repeats.length < FEWEST_FOR_INTERVAL);
  if (few.length > 0) {
    const each = few.map((point) => `${point.partitions} (${coverageText(point.repeats.length)})`);
    notes.push({
      code: 'few-repeats',
      text: `fewer than ${FEWEST_FOR_INTERVAL} valid repeats, so that no interval of the median reaches 95 %, at these partitions: ${each.join(', ')}; measure with repeats: ${FEWEST_FOR_INTERVAL} or more`,
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
