import type { ClientName } from '../../client/choose.ts';
import { forShareGroup } from '../../client/properties/share-group.ts';
import { translateConsumer, translateProducer } from '../../client/properties/translate.ts';
import { createRandom } from '../../common/random.ts';
import type { Scalar } from '../../common/scalar.ts';
import type { CorpusResult } from '../../corpus/corpus-input.ts';
import type { ArrivalPattern } from '../../corpus/sample/arrivals.ts';
import { blobId } from '../../load/agent/agents.ts';
import type { Placement } from '../../load/agent/placement.ts';
import type { ConsumerAssignment, ProducerAssignment } from '../../load/protocol.ts';
import type { ShareTerms } from '../../load/share.ts';
import type { CellWorkload } from '../../workload/plan.ts';
import { offeredLoad } from './offered-load.ts';

/** What every client of a repeat has in common. */
export interface RepeatContext {
  readonly driver: ClientName;
  readonly workload: CellWorkload;
  /** bootstrap.servers and security, in librdkafka's names. */
  readonly connection: Readonly<Record<string, Scalar>>;
  readonly topic: string;
  readonly partitions: number;
  readonly runTag: number;
  readonly seed: number;
  /** Arrivals of the sample that the load replays; null where it does not. */
  readonly pattern: ArrivalPattern | null;
  readonly corpus: Pick<CorpusResult, 'corpusFile' | 'keysFile' | 'headersFile' | 'meanBytes'> | null;
  /** Who runs where; absent where all run on this host. */
  readonly placement?: Placement | undefined;
  /** Zone of a load host; null where it is not known. */
  readonly rackOf?: ((host: string) => string | null) | undefined;
}

const zoneOf = ({ rackOf }: RepeatContext, host: string | undefined): string | null =>
  host === undefined ? null : (rackOf?.(host) ?? null);

/** Brokers count quotas and tell clients apart by it; `{zone}` and `{name}` in it are the host's zone and the generator. */
const clientId = (given: Scalar | undefined, name: string, zone: string | null): string =>
  String(given ?? 'ksweep-{name}')
    .replaceAll('{name}', name)
    .replaceAll('{zone}', zone ?? 'unknown');

function producer(context: RepeatContext, name: string, index: number): ProducerAssignment {
  const { workload, corpus } = context;
  if (corpus === null) throw new Error('a producer needs a corpus');
  const { client, transactionSize } = translateProducer(workload.producer);
  const transactionalId = client['transactional.id'];
  const count = Math.max(1, workload.load.producers);
  const host = context.placement?.producer(index);
  return {
    role: 'producer',
    name,
    driver: context.driver,
    host,
    index,
    runTag: context.runTag,
    topic: context.topic,
    partitions: context.partitions,
    client: {
      ...client,
      ...context.connection,
      'client.id': clientId(client['client.id'], name, zoneOf(context, host)),
      ...(transactionalId === undefined
        ? {}
        : { 'transactional.id': `${transactionalId}-${context.runTag}-${index}` }),
    },
    corpusId: blobId(corpus.corpusFile),
    keysId: corpus.keysFile === null ? null : blobId(corpus.keysFile),
    headersId: corpus.headersFile === null ? null : blobId(corpus.headersFile),
    seed: context.seed,
    headers: workload.records.headers,
    stamp: workload.records.stamp,
    timing: workload.load.timing,
    rate: offeredLoad(workload, count, {
      meanBytes: corpus.meanBytes,
      pattern: context.pattern,
      seed: context.seed,
    }),
    phase: index / count,
    queueLimit: Number(client['queue.buffering.max.messages'] ?? 100_000),
    drainLimitMs: workload.load.drainLimit,
    recordLimit: null,
    transactionSize,
  };
}

export function producerAssignments(context: RepeatContext): ProducerAssignment[] {
  return Array.from({ length: context.workload.load.producers }, (_, i) =>
    producer(context, `producer-${i}`, i),
  );
}

/** A backlog has to be acknowledged within this. */
export const BACKLOG_LIMIT_MS = 600_000;

