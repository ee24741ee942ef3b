import { KsweepError } from '../../bench/common/errors.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import type { BrokerCpu } from './broker-load.ts';
import type { MeasuredRun } from './measured-run.ts';
import { medianOf, present } from './median.ts';

/** The brokers' CPU of a run's repeats for a MB and replica: a replica costs about what the leader's copy does. */
function cpuPerReplica(run: MeasuredRun, repeats: readonly RepeatResult[]): (number | null)[] {
  const topic = run.manifest.workload['topic'] as { replicationFactor?: number } | undefined;
  const replicas = topic?.replicationFactor ?? 1;
  return repeats
    .filter((repeat) => repeat.runId === run.manifest.runId)
    .map(({ cpu }) => (cpu.brokerUsPerMB === null ? null : cpu.brokerUsPerMB / replicas));
}

/** The type of a run's brokers, as its manifest knows it. */
const typeOf = ({ manifest }: MeasuredRun): string | null => {
  const type = manifest.cluster.hardware?.['instanceType'];
  return typeof type === 'string' ? type : null;
};

/** null where a run does not know the type of its brokers; refuses runs of several types. */
export function instanceOf(runs: readonly MeasuredRun[]): string | null {
  const [first, ...others] = runs.map(typeOf);
  if (first == null) return null;
  const other = others.find((type) => type !== null && type !== first);
  if (other !== undefined) {
    throw new KsweepError(
      'sizing-input',
      `run: the brokers were ${first} in one run and ${other} in another`,
      {
        hint: 'name runs of one type of brokers',
      },
    );
  }
  return first;
}

/** Broker CPU with what it says of the brokers that are sized: measured on their type, or taken to hold for it. */
export function brokerCpuOf(runs: readonly MeasuredRun[], used: readonly RepeatResult[]): BrokerCpu | null {
  const usPerMB = medianOf(present(runs.flatMap((run) => cpuPerReplica(run, used))));
  if (usPerMB === null) return null;
  const type = instanceOf(runs);
  const source = 'CPU time of the brokers for a MB and replica in the run';
  return type === null
    ? {
        usPerMB,
        kind: 'assumption',
        source: `${source}, on machines of no known type, taken to hold for these`,
      }
    : { usPerMB, kind: 'measured', source: `${source}, on ${type}` };
}
