import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { jsonSchemas, schemasDir, schemaText } from '../../../bench/cli/write-schemas.ts';
import { KsweepError } from '../../../bench/common/errors.ts';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { type LoadedWorkload, loadWorkload } from '../../../bench/workload/load.ts';
import { suite } from '../../support/suite.ts';

const test = suite('workload files');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-workload-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));

function load(text: string, set: string[] = []): LoadedWorkload {
  const file = join(dir, 'w.yaml');
  writeFileSync(file, text);
  return loadWorkload(file, { set });
}

/** The problems of a workload, without the folder in front. */
function problems(text: string, set: string[] = []): string[] {
  try {
    load(text, set);
  } catch (error) {
    assert.instance(error, KsweepError);
    assert.is((error as KsweepError).exitStatus, 1);
    return (error as KsweepError).details.map((line) => line.replace(`${dir}/`, ''));
  }
  return assert.unreachable('it was accepted') as never;
}

test('fills in every default, in base units', () => {
  const { workload, plan } = load(
    'name: x\nload: {rate: 5MB/s, warmup: 250ms, duration: 2m}\nrecords: {size: 2KiB}',
  );
  assert.equal(workload.load.rate, { kind: 'bytes', perSec: 5e6 });
  assert.equal([workload.load.warmup, workload.load.duration, workload.records.size], [250, 120_000, 2048]);
  assert.equal([workload.topic.partitions, workload.repeats, plan.cells.length], [6, 1, 1]);
  assert.is(plan.cells[0]?.label, 'baseline');
});

