import * as assert from 'uvu/assert';
import { CROSS_RULES, crossWarnings } from '../../../bench/workload/cross-rules.ts';
import { resolveWorkload } from '../../../bench/workload/load.ts';
import { suite } from '../../support/suite.ts';

const test = suite('settings of different sections');

type Input = Record<string, Record<string, unknown> | unknown[] | string>;

/** What is refused and what is warned of, each as "path: message". */
function told(input: Input): { readonly problems: readonly string[]; readonly warnings: readonly string[] } {
  let problems: string[] = [];
  try {
    const { plan } = resolveWorkload({ name: 'x', ...input }, '.', (found) => {
      problems = found.map(({ path, message }) => `${path.join('.')}: ${message}`);
      throw new Error('refused');
    });
    return { problems, warnings: crossWarnings(plan.cells) };
  } catch (error) {
    if ((error as Error).message !== 'refused') throw error;
    return { problems, warnings: [] };
  }
}

const STATIC = { 'group.instance.id': 'app', 'partition.assignment.strategy': 'cooperative-sticky' };

/** By rule: a workload that breaks it, what has to be named, and the nearest one that does not. */
const CASES: Readonly<Record<string, { bad: Input; names: string[]; good: Input }>> = {
  'batch-above-topic': {
    bad: {
      topic: { configs: { 'max.message.bytes': 32768 } },
      producer: { 'batch.size': 131072, 'linger.ms': 50 },
    },
    names: ['producer.batch.size', 'topic.configs.max.message.bytes', '131072', '32768', 'KIP-126'],
    good: { topic: { configs: { 'max.message.bytes': 32768 } }, producer: { 'batch.size': 32768 } },
  },
  'batch-may-exceed-topic': {
    bad: {
      topic: { configs: { 'max.message.bytes': 32768 } },
      producer: { 'batch.size': 131072, 'compression.type': 'zstd' },
    },
    names: ['producer.batch.size', 'topic.configs.max.message.bytes'],
    good: { producer: { 'batch.size': 131072, 'compression.type': 'zstd' } },
  },
  'record-above-topic': {
    bad: { topic: { configs: { 'max.message.bytes': 20000 } }, records: { size: 20000 } },
    names: ['records.size', 'topic.configs.max.message.bytes', '20082'],
    good: { topic: { configs: { 'max.message.bytes': 20082 } }, records: { size: 20000 } },
  },
  'compacted-without-keys': {
    bad: { topic: { configs: { 'cleanup.policy': 'compact,delete' } } },
    names: ['topic.configs.cleanup.policy', 'records.keys', 'INVALID_RECORD'],
    good: {
      topic: { configs: { 'cleanup.policy': 'compact' } },
      records: { keys: { distribution: 'uniform' } },
    },
  },
  'too-few-replicas': {
    bad: { topic: { replicationFactor: 2, configs: { 'min.insync.replicas': 3 } } },
    names: ['topic.configs.min.insync.replicas', 'topic.replicationFactor', 'acks=all'],
    good: { topic: { replicationFactor: 3, configs: { 'min.insync.replicas': 3 } } },
  },
  'transaction-too-long': {
    bad: {
      producer: { 'transactional.id': 'app', 'transaction.timeout.ms': 5000, 'transaction.size': 6000 },
      load: { rate: 500 },
    },
    names: ['producer.transaction.size', 'load.rate', 'producer.transaction.timeout.ms', '12.0 s'],
    good: {
      producer: { 'transactional.id': 'app', 'transaction.timeout.ms': 5000, 'transaction.size': 2000 },
      load: { rate: 500 },
    },
  },
  'transaction-above-broker': {
    bad: { producer: { 'transactional.id': 'app', 'transaction.timeout.ms': 1_000_000 } },
    names: ['producer.transaction.timeout.ms', 'transaction.max.timeout.ms'],
    good: { producer: { 'transactional.id': 'app', 'transaction.timeout.ms': 900_000 } },
  },
  'session-outside-broker': {
    bad: { consumer: { 'session.timeout.ms': 5000 } },
    names: ['consumer.session.timeout.ms', 'group.min.session.timeout.ms', '6000'],
    good: { consumer: { 'session.timeout.ms': 6000 } },
  },
  'killed-member-outlives-drain': {
    bad: { load: { drainLimit: '10s' }, disruptions: [{ at: '5s', action: 'kill-consumer' }] },
    names: ['load.drainLimit', 'consumer.session.timeout.ms', '45000'],
    good: {
      load: { drainLimit: '10s' },
      consumer: { 'session.timeout.ms': 6000, 'heartbeat.interval.ms': 1000 },
      disruptions: [{ at: '5s', action: 'kill-consumer' }],
    },
  },
  'static-member-waits': {
    bad: {
      load: { duration: '12s', drainLimit: '15s' },
      consumer: STATIC,
      disruptions: [{ at: '4s', action: 'stop-consumer' }],
    },
    names: [
      'consumer.group.instance.id',
      'consumer.session.timeout.ms (45000)',
      'load.drainLimit',
      '23000 ms',
    ],
    good: { consumer: STATIC },
  },
  'handler-outlasts-poll': {
    bad: {
      consumers: { handler: '40ms' },
      consumer: { 'max.poll.interval.ms': 6000, 'session.timeout.ms': 6000 },
    },
    names: ['consumers.handler', 'consumer.max.poll.interval.ms', 'max.poll.records (500)', '20000 ms'],
    good: {
      consumers: { handler: '40ms' },
      consumer: { 'max.poll.interval.ms': 6000, 'session.timeout.ms': 6000, 'max.poll.records': 100 },
    },
  },
  'handler-below-rate': {
    bad: { consumers: { handler: '100ms' }, load: { rate: 50 } },
    names: ['consumers.handler', 'load.rate', '10 records/s', '50'],
    good: { consumers: { handler: '100ms', concurrency: 5 }, load: { rate: 50 } },
  },
};

test('each rule has its case', () => {
  assert.equal(Object.keys(CASES).sort(), CROSS_RULES.map(({ code }) => code).sort());
});

for (const { code, severity, setting, source } of CROSS_RULES) {
  test(`${code}: a ${severity} that names both settings and its source`, () => {
    const { bad, names, good } = CASES[code] ?? { bad: {}, names: [], good: {} };
    const { problems, warnings } = told(bad);
    const own = (severity === 'problem' ? problems : warnings).filter((line) =>
      line.startsWith(`${setting.join('.')}: `),
    );
    assert.is(own.length, 1, [...problems, ...warnings].join('\n'));
    for (const name of [...names, source]) assert.ok(own[0]?.includes(name), `${name} in ${own[0]}`);
    const after = told(good);
    assert.equal(after.problems, []);
    assert.is(
      after.warnings.find((line) => line.startsWith(`${setting.join('.')}: `)),
      undefined,
    );
  });
}

test('a warning that all cells share is told once', () => {
  const { warnings } = told({
    consumers: { handler: '100ms' },
    load: { rate: 50 },
    sweep: { axes: { 'linger.ms': [0, 5] } },
  });
  assert.is(warnings.length, 1);
});

test.run();
