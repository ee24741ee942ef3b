import { KsweepError } from '../../common/errors.ts';
import { nearest } from '../../common/nearest.ts';
import type { Scalar } from '../../common/scalar.ts';
import librdkafka from './librdkafka.json' with { type: 'json' };
import { CODEC_LEVELS } from './producer.ts';
import type { Check, Property } from './property.ts';
import { isSecurity, REFUSED } from './refused.ts';
import { LIBRDKAFKA_PINS, PROPERTIES } from './table.ts';

type Role = 'producer' | 'consumer';
type Settings = Readonly<Record<string, Scalar>>;

/** What is wrong with one setting; `key` is Kafka's name as it was written. */
export interface PropertyProblem {
  readonly key: string;
  readonly message: string;
}

const byName = (role: Role): ReadonlyMap<string, Property> =>
  new Map(
    PROPERTIES.filter((property) => property.role === role || property.role === 'both').map((property) => [
      property.kafka,
      property,
    ]),
  );
const KNOWN = { producer: byName('producer'), consumer: byName('consumer') } as const;

/** Every name that a role's section understands, for suggestions and for finding out whose a bare name is. */
export function propertyNames(role: Role): string[] {
  return [
    ...KNOWN[role].keys(),
    ...librdkafka[role].filter((name) => !KNOWN[role].has(name) && !isSecurity(name)),
    'bootstrap.servers',
  ];
}

function describe(check: Check): string {
  switch (check.kind) {
    case 'integer':
      return `a whole number from ${check.min} to ${check.max}`;
    case 'boolean':
      return 'true or false';
    case 'one of':
      return `one of ${check.values.filter((value) => !/^-?\d+$/.test(String(value)) || typeof value === 'number').join(', ')}`;
    case 'text':
      return 'text';
  }
}

function fits(check: Check, value: Scalar): boolean {
  switch (check.kind) {
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) && value >= check.min && value <= check.max;
    case 'boolean':
      return typeof value === 'boolean';
    case 'one of':
      return check.values.includes(value);
    case 'text':
      return typeof value === 'string' && value !== '';
  }
}

function problemOf(role: Role, key: string, value: Scalar): string | null {
  if (key === 'bootstrap.servers') return typeof value === 'string' ? null : 'expected host:port,…';
  if (Object.hasOwn(REFUSED, key)) return `has no equivalent here: ${REFUSED[key]}`;
  if (key.endsWith('_cb')) return 'has no equivalent here: a workload holds no functions';
  if (isSecurity(key))
    return 'belongs into the client properties file (--command-config) or an environment variable, never into a workload';
  const property = KNOWN[role].get(key);
  if (property !== undefined) {
    if (key === 'partition.assignment.strategy' && fits(property.check, value)) return unknownStrategy(value);
    return fits(property.check, value)
      ? null
      : `expected ${describe(property.check)}, got ${JSON.stringify(value)}${property.narrower === undefined ? '' : `: ${property.narrower}`}`;
  }
  if (librdkafka[role].includes(key)) return null;
  const other = role === 'producer' ? 'consumer' : 'producer';
  if (KNOWN[other].has(key)) return `is a ${other} setting`;
  const guess = nearest(key, propertyNames(role));
  return `is no ${role} setting of Kafka or librdkafka${guess === undefined ? '' : `; did you mean ${guess}?`}`;
}

const STRATEGIES = ['range', 'roundrobin', 'cooperative-sticky'];

const strategiesIn = (value: Scalar): string[] =>
  String(value)
    .split(',')
    .map((name) => name.trim());

function unknownStrategy(value: Scalar): string | null {
  const unknown = strategiesIn(value).find((name) => !STRATEGIES.includes(name));
  if (unknown === undefined) return null;
  const guess = nearest(unknown, STRATEGIES);
  const hint = guess === undefined ? '' : `; did you mean ${guess}?`;
  return `expected range, roundrobin or cooperative-sticky, got ${unknown}${hint}`;
}

