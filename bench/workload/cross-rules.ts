import type { Rate } from '../common/units.ts';
import type { Problem } from '../common/yaml/issues.ts';
import type { CellWorkload } from './plan.ts';
import { producerFacts, sessionFacts } from './setting-facts.ts';

type Setting = readonly string[];

/** Settings of different sections that are each fine, and together cannot work or mislead. */
interface CrossRule {
  readonly code: string;
  /** The one to change first, and the one that it is held against. */
  readonly setting: Setting;
  readonly against: Setting;
  /** A problem cannot run; a warning depends on what the workload does not know, or is what some want to see. */
  readonly severity: 'problem' | 'warning';
  /** Whose rule it is. */
  readonly source: string;
  /** What is wrong, naming the other setting; null where nothing is. */
  readonly check: (workload: CellWorkload) => string | null;
}

const KAFKA_TOPIC = 'https://kafka.apache.org/documentation/#topicconfigs';
const KAFKA_PRODUCER = 'https://kafka.apache.org/documentation/#producerconfigs';
const KAFKA_CONSUMER = 'https://kafka.apache.org/documentation/#consumerconfigs';
const KAFKA_BROKER = 'https://kafka.apache.org/documentation/#brokerconfigs';

/** The brokers' own limits unless they are set otherwise (group.min.session.timeout.ms and its kin). */
const SESSION_LIMITS_MS = [6_000, 1_800_000] as const;
const TRANSACTION_LIMIT_MS = 900_000;
/** A batch's own header, and of each record the most that its lengths and deltas take (KIP-98). */
const BATCH_HEADER_BYTES = 61;
const RECORD_OVERHEAD_BYTES = 21;

const writes = ({ load, consumers }: CellWorkload): boolean => load.producers > 0 || consumers.backlog > 0;

/** A sample has keys of its own, or not: its file says. */
const hasKeys = ({ keys, payload }: CellWorkload['records']): boolean =>
  keys !== 'none' || payload.source === 'sample';

/** The lowest rate that is offered, records a second over all producers; null where nobody knows it before. */
function lowestPerSec({ load, records }: CellWorkload): number | null {
  const perSec = (rate: Rate): number | null => {
    if (rate.kind === 'records') return rate.perSec;
    return typeof records.size === 'number' && records.size > 0 ? rate.perSec / records.size : null;
  };
  const { rate } = load;
  if (load.producers === 0 || rate === 'max' || 'search' in rate) return null;
  if ('kind' in rate) return perSec(rate);
  // Of a load that changes all the time, a moment's lowest rate says nothing.
  if (!('steps' in rate)) return null;
  const steps = rate.steps.map((step) => perSec(step.rate));
  return steps.includes(null) ? null : Math.min(...steps.map(Number));
}

/** From a member's end until the drain gives up, ms, for the first disruption of a kind; null where there is none. */
function leftAfter({ disruptions, load }: CellWorkload, action: string): number | null {
  const found = disruptions.filter((one) => one.action === action);
  if (found.length === 0) return null;
  return load.duration + load.drainLimit - Math.max(...found.map(({ at }) => at));
}

