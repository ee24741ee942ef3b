import type { BrokerHardware, HardwareAnswers } from './broker-hardware.ts';
import { formatDuration } from './format.ts';
import { type Failures, usualMinInsync } from './formulas/failures.ts';
import { whyNotSurvived } from './input/demand.ts';
import type { WayOut } from './report.ts';
import type { SharedPolicy } from './resolve-policy.ts';

/** One step away from the problem as it was stated. */
interface Change<P> {
  readonly change: string;
  readonly apply: (problem: P) => P;
}

/** Steps of one input, the nearest first. */
export type Dimension<P> = readonly Change<P>[];

/** A problem that was changed and solved. */
export interface Judged {
  readonly feasible: boolean;
  /** What the answer is then, in words. */
  readonly answer: string;
  readonly costPerMonth: number | null;
}

/** The brokers with other answers; null where the catalogue has none such. */
export interface HardwareVariants {
  readonly answers: HardwareAnswers;
  readonly resolve: (more: Partial<HardwareAnswers>) => BrokerHardware | null;
  /** Types that may be taken instead, with the one that is asked for; empty where it has to be that one. */
  readonly types: readonly string[];
}

/** Pairs are tried only this far from where we stand. */
const PAIR_STEPS = 4;

const firstFeasible = <P>(problem: P, steps: Dimension<P>, judge: (problem: P) => Judged) => {
  for (const step of steps) {
    const judged = judge(step.apply(problem));
    if (judged.feasible) return { change: step.change, judged };
  }
  return null;
};

/**
 * The nearest changes that make an infeasible problem feasible: of each input alone the smallest step that does, and
 * where none does alone, of two inputs together. The cheapest first; empty where nothing within reach helps.
 */
export function waysOut<P>(
  problem: P,
  dimensions: readonly Dimension<P>[],
  judge: (problem: P) => Judged,
  currency: string,
): WayOut[] {
  const found: { change: string; judged: Judged }[] = [];
  for (const steps of dimensions) {
    const way = firstFeasible(problem, steps, judge);
    if (way !== null) found.push(way);
  }
  if (found.length === 0) found.push(...pairs(problem, dimensions, judge));
  const price = ({ judged }: { judged: Judged }) => judged.costPerMonth ?? Number.POSITIVE_INFINITY;
  return found
    .sort((a, b) => (price(a) === price(b) ? 0 : price(a) - price(b)))
    .map(({ change, judged: { answer, costPerMonth } }) => ({
      change,
      answer,
      costPerMonth,
      currency: costPerMonth === null ? null : currency,
    }));
}

function pairs<P>(problem: P, dimensions: readonly Dimension<P>[], judge: (problem: P) => Judged) {
  return dimensions.flatMap((first, i) =>
    dimensions.slice(i + 1).flatMap((second) => {
      const steps = first.slice(0, PAIR_STEPS).flatMap((a, x) =>
        second.slice(0, PAIR_STEPS).map((b, y) => ({
          far: x + y,
          change: `${a.change}, ${b.change}`,
          apply: (one: P) => b.apply(a.apply(one)),
        })),
      );
      const way = firstFeasible(
        problem,
        steps.sort((a, b) => a.far - b.far),
        judge,
      );
      return way === null ? [] : [way];
    }),
  );
}

const RETENTIONS_SEC = [30, 21, 14, 10, 7, 5, 4, 3, 2, 1, 1 / 2, 1 / 4, 1 / 8, 1 / 24].map(
  (day) => day * 86_400,
);
const FACTORS = [2, 3, 4, 6, 8];

/** More and larger disks. */
function diskSteps<P extends { hardware: BrokerHardware }>({
  answers,
  resolve,
}: HardwareVariants): Dimension<P> {
  const question = answers.diskSize !== undefined ? 'diskSize' : 'volumes';
  const now = answers[question] ?? 1;
  return FACTORS.flatMap((factor) => {
    const hardware = resolve({ [question]: now * factor });
    const change =
      question === 'volumes' ? `volumes ${now} → ${now * factor}` : `disks of ${factor} times the size`;
    return hardware === null ? [] : [{ change, apply: (problem: P) => ({ ...problem, hardware }) }];
  });
}

/**
 * Whether a type may stand beside others: its rates are known, and it does not live on CPU credits, which a demand
 * without a CPU figure asks nothing of. The type that was asked for is sized all the same.
 */
export const isComparable = ({
  express,
  networkBytesPerSec,
  storageBytesPerSec,
  warnings,
}: BrokerHardware): boolean =>
  express !== null ||
  (networkBytesPerSec !== null &&
    storageBytesPerSec !== null &&
    !warnings.some((one) => one.code === 'burstable'));

const familyOf = (type: string) => type.slice(0, type.lastIndexOf('.'));

/** Larger types of the same family in the catalogue's order, then everything else. */
function typeSteps<P extends { hardware: BrokerHardware }>(
  current: BrokerHardware,
  { types, resolve }: HardwareVariants,
): [same: Dimension<P>, other: Dimension<P>] {
  const at = types.indexOf(current.instance);
  const stepTo = (type: string): Dimension<P> => {
    const hardware = resolve({ instance: type });
    return hardware === null || !isComparable(hardware)
      ? []
      : [{ change: `instance ${type}`, apply: (problem: P) => ({ ...problem, hardware }) }];
  };
  const family = familyOf(current.instance);
  return [
    types.filter((type, i) => i > at && familyOf(type) === family).flatMap(stepTo),
    types.filter((type) => familyOf(type) !== family).flatMap(stepTo),
  ];
}

