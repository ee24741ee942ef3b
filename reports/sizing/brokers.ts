import type { BrokerHardware } from './broker-hardware.ts';
import type { BrokerLoad } from './broker-load.ts';
import { type Figure, type FigureKind, figure, weakestKind } from './figure.ts';
import { plural } from './format.ts';
import { type Failures, lostOf } from './formulas/failures.ts';
import { roundUp, roundUpToMultiple } from './formulas/partitions.ts';
import { notJudged } from './not-judged.ts';
import type { BrokerPolicy } from './policy.ts';
import type { Broken, NotJudged } from './report.ts';
import { type Resource, resourcesOf } from './resources.ts';

/** Brokers that one resource asks for. */
interface ResourceNeed {
  readonly resource: string;
  /** Brokers in working order, not rounded to zones. */
  readonly brokers: number;
  /** Brokers with the failures that are allowed, and a multiple of the zones. */
  readonly brokersWithFailures: number;
  /** Share of the resource in use at the peak with the brokers of the answer, and with the failures that are allowed. */
  readonly utilizationAtPeak: number | null;
  readonly utilizationAfterFailure: number | null;
  /** What the count rests on, and what the limit alone does. */
  readonly kind: FigureKind;
  readonly limitKind: FigureKind;
  readonly source: string;
}

export interface BrokerSizing {
  readonly load: BrokerLoad;
  /** Brokers that the demand needs. */
  readonly needed: number;
  /** Brokers of the answer: those that there are, else those that are needed. Everything is reckoned with these. */
  readonly brokers: number;
  readonly binding: string;
  /** How the needed count came about: "network out needs 3 → 4 with 1 broker lost → 6 as a multiple of 3 zones". */
  readonly why: string;
  /** Brokers with no failure to survive. */
  readonly withoutFailures: number;
  readonly needs: readonly ResourceNeed[];
  readonly notJudged: readonly NotJudged[];
  readonly figures: readonly Figure[];
  /** Every limit that is broken; empty where the demand can be met. */
  readonly infeasible: readonly Broken[];
}

/** The resource that asks for the most brokers; of several, the one that is closest to asking for more. */
function bindingAt(list: readonly Resource[], alone: readonly number[]): number {
  const own = (i: number) => Math.max(list[i]?.standing ?? 0, list[i]?.left ?? 0);
  return list.reduce((worst, _, i) => {
    const most = alone[worst] ?? 0;
    const here = alone[i] ?? 0;
    return here > most || (here === most && own(i) > own(worst)) ? i : worst;
  }, 0);
}

/** Brokers that are left of `total` when the failures that are allowed have happened. */
export function survivors(total: number, failures: Failures, zones: number): number {
  return total - lostOf(total, failures, zones);
}

/** The fewest brokers, a multiple of `multipleOf`, that are `floor` and of which `needed` survive. */
function withFailures(
  needed: number,
  floor: number,
  { failures, zones }: BrokerPolicy,
  multipleOf: number,
): number {
  const least = Math.max(needed, floor, 1);
  if (!Number.isFinite(least)) return least;
  if (failures === 'zone' && zones === 1) return Number.POSITIVE_INFINITY;
  // As many as survive if zones were cut exactly; whole brokers in a zone may ask for a few more.
  const atLeast = failures === 'zone' ? Math.floor((needed * zones) / (zones - 1)) : needed + failures;
  let total = roundUpToMultiple(Math.max(least, atLeast), multipleOf);
  while (survivors(total, failures, zones) < needed) total += multipleOf;
  return total;
}

const countOf = ({ standing, left }: Resource) => roundUp(Math.max(standing, left));

/** Why few became many, in one line. */
function whyOf(binding: Resource, total: number, policy: BrokerPolicy): string {
  const multipleOf = policy.multipleOf ?? policy.zones;
  const working = Math.max(1, countOf(binding));
  if (!Number.isFinite(total)) return `no number of brokers satisfies ${binding.resource}`;
  const steps = [`${binding.resource} needs ${working}`];
  const lost = withFailures(Math.max(1, roundUp(binding.left)), roundUp(binding.standing), policy, 1);
  if (lost > working) {
    const what = policy.failures === 'zone' ? 'a zone' : plural(policy.failures, 'broker');
    steps.push(`${lost} with ${what} lost`);
  }
  if (total > lost) steps.push(`${total} as a multiple of ${plural(multipleOf, 'zone')}`);
  return steps.join(' → ');
}

