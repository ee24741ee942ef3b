import { KsweepError } from '../../bench/common/errors.ts';
import type { Scalar } from '../../bench/common/scalar.ts';
import { differences, fingerprintOf } from '../../bench/results/fingerprint.ts';
import type { MeasuredRun, Sample } from './measured-run.ts';

/** Settings that may differ between pooled runs: what is swept here, and what does not change the rate carried. */
const FREE = [
  'name',
  'description',
  'topic.name',
  'topic.partitions',
  'load.warmup',
  'load.duration',
  'load.drainLimit',
  'sweep',
  'repeats',
  'seed',
  'thresholds',
];
/** Of the load generator's host only what makes it quicker or slower; of the cluster everything. */
const GROUND =
  /^(cluster\.|hardware\.|pinned\.|generator\.(cpuModel|cpuCount|memoryBytes|client|librdkafka)$)/;

const isFree = (name: string) => FREE.some((free) => name === free || name.startsWith(`${free}.`));

function flatten(value: unknown, name: string, into: Record<string, unknown>): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    into[name] = typeof value === 'object' ? JSON.stringify(value) : value;
    return;
  }
  for (const [key, inner] of Object.entries(value))
    flatten(inner, name === '' ? key : `${name}.${key}`, into);
}

/** A copy of a resolved workload with one setting changed, by the name that an axis has: workloads know their names. */
export type Settle = (workload: unknown, setting: string, value: Scalar) => unknown;

/** Everything that a sample's rate depends on beside the partitions, by name. */
function groundOf({ manifest }: MeasuredRun, { repeat }: Sample, settle: Settle): Record<string, unknown> {
  // `side` names the half of an interleaved run, which --where has chosen; it is no setting.
  const swept = Object.entries(repeat.settings).filter(([setting]) => setting !== 'side');
  const workload = repeat.settings['side'] === 'base' ? manifest.against?.workload : undefined;
  const cell = swept.reduce<unknown>(
    (whole, [setting, value]) => settle(whole, setting, value),
    workload ?? manifest.workload,
  );
  const flat: Record<string, unknown> = {};
  flatten(cell, '', flat);
  const all = { ...fingerprintOf(manifest), ...flat };
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => (name in flat ? !isFree(name) : GROUND.test(name))),
  );
}

/**
 * Several runs make one curve only where they differ in the partitions alone.
 * Throws KsweepError('sizing-input'), naming every difference.
 */
export function refuseOtherGround(
  runs: readonly MeasuredRun[],
  samples: readonly Sample[],
  settle: Settle,
): void {
  if (runs.length < 2) return;
  const grounds = runs.flatMap((run) => {
    const { runId } = run.manifest;
    const sample = samples.find(({ repeat }) => repeat.runId === runId);
    return sample === undefined ? [] : [{ runId, ground: groundOf(run, sample, settle) }];
  });
  const [first, ...others] = grounds;
  if (first === undefined) return;
  const twice = others.find(({ runId }, i) => grounds.findIndex((one) => one.runId === runId) <= i);
  if (twice !== undefined) {
    throw new KsweepError('sizing-input', `run: ${twice.runId} was named twice`, {
      hint: 'its repeats would count double: name each run once',
    });
  }
  const details = others.flatMap(({ runId, ground }) =>
    differences(first.ground, ground).map(
      ({ name, before, after }) => `${name}: ${before} in ${first.runId} against ${after} in ${runId}`,
    ),
  );
  if (details.length === 0) return;
  throw new KsweepError('sizing-input', 'run: these runs differ in more than their partitions', {
    details,
    hint: 'one curve needs one ground: name runs of one cluster and configuration, or narrow a sweep with --where',
  });
}
