import { resolve } from 'node:path';
import { redact } from '../../common/redact.ts';
import { FEWEST_BLOCKS } from '../../jobs/compare/against.ts';
import {
  describeRepeatLengths,
  earlierRun,
  type RepeatLength,
  repeatLengths,
} from '../../jobs/compare/repeat-length.ts';
import type { DryRun, PlannedLoadHost } from '../../results/dry-run.ts';
import { type LoadedRun, loadRun } from '../../results/load-run.ts';
import type { Against } from '../../results/manifest.ts';
import { crossWarnings } from '../../workload/cross-rules.ts';
import { ASSUMED_OVERHEAD_MS, describePlan, estimateMs } from '../../workload/dry-run.ts';
import type { LoadedWorkload } from '../../workload/load.ts';
import type { RunFlags } from './flags.ts';

/** What is to be measured; `against` where it is interleaved with a base. */
export type Loaded = LoadedWorkload & { readonly against?: Against };

export const describeDropped = ({ dropped }: Loaded): string[] =>
  dropped.map((axis) => `${axis} is not swept: --set gives it one value`);

export function describeAgainst({ workload }: Loaded, { runId, differences }: Against): string[] {
  const what =
    differences.length === 0
      ? ['both sides are the same: what differs between them is noise']
      : differences.map((text) => `base against candidate: ${text}`);
  const few =
    workload.repeats < FEWEST_BLOCKS
      ? [
          `${workload.repeats} blocks show large differences alone: the rank test needs ${FEWEST_BLOCKS}, 10 are usual (--set repeats=10)`,
        ]
      : [];
  return [`interleaved with the configuration of run ${runId}`, ...what, ...few];
}

export const printable = (value: unknown): string => JSON.stringify(redact(value));

/** Who runs where: for people, and for machines. */
interface Places {
  readonly lines: readonly string[];
  readonly hosts: readonly PlannedLoadHost[];
}

/** What the plan is, who runs where, how long it takes, and how long a repeat should be where an earlier run tells. */
export async function dryRun(loaded: Loaded, flags: RunFlags, places: Places): Promise<void> {
  const { plan } = loaded;
  const earlier =
    flags.against === undefined
      ? await earlierRun(resolve(flags.results), loaded.workload.name)
      : await loadRun(resolve(flags.against));
  const lengths = earlier === null ? [] : await lengthsOf(loaded, earlier);
  if (flags.json !== true) {
    for (const line of describeDropped(loaded)) console.log(line);
    if (loaded.against !== undefined) console.log(describeAgainst(loaded, loaded.against).join('\n'));
    for (const warning of crossWarnings(plan.cells)) console.error(`warning: ${warning}`);
    console.log([describePlan(plan, ASSUMED_OVERHEAD_MS), ...places.lines].join('\n'));
    const runId = earlier?.manifest.runId ?? '';
    for (const line of describeRepeatLengths(runId, lengths)) console.log(line);
    return;
  }
  const cells = plan.cells.map(({ id, label, settings }) => ({ id, label, settings }));
  const document: DryRun = {
    cells,
    ...(loaded.dropped.length === 0 ? {} : { notSwept: [...loaded.dropped] }),
    excluded: [...plan.excluded],
    order: [...plan.repeats],
    seed: plan.seed,
    loadHosts: [...places.hosts],
    estimatedMs: estimateMs(plan, ASSUMED_OVERHEAD_MS),
    ...(earlier === null || lengths.length === 0
      ? {}
      : { repeatLength: { runId: earlier.manifest.runId, figures: lengths } }),
  };
  console.log(printable(document));
}

/** Searches choose their windows themselves. The cells of `--against` have their side as a setting more. */
function lengthsOf({ plan }: Loaded, earlier: LoadedRun): Promise<RepeatLength[]> {
  const cells = plan.cells.flatMap(({ label, settings: { side, ...settings }, workload: { load } }) => {
    const searched = load.rate !== 'max' && 'search' in load.rate;
    return searched || side === 'candidate' ? [] : [{ label, settings, plannedSec: load.duration / 1000 }];
  });
  return repeatLengths(earlier, cells);
}
