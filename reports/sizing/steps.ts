import { formatNumber } from '../../bench/common/format-number.ts';
import { type Carried, knownUpTo } from './capacity.ts';
import { type Figure, figure } from './figure.ts';
import { formatBytesPerSec, plural } from './format.ts';
import { roundUpToMultiple } from './formulas/partitions.ts';
import { BAND_NOTE, modelFigures } from './model-figures.ts';
import type { PartitionProblem } from './partition-problem.ts';
import { type PartitionSolution, TINY_START, UNKNOWN_START } from './partitions.ts';
import { raptisFigures } from './raptis-check.ts';
import type { Step } from './report.ts';
import { partitionsRestOn, produceRestsOn } from './rests-on.ts';

const RAO = 'Jun Rao, "How to choose the number of topics/partitions in a Kafka cluster?" (Confluent)';

/** The seven steps in their order, each with its number, what it rests on and its source. */
export function stepsOf(problem: PartitionProblem, solution: PartitionSolution): Step[] {
  return [
    produceStep(problem, solution),
    consumeStep(problem, solution),
    floorStep(problem, solution),
    roundingStep(problem, solution),
    capStep(problem, solution),
    hotKeyStep(problem, solution),
    growthStep(problem, solution),
  ];
}

function carriedText(carried: Carried): string {
  if (carried.partitions === null) return carried.reason;
  return {
    measured: 'the smallest measured number of partitions whose lower bound is enough',
    between: 'between two measured numbers of partitions whose lower bounds are both enough',
    model: 'beyond the sweep, from the scalability law within twice its largest number',
    assumed: 'beyond what was measured: assumed to carry no less than the end of the sweep',
    linear: 'one partition multiplied out: assumes that throughput grows in a line, which was not measured',
    'not judged':
      'producing was not judged: what one partition carries is not known (measure it, or give --per-partition)',
    'no demand': 'nothing to carry, or nothing known of it',
  }[carried.how];
}

function produceStep(problem: PartitionProblem, solution: PartitionSolution): Step {
  const { capacity } = problem;
  const { low, point, high } = solution.produce;
  const figures: Figure[] = [
    figure(
      'Required of the topic: T ÷ u',
      solution.requiredPerSec,
      'B/s',
      'assumption',
      'the larger of average ÷ its utilization and peak ÷ its utilization',
    ),
  ];
  if (capacity.perPartition !== null) {
    figures.push(
      figure(
        'One partition',
        capacity.perPartition.point,
        'B/s',
        capacity.perPartitionKind,
        capacity.perPartitionSource,
        {
          low: capacity.perPartition.low,
          high: capacity.perPartition.high,
        },
      ),
    );
  }
  if (capacity.model !== null) figures.push(...modelFigures(capacity.model));
  const { kind, source } = produceRestsOn(problem, solution);
  return {
    number: 1,
    title: 'Produce',
    result: figure('Partitions for producing', low.partitions, '', kind, source, {
      low: high.partitions,
      high: low.partitions,
    }),
    figures,
    text: `${carriedText(low)}${point.partitions === low.partitions ? '' : `; on the median ${point.partitions ?? 'none'}`}.${capacity.model === null ? '' : ` ${BAND_NOTE}`}`,
  };
}

function consumeStep(problem: PartitionProblem, solution: PartitionSolution): Step {
  const { capacity } = problem;
  const figures: Figure[] = [];
  if (capacity.perConsumer !== null) {
    figures.push(
      figure(
        'One consumer',
        capacity.perConsumer.point,
        'B/s',
        capacity.perConsumerKind,
        capacity.perConsumerSource,
        {
          low: capacity.perConsumer.low,
          high: capacity.perConsumer.high,
        },
      ),
    );
  }
  for (const need of solution.groups) {
    const { group } = need;
    if (group.perConsumerBytesPerSec !== null) {
      figures.push(
        figure(
          `One consumer of ${group.name}`,
          group.perConsumerBytesPerSec,
          'B/s',
          'assumption',
          'your answer',
        ),
      );
    }
    if (need.byReading !== null) {
      figures.push(
        figure(`${group.name}: reading`, need.byReading, 'consumers', 'assumption', `⌈T ÷ (u · c)⌉, ${RAO}`),
      );
    }
    if (group.handlerSec > 0) {
      figures.push(
        figure(
          `${group.name}: handling ${formatNumber(group.handlerSec * 1000)} ms per record`,
          need.byHandler,
          'consumers',
          'assumption',
          '⌈events/s × seconds ÷ (u · concurrency)⌉, as eventsizer (NetApp) publishes it',
        ),
      );
    }
  }
  const most = Math.max(0, ...solution.groups.map((need) => need.consumers));
  const bound = solution.groups.find((need) => need.consumers === most)?.bound;
  return {
    number: 2,
    title: 'Consume',
    result: figure('Consumers of the largest group', most, '', 'assumption', 'the most that any group needs'),
    figures,
    text:
      bound === undefined
        ? 'No consumer group.'
        : bound === 'unknown'
          ? 'What one consumer reads is not known and it has no handler time: reading was not a limit here. Give --per-consumer, or measure it.'
          : bound === 'running already'
            ? 'What one consumer carries is not known, so those that run are taken to be needed. Give --per-consumer or a handler time to have them judged.'
            : `Bound by ${bound}.`,
  };
}

