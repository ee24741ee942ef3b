import { cpuPerWireMB } from '../../../reports/sizing/broker-load.ts';
import { capacityOf } from '../../../reports/sizing/build.ts';
import { type Figure, figure } from '../../../reports/sizing/figure.ts';
import { usualFailures, usualMinInsync } from '../../../reports/sizing/formulas/failures.ts';
import { openQuestions } from '../../../reports/sizing/granular-assumptions.ts';
import { reportGranular } from '../../../reports/sizing/granular-report.ts';
import { resolveHardware } from '../../../reports/sizing/hardware.ts';
import { type GranularDemand, granularDemandSchema } from '../../../reports/sizing/input/granular.ts';
import type { Measurement } from '../../../reports/sizing/measured.ts';
import { originOf } from '../../../reports/sizing/origin.ts';
import { resolvePlatform } from '../../../reports/sizing/resolve.ts';
import { resolvePolicy } from '../../../reports/sizing/resolve-policy.ts';
import { onRunHardware } from '../../../reports/sizing/run-hardware.ts';
import { KsweepError } from '../../common/errors.ts';
import { contextOf } from './context.ts';
import { measurementOf } from './measurement.ts';
import { deliver, readAnswers, type SizeOptions } from './shared.ts';

/** Seconds of one event at the rate that one consumer of the run read. */
function benchmarkedSec(demand: GranularDemand, measurement: Measurement | null): number | null {
  const asked = [...demand.processors, ...demand.consumers].find(
    (one) => one.processingTime === 'benchmarked',
  );
  if (asked === undefined) return null;
  const perConsumer = measurement?.capacity.perConsumer?.low;
  const recordSize = measurement?.data.recordSizeBytes;
  if (perConsumer === undefined || recordSize === undefined || recordSize === null) {
    throw new KsweepError(
      'sizing-input',
      `${asked.name}.processingTime: "benchmarked" needs a run with consumers`,
      {
        hint: 'give --run DIR, or a time such as 1ms',
      },
    );
  }
  return recordSize / perConsumer;
}

/** eventsizer's default. */
const USUAL_COMPRESSION = 0.6;

/** eventsizer's default, for disks that are lost with their broker. */
const DEFAULT_REBUILD_SEC = 4 * 3600;

/** `ksweep size granular`: a cluster by its producers, stream processors and consumers. */
export async function sizeGranular(options: SizeOptions): Promise<void> {
  const { demand: asked, given, written, catalog, where } = readAnswers(granularDemandSchema, options);
  const measurement = await measurementOf(options.run, where, catalog, asked.instance);
  const demand = onRunHardware(asked, measurement);
  const assumptions: Figure[] = [];
  const origin = originOf(given);
  const replicas = Math.max(...demand.producers.map((producer) => producer.replicationFactor));
  const zones = demand.zones ?? Math.min(replicas, 3);
  const inSync = Math.min(
    ...demand.producers
      .filter((producer) => producer.replicationFactor === replicas)
      .map((producer) => producer.minInsyncReplicas ?? usualMinInsync(replicas)),
  );
  const failures = demand.failures ?? usualFailures(replicas, inSync);
  const hardware = resolveHardware(catalog, demand);
  const ownDisks = hardware.volume.type === 'local' || demand.volumeSize !== undefined;
  const rebuildSec = demand.rebuildTime ?? (ownDisks ? DEFAULT_REBUILD_SEC : null);
  resolvePolicy(demand, origin, assumptions);
  resolvePlatform(demand, hardware.volume.type, origin, assumptions);
  assumptions.push(
    figure('Availability zones', zones, '', 'assumption', origin('zones', 'one per replica, at most 3')),
    figure(
      'Brokers that may be lost at peak',
      failures === 'zone' ? 'those of a zone' : failures,
      '',
      'assumption',
      origin('failures', failures === 0 ? 'the replicas leave room for none' : 'one broker'),
    ),
    figure(
      'Rebuild time',
      rebuildSec ?? 'not asked',
      's',
      'assumption',
      origin(
        'rebuildTime',
        rebuildSec === null ? 'EBS volumes outlive their broker' : '4 hours (eventsizer)',
      ),
    ),
  );
  assumptions.push(...openQuestions(written, demand));
  const wireShare = measurement?.data.wireShare ?? null;
  const usualCompression = wireShare === null ? USUAL_COMPRESSION : Math.max(0, 1 - wireShare);
  if (demand.producers.some((producer) => producer.compression === undefined)) {
    assumptions.push(
      figure(
        'Saved by compression where a producer does not say',
        usualCompression,
        'share',
        wireShare === null ? 'assumption' : 'measured',
        wireShare === null ? 'default: 60 % (eventsizer)' : (measurement?.data.source ?? ''),
      ),
    );
  }
  const report = reportGranular(
    {
      demand,
      hardware,
      rebuildSec,
      usualCompression,
      zones,
      failures,
      benchmarkedSec: benchmarkedSec(demand, measurement),
      capacity: capacityOf(demand, measurement),
      brokerCpu: cpuPerWireMB(measurement?.brokerCpu ?? null, wireShare ?? 1),
    },
    contextOf({ catalog, demand }, measurement, options, assumptions),
  );
  await deliver(report, options);
}