/** Combinations that no client accepts, or that mean nothing, of settings that are each fine. */
export function propertyConflicts(role: Role, settings: Settings): PropertyProblem[] {
  const problems: PropertyProblem[] = [];
  const is = (key: string): Scalar | undefined => settings[key];
  const [backoff, most] = [is('reconnect.backoff.ms') ?? 50, is('reconnect.backoff.max.ms') ?? 1_000];
  if (Number(backoff) > Number(most)) {
    problems.push({
      key: 'reconnect.backoff.ms',
      message: `has to be at most reconnect.backoff.max.ms (${most})`,
    });
  }
  if (role === 'producer') {
    const needs =
      is('transactional.id') !== undefined
        ? 'transactional.id'
        : is('enable.idempotence') === true
          ? 'enable.idempotence'
          : null;
    if (needs !== null) {
      if (is('transactional.id') !== undefined && is('enable.idempotence') === false) {
        problems.push({ key: 'enable.idempotence', message: 'transactional.id needs idempotence' });
      }
      if (is('acks') !== undefined && !isAll(is('acks')))
        problems.push({ key: 'acks', message: `${needs} needs acks=all` });
      if (Number(is('max.in.flight.requests.per.connection') ?? 5) > 5) {
        problems.push({ key: 'max.in.flight.requests.per.connection', message: `${needs} needs at most 5` });
      }
      if (is('retries') === 0) problems.push({ key: 'retries', message: `${needs} needs retries` });
    }
    const linger = Number(is('linger.ms') ?? 5);
    const delivery = Number(is('delivery.timeout.ms') ?? 120_000);
    if (delivery !== 0 && delivery <= linger) {
      problems.push({ key: 'delivery.timeout.ms', message: `has to be above linger.ms (${linger})` });
    }
    const transaction = Number(is('transaction.timeout.ms') ?? 60_000);
    if (
      is('transactional.id') !== undefined &&
      is('delivery.timeout.ms') !== undefined &&
      (delivery === 0 || delivery > transaction)
    ) {
      problems.push({
        key: 'delivery.timeout.ms',
        message: `has to be at most transaction.timeout.ms (${transaction})`,
      });
    }
    if (is('transaction.size') !== undefined && is('transactional.id') === undefined) {
      problems.push({ key: 'transaction.size', message: 'needs transactional.id' });
    }
  } else {
    const session = Number(is('session.timeout.ms') ?? 45_000);
    if (Number(is('heartbeat.interval.ms') ?? 3_000) >= session) {
      problems.push({
        key: 'heartbeat.interval.ms',
        message: `has to be below session.timeout.ms (${session}), a third of it as a rule`,
      });
    }
    const poll = Number(is('max.poll.interval.ms') ?? 300_000);
    if (poll < session) {
      problems.push({
        key: 'max.poll.interval.ms',
        message: `has to be at least session.timeout.ms (${session})`,
      });
    }
    if (is('group.protocol') === 'consumer') {
      for (const key of ['session.timeout.ms', 'heartbeat.interval.ms', 'partition.assignment.strategy']) {
        if (is(key) !== undefined)
          problems.push({
            key,
            message: 'is the broker’s business with group.protocol=consumer; leave it out',
          });
      }
    }
    const strategies = strategiesIn(is('partition.assignment.strategy') ?? 'range');
    if (strategies.includes('cooperative-sticky') && strategies.length > 1) {
      problems.push({
        key: 'partition.assignment.strategy',
        message: 'cooperative-sticky cannot be mixed with eager strategies in this client',
      });
    }
  }
  return problems;
}

const isAll = (acks: Scalar | undefined): boolean =>
  acks === undefined || ['all', '-1'].includes(String(acks));

/** What is wrong with each of a role's settings by itself; empty where nothing is. */
export function propertyProblems(role: Role, settings: Settings): PropertyProblem[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const message = problemOf(role, key, value);
    return message === null ? [] : [{ key, message }];
  });
}

function refuse(role: Role, settings: Settings): void {
  const single = propertyProblems(role, settings);
  const problems = single.length > 0 ? single : propertyConflicts(role, settings);
  if (problems.length === 0) return;
  throw new KsweepError('property-invalid', `${role} settings that cannot be used`, {
    details: problems.map(({ key, message }) => `${role}.${key}: ${message}`),
  });
}

/** Java turns idempotence off by itself where other settings rule it out and nobody asked for it. */
function idempotenceByDefault(settings: Settings): boolean {
  return (
    isAll(settings['acks']) &&
    settings['retries'] !== 0 &&
    Number(settings['max.in.flight.requests.per.connection'] ?? 5) <= 5
  );
}