function brokenLimits(needs: readonly ResourceNeed[], policy: BrokerPolicy): Broken[] {
  if (policy.failures === 'zone' && policy.zones === 1) {
    return [{ constraint: 'failures', message: 'one zone: nothing is left when that zone is lost' }];
  }
  const most = policy.given ?? policy.maxBrokers ?? Number.POSITIVE_INFINITY;
  const held = policy.given === undefined ? `${most} may be` : `there are ${most}`;
  return needs
    .filter((need) => need.brokersWithFailures > most || !Number.isFinite(need.brokersWithFailures))
    .sort((a, b) => b.brokersWithFailures - a.brokersWithFailures)
    .map(({ resource, brokersWithFailures: count }) => ({
      constraint: resource,
      message: Number.isFinite(count)
        ? `${count} brokers are needed (${resource}), ${held}`
        : `no number of brokers satisfies ${resource}`,
    }));
}

function needsOf(
  list: readonly Resource[],
  alone: readonly number[],
  total: number,
  policy: BrokerPolicy,
): ResourceNeed[] {
  const left = survivors(total, policy.failures, policy.zones);
  return list.map((one, i) => {
    const share = (available: number) =>
      one.peakBrokers === null || available <= 0 || !Number.isFinite(available)
        ? null
        : one.peakBrokers / available;
    return {
      resource: one.resource,
      brokers: countOf(one),
      brokersWithFailures: alone[i] ?? total,
      utilizationAtPeak: share(total),
      utilizationAfterFailure: share(left),
      // Traffic, replication factor and failures are answers or defaults, whatever the limit they are held against.
      kind: weakestKind(['assumption', one.limitKind]),
      limitKind: one.limitKind,
      source: one.source,
    };
  });
}

/**
 * Brokers: the most that any resource asks for. Average load keeps its watermark with every broker up, the peak keeps
 * its own with those that are left after the failures (t/(B − 1)); the count is a multiple of the zones. More demand
 * never gives fewer, more utilization never more.
 */
export function sizeBrokers(load: BrokerLoad, hardware: BrokerHardware, policy: BrokerPolicy): BrokerSizing {
  const list = resourcesOf(load, hardware, policy);
  const multipleOf = policy.multipleOf ?? policy.zones;
  const alone = list.map((one) =>
    withFailures(Math.max(1, roundUp(one.left)), roundUp(one.standing), policy, multipleOf),
  );
  const needed = Math.max(...alone);
  const brokers = policy.given ?? needed;
  const withoutFailures = roundUpToMultiple(Math.max(1, ...list.map(countOf)), multipleOf);
  const needs = needsOf(list, alone, brokers, policy);
  const at = bindingAt(list, alone);
  const binding = list[at] as Resource;
  const why = whyOf(binding, needed, policy);
  const kind = weakestKind(['assumption', binding.limitKind]);
  const source = `${why}; ${binding.source} (${binding.limitKind})`;
  const count =
    policy.given === undefined
      ? [figure('Brokers', needed, '', kind, source)]
      : [
          figure('Brokers that there are', policy.given, '', 'assumption', 'your answer'),
          figure('Brokers that the demand needs', needed, '', kind, source),
        ];
  return {
    load,
    needed,
    brokers,
    binding: binding.resource,
    why,
    withoutFailures,
    needs,
    notJudged: notJudged(load, hardware, policy),
    figures: [
      ...count.map((one) => ({
        ...one,
        binds: one.value === policy.given && one.source === 'your answer' ? 'your answer' : binding.resource,
      })),
      {
        ...figure('Brokers without a failure to survive', withoutFailures, '', kind, binding.source),
        binds: binding.resource,
      },
    ],
    infeasible: brokenLimits(needs, policy),
  };
}
