import type { HostFigures } from '../../results/host-figures.ts';
import type { Reason, RepeatResult } from '../../results/result.ts';
import { delayedBy } from './host-delay.ts';

/** What the verdict on a repeat's validity looks at; all over the measured window unless said otherwise. */
export interface ValidityFacts {
  readonly rate: RepeatResult['rate'];
  readonly counts: RepeatResult['counts'];
  readonly steady: boolean | null;
  readonly lagGrowing: boolean;
  readonly latencyUs: RepeatResult['latencyUs'];
  readonly generator: Omit<RepeatResult['generator'], 'wasLimit'>;
  /** The hosts that generated the load. */
  readonly hosts: readonly HostFigures[];
  /** A load host that is at the end of what it has, in words; null where none is, or all is on the coordinator's host. */
  readonly hostAtLimit: string | null;
  /** Behind what a host is to blame for: how many hosts it would take; empty where it is not known. */
  readonly hostsNeeded: string;
  readonly windowSec: number;
  readonly producers: number;
  readonly drainMissing: readonly string[];
  /** Producers whose client took no more records, and why. */
  readonly refused: readonly string[];
  /** The workload disturbs brokers or consumers on purpose: duplicates and a shortfall are what it wants to see. */
  readonly disrupted: boolean;
  /** Commits hold back sending: late records are the transactions' doing. */
  readonly transactional: boolean;
  readonly hasBacklog: boolean;
  /** Members of all groups. */
  readonly consumers: number;
  /** The topic is not the repeat's own: others may write to it. */
  readonly sharedTopic: boolean;
  /** Consumers that their group put out for not having polled in time, with the time, ms. */
  readonly pollExceeded: readonly string[];
}

export interface Verdict {
  readonly reasons: readonly Reason[];
  readonly notes: readonly Reason[];
  readonly generatorWasLimit: boolean;
}

const MIN_ACHIEVED = 0.99;
const BUSY_PERCENT = 95;
/** A record sent this much late, with room in the client's queue, was held up by the generator itself. */
const MAX_SCHEDULE_DELAY_US = 20_000;
const MAX_EVENT_LOOP_DELAY_US = 100_000;
/** Share of the window with a full queue from which late sends are the cluster's back-pressure. */
const BACK_PRESSURE_SHARE = 0.01;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const ms = (us: number): string => `${(us / 1000).toFixed(1)} ms`;

/** Whether the generators, and not the cluster, held the load back; null where they did not. */
function generatorLimit(facts: ValidityFacts): string | null {
  const { generator, rate, latencyUs } = facts;
  const backPressure =
    facts.transactional ||
    generator.queueFullMs > BACK_PRESSURE_SHARE * facts.windowSec * 1000 * Math.max(1, facts.producers);
  if (generator.cpuMaxPercent >= BUSY_PERCENT && (rate.kind === 'max' || rate.kind === 'consume')) {
    return `a generator used ${generator.cpuMaxPercent.toFixed(0)} % of a core: the client was the limit`;
  }
  if (backPressure || rate.kind === 'max' || rate.kind === 'consume') return null;
  const delay = latencyUs['due-to-sent']?.percentilesUs.p99 ?? null;
  if (delay !== null && delay > MAX_SCHEDULE_DELAY_US) {
    return `records were sent late (p99 ${ms(delay)}) although the client’s queue had room`;
  }
  if (generator.eventLoopDelayP99Us > MAX_EVENT_LOOP_DELAY_US) {
    return `a generator's event loop was held up (p99 ${ms(generator.eventLoopDelayP99Us)})`;
  }
  const short = rate.achievedOverOffered !== null && rate.achievedOverOffered < MIN_ACHIEVED;
  return short && generator.cpuMaxPercent >= BUSY_PERCENT
    ? `a generator used ${generator.cpuMaxPercent.toFixed(0)} % of a core and could not reach the offered rate`
    : null;
}

/** Whose doing a generator's limit was. */
function limitReason({ hosts, hostAtLimit, hostsNeeded }: ValidityFacts, limit: string): Reason {
  const delayed = delayedBy(hosts);
  if (delayed !== null) return { code: 'host-delayed', message: `${delayed}: ${limit}${hostsNeeded}` };
  if (hostAtLimit === null) return { code: 'generator-limit', message: limit };
  return { code: 'host-limit', message: `${hostAtLimit}: ${limit}${hostsNeeded}` };
}

