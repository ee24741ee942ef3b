import { writeReports } from '../../../reports/run/write-reports.ts';
import { redactText, secretsOf } from '../../common/redact.ts';
import { type ClusterFlags, chooseCluster } from '../../run/cluster/choose-cluster.ts';
import { runWorkload } from '../../run/run.ts';
import type { Measure } from './measure.ts';

export interface KafkaMeasureOptions {
  readonly suite: ClusterFlags;
  readonly canary: ClusterFlags;
  /** The command line that reruns the night. */
  readonly command: string;
  readonly say: (line: string) => void;
}

/** Measures each step against its cluster, which is started and stopped with the step where it is a local one. */
export function kafkaMeasure(options: KafkaMeasureOptions): Measure {
  return async ({ step, loaded, plan, target, signal }) => {
    const flags = step === 'suite' ? options.suite : options.canary;
    const chosen = await chooseCluster(flags, loaded.workload, options.say, signal);
    try {
      const summary = await runWorkload({
        ...loaded,
        plan,
        target,
        cluster: chosen.underTest,
        command: redactText(options.command, secretsOf(chosen.underTest.connection)),
        signal,
        // A night has a budget of its own.
        calmMs: 0,
        onLine: options.say,
        onResult: (result, cell) =>
          options.say(`${step}: ${cell.label} · block ${result.block}: ${result.outcome}`),
      });
      await writeReports(summary.dir);
      return summary;
    } finally {
      await chosen.stop();
    }
  };
}