for (const [what, text, expected] of [
  [
    'an unknown key',
    'name: x\nload:\n  ratee: 5',
    ['w.yaml:3:3: load.ratee: unknown key "ratee"; did you mean rate?'],
  ],
  [
    'an unknown section',
    'name: x\nproducers: {}',
    ['w.yaml:2:1: producers: unknown key "producers"; did you mean producer?'],
  ],
  [
    'a search with min above max',
    'name: x\nload:\n  rate:\n    search:\n      min: 500\n      max: 100',
    ['w.yaml:5:12: load.rate.search.min: is above max'],
  ],
  [
    'a search that starts below min',
    'name: x\nload:\n  rate:\n    search:\n      min: 500\n      start: 100',
    ['w.yaml:6:14: load.rate.search.start: is below min'],
  ],
  [
    'a search that starts above max',
    'name: x\nload:\n  rate:\n    search:\n      max: 100\n      start: 500',
    ['w.yaml:6:14: load.rate.search.start: is above max'],
  ],
  [
    'a search of one probe',
    'name: x\nload:\n  rate:\n    search:\n      maxProbes: 1',
    [
      'w.yaml:5:18: load.rate.search.maxProbes: a search needs 3 probes at least: where to begin, and both ends of the answer, got 1',
    ],
  ],
  [
    'a search without time for its probes',
    'name: x\nload:\n  rate:\n    search:\n      maxTime: 60s',
    [
      'w.yaml:5:16: load.rate.search.maxTime: is too short: 3 probes of load.warmup and load.duration take 75 s',
    ],
  ],
  [
    'a search in windows that tell nothing',
    'name: x\nload:\n  duration: 10s\n  rate: {search: {}}',
    [
      'w.yaml:3:13: load.duration: has to be 20 s or more for a search: a shorter probe cannot tell a steady state or growing lag',
    ],
  ],
  [
    'a search without producers',
    'name: x\nload: {producers: 0, rate: {search: {}}}\nconsumers: {backlog: 5}',
    ['w.yaml:2:19: load.producers: a search offers a load: it needs a producer'],
  ],
  [
    'a latency limit without latencies',
    'name: x\nload: {timing: counts, rate: {search: {latency: due-to-ack p99 < 5ms}}}',
    ['w.yaml:2:16: load.timing: counts measures no latency; the search limits one: use each'],
  ],
  [
    'an end-to-end limit without consumers',
    'name: x\nload: {rate: {search: {latency: end-to-end p99 < 5ms}}}\nconsumers: {groups: 0}',
    ['w.yaml:2:33: load.rate.search.latency: end-to-end needs a consumer group: raise consumers.groups'],
  ],
  [
    'a search below what a percentile can tell',
    'name: x\nload:\n  rate:\n    search:\n      max: 20\n      latency: due-to-ack p99.9 < 5ms',
    [
      'w.yaml:5:12: load.rate.search.max: is too low for the latency limit: below 24.6/s p99.9 has too few samples in any probe',
    ],
  ],
  [
    'a bad duration',
    'name: x\nload:\n  warmup: 5 parsecs',
    ['w.yaml:3:11: load.warmup: expected a duration such as 250ms, 20s or 2m, got "5 parsecs"'],
  ],
  [
    'a bad rate',
    'name: x\nload:\n  rate: fast',
    ['w.yaml:3:9: load.rate: expected a rate such as 20000 (records/s), 20k/s, 5MB/s or 5TB/day, got "fast"'],
  ],
  [
    'a wrong type',
    'name: x\ntopic: {partitions: many}',
    ['w.yaml:2:21: topic.partitions: Invalid input: expected number, received string, got "many"'],
  ],
  ['a missing name', 'load: {rate: 5}', ['w.yaml:1:1: name: is required']],
  [
    'a Kafka setting misspelt',
    'name: x\nproducer:\n  linger.m: 5',
    ['w.yaml:3:3: producer.linger.m: is no producer setting of Kafka or librdkafka; did you mean linger.ms?'],
  ],
  [
    'a setting of the other role',
    'name: x\nconsumer:\n  acks: all',
    ['w.yaml:3:3: consumer.acks: is a producer setting'],
  ],
  [
    'a setting without an equivalent',
    'name: x\nproducer: {max.block.ms: 5}',
    [/w.yaml:2:12: producer.max.block.ms: has no equivalent here: .+schedule delay/],
  ],
  ['a secret', 'name: x\nproducer: {sasl.password: hunter2}', [/belongs into the client properties file/]],
  [
    'a level out of range',
    'name: x\nproducer: {compression.gzip.level: 12}',
    [/compression.gzip.level: expected a whole number from 1 to 9, got 12/],
  ],
  [
    'an existing topic without a name',
    'name: x\ntopic: {existing: true}',
    [/an existing topic has to be named/],
  ],
  [
    'no stamp with a consumer to check it',
    'name: a\nrecords: { stamp: none }',
    [/consumer can tell neither loss nor latency.+consumers.groups to 0/],
  ],
  [
    'a schema that is not there',
    'name: a\nrecords: { payload: { source: avro, schema: none.avsc, schemaId: 1 } }',
    [/records\.payload\.schema: there is no .*none\.avsc/],
  ],
  [
    'a size beside a schema, and the stamp over its id',
    'name: a\nrecords: { size: 100, payload: { source: avro, schema: w.yaml, schemaId: 1 } }',
    [
      /records\.size: the sizes follow from the schema/,
      /records\.stamp: .*schema id.*records\.stamp: header/,
    ],
  ],
  [
    'a schema id that is none',
    'name: a\nrecords: { payload: { source: avro, schema: w.yaml, schemaId: -1 }, stamp: header }',
    [/records\.payload\.schemaId/],
  ],
  [
    'a registry without a subject',
    'name: a\nrecords: { payload: { source: avro, registry: "http://r:8081" }, stamp: header }',
    [/records\.payload\.registry: needs records\.payload\.subject/],
  ],
  [
    'a registry beside a file',
    'name: a\nrecords: { payload: { source: avro, registry: "http://r:8081", subject: s, schema: w.yaml }, stamp: header }',
    [/records\.payload\.schema: the registry says it/],
  ],
  [
    'a password in the address of a registry',
    'name: a\nrecords: { payload: { source: avro, registry: "http://u:p@r:8081", subject: s }, stamp: header }',
    [/records\.payload\.registry: .*KSWEEP_SCHEMA_REGISTRY_AUTH/],
  ],
  [
    'a schema without its id',
    'name: a\nrecords: { payload: { source: avro, schema: w.yaml }, stamp: header }',
    [/records\.payload: needs schemaId, or registry and subject/],
  ],
  [
    'a record too small for the stamp',
    'name: x\nrecords: {size: 10}',
    [/too small for the 24-byte stamp.+records.stamp: header/],
  ],
  [
    'nothing to do',
    'name: x\nload: {producers: 0}\nconsumers: {groups: 0}',
    [/nothing would run/, /consume-only/],
  ],
  [
    'a payload file that is not there',
    'name: x\nrecords: {payload: {source: file, path: nope.ndjson}}',
    [/there is no .+nope.ndjson/],
  ],
  [
    'an unknown threshold',
    'name: x\nload: {rate: 5}\nthresholds: [due-to-ackk p99 < 5ms]',
    [/w.yaml:3:14: thresholds.0: .+did you mean due-to-ack\?/],
  ],
  ['a latency threshold at maximum rate', 'name: x\nthresholds: [due-to-ack p99 < 5ms]', [/has no latency/]],
  [
    'an impossible combination',
    'name: x\nproducer: {acks: 1, enable.idempotence: true}',
    [/^w.yaml:2:12: producer.acks: no combination can work: acks: enable.idempotence needs acks=all/],
  ],
  [
    'an unknown axis',
    'name: x\nsweep:\n  axes:\n    partition: [1]',
    [
      /w.yaml:4:5: sweep.axes.partition: "partition" is not a setting of a workload; did you mean partitions\?/,
    ],
  ],
  [
    'a bad value on an axis',
    'name: x\nsweep:\n  axes:\n    linger.ms: [0, -3]',
    [/w.yaml:4:20: sweep.axes.linger.ms.1: producer.linger.ms: expected a whole number from 0/],
  ],
  [
    'a misspelt value on an axis of strategies',
    'name: x\nsweep:\n  axes:\n    partition.assignment.strategy: [range, rnge]',
    [/w.yaml:4:44: sweep.axes.partition.assignment.strategy.1: .+got rnge; did you mean range\?/],
  ],
  [
    'a rule for a value that is on no axis',
    'name: x\nsweep:\n  axes: {compression.type: [none, zstd]}\n  exclude: [{compression.type: zstdd}]',
    [/w.yaml:4:32: sweep.exclude.0.compression.type: .+is never zstdd.+did you mean zstd\?/],
  ],
  [
    'a rule for an axis that is none',
    'name: x\nsweep:\n  axes: {linger.ms: [0, 5]}\n  exclude: [{linger.m: 0}]',
    [/w.yaml:4:14: sweep.exclude.0.linger.m: .+did you mean linger.ms\?/],
  ],
  [
    'the cluster as an axis',
    'name: x\nsweep: {axes: {producer.bootstrap.servers: [a:1, b:1]}}',
    [/one run measures one cluster/, /one run measures one cluster/],
  ],
  [
    'a threshold for an axis or value that is none',
    'name: x\nload: {rate: 5}\nsweep: {axes: {linger.ms: [0, 5]}}\nthresholds: [lost == 0 for linger.m=0, lost == 0 for linger.ms=7]',
    [/did you mean linger.ms\?/, /no cell has linger.ms=7: 0, 5$/],
  ],
  ['an alias without its anchor', 'name: x\nload: *foo', [/^w.yaml:2:7: .*foo/]],
  ['a list where settings belong', '- 5', [/^w.yaml:1:1: expected a map of settings/]],
  [
    'a topic config misspelt',
    'name: x\ntopic:\n  configs: {retention.mss: 5, vendor.tiering: on}',
    ['w.yaml:3:13: topic.configs.retention.mss: is not a topic config of Kafka; did you mean retention.ms?'],
  ],
  [
    'an axis that belongs to the run',
    'name: x\nsweep: {axes: {seed: [1, 2]}}',
    [/seed belongs to the whole run/],
  ],
  [
    'partitions of an existing topic as an axis',
    'name: x\ntopic: {name: t, existing: true}\nsweep: {axes: {partitions: [1, 2]}}',
    [/existing topic stays as it is/],
  ],
  ['a level without a codec', 'name: x\nproducer: {compression.level: 3}', [/none has no levels/]],
  [
    'counting in transactions',
    'name: x\nload: {timing: counts}\nproducer: {transactional.id: t}',
    [/w.yaml:2:16: load.timing: counts takes .+ each transaction adds its markers.+use timing: each/],
  ],
  [
    'counting in an existing topic',
    'name: x\nload: {timing: counts}\ntopic: {name: t, existing: true}',
    [/load.timing: .+others may write, too/],
  ],
  [
    'counting through a disruption that no consumer sees',
    'name: x\nload: {timing: counts}\nconsumers: {groups: 0}\ndisruptions: [{at: 1s, action: kill-broker}]',
    [/load.timing: .+recovery/],
  ],
  ['a record that no request holds', 'name: x\nrecords: {size: 5MB}', [/max\.request\.size \(1048576\)/]],
  [
    'a threshold that nobody can tell',
    'name: x\nload: {rate: 5}\nconsumers: {groups: 0}\nthresholds: [lost == 0]',
    [/has no consumers/],
  ],
  ['librdkafka’s name for a Kafka setting', 'name: x\nproducer: {request.required.acks: 1}', [/write acks/]],
  [
    'an exclusion of no axis',
    'name: x\nsweep:\n  axes: {partitions: [1]}\n  exclude: [{acks: 1}]',
    [/"acks" is not an axis of this sweep/],
  ],
] as [string, string, (string | RegExp)[]][]) {
  test(`refuses ${what}, and says where and what instead`, () => {
    const found = problems(text);
    for (const one of expected) {
      const matched = found.some((line) => (typeof one === 'string' ? line === one : one.test(line)));
      assert.ok(matched, `${one} in\n${found.join('\n')}`);
    }
  });
}

