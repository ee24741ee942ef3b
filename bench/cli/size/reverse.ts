import { type Figure, figure } from '../../../reports/sizing/figure.ts';
import { resolveHardware } from '../../../reports/sizing/hardware.ts';
import { reverseDemandSchema } from '../../../reports/sizing/input/demand.ts';
import { originOf } from '../../../reports/sizing/origin.ts';
import { bytesPerSec, inSyncWarning, resolveData, resolvePlatform } from '../../../reports/sizing/resolve.ts';
import { policyOf, resolvePolicy } from '../../../reports/sizing/resolve-policy.ts';
import { reportReverse } from '../../../reports/sizing/reverse.ts';
import { onRunHardware } from '../../../reports/sizing/run-hardware.ts';
import { contextOf } from './context.ts';
import { measurementOf } from './measurement.ts';
import { deliver, readAnswers, type SizeOptions } from './shared.ts';

/** `ksweep size reverse`: what given brokers carry. */
export async function sizeReverse(options: SizeOptions): Promise<void> {
  const { demand: asked, given, catalog, where } = readAnswers(reverseDemandSchema, options);
  const measurement = await measurementOf(options.run, where, catalog, asked.instance);
  const demand = onRunHardware(asked, measurement);
  const assumptions: Figure[] = [];
  const origin = originOf(given);
  const data = resolveData(demand, measurement?.data ?? null, assumptions);
  resolvePolicy(demand, origin, assumptions);
  const hardware = resolveHardware(catalog, demand);
  resolvePlatform(demand, hardware.volume.type, origin, assumptions);
  assumptions.push(
    figure(
      'Peak factor',
      demand.peakFactor,
      '×',
      'assumption',
      origin('peakFactor', 'the peak is twice the average'),
    ),
    figure('Read fan-out', demand.fanOut, '', 'assumption', origin('fanOut', 'every byte is read once')),
  );
  const report = reportReverse(
    {
      brokers: demand.brokers,
      peakFactor: demand.peakFactor,
      data,
      fanOut: demand.fanOut,
      retentionSec: demand.retention,
      ...policyOf(demand),
      hardware,
      brokerCpu: measurement?.brokerCpu ?? null,
      averageBytesPerSec:
        demand.average === undefined ? undefined : bytesPerSec(demand.average, data.recordSizeBytes),
    },
    contextOf({ catalog, demand }, measurement, options, assumptions, inSyncWarning(data)),
  );
  await deliver(report, options);
}
