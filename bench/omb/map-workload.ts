import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readText } from '../common/read-text.ts';
import { STAMP_BYTES } from '../results/stamp.ts';
import type { Draft } from './draft.ts';
import { FORK_FIELDS, type OmbWorkload, type ReadOmbFile } from './workload-file.ts';

/** OMB's key distributors draw from 10,000 keys (KeyDistributor.UNIQUE_COUNT). */
const OMB_KEYS = 10_000;
/** Each producer and consumer is a thread with a client of its own: of more, one host measures only itself. */
const MAX_CLIENTS = 256;
/** The largest count of partitions that a workload takes. */
const MAX_PARTITIONS = 1_000_000;

/** A workload's name: lower-case letters, digits and hyphens, 61 at most. */
export const nameFrom = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 61)
    .replace(/-+$/, '') || 'omb';

/** Minutes as a duration of a workload. */
const minutes = (value: number): string => (Number.isInteger(value) ? `${value}m` : `${value * 60_000}ms`);

export interface MapOptions {
  /** Folder that the workload will stand in: a payload file's path is written relative to it, or absolute. */
  readonly pathOf: (absolute: string) => string;
}

/** Carries every field of OMB's workload into the draft, or names it there as lost. */
export function mapWorkload(
  draft: Draft,
  { file, value: omb, leftOut }: ReadOmbFile<OmbWorkload>,
  { pathOf }: MapOptions,
): void {
  draft.set(['name'], nameFrom(omb.name ?? 'omb'), 'name');
  draft.set(
    ['description'],
    `${omb.name ?? 'no name'} (imported from OpenMessaging Benchmark)`,
    'name',
    'as it was written',
  );
  mapTopics(draft, file, omb);
  mapRecords(draft, file, omb, pathOf);
  mapLoad(draft, omb);
  mapConsumers(draft, file, omb);
  for (const field of leftOut) draft.lose(file, field, null, FORK_FIELDS[field] ?? '');
}

function mapTopics(draft: Draft, file: string, { topics, partitionsPerTopic }: OmbWorkload): void {
  const total = topics * partitionsPerTopic;
  const partitions = Math.min(total, MAX_PARTITIONS);
  draft.set(['topic', 'partitions'], partitions, 'topics × partitionsPerTopic');
  if (topics === 1) return;
  const cut = partitions < total ? ` (${total} were asked for; ${MAX_PARTITIONS} is the limit)` : '';
  draft.lose(
    file,
    'topics',
    topics,
    `one topic of ${partitions} partitions${cut} instead of ${topics} topics of ${partitionsPerTopic}: the same partitions, replicas and logs on the brokers, less metadata by topic`,
  );
}

function mapRecords(draft: Draft, file: string, omb: OmbWorkload, pathOf: MapOptions['pathOf']): void {
  const { messageSize, messageSizeDistribution, useRandomizedPayloads, payloadFile } = omb;
  const weights = Object.fromEntries(
    Object.entries(messageSizeDistribution ?? {}).filter(([, weight]) => weight > 0),
  );
  if (messageSizeDistribution !== undefined) {
    draft.set(['records', 'size'], { distribution: 'weighted', weights }, 'messageSizeDistribution');
    if (messageSize !== undefined)
      draft.lose(file, 'messageSize', messageSize, 'messageSizeDistribution goes before it, as in OMB');
  } else
    draft.set(
      ['records', 'size'],
      messageSize ?? 1024,
      'messageSize',
      messageSize === undefined ? 'not given' : '',
    );
  if (useRandomizedPayloads === true) mapRandom(draft, file, omb);
  else {
    for (const field of ['randomBytesRatio', 'randomizedPayloadPoolSize'] as const) {
      if (omb[field] !== undefined)
        draft.lose(file, field, omb[field], 'no effect without useRandomizedPayloads, in OMB neither');
    }
    if (payloadFile !== undefined) mapPayloadFile(draft, file, payloadFile, pathOf);
    else if (useRandomizedPayloads === false)
      draft.lose(file, 'useRandomizedPayloads', false, 'and no payloadFile: generated JSON events are sent');
  }
  const smallest =
    messageSizeDistribution === undefined
      ? (messageSize ?? 1024)
      : Math.max(...Object.keys(weights).map((range) => Number(range.split('-').at(-1))));
  if (smallest < STAMP_BYTES)
    draft.set(['records', 'stamp'], 'header', 'messageSize', `too small for the ${STAMP_BYTES}-byte stamp`);
  const keys = omb.keyDistributor ?? 'NO_KEY';
  if (keys === 'NO_KEY') draft.set(['records', 'keys'], 'none', 'keyDistributor', 'NO_KEY');
  else
    draft.set(
      ['records', 'keys'],
      { distribution: keys === 'RANDOM_NANO' ? 'uniform' : 'round-robin', cardinality: OMB_KEYS },
      'keyDistributor',
      `${keys}, of OMB's ${OMB_KEYS} keys`,
    );
}