test('names all problems at once', () => {
  assert.is(problems('name: X\nload: {warmup: x, duration: y}\ntopic: {nam: a}').length, 4);
});

test('refuses what is no YAML with its place, and a key that is there twice', () => {
  assert.match(problems('name: x\nload: {rate: 5').join(), /w\.yaml:\d+:\d+/);
  assert.match(problems('name: x\nname: y').join(), /w\.yaml:2:1: Map keys must be unique/);
});

test('--set overrides by short name, Kafka name or path, and its mistakes are its own', () => {
  const { workload } = load('name: x\nload: {rate: 5}', [
    'linger.ms=20',
    'partitions=3',
    'load.rate=2k/s',
    'topic.configs.retention.ms=1000',
    'sweep.axes.batch.size=[1000,2000]',
  ]);
  assert.equal(workload.producer, { 'linger.ms': 20 });
  assert.equal([workload.topic.partitions, workload.load.rate], [3, { kind: 'records', perSec: 2000 }]);
  assert.equal(workload.topic.configs, { 'retention.ms': 1000 });
  assert.equal(workload.sweep?.axes, { 'batch.size': [1000, 2000] });
  assert.equal(
    problems('name: x', ['linger.ms=soon']).map((line) => line.slice(0, 23)),
    ['--set linger.ms=soon: p'],
  );
  for (const [set, message] of [
    ['lingr.ms=5', /did you mean linger.ms/],
    ['linger.ms', /expected key=value/],
    ['client.rack.x=1', /is not a setting/],
    ['metadata.max.age.ms=5', /producer.metadata.max.age.ms or consumer.metadata.max.age.ms/],
  ] as const) {
    try {
      load('name: x', [set]);
      assert.unreachable(set);
    } catch (error) {
      assert.match(`${(error as KsweepError).message} ${(error as KsweepError).hint}`, message);
    }
  }
});

