import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { importOmb } from '../../../bench/omb/import.ts';
import { nameFrom } from '../../../bench/omb/map-workload.ts';
import { FORK_FIELDS, ombWorkloadSchema } from '../../../bench/omb/workload-file.ts';
import { loadWorkload } from '../../../bench/workload/load.ts';
import type { Workload } from '../../../bench/workload/schema.ts';
import { suite } from '../../support/suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'ksweep-omb-'));
const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const KAFKA = 'driverClass: io.openmessaging.benchmark.driver.kafka.KafkaBenchmarkDriver';

/** What most public workloads hold. */
const PLAIN = {
  name: '1 topic / 16 partitions / 1kb',
  topics: 1,
  partitionsPerTopic: 16,
  messageSize: 1024,
  subscriptionsPerTopic: 1,
  consumerPerSubscription: 2,
  producersPerTopic: 4,
  producerRate: 50_000,
  consumerBacklogSizeGB: 0,
  testDurationMinutes: 15,
};

interface Read {
  readonly text: string;
  readonly lost: ReadonlyMap<string, string>;
  readonly workload: Workload;
}

/** Imports, and reads what came of it as `ksweep validate` does. */
function imported(fields: Record<string, unknown>, driver?: string): Read {
  const { text, losses } = importOmb(
    write('workload.yaml', JSON.stringify({ ...PLAIN, ...fields })),
    driver === undefined ? undefined : write('driver.yaml', driver),
    { baseDir: folder, pathOf: (path) => path },
  );
  assert.is(new Set(losses.map(({ field, why }) => `${field} ${why}`)).size, losses.length, 'each told once');
  const { workload } = loadWorkload(write('imported.yaml', text));
  return { text, workload, lost: new Map(losses.map(({ field, why }) => [field, why])) };
}

function refusal(fields: Record<string, unknown>, driver?: string): string {
  try {
    imported(fields, driver);
  } catch (error) {
    assert.instance(error, KsweepError);
    assert.is((error as KsweepError).exitStatus, 1);
    return (error as KsweepError).details.join('\n');
  }
  throw new Error('it was imported');
}

const test = suite('omb/import');

test.after(() => rmSync(folder, { recursive: true }));

test('a plain workload is carried over whole', () => {
  const { workload, lost, text } = imported({});
  assert.equal([...lost], []);
  assert.match(text, '# Every field was carried over.');
  assert.is(workload.name, '1-topic-16-partitions-1kb');
  assert.match(workload.description, '1 topic / 16 partitions / 1kb');
  assert.is(workload.topic.partitions, 16);
  assert.is(workload.records.size, 1024);
  assert.equal(workload.load.rate, { kind: 'records', perSec: 50_000 });
  assert.is(workload.load.producers, 4);
  assert.is(workload.load.duration, 900_000);
  assert.is(workload.load.warmup, 60_000, 'OMB’s own default');
  assert.equal([workload.consumers.groups, workload.consumers.perGroup], [1, 2]);
});

test('every setting’s comment names the field that it comes from', () => {
  const { text } = imported({}, `${KAFKA}\nreplicationFactor: 3\nproducerConfig: acks=all\n`);
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    if (!/^[a-z]+:$/.test(line)) assert.match(line, / {2}# \w/);
  }
  assert.match(text, '  partitions: 16  # topics × partitionsPerTopic\n');
  assert.match(text, '  acks: all  # producerConfig\n');
});

test('topics become the partitions of one, and their producers and consumers its own', () => {
  const { workload, lost } = imported({ topics: 10, partitionsPerTopic: 6, producersPerTopic: 2 });
  assert.is(workload.topic.partitions, 60);
  assert.is(workload.load.producers, 20);
  assert.is(workload.consumers.perGroup, 20);
  assert.match(lost.get('topics') ?? '', 'one topic of 60 partitions instead of 10 topics of 6');
});

test('of a million topics there are as many partitions as a workload takes, and clients as a host bears', () => {
  const { workload, lost } = imported({ topics: 1_000_000, partitionsPerTopic: 2, subscriptionsPerTopic: 2 });
  assert.is(workload.topic.partitions, 1_000_000);
  assert.is(workload.load.producers, 256);
  assert.is(workload.consumers.groups * workload.consumers.perGroup, 256);
  assert.match(lost.get('topics') ?? '', '2000000 were asked for');
  assert.match(lost.get('producersPerTopic') ?? '', '256 producers instead of 4000000');
  assert.match(lost.get('consumerPerSubscription') ?? '', '128 consumers in a group instead of 2000000');
});