export const CROSS_RULES: readonly CrossRule[] = [
  {
    code: 'batch-above-topic',
    setting: ['producer', 'batch.size'],
    against: ['topic', 'configs', 'max.message.bytes'],
    severity: 'problem',
    source: `${KAFKA_TOPIC}_max.message.bytes: the largest batch; Java splits a larger one (KIP-126), librdkafka does not`,
    check(workload) {
      const limit = workload.topic.configs['max.message.bytes'];
      const { batchBytes, compressed } = producerFacts(workload);
      if (!writes(workload) || limit === undefined || compressed || batchBytes <= Number(limit)) return null;
      return `batches of up to ${batchBytes} bytes, and topic.configs.max.message.bytes takes ${limit}: the brokers would refuse them (MSG_SIZE_TOO_LARGE)`;
    },
  },
  {
    code: 'batch-may-exceed-topic',
    setting: ['producer', 'batch.size'],
    against: ['topic', 'configs', 'max.message.bytes'],
    severity: 'warning',
    source: `${KAFKA_TOPIC}_max.message.bytes: after compression`,
    check(workload) {
      const limit = workload.topic.configs['max.message.bytes'];
      const { batchBytes, compressed } = producerFacts(workload);
      if (!writes(workload) || limit === undefined || !compressed || batchBytes <= Number(limit)) return null;
      return `batches of up to ${batchBytes} bytes before compression, and topic.configs.max.message.bytes takes ${limit} after it: what compresses badly is refused`;
    },
  },
  {
    code: 'record-above-topic',
    setting: ['records', 'size'],
    against: ['topic', 'configs', 'max.message.bytes'],
    severity: 'problem',
    source: `${KAFKA_TOPIC}_max.message.bytes`,
    check(workload) {
      const limit = workload.topic.configs['max.message.bytes'];
      const { largestRecordBytes, compressed } = producerFacts(workload);
      if (!writes(workload) || limit === undefined || compressed || largestRecordBytes === null) return null;
      const batch = largestRecordBytes + RECORD_OVERHEAD_BYTES + BATCH_HEADER_BYTES;
      if (batch <= Number(limit)) return null;
      return `a record of ${largestRecordBytes} bytes is a batch of ${batch}, and topic.configs.max.message.bytes takes ${limit}`;
    },
  },
  {
    code: 'compacted-without-keys',
    setting: ['topic', 'configs', 'cleanup.policy'],
    against: ['records', 'keys'],
    severity: 'problem',
    source: `${KAFKA_TOPIC}_cleanup.policy: compaction is by key; brokers refuse records without one (INVALID_RECORD)`,
    check(workload) {
      const policies = String(workload.topic.configs['cleanup.policy'] ?? '').split(',');
      if (!writes(workload) || hasKeys(workload.records)) return null;
      if (!policies.some((policy) => policy.trim() === 'compact')) return null;
      return 'compact, and records.keys is none: the brokers would refuse every record; give them keys';
    },
  },
  {
    code: 'too-few-replicas',
    setting: ['topic', 'configs', 'min.insync.replicas'],
    against: ['topic', 'replicationFactor'],
    severity: 'problem',
    source: `${KAFKA_TOPIC}_min.insync.replicas: with acks=all fewer replicas are an error (NOT_ENOUGH_REPLICAS)`,
    check(workload) {
      const { topic } = workload;
      const inSync = Number(topic.configs['min.insync.replicas'] ?? 1);
      if (!writes(workload) || topic.existing || !producerFacts(workload).acksAll) return null;
      if (inSync <= topic.replicationFactor) return null;
      return `${inSync} replicas have to be in sync, and topic.replicationFactor makes ${topic.replicationFactor}: no record would be taken with acks=all`;
    },
  },
  {
    code: 'transaction-too-long',
    setting: ['producer', 'transaction.size'],
    against: ['load', 'rate'],
    severity: 'problem',
    source: `${KAFKA_PRODUCER}_transaction.timeout.ms: the coordinator aborts a longer transaction and fences its producer`,
    check(workload) {
      const { transaction } = producerFacts(workload);
      const perSec = lowestPerSec(workload);
      if (transaction === null || perSec === null) return null;
      const needsMs = (transaction.size * workload.load.producers * 1000) / perSec;
      if (needsMs < transaction.timeoutMs) return null;
      return `at load.rate ${Number(perSec.toFixed(1))} records/s over ${workload.load.producers} producers a transaction of ${transaction.size} records takes ${(needsMs / 1000).toFixed(1)} s, and producer.transaction.timeout.ms (${transaction.timeoutMs}) ends it: the producer would be fenced`;
    },
  },
  {
    code: 'transaction-above-broker',
    setting: ['producer', 'transaction.timeout.ms'],
    against: ['brokers', 'transaction.max.timeout.ms'],
    severity: 'warning',
    source: `${KAFKA_BROKER}_transaction.max.timeout.ms`,
    check(workload) {
      const { transaction } = producerFacts(workload);
      if (transaction === null || transaction.timeoutMs <= TRANSACTION_LIMIT_MS) return null;
      return `is above what brokers take unless transaction.max.timeout.ms (${TRANSACTION_LIMIT_MS}) was raised there`;
    },
  },
  {
    code: 'session-outside-broker',
    setting: ['consumer', 'session.timeout.ms'],
    against: ['brokers', 'group.min.session.timeout.ms'],
    severity: 'warning',
    source: `${KAFKA_BROKER}_group.min.session.timeout.ms and group.max.session.timeout.ms`,
    check(workload) {
      const session = workload.consumer['session.timeout.ms'];
      const [least, most] = SESSION_LIMITS_MS;
      if (workload.consumers.groups === 0 || session === undefined) return null;
      if (Number(session) >= least && Number(session) <= most) return null;
      return `brokers take ${least} to ${most} unless group.min.session.timeout.ms or group.max.session.timeout.ms says otherwise there: no consumer would join (INVALID_SESSION_TIMEOUT)`;
    },
  },
  {
    code: 'killed-member-outlives-drain',
    setting: ['load', 'drainLimit'],
    against: ['consumer', 'session.timeout.ms'],
    severity: 'problem',
    source: `${KAFKA_CONSUMER}_session.timeout.ms: only then are a dead member's partitions given to others`,
    check(workload) {
      const leftMs = leftAfter(workload, 'kill-consumer');
      const { sessionMs } = sessionFacts(workload);
      if (leftMs === null || sessionMs === null || leftMs > sessionMs) return null;
      return `the partitions of the killed consumer wait for consumer.session.timeout.ms (${sessionMs}), and the drain ends ${leftMs} ms after the kill: lower the one, or raise load.drainLimit`;
    },
  },
  {
    code: 'static-member-waits',
    setting: ['consumer', 'group.instance.id'],
    against: ['load', 'drainLimit'],
    severity: 'warning',
    source: `${KAFKA_CONSUMER}_group.instance.id: a static member that stops does not leave its group before session.timeout.ms`,
    check(workload) {
      const leftMs = leftAfter(workload, 'stop-consumer');
      const { sessionMs, isStatic } = sessionFacts(workload);
      if (!isStatic || leftMs === null || sessionMs === null) return null;
      const never =
        leftMs > sessionMs
          ? ''
          : `; the drain ends ${leftMs} ms after the stop (load.drainLimit), before that`;
      return `the partitions of the static member that stops wait for consumer.session.timeout.ms (${sessionMs}) until others get them${never}`;
    },
  },
  {
    code: 'handler-outlasts-poll',
    setting: ['consumers', 'handler'],
    against: ['consumer', 'max.poll.interval.ms'],
    severity: 'warning',
    source: `${KAFKA_CONSUMER}_max.poll.interval.ms: a member that does not poll in time loses its partitions`,
    check({ consumers, consumer }) {
      const records = Number(consumer['max.poll.records'] ?? 500);
      const limitMs = Number(consumer['max.poll.interval.ms'] ?? 300_000);
      const takesMs = (consumers.handler * records) / consumers.concurrency;
      if (consumers.groups === 0 || takesMs <= limitMs) return null;
      return `max.poll.records (${records}) of ${consumers.handler} ms, ${consumers.concurrency} at a time, take ${takesMs} ms, and consumer.max.poll.interval.ms is ${limitMs}: a consumer that lags loses its partitions`;
    },
  },
  {
    code: 'handler-below-rate',
    setting: ['consumers', 'handler'],
    against: ['load', 'rate'],
    severity: 'warning',
    source: 'records per second of a group = members × concurrency ÷ handler time',
    check(workload) {
      const { consumers, topic } = workload;
      const perSec = lowestPerSec(workload);
      if (consumers.groups === 0 || consumers.handler === 0 || perSec === null) return null;
      const shares = topic.existing || consumers.type === 'share';
      const members = shares ? consumers.perGroup : Math.min(consumers.perGroup, topic.partitions);
      const most = (members * consumers.concurrency * 1000) / consumers.handler;
      if (most >= perSec) return null;
      return `a group handles ${Number(most.toFixed(1))} records/s at most, and load.rate offers ${Number(perSec.toFixed(1))}: lag will grow`;
    },
  },
];

export interface CrossFinding {
  readonly code: string;
  readonly setting: Setting;
  readonly message: string;
  readonly source: string;
}

function found(workload: CellWorkload, severity: CrossRule['severity']): CrossFinding[] {
  return CROSS_RULES.filter((rule) => rule.severity === severity).flatMap(
    ({ code, setting, source, check }) => {
      const message = check(workload);
      return message === null ? [] : [{ code, setting, message, source }];
    },
  );
}

/** What cannot run. */
export const crossProblems = (workload: CellWorkload): Problem[] =>
  found(workload, 'problem').map(({ setting, message, source }) => ({
    path: setting,
    at: 'value',
    message: `${message} (${source})`,
  }));

/** What may not come out as it was meant; a run tells it before and beside its figures. */
export const crossFindings = (workload: CellWorkload): CrossFinding[] => found(workload, 'warning');

/** Warnings of all cells, each once, as a line. */
export function crossWarnings(cells: readonly { readonly workload: CellWorkload }[]): string[] {
  const lines = cells.flatMap(({ workload }) =>
    crossFindings(workload).map(
      ({ setting, message, source }) => `${setting.join('.')}: ${message} (${source})`,
    ),
  );
  return [...new Set(lines)];
}