/** As many brokers as the demand needs, in place of those that may be, or are, there. */
export function moreBrokers<P extends { maxBrokers: number | null; fixedBrokers?: number | null }>(
  { maxBrokers, fixedBrokers = null }: P,
  needed: number,
): Dimension<P> {
  const most = fixedBrokers ?? maxBrokers;
  if (most === null || needed <= most || !Number.isFinite(needed)) return [];
  const apply = (problem: P) => ({
    ...problem,
    maxBrokers: null,
    ...(fixedBrokers === null ? {} : { fixedBrokers: needed }),
  });
  return [{ change: `brokers ${most} → ${needed}`, apply }];
}

/** What every problem has that chooses brokers. */
interface Sizable extends SharedPolicy {
  readonly hardware: BrokerHardware;
}

/** Volumes, type and utilization of any problem. */
export function hardwareDimensions<P extends Sizable>(
  problem: P,
  variants: HardwareVariants | undefined,
  judge: (problem: P) => Judged,
): Dimension<P>[] {
  if (variants === undefined) return [];
  const [same, others] = typeSteps<P>(problem.hardware, variants);
  // Of other families not the first that does is near, but the cheapest.
  const cheapest = others
    .map((step) => ({ step, judged: judge(step.apply(problem)) }))
    .filter(({ judged }) => judged.feasible && judged.costPerMonth !== null)
    .sort((a, b) => (a.judged.costPerMonth ?? 0) - (b.judged.costPerMonth ?? 0))
    .slice(0, 1)
    .map(({ step }) => step);
  return [diskSteps<P>(variants), same, cheapest];
}

const points = (share: number, more: number) => Math.min(1, share + more);

/** More of each limit. */
export function utilizationDimension<P extends SharedPolicy>(): Dimension<P> {
  return [0.1, 0.2].map((more) => ({
    change: `utilization +${more * 100} points`,
    apply: (problem: P) => ({
      ...problem,
      utilizationAverage: points(problem.utilizationAverage, more),
      utilizationPeak: points(problem.utilizationPeak, more),
    }),
  }));
}

export function retentionDimension<P>(
  now: number,
  apply: (problem: P, retentionSec: number) => P,
): Dimension<P> {
  return RETENTIONS_SEC.filter((sec) => sec < now).map((sec) => ({
    change: `retention ${formatDuration(now)} → ${formatDuration(sec)}`,
    apply: (problem: P) => apply(problem, sec),
  }));
}

interface Replicas {
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number;
  readonly failures: Failures;
  readonly zones: number;
}

/** One replica fewer, where what is said to survive still does. */
function replicasDimension<P, R extends Replicas>(
  now: R,
  apply: (problem: P, replicas: R) => P,
): Dimension<P> {
  const replicationFactor = now.replicationFactor - 1;
  if (replicationFactor < 1) return [];
  const minInsyncReplicas = Math.min(now.minInsyncReplicas, usualMinInsync(replicationFactor));
  const survived = whyNotSurvived(replicationFactor, minInsyncReplicas, now.failures, now.zones) === null;
  if (!survived) return [];
  const replicas = { ...now, replicationFactor, minInsyncReplicas };
  const change = `replication factor ${now.replicationFactor} → ${replicationFactor}, min.insync.replicas ${minInsyncReplicas}`;
  return [{ change, apply: (problem: P) => apply(problem, replicas) }];
}

/** Fewer failures to survive: said as what it is. */
export function failuresDimension<P, R extends Replicas>(
  now: R,
  apply: (problem: P, replicas: R) => P,
): Dimension<P> {
  const fewer: Failures[] = now.failures === 'zone' ? [1, 0] : now.failures > 0 ? [now.failures - 1] : [];
  return fewer.map((failures) => ({
    change: `brokers that may be lost ${now.failures} → ${failures}`,
    apply: (problem: P) => apply(problem, { ...now, failures }),
  }));
}

interface Kept extends Sizable {
  readonly retentionSec: number;
}

/**
 * The ways out of a problem whose topics are all alike: its brokers, their hardware, then what is asked of them.
 * `withReplicas` puts replicas where the problem has them.
 */
export function waysOutOfAlike<P extends Kept, R extends Replicas>(
  problem: P,
  asked: {
    readonly brokers: Dimension<P>;
    readonly replicas: R;
    readonly withReplicas: (problem: P, replicas: R) => P;
    readonly judge: (problem: P) => Judged;
  },
  variants: HardwareVariants | undefined,
  currency: string,
): WayOut[] {
  const { brokers, replicas, withReplicas, judge } = asked;
  const dimensions = [
    brokers,
    ...hardwareDimensions(problem, variants, judge),
    retentionDimension<P>(problem.retentionSec, (other, retentionSec) => ({ ...other, retentionSec })),
    replicasDimension(replicas, withReplicas),
    failuresDimension(replicas, withReplicas),
    utilizationDimension<P>(),
  ];
  return waysOut(problem, dimensions, judge, currency);
}