test('a rate of 0 searches the highest one', () => {
  const { workload } = imported({ producerRate: 0 });
  assert.ok(typeof workload.load.rate === 'object' && 'search' in workload.load.rate);
});

test('a backlog in GiB is counted in records, over all groups', () => {
  const { workload } = imported({ consumerBacklogSizeGB: 3, subscriptionsPerTopic: 2, backlogDrainRatio: 1 });
  assert.is(workload.consumers.backlog, (3 * 2 ** 30) / (1024 * 2));
  assert.is(workload.load.drainLimit, 3_600_000);
  const early = imported({ consumerBacklogSizeGB: 3, backlogDrainRatio: 0.99 });
  assert.match(early.lost.get('backlogDrainRatio') ?? '', 'when all of it is read');
});

test('payloads: random with its share, one file, sizes by weight, and too small for a stamp', () => {
  const random = imported({
    useRandomizedPayloads: true,
    randomBytesRatio: 0.5,
    randomizedPayloadPoolSize: 1000,
  });
  assert.equal(random.workload.records.payload, { source: 'random', randomShare: 0.5 });
  assert.match(random.lost.get('randomizedPayloadPoolSize') ?? '', '32 MiB instead of 1000 × 1024');

  write('payload.data', 'x'.repeat(1024));
  const one = imported({ payloadFile: 'payload.data' });
  assert.is(one.workload.records.payload.source, 'file');
  assert.equal([...one.lost], []);
  write('lines.data', 'one\ntwo\n');
  assert.match(
    imported({ payloadFile: 'lines.data' }).lost.get('payloadFile') ?? '',
    'its 2 lines are 2 records',
  );
  assert.match(imported({ payloadFile: 'gone.data' }).lost.get('payloadFile') ?? '', 'the file is not there');

  const weighted = imported({ messageSizeDistribution: { '0-256': 234, '256-1024': 12, '1024-2048': 0 } });
  assert.equal(weighted.workload.records.size, {
    distribution: 'weighted',
    weights: { '0-256': 234, '256-1024': 12 },
  });
  assert.ok(weighted.lost.has('messageSize'));
  assert.is(imported({ messageSize: 10 }).workload.records.stamp, 'header');
});

test('keys are drawn as OMB draws them, of its 10,000', () => {
  const keys = (keyDistributor: string) => imported({ keyDistributor }).workload.records.keys;
  assert.is(keys('NO_KEY'), 'none');
  assert.equal(keys('KEY_ROUND_ROBIN'), { distribution: 'round-robin', cardinality: 10_000 });
  assert.equal(keys('RANDOM_NANO'), { distribution: 'uniform', cardinality: 10_000 });
});

test('nobody consumes, and what was said of consumers is named', () => {
  const { workload, lost } = imported({ consumerPerSubscription: 0 });
  assert.is(workload.consumers.groups, 0);
  assert.ok(lost.has('subscriptionsPerTopic'));
});

test('a driver’s properties are settings by their own names, with their own kinds', () => {
  const { workload, lost } = imported(
    {},
    `name: Kafka
${KAFKA}
replicationFactor: 3
topicConfig: |
  min.insync.replicas=2
  flush.messages=1
commonConfig: |
  bootstrap.servers=localhost:9092
  request.timeout.ms=30000
  default.api.timeout.ms=1200000
  sasl.jaas.config=org.example.Login required password="hunter2";
producerConfig: |
  acks=1
  linger.ms=1
  batch.size=1048576
  enable.idempotence=false
  compression.type=lz4
  request.timeout.ms=20000
consumerConfig: |
  auto.offset.reset=earliest
  enable.auto.commit=false
  fetch.max.bytes=10485760
  no.such.setting=1
  constructor=1
`,
  );
  assert.is(workload.topic.replicationFactor, 3);
  assert.equal(workload.topic.configs, { 'min.insync.replicas': 2, 'flush.messages': 1 });
  assert.is(workload.producer['batch.size'], 1_048_576);
  assert.is(workload.producer['enable.idempotence'], false);
  assert.is(workload.producer['compression.type'], 'lz4');
  assert.is(workload.producer['request.timeout.ms'], 20_000, 'the role’s own goes before the common one');
  assert.is(workload.consumer['request.timeout.ms'], 30_000);
  assert.is(workload.consumer['enable.auto.commit'], false);
  assert.match(lost.get('commonConfig bootstrap.servers') ?? '', '--bootstrap-server');
  assert.match(lost.get('commonConfig sasl.jaas.config') ?? '', '--command-config');
  assert.match(lost.get('commonConfig default.api.timeout.ms') ?? '', 'no equivalent');
  assert.match(lost.get('consumerConfig no.such.setting') ?? '', 'is no consumer setting');
  assert.match(lost.get('consumerConfig constructor') ?? '', 'is no consumer setting');
});