interface Translated {
  readonly client: Record<string, Scalar>;
  readonly pinned: Record<string, Scalar>;
}

function translate(role: Role, settings: Settings, skipPins: readonly string[]): Translated {
  refuse(role, settings);
  const client: Record<string, Scalar> = {};
  const pinned: Record<string, Scalar> = {};
  for (const [name, value] of Object.entries(LIBRDKAFKA_PINS[role])) {
    if (settings[name] !== undefined) continue;
    client[name] = value;
    pinned[name] = value;
  }
  for (const property of KNOWN[role].values()) {
    const given = settings[property.kafka];
    const pin =
      property.ownPin?.value ?? (property.librdkafkaDefault === undefined ? undefined : property.javaDefault);
    const alias = property.librdkafka !== null && settings[property.librdkafka] !== undefined;
    if (given === undefined && (pin === undefined || alias || skipPins.includes(property.kafka))) continue;
    const value = given ?? (pin as Scalar);
    if (given === undefined && property.librdkafka !== null) pinned[property.kafka] = value;
    if (property.librdkafka !== null) client[property.librdkafka] = property.convert?.(value) ?? value;
  }
  for (const [key, value] of Object.entries(settings)) {
    if (!KNOWN[role].has(key) && key !== 'bootstrap.servers') client[key] = value;
  }
  return { client, pinned };
}

export interface ProducerSettings extends Translated {
  /** Records in a transaction; null where the producer is not transactional. */
  readonly transactionSize: number | null;
}

/**
 * A producer's settings in librdkafka's names. `pinned` names, in Kafka's names, what was set because librdkafka's
 * default differs from the Java client's. Throws property-invalid with every problem.
 */
export function translateProducer(settings: Settings): ProducerSettings {
  const transactional = settings['transactional.id'] !== undefined;
  // librdkafka bounds a transactional producer's delivery by transaction.timeout.ms, and refuses a longer limit.
  const { client, pinned } = translate('producer', settings, transactional ? ['delivery.timeout.ms'] : []);
  if (settings['enable.idempotence'] === undefined && !transactional && !idempotenceByDefault(settings)) {
    client['enable.idempotence'] = false;
    pinned['enable.idempotence'] = false;
  }
  const codec = String(settings['compression.type'] ?? 'none');
  const level = settings[`compression.${codec}.level`];
  if (Object.hasOwn(CODEC_LEVELS, codec) && level !== undefined) client['compression.level'] = level;
  const size = Number(settings['transaction.size'] ?? 1_000);
  if (transactional && settings['transaction.size'] === undefined) pinned['transaction.size'] = size;
  return { client, pinned, transactionSize: transactional ? size : null };
}

export interface ConsumerSettings extends Translated {
  readonly maxPollRecords: number;
  /** Groups are named after it. */
  readonly groupPrefix: string;
  /** Prefix of each member's group.instance.id, or null for dynamic membership. */
  readonly staticMembership: string | null;
}

/** librdkafka's default of message.max.bytes. */
const FETCH_FLOOR_BYTES = 1_000_000;

/** A consumer's settings in librdkafka's names; as {@link translateProducer}. */
export function translateConsumer(settings: Settings): ConsumerSettings {
  const modern = settings['group.protocol'] === 'consumer';
  const { client, pinned } = translate('consumer', settings, modern ? ['partition.assignment.strategy'] : []);
  const fetchMax = Number(settings['fetch.max.bytes'] ?? FETCH_FLOOR_BYTES);
  // librdkafka refuses to fetch less at once than the largest request it might send.
  if (fetchMax < FETCH_FLOOR_BYTES && settings['message.max.bytes'] === undefined) {
    client['message.max.bytes'] = fetchMax;
    pinned['message.max.bytes'] = fetchMax;
  }
  const instance = settings['group.instance.id'];
  // librdkafka has no such setting: the reading loop takes so many at a time.
  const maxPollRecords = Number(settings['max.poll.records'] ?? 500);
  if (settings['max.poll.records'] === undefined) pinned['max.poll.records'] = maxPollRecords;
  return {
    client,
    pinned,
    maxPollRecords,
    groupPrefix: String(settings['group.id'] ?? 'ksweep'),
    staticMembership: instance === undefined ? null : String(instance),
  };
}
