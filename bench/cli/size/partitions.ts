import { buildProblem, pricesFor } from '../../../reports/sizing/build.ts';
import type { Figure } from '../../../reports/sizing/figure.ts';
import { partitionsDemandSchema } from '../../../reports/sizing/input/demand.ts';
import { recordSizeWarning } from '../../../reports/sizing/measured-warnings.ts';
import { reportPartitions } from '../../../reports/sizing/partitions-report.ts';
import { measurementOf } from './measurement.ts';
import { deliver, readAnswers, type SizeOptions } from './shared.ts';

/** `ksweep size partitions`: the seven steps for one topic. */
export async function sizePartitions(options: SizeOptions): Promise<void> {
  const { demand, given, catalog, where } = readAnswers(partitionsDemandSchema, options);
  const measurement = await measurementOf(options.run, where, catalog, demand.instance);
  const assumptions: Figure[] = [];
  const problem = buildProblem(demand, catalog, measurement, given, assumptions);
  const report = reportPartitions(problem, {
    basis: measurement?.basis ?? 'figures alone: nothing was measured',
    phase: demand.phase,
    assumptions,
    warnings: [
      ...(measurement?.warnings ?? []),
      ...recordSizeWarning(measurement?.data.recordSizeBytes ?? null, demand.recordSize),
    ],
    catalog,
    prices: pricesFor(catalog, demand.region, options.prices),
    followerFetching: demand.followerFetching,
  });
  await deliver(report, options);
}