test('a password in a driver gets into no file', () => {
  const { text } = imported({}, `${KAFKA}\ncommonConfig: sasl.jaas.config=X required password="hunter2";\n`);
  assert.not.match(text, 'hunter2');
  assert.match(text, 'commonConfig sasl.jaas.config');
});

test('other systems’ drivers are refused by the field that says so', () => {
  const other =
    'name: Pulsar\ndriverClass: io.openmessaging.benchmark.driver.pulsar.PulsarBenchmarkDriver\nclient: {}\n';
  assert.match(refusal({}, other), 'driver.yaml:2:14: driverClass: expected io.openmessaging');
  assert.match(refusal({}, 'name: nothing\n'), 'driverClass: expected');
});

test('what cannot be read is refused with its place and the nearest name', () => {
  assert.match(refusal({ partitonsPerTopic: 3 }), 'did you mean partitionsPerTopic?');
  assert.match(refusal({ topics: [1] }), /workload\.yaml:1:\d+: topics: /);
  assert.match(refusal({ testDurationMinutes: 0 }), 'testDurationMinutes');
  assert.match(refusal({ producersPerTopic: 0 }), 'topics × producersPerTopic: load.producers');
});

test('fields of forks are named as lost, each with its reason', () => {
  for (const [field, why] of Object.entries(FORK_FIELDS)) {
    assert.is(imported({ [field]: [] }).lost.get(field), why);
  }
});

test('no field of OMB’s passes in silence: whatever it holds, the result validates', () => {
  const fields = fc.record({
    topics: fc.integer({ min: 1, max: 1_000_000 }),
    partitionsPerTopic: fc.integer({ min: 1, max: 10_000 }),
    messageSize: fc.integer({ min: 1, max: 900_000 }),
    keyDistributor: fc.constantFrom('NO_KEY', 'KEY_ROUND_ROBIN', 'RANDOM_NANO'),
    useRandomizedPayloads: fc.boolean(),
    randomBytesRatio: fc.constantFrom(0, 0.5, 1),
    randomizedPayloadPoolSize: fc.integer({ min: 0, max: 5000 }),
    payloadFile: fc.constant('gone.data'),
    subscriptionsPerTopic: fc.integer({ min: 0, max: 40 }),
    producersPerTopic: fc.integer({ min: 1, max: 100 }),
    consumerPerSubscription: fc.integer({ min: 0, max: 100 }),
    producerRate: fc.integer({ min: 0, max: 2_000_000 }),
    consumerBacklogSizeGB: fc.integer({ min: 0, max: 1000 }),
    backlogDrainRatio: fc.constantFrom(0, 0.5, 1),
    testDurationMinutes: fc.integer({ min: 1, max: 60 }),
    warmupDurationMinutes: fc.integer({ min: 0, max: 5 }),
    name: fc.string(),
  });
  fc.assert(
    fc.property(fields, (input) => {
      const { text } = imported(input);
      for (const field of Object.keys(ombWorkloadSchema.shape)) {
        if (
          field in input &&
          ![
            'backlogDrainRatio',
            'consumerBacklogSizeGB',
            'consumerPerSubscription',
            'producersPerTopic',
            'useRandomizedPayloads',
          ].includes(field)
        ) {
          assert.match(text, field);
        }
      }
    }),
    { numRuns: 100, seed: 18 },
  );
});

test('any name of OMB’s makes a legal one', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.match(nameFrom(text), /^[a-z0-9][a-z0-9-]{0,60}$/);
    }),
    { numRuns: 300, seed: 18 },
  );
});

test.run();
