import { reportCluster } from '../../../reports/sizing/cluster.ts';
import { type Figure, figure } from '../../../reports/sizing/figure.ts';
import { resolveHardware } from '../../../reports/sizing/hardware.ts';
import { simpleDemandSchema } from '../../../reports/sizing/input/demand.ts';
import { QUESTIONS_OF } from '../../../reports/sizing/input/questions.ts';
import { originOf } from '../../../reports/sizing/origin.ts';
import {
  inSyncWarning,
  resolveData,
  resolvePlatform,
  resolveTraffic,
} from '../../../reports/sizing/resolve.ts';
import { policyOf, resolvePolicy } from '../../../reports/sizing/resolve-policy.ts';
import { onRunHardware } from '../../../reports/sizing/run-hardware.ts';
import { contextOf } from './context.ts';
import { measurementOf } from './measurement.ts';
import { sampledAnswers } from './sampled-answers.ts';
import { deliver, readAnswers, type SizeOptions } from './shared.ts';

/** `ksweep size simple`: brokers of a whole cluster by its traffic. */
export async function sizeSimple(options: SizeOptions): Promise<void> {
  const sampled = await sampledAnswers(options, QUESTIONS_OF.simple);
  const { demand: asked, given, catalog, where } = readAnswers(simpleDemandSchema, options, sampled.answers);
  const measurement = await measurementOf(options.run, where, catalog, asked.instance);
  const demand = onRunHardware(asked, measurement);
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
      ...policyOf(demand),
      fixedBrokers: demand.brokers ?? null,
      maxBrokers: demand.maxBrokers ?? null,
      hardware,
      brokerCpu: measurement?.brokerCpu ?? null,
    },
    contextOf({ catalog, demand }, measurement, options, assumptions, [
      ...sampled.notes,
      ...inSyncWarning(data),
    ]),
  );
  await deliver(report, options);
}
