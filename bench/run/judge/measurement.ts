import type { BrokerSecond } from '../../brokers/watch.ts';
import type { TopicState } from '../../client/driver.ts';
import type { HostSecond } from '../../host/second.ts';
import type { ConsumerDone, IntervalSnapshot, ProducerDone } from '../../load/protocol.ts';
import type { LoadHosts } from '../../results/load-hosts.ts';

/** What a repeat measures of its load hosts, before any judgement. */
export type LoadHostsMeasurement = Omit<
  LoadHosts,
  'endToEndUnsure' | 'endToEndOf' | 'sameHostShare' | 'endToEndAcross' | 'placement' | 'needed'
>;

/** End offsets at one moment, by partition; null where the brokers did not answer in time. */
export interface OffsetSample {
  readonly atSec: number;
  readonly high: readonly number[] | null;
}

/** CPU time that the brokers had used at one moment, µs; null where it cannot be seen. */
export interface BrokerSample {
  readonly atSec: number;
  readonly cpuUs: number | null;
  /** Which processes used it: a broker that was restarted counts from 0 again. */
  readonly processes?: string;
}

/** Leaders and in-sync replicas by partition at one moment of the load. */
export type TopicStateSample = TopicState & { readonly atSec: number };

export interface MeasuredProcess<Done> {
  readonly name: string;
  readonly snapshots: readonly IntervalSnapshot[];
  /** null where the process ended without one, as a consumer that was killed on purpose. */
  readonly done: Done | null;
}

export interface DisruptionEvent {
  readonly atSec: number;
  readonly action: string;
}

/** A host that generates load, second by second; `atSec` is the end of the second, from the load's start. */
export interface HostMeasurement {
  readonly name: string;
  readonly seconds: readonly { readonly atSec: number; readonly second: HostSecond }[];
}

/** Everything that one repeat gave, before any judgement: what evaluate.ts turns into a result. */
export interface Measurement {
  /** Wall clock of the load's start. */
  readonly loadStartedAt: Date;
  readonly producers: readonly MeasuredProcess<ProducerDone>[];
  readonly backlog: MeasuredProcess<ProducerDone> | null;
  readonly consumers: readonly (MeasuredProcess<ConsumerDone> & {
    readonly group: string;
    /** When its group began after the start, s; absent: with it. */
    readonly lateSec?: number;
  })[];
  readonly offsets: readonly OffsetSample[];
  readonly brokers: readonly BrokerSample[];
  /** What the protocol told of the topic every few seconds; a moment without an answer is absent. */
  readonly topicStates: readonly TopicStateSample[];
  readonly hosts: readonly HostMeasurement[];
  /** null, or absent: all on the coordinator's host. */
  readonly loadHosts?: LoadHostsMeasurement | null;
  /** What brokers' metrics said, by broker and second; none where they are not read. */
  readonly brokerSeconds: readonly BrokerSecond[];
  /** Where the groups started, by partition. */
  readonly startOffsets: readonly number[];
  readonly brokerDiskBytes: number | null;
  readonly replicationFactor: number;
  readonly meanPayloadBytes: number;
  readonly warmupSec: number;
  /** Where the warm-up would have read what there was: how long it should have been, and which share of it was read. */
  readonly warmupCut?: { readonly plannedSec: number; readonly share: number };
  /** Seconds of load after the start, as planned; a consume-only run may end sooner. */
  readonly loadSec: number;
  readonly disruptions: readonly DisruptionEvent[];
  /** What the drain was still waiting for when its limit ran out. */
  readonly drainMissing: readonly string[];
  readonly phasesMs: Readonly<Record<string, number>>;
}

/** The same before its generators and its topic are gone. */
export type Measured = Omit<Measurement, 'phasesMs'>;