const TWO_AXES = 'name: x\nload: {rate: 5}\nsweep:\n  axes:\n    linger.ms: [0, 5]\n    acks: ["1", all]\n';

test('--set takes what it sets out of the sweep, and says so', () => {
  const { plan, dropped } = load(TWO_AXES, ['linger.ms=20']);
  assert.equal(dropped, ['linger.ms']);
  assert.equal(
    plan.cells.map(({ settings, workload }) => [settings['acks'], workload.producer['linger.ms']]),
    [
      ['1', 20],
      ['all', 20],
    ],
  );
  const none = load(TWO_AXES, ['producer.linger.ms=20', 'acks=all']);
  assert.equal([none.dropped, none.plan.cells.length], [['linger.ms', 'acks'], 1]);
  const codecs = 'name: x\nsweep: {axes: {codec: [{compression.type: none}, {compression.type: zstd}]}}';
  assert.equal(load(codecs, ['compression.type=lz4']).dropped, ['codec']);
});

test('--set reaches into lists, and takes a header’s name as it is', () => {
  const text = 'name: x\nload: {rate: 5}\ndisruptions: [{at: 5s, action: pause-broker, for: 1s}]';
  const { workload } = load(text, ['disruptions.0.at=3s', 'records.headers.a.b=x']);
  assert.equal(workload.disruptions, [{ at: 3_000, action: 'pause-broker', target: 0, for: 1_000 }]);
  assert.equal(workload.records.headers, { 'a.b': 'x' });
  assert.throws(() => load(text, ['disruptions.1.at=3s']), /"1" is not an item of a list of 1/);
});