/** The process that lays down the backlog before the consumers start, as fast as it can; null without a backlog. */
export function backlogAssignment(context: RepeatContext): ProducerAssignment | null {
  const { backlog } = context.workload.consumers;
  if (backlog === 0) return null;
  const index = context.workload.load.producers;
  return {
    ...producer(context, 'backlog', index),
    timing: 'each',
    rate: 'max',
    recordLimit: backlog,
    // How long to wait for the load’s own last records says nothing of these.
    drainLimitMs: BACKLOG_LIMIT_MS,
  };
}

const groupName = (context: RepeatContext, prefix: string, group: number): string =>
  `${prefix}-${context.runTag.toString(16)}-${group}`;

/** Whether a group begins late: the last ones do. */
const isLate = ({ consumers: { groups, late } }: CellWorkload, group: number): boolean =>
  late !== undefined && group >= groups - late.groups;

/** What brokers hold of a share group where nobody configured it (group.share.* in KIP-932). */
const SHARE_LOCK_MS = 30_000;
const SHARE_DELIVERIES = 5;

function shareTerms({ workload, seed }: RepeatContext, index: number): ShareTerms | null {
  const { type, release, reject, groupConfigs } = workload.consumers;
  if (type !== 'share') return null;
  return {
    release,
    reject,
    deliveryLimit: Number(groupConfigs['share.delivery.count.limit'] ?? SHARE_DELIVERIES),
    lockMs: Number(groupConfigs['share.record.lock.duration.ms'] ?? SHARE_LOCK_MS),
    seed: createRandom(seed).fork(`share ${index}`).uint32(),
  };
}

/** One consumer; `member` counts within its group. */
export function consumerAssignment(
  context: RepeatContext,
  group: number,
  member: number,
): ConsumerAssignment {
  const { workload } = context;
  const { client, maxPollRecords, groupPrefix, staticMembership } = translateConsumer(workload.consumer);
  const id = groupName(context, groupPrefix, group);
  const name = `consumer-${group}-${member}`;
  const share = shareTerms(context, group * workload.consumers.perGroup + member);
  const late = isLate(workload, group) ? (workload.consumers.late ?? null) : null;
  const explicit = workload.consumers.release > 0 || workload.consumers.reject > 0;
  const host = context.placement?.consumer(group * workload.consumers.perGroup + member);
  // A consumer fetches from its own zone, as it would where it is used, unless the workload says another one.
  const rack = zoneOf(context, host);
  return {
    role: 'consumer',
    name,
    driver: context.driver,
    host,
    group: id,
    runTag: context.runTag,
    topic: context.topic,
    client: {
      ...(rack === null ? {} : { 'client.rack': rack }),
      ...(share === null ? client : { ...forShareGroup(client), 'max.poll.records': maxPollRecords }),
      ...context.connection,
      'client.id': clientId(client['client.id'], name, rack),
      'group.id': id,
      ...(explicit ? { 'share.acknowledgement.mode': 'explicit' } : {}),
      ...(staticMembership === null ? {} : { 'group.instance.id': `${staticMembership}-${group}-${member}` }),
    },
    stamp: workload.records.stamp,
    producers: workload.load.producers + 1,
    maxPollRecords,
    handlerMs: workload.consumers.handler,
    concurrency: workload.consumers.concurrency,
    // What is there before the load must not be read before it.
    paused: workload.consumers.backlog > 0 || workload.load.producers === 0 || late !== null,
    ...(late === null ? {} : { lateMs: workload.load.warmup + late.after }),
    checkSequence: workload.load.producers > 0 || workload.consumers.backlog > 0,
    share,
  };
}

export function consumerAssignments(context: RepeatContext): ConsumerAssignment[] {
  const { groups, perGroup } = context.workload.consumers;
  return Array.from({ length: groups }, (_, group) =>
    Array.from({ length: perGroup }, (_, member) => consumerAssignment(context, group, member)),
  ).flat();
}

/** A 32-bit tag that no other attempt of any run is likely to share. */
export function runTagOf(runId: string, attemptTag: string): number {
  return createRandom(0).fork(`${runId} ${attemptTag}`).uint32();
}
