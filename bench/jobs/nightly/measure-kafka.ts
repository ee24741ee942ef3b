import { writeReports } from '../../../reports/run/write-reports.ts';
import { redactText, secretsOf } from '../../common/redact.ts';
import { type ClusterFlags, chooseCluster } from '../../run/cluster/choose-cluster.ts';
import { runWorkload } from '../../run/run.ts';
import type { RunOptions } from '../../run/run-options.ts';
import type { Measure } from './measure.ts';

interface KafkaStep {
  /** What chooses its cluster. */
  readonly flags: ClusterFlags;
  /** Hosts that generate its load; none: this one. */
  readonly loadHosts: NonNullable<RunOptions['loadHosts']>;
}

export interface KafkaMeasureOptions {
  readonly suite: KafkaStep;
  readonly canary: KafkaStep;
  /** The command line that reruns the night. */
  readonly command: string;
  readonly say: (line: string) => void;
}

/** Measures each step against its cluster, which is started and stopped with the step where it is a local one. */
export function kafkaMeasure(options: KafkaMeasureOptions): Measure {
  return async ({ step, loaded, plan, target, signal }) => {
    const { flags, loadHosts } = step === 'suite' ? options.suite : options.canary;
    const names = loadHosts.map(({ name }) => name);
    const chosen = await chooseCluster(flags, loaded.workload, options.say, signal, names);
    try {
      const summary = await runWorkload({
        ...loaded,
        plan,
        target,
        cluster: chosen.underTest,
        loadHosts,
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
