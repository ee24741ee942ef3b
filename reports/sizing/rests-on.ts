import { coverageText } from './coverage.ts';
import { type FigureKind, weakestKind } from './figure.ts';
import type { GroupNeed } from './group-need.ts';
import type { PartitionProblem } from './partition-problem.ts';
import type { PartitionSolution } from './partitions.ts';

/** What a result was reckoned from: its kind is that of the weakest part, and its source names the parts. */
export interface RestsOn {
  readonly kind: FigureKind;
  readonly source: string;
  /** The step that decided, in a word or two. */
  readonly binds: string;
}

/** The traffic is an answer or a default, so whatever follows from it is an assumption, however well the rest is known. */
const TRAFFIC = 'traffic as answered';

/** Step 1: which part of the capacity carried the demand. */
export function produceRestsOn({ capacity }: PartitionProblem, { produce }: PartitionSolution): RestsOn {
  const { low } = produce;
  const how = low.partitions === null ? null : low.how;
  if (how === 'no demand' || how === 'not judged')
    return { kind: 'assumption', source: 'nothing to calculate with', binds: 'nothing' };
  if (capacity.basis !== 'measured') {
    return {
      kind: weakestKind(['assumption', capacity.perPartitionKind]),
      source: `T ÷ (u · p), Jun Rao (Confluent): ${TRAFFIC}, one partition: ${capacity.perPartitionSource}`,
      binds: 'producing',
    };
  }
  const at = capacity.points.find((point) => point.partitions === low.partitions);
  const curve =
    how === 'model'
      ? 'curve extrapolated by the scalability law'
      : `curve measured${at === undefined ? '' : ` (${safeEndText(at.repeats.length)})`}`;
  return {
    kind: weakestKind(['assumption', 'measured']),
    source: `smallest N with u · X_lower(N) ≥ T: ${TRAFFIC}, ${curve}`,
    binds: 'producing',
  };
}

function safeEndText(repeats: number): string {
  return repeats < 2
    ? `${coverageText(repeats)}, so no safe end`
    : `safe end of the ${coverageText(repeats)}`;
}

/** Consumers of one group: by what it is bound, and where the figure for one of them comes from. */
export function groupRestsOn({ capacity }: PartitionProblem, { bound, group }: GroupNeed): RestsOn {
  const one =
    group.perConsumerBytesPerSec === null
      ? `one consumer: ${capacity.perConsumerKind === 'measured' ? `measured, ${capacity.perConsumerSource}` : capacity.perConsumerSource}`
      : 'one consumer: your answer';
  const source = {
    reading: `reading: ${TRAFFIC}, ${one}`,
    handler: `handler: ${TRAFFIC}, handler time as answered`,
    'running already': 'running already: nothing is known of one consumer',
    unknown: 'unknown: nothing is known of one consumer',
  }[bound];
  return { kind: 'assumption', source, binds: bound };
}

/** The recommended partitions: by the step that decided, and whether they were rounded after it. */
export function partitionsRestOn(problem: PartitionProblem, solution: PartitionSolution): RestsOn {
  const { needed, produce, rounded, multipleOf, safe } = solution;
  const step = decidingStep(problem, solution);
  const beyond =
    safe.partitions !== null && safe.how === 'assumed' && produce.low.partitions !== safe.partitions
      ? '; so many were not measured'
      : '';
  const isRounded = rounded !== null && rounded !== needed.high;
  return {
    kind: weakestKind(isRounded ? [step.kind, 'heuristic'] : [step.kind]),
    source: `${step.source}${beyond}${isRounded ? `; rounded up to a multiple of ${multipleOf}` : ''}`,
    binds: step.binds,
  };
}

function decidingStep(problem: PartitionProblem, solution: PartitionSolution): RestsOn {
  const { needed, produce, consumeFloor, groups } = solution;
  const { low } = produce;
  if (low.partitions === null) return produceRestsOn(problem, solution);
  const carries = low.how !== 'no demand' && low.how !== 'not judged' && low.partitions > 1;
  if (carries && needed.high === low.partitions) return produceRestsOn(problem, solution);
  if (needed.high !== null && consumeFloor === needed.high) {
    const largest = groups.find((need) => need.consumers + need.group.spares === consumeFloor);
    if (largest !== undefined) {
      const { kind, source } = groupRestsOn(problem, largest);
      return {
        kind,
        source: `${largest.group.name} with its spares, ${source}`,
        binds: `consumers of ${largest.group.name}`,
      };
    }
  }
  if (needed.high !== null && needed.high > solution.floor) {
    return {
      kind: 'assumption',
      source: `from the floor of ${solution.floor} up the smallest that carries T`,
      binds: 'producing',
    };
  }
  return {
    kind: problem.demand.known ? 'assumption' : 'heuristic',
    source: problem.demand.known
      ? `the usual small start: ${TRAFFIC} needs no more`
      : 'the usual small start',
    binds: 'the usual start',
  };
}
