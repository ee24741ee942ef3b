import { pricesFor } from '../../../reports/sizing/build.ts';
import { reportCluster } from '../../../reports/sizing/cluster.ts';
import { type Figure, figure } from '../../../reports/sizing/figure.ts';
import { resolveHardware } from '../../../reports/sizing/hardware.ts';
import { simpleDemandSchema } from '../../../reports/sizing/input/demand.ts';
import {
  originOf,
  resolveData,
  resolvePlatform,
  resolvePolicy,
  resolveTraffic,
} from '../../../reports/sizing/resolve.ts';
import { measurementOf } from './measurement.ts';
import { deliver, readAnswers, type SizeOptions } from './shared.ts';

/** `ksweep size simple`: brokers of a whole cluster by its traffic. */
export async function sizeSimple(options: SizeOptions): Promise<void> {
  const { demand, given, catalog, where } = readAnswers(simpleDemandSchema, options);
  const measurement = await measurementOf(options.run, where, catalog, demand.instance);
  const assumptions: Figure[] = [];
  const origin = originOf(given);
  const data = resolveData(demand, measurement?.data ?? null, assumptions);
  const traffic = resolveTraffic(demand, data.recordSizeBytes, origin, assumptions);
  resolvePolicy(demand, origin, assumptions);
  assumptions.push(
    figure('Read fan-out', demand.fanOut, '', 'assumption', origin('fanOut', 'every byte is read once')),
  );
  const hardware = resolveHardware(catalog, demand);
  resolvePlatform(demand, hardware.volume.type, origin, assumptions);
  const report = reportCluster(
    {
      averageBytesPerSec: traffic.averageBytesPerSec * demand.growth,
      peakBytesPerSec: traffic.peakBytesPerSec * demand.growth,
      data,
      fanOut: demand.fanOut,
      retentionSec: demand.retention,
      utilizationAverage: demand.utilizationAverage,
      utilizationPeak: demand.utilizationPeak,
      maxBrokers: demand.maxBrokers ?? null,
      hardware,
      brokerCpuUsPerMB: measurement?.brokerCpuUsPerMB ?? null,
    },
    {
      basis: measurement?.basis ?? 'figures alone: nothing was measured',
      phase: demand.phase,
      assumptions,
      warnings: measurement?.warnings ?? [],
      catalog,
      prices: pricesFor(catalog, demand.region, options.prices),
      followerFetching: demand.followerFetching,
    },
  );
  await deliver(report, options);
}