function mapRandom(draft: Draft, file: string, omb: OmbWorkload): void {
  const { randomBytesRatio = 0, randomizedPayloadPoolSize, messageSize, payloadFile } = omb;
  draft.set(
    ['records', 'payload'],
    { source: 'random', randomShare: randomBytesRatio },
    'useRandomizedPayloads, randomBytesRatio',
  );
  if (randomizedPayloadPoolSize !== undefined) {
    draft.lose(
      file,
      'randomizedPayloadPoolSize',
      randomizedPayloadPoolSize,
      `payloads are drawn from at least 32 MiB instead of ${randomizedPayloadPoolSize} × ${messageSize ?? 'messageSize'} bytes, so that no batch meets one again and compresses it away; records.corpus sets it`,
    );
  }
  if (payloadFile !== undefined)
    draft.lose(file, 'payloadFile', payloadFile, 'useRandomizedPayloads goes before it, as in OMB');
}

function mapPayloadFile(draft: Draft, file: string, payloadFile: string, pathOf: MapOptions['pathOf']): void {
  // OMB reads it from where it was started, which is the folder above workloads/.
  const candidates = [
    resolve(payloadFile),
    resolve(dirname(file), payloadFile),
    resolve(dirname(file), '..', payloadFile),
  ];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) {
    draft.lose(
      file,
      'payloadFile',
      payloadFile,
      'the file is not there: generated JSON events of the same size are sent, which compress in another way',
    );
    return;
  }
  draft.set(['records', 'payload'], { source: 'file', path: pathOf(found) }, 'payloadFile');
  const lines = readText(found).trimEnd().split('\n').length;
  if (lines > 1) {
    draft.lose(
      file,
      'payloadFile',
      payloadFile,
      `its ${lines} lines are ${lines} records; OMB sends the whole file as one`,
    );
  }
}

function mapLoad(draft: Draft, omb: OmbWorkload): void {
  if (omb.producersPerTopic > 0) {
    draft.set(
      ['load', 'rate'],
      omb.producerRate === 0 ? { search: {} } : omb.producerRate,
      'producerRate',
      omb.producerRate === 0
        ? '0: the highest rate that is sustained, found by search'
        : 'records per second over all producers',
    );
  }
  draft.set(['load', 'warmup'], minutes(omb.warmupDurationMinutes), 'warmupDurationMinutes');
  draft.set(['load', 'duration'], minutes(omb.testDurationMinutes), 'testDurationMinutes');
}

/** Groups and their members, producers, and the backlog. */
function mapConsumers(draft: Draft, file: string, omb: OmbWorkload): void {
  const { topics, producersPerTopic, subscriptionsPerTopic, consumerPerSubscription } = omb;
  const capped = (asked: number, most: number, field: string, what: string): number => {
    if (asked <= most) return asked;
    draft.lose(
      file,
      field,
      asked / topics,
      `${most} ${what} instead of ${asked}: each is a thread with a client of its own here, and more would measure the host`,
    );
    return most;
  };
  const producers = capped(producersPerTopic * topics, MAX_CLIENTS, 'producersPerTopic', 'producers');
  draft.set(['load', 'producers'], producers, 'topics × producersPerTopic');
  const groups = consumerPerSubscription === 0 ? 0 : subscriptionsPerTopic;
  draft.set(['consumers', 'groups'], groups, 'subscriptionsPerTopic');
  if (groups === 0) {
    for (const field of [
      'subscriptionsPerTopic',
      'consumerPerSubscription',
      'consumerBacklogSizeGB',
    ] as const) {
      if (omb[field] > 0) draft.lose(file, field, omb[field], 'nobody consumes: the run only produces');
    }
    return;
  }
  const perGroup = capped(
    consumerPerSubscription * topics,
    Math.max(1, Math.floor(MAX_CLIENTS / groups)),
    'consumerPerSubscription',
    'consumers in a group',
  );
  draft.set(['consumers', 'perGroup'], perGroup, 'topics × consumerPerSubscription');
  mapBacklog(draft, file, omb, groups);
}

function mapBacklog(draft: Draft, file: string, omb: OmbWorkload, groups: number): void {
  const { consumerBacklogSizeGB, backlogDrainRatio } = omb;
  if (backlogDrainRatio !== undefined && (backlogDrainRatio < 1 || consumerBacklogSizeGB === 0)) {
    draft.lose(
      file,
      'backlogDrainRatio',
      backlogDrainRatio,
      consumerBacklogSizeGB === 0
        ? 'no effect without consumerBacklogSizeGB'
        : 'a backlog counts as drained when all of it is read',
    );
  }
  if (consumerBacklogSizeGB === 0) return;
  // OMB counts what is published × subscriptions − what is received, in bytes of GiB.
  const records = Math.ceil((consumerBacklogSizeGB * 2 ** 30) / ((omb.messageSize ?? 1024) * groups));
  draft.set(
    ['consumers', 'backlog'],
    records,
    'consumerBacklogSizeGB',
    `${consumerBacklogSizeGB} GiB over ${groups} groups, in records of messageSize`,
  );
  draft.set(['load', 'drainLimit'], '1h', 'consumerBacklogSizeGB', 'OMB waits until it is drained, for ever');
}
