import { buildProblem } from '../../../reports/sizing/build.ts';
import type { Figure } from '../../../reports/sizing/figure.ts';
import { partitionsDemandSchema } from '../../../reports/sizing/input/demand.ts';
import { QUESTIONS_OF } from '../../../reports/sizing/input/questions.ts';
import { recordSizeWarning } from '../../../reports/sizing/measured-warnings.ts';
import { reportPartitions } from '../../../reports/sizing/partitions-report.ts';
import { inSyncWarning } from '../../../reports/sizing/resolve.ts';
import { onRunHardware } from '../../../reports/sizing/run-hardware.ts';
import { contextOf } from './context.ts';
import { measurementOf } from './measurement.ts';
import { sampledAnswers } from './sampled-answers.ts';
import { deliver, readAnswers, type SizeOptions } from './shared.ts';

/** `ksweep size partitions`: the seven steps for one topic. */
export async function sizePartitions(options: SizeOptions): Promise<void> {
  const sampled = await sampledAnswers(options, QUESTIONS_OF.partitions);
  const {
    demand: asked,
    given,
    catalog,
    where,
  } = readAnswers(partitionsDemandSchema, options, sampled.answers);
  const measurement = await measurementOf(options.run, where, catalog, asked.instance);
  const demand = onRunHardware(asked, measurement);
  const assumptions: Figure[] = [];
  const problem = buildProblem(demand, catalog, measurement, given, assumptions);
  const report = reportPartitions(
    problem,
    contextOf({ catalog, demand }, measurement, options, assumptions, [
      ...sampled.notes,
      ...recordSizeWarning(measurement?.data.recordSizeBytes ?? null, demand.recordSize),
      ...inSyncWarning(problem.demand),
    ]),
  );
  await deliver(report, options);
}