test('records have to fit into a request, whatever tells its size', () => {
  const sized = (size: string, producer = ''): string =>
    `name: x\nproducer: {${producer}}\nrecords: {size: ${size}}`;
  assert.ok(load(sized('2MiB', 'message.max.bytes: 10000000')).plan.cells.length === 1);
  assert.match(problems(sized('2MiB'))[0] ?? '', /no record of 2097152 bytes fits/);
  for (const size of [
    '{distribution: uniform, min: 100, max: 2MiB}',
    '{distribution: lognormal, median: 100, p99: 2MiB}',
    '{distribution: weighted, weights: {"100-2097152": 1}}',
  ])
    assert.match(problems(sized(size))[0] ?? '', /no record of 2097152 bytes fits/, size);
});

test('a rule or a threshold on what --set took out of the sweep is a problem', () => {
  const text = `${TWO_AXES}  exclude:\n    - {linger.ms: 5}\nthresholds:\n  - lost == 0 for linger.ms=5\n`;
  const [rule, threshold] = [
    problems(text, ['linger.ms=20']),
    problems(text.replace(/ {2}exclude:\n.*\n/, ''), ['linger.ms=20']),
  ].map(([first]) => first);
  assert.match(rule ?? '', /w.yaml:8:8: sweep.exclude.0.linger.ms: "linger.ms" is not an axis of this sweep/);
  assert.match(threshold ?? '', /w.yaml:8:5: thresholds.0: "linger.ms" is not an axis of this sweep/);
});

test('a file that is not there', () => {
  assert.throws(
    () => loadWorkload(join(dir, 'none.yaml')),
    (error: KsweepError) => error.code === 'workload-missing',
  );
});

test('every shipped workload is valid, by the loader and by the JSON Schema that it names', () => {
  const require = createRequire(import.meta.url);
  const { default: Ajv } = require('ajv') as {
    default: new (options: object) => { compile(schema: unknown): (value: unknown) => boolean };
  };
  const schema = jsonSchemas()['workload.schema.json'];
  const valid = new Ajv({ strict: false }).compile(schema);
  const folder = join(packageRoot(), 'workloads');
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  assert.ok(files.length >= 11);
  for (const name of files) {
    const text = readFileSync(join(folder, name), 'utf8');
    assert.ok(text.startsWith('# yaml-language-server: $schema=../schemas/workload.schema.json\n'), name);
    assert.match(text, /^# Question: /m, name);
    assert.ok(valid(parse(text)), name);
    assert.ok(loadWorkload(join(folder, name)).plan.cells.length > 0, name);
  }
  assert.not.ok(valid({ name: 'x', loads: {} }));
  assert.not.ok(valid({ name: 'x', producer: { 'compression.type': 'zstdd' } }));
  assert.not.ok(valid({ name: 'x', consumer: { 'fetch.min.bytes': 0 } }));
  assert.ok(valid({ name: 'x', producer: { acks: '1', 'queue.buffering.max.messages': 5 } }));
});

test('the JSON Schemas in the repository are those of the code', () => {
  for (const [name, schema] of Object.entries(jsonSchemas())) {
    assert.is(
      readFileSync(join(schemasDir(), name), 'utf8'),
      schemaText(schema),
      `${name}: run npm run schemas`,
    );
  }
});

test.run();