/** The rate was not reached, and a load host is at its end: a full queue is then not the cluster's back-pressure. */
function shortByHost({ rate, hostAtLimit, hostsNeeded }: ValidityFacts): Reason | null {
  const short = rate.achievedOverOffered !== null && rate.achievedOverOffered < MIN_ACHIEVED;
  if (!short || hostAtLimit === null) return null;
  return { code: 'host-limit', message: `${hostAtLimit}${hostsNeeded}` };
}

/** A zero that nobody measured is no figure, whatever it is a figure of. */
function nothingMeasured({ rate, producers, consumers }: ValidityFacts): Reason[] {
  const reasons: Reason[] = [];
  if (producers > 0 && rate.achievedPerSec === 0 && rate.offeredPerSec !== 0) {
    reasons.push({ code: 'nothing-acknowledged', message: 'nothing was acknowledged in the window' });
  }
  if (consumers > 0 && rate.receivedPerSec === 0) {
    reasons.push({ code: 'nothing-read', message: 'nothing was read in the window' });
  }
  return reasons;
}

/**
 * Judges one repeat. Valid: achieved ≥ 99 % of offered, nothing lost, duplicated or unexpectedly failed, a steady
 * state, the generator not the limit, lag not growing, everything drained. At maximum rate the generator being the
 * limit does not spoil the figure, but says whose limit it is: a note.
 */
export function judge(facts: ValidityFacts): Verdict {
  const reasons: Reason[] = [];
  const notes: Reason[] = [];
  const { counts, rate, disrupted } = facts;
  const open = rate.kind === 'max' || rate.kind === 'consume';

  const limit = generatorLimit(facts);
  const held = limit === null ? shortByHost(facts) : limitReason(facts, limit);
  if (held !== null) (open ? notes : reasons).push(held);

  for (const message of facts.refused) reasons.push({ code: 'refused-record', message });
  if (!open && rate.offeredPerSec === 0) {
    reasons.push({ code: 'nothing-due', message: 'no record was due in the measured window' });
  }
  reasons.push(...nothingMeasured(facts));
  if (!disrupted && rate.achievedOverOffered !== null && rate.achievedOverOffered < MIN_ACHIEVED) {
    reasons.push({
      code: 'not-sustained',
      message: `achieved ${percent(rate.achievedOverOffered)} of the offered rate; at least ${percent(MIN_ACHIEVED)} is needed`,
    });
  }
  if (counts.lost !== null && counts.lost > 0)
    reasons.push({ code: 'lost', message: `${counts.lost} acknowledged records were never received` });
  if (counts.foreign > 0) {
    const unsure =
      counts.lost === null ? '; whether any record was lost is not known, as it may be among them' : '';
    const message = `${counts.foreign} records were received and not recognised: they do not carry this repeat’s stamp${unsure}`;
    // Of others' records in a topic that is shared nothing is amiss, as long as all of our own were among what came.
    const expected = facts.sharedTopic && counts.lost !== null;
    (expected ? notes : reasons).push({ code: 'not-recognised', message });
  }
  if (counts.duplicated !== null && counts.duplicated > 0) {
    const message = `${counts.duplicated} records were received more than once`;
    (disrupted ? notes : reasons).push({ code: 'duplicated', message });
  }
  if (counts.outOfOrder > 0) {
    const message = `${counts.outOfOrder} records were received out of order within their partition`;
    (disrupted ? notes : reasons).push({ code: 'out-of-order', message });
  }
  if (counts.failed > 0)
    reasons.push({ code: 'failed-records', message: `${counts.failed} records were not delivered` });
  if (counts.abortedTransactions > 0) {
    reasons.push({
      code: 'aborted-transactions',
      message: `${counts.abortedTransactions} transactions were aborted`,
    });
  }
  if (!disrupted && facts.steady === false) {
    reasons.push({
      code: 'not-steady',
      message: 'no steady state: the figures drifted past the middle of the window (MSER-5)',
    });
  }
  for (const message of facts.pollExceeded) reasons.push({ code: 'poll-interval-exceeded', message });
  if (facts.lagGrowing && !facts.hasBacklog && !disrupted) {
    const message = 'consumer lag was growing: the consumers cannot keep up with this rate';
    (open ? notes : reasons).push({ code: 'lag-growing', message });
  }
  for (const message of facts.drainMissing) reasons.push({ code: 'drain-incomplete', message });
  return { reasons, notes, generatorWasLimit: held !== null };
}
