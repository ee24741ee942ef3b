import type { BrokerFigures } from '../../../brokers/figures.ts';
import type { BrokersAsSeen } from '../../../common/broker-as-seen.ts';
import type { HostFigures } from '../../../results/host-figures.ts';
import type { Binding, RepeatResult } from '../../../results/result.ts';

/** What is known of a repeat when it is asked what held it back. */
export interface BoundFacts {
  readonly hosts: readonly HostFigures[];
  readonly generator: RepeatResult['generator'];
  readonly windowSec: number;
  readonly producers: number;
  readonly consumers: number;
  readonly lagGrowing: boolean;
  readonly handlerMs: number;
  /** Records a second that the groups' handlers had to get through, all groups together. */
  readonly toHandlePerSec: number;
  readonly concurrency: number;
  /** Of the producers: batch.size, and max.in.flight.requests.per.connection. */
  readonly batchSizeBytes: number;
  readonly maxInFlight: number;
  /** Mean figures of each broker over the window, by name; none where no metrics were read. */
  readonly brokers: ReadonlyMap<string, BrokerFigures>;
  /** What the producers saw of each broker over the window, by host:port/id. */
  readonly brokersAsSeen: BrokersAsSeen;
  /** CPU of the brokers and the processors they share, where they are on this machine and CPU is seen. */
  readonly brokersCpuPercent: number | null;
  readonly brokerProcessors: number | null;
  /** Baseline of one broker's network, bytes a second each way; null where it is not known. */
  readonly networkBaselineBytesPerSec: number | null;
}

/**
 * How far a candidate is from the cause: what held the load back by the word of whoever did it, or by arithmetic, however
 * busy anything else was; a resource that was nearly used up; a broker's threads, which count as busy also while they
 * wait for a processor, a disk or the garbage collector; the time that a broker takes to answer, which has one of these;
 * batches that wait for answers; the queue that fills behind them. What follows from something at its limit is not named.
 */
export const DEPTH = { held: 0, resource: 1, threads: 2, answer: 3, batches: 4, queue: 5 } as const;

export type Candidate = Omit<Binding, 'binds'> & { readonly depth: (typeof DEPTH)[keyof typeof DEPTH] };

/** A resource is named as what bound from here on: queues grow without bound only near 1 (M/M/1: 1 / (1 − ρ)). */
export const BINDS_FROM = 0.85;

export const clamp = (share: number): number => Math.min(1, Math.max(0, share));
export const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

export const resource = (name: string, share: number, evidence: string): Candidate => ({
  resource: name,
  share: clamp(share),
  evidence,
  depth: DEPTH.resource,
});

export const held = (name: string, share: number, evidence: string): Candidate => ({
  ...resource(name, share, evidence),
  depth: DEPTH.held,
});

/** A control group's CPU limit, by the share of its periods that ran out of it: each of them delayed whatever ran in it. */
export const limitOf = (name: string, throttled: number): Candidate => {
  const evidence = `out of its quota in ${percent(clamp(throttled))} of the periods`;
  return held(name, throttled > 0.05 ? BINDS_FROM + throttled : throttled, evidence);
};