function floorStep(problem: PartitionProblem, solution: PartitionSolution): Step {
  return {
    number: 3,
    title: 'Floor',
    result: figure(
      'Fewest partitions',
      solution.floor,
      '',
      solution.consumeFloor >= solution.floor ? 'assumption' : 'heuristic',
      'the largest group that the demand needs, with its spares; 2, or 4 where the demand is unknown',
    ),
    figures: [
      figure(
        'Largest group with spares',
        solution.consumeFloor,
        'consumers',
        'assumption',
        'every spare can then take over a partition',
      ),
      figure(
        'Start',
        problem.demand.known ? TINY_START : UNKNOWN_START,
        'partitions',
        'heuristic',
        'the source notes: create a topic with 2 or 4 partitions and grow it',
      ),
    ],
    text:
      solution.consumeFloor >= solution.floor
        ? 'One partition for every consumer, spares included.'
        : 'The usual small start.',
  };
}

function roundingStep(problem: PartitionProblem, solution: PartitionSolution): Step {
  const { multipleOf, needed, rounded } = solution;
  const rest = partitionsRestOn(problem, solution);
  const brokers = problem.fixedBrokers ?? solution.brokers?.brokers ?? null;
  const uneven = rounded !== null && brokers !== null && Number.isFinite(brokers) && rounded % brokers !== 0;
  const text = [
    problem.fixedBrokers !== null
      ? `A multiple of the ${plural(multipleOf, 'broker')}, so that each leads as many.`
      : `A multiple of the ${plural(multipleOf, 'zone')}, as the brokers are: rounding to a broker count that itself grows with the demand would make the partitions jump down as the demand goes up.`,
  ];
  if (rounded !== null && rounded % multipleOf !== 0) {
    const next = roundUpToMultiple(rounded, multipleOf);
    const capped = next > (solution.caps[0]?.partitions ?? next);
    text.push(
      capped
        ? 'Not rounded: the next multiple is above a cap.'
        : next > (knownUpTo(problem.capacity) ?? next)
          ? `Not rounded: nothing is known of ${next} partitions; sweep further.`
          : `Not rounded: ${next} partitions carry less than fewer do.`,
    );
  }
  if (solution.safe.partitions !== null && solution.safe.how === 'assumed') {
    text.push(
      `${solution.safe.partitions} partitions are beyond what was measured: sweep further before relying on them.`,
    );
  }
  if (uneven && brokers !== null && rounded !== null) {
    const even = Math.ceil(rounded / brokers) * brokers;
    text.push(`Over ${brokers} brokers some lead one more; ${even} would be even.`);
  }
  return {
    number: 4,
    title: 'Round up',
    result: figure('Partitions, rounded', rounded, '', rest.kind, rest.source),
    figures: [figure('Needed', needed.high, 'partitions', 'assumption', 'the largest of steps 1 to 3')],
    text: text.join(' '),
  };
}

function capStep(problem: PartitionProblem, solution: PartitionSolution): Step {
  const figures: Figure[] = solution.caps.map((cap) =>
    figure(`At most, by ${cap.constraint}`, cap.partitions, 'partitions', cap.kind, cap.reason),
  );
  figures.push(...raptisFigures(problem, solution));
  const [cap] = solution.caps;
  return {
    number: 5,
    title: 'Caps',
    result: figure(
      'Most partitions',
      cap?.partitions ?? null,
      '',
      cap?.kind ?? 'heuristic',
      cap?.reason ?? 'nothing caps a cluster whose brokers may grow',
    ),
    figures,
    text:
      cap === undefined
        ? 'The number of brokers follows the partitions: its caps are among the resources of the brokers.'
        : `The tightest cap is ${cap.constraint}.`,
  };
}

function hotKeyStep(problem: PartitionProblem, solution: PartitionSolution): Step {
  const { refused, notJudged } = solution.hotKey;
  const rate = problem.demand.peakBytesPerSec * solution.sizedFor * problem.hottestKeyShare;
  return {
    number: 6,
    title: 'Hot key',
    result: figure(
      'Peak of the hottest key',
      rate,
      'B/s',
      'assumption',
      'share × T, against u · p and u · c',
    ),
    figures: [],
    text:
      refused ??
      (problem.hottestKeyShare === 0
        ? 'No hot key was stated: an even spread is assumed.'
        : notJudged.length > 0
          ? `Not judged for ${notJudged.join('; ')}.`
          : `One partition and one consumer carry it (${formatBytesPerSec(rate)}).`),
  };
}

function growthStep(problem: PartitionProblem, solution: PartitionSolution): Step {
  const { demand } = problem;
  return {
    number: 7,
    title: 'Growth',
    result: figure(
      'Sized for',
      solution.sizedFor,
      '× today',
      'assumption',
      demand.keyed ? 'keyed: the planning horizon' : 'unkeyed: today',
    ),
    figures: [],
    text: demand.keyed
      ? 'Keyed: adding partitions later would remap the keys, so the growth is in the count from the start.'
      : 'Unkeyed: partitions can be added when the lag asks for them, so the count is for today.',
  };
}
