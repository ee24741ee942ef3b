import { type Problem, wrongValue } from '../common/yaml/issues.ts';
import { STAMP_BYTES, STAMP_HEADER } from '../results/stamp.ts';
import { crossProblems } from './cross-rules.ts';
import { lateProblems } from './late-semantics.ts';
import { isOfSchema, type SchemaPayload } from './payload-schema.ts';
import type { CellWorkload } from './plan.ts';
import type { SizeSpec } from './schema.ts';
import { searchProblems } from './search-semantics.ts';
import { largestBytes, largestRequestBytes } from './setting-facts.ts';
import { shapeProblems } from './shape-semantics.ts';
import { shareProblems } from './share-semantics.ts';
import { topicConfigProblems } from './topic-configs.ts';

function smallestBytes(size: SizeSpec): number {
  if (typeof size === 'number') return size;
  switch (size.distribution) {
    case 'uniform':
      return size.min;
    case 'lognormal':
      // Sizes below what the stamp needs are raised to it by the corpus; the median has to make sense.
      return size.median;
    case 'weighted':
      return Math.max(...Object.keys(size.weights).map((range) => Number(range.split('-').at(-1))));
  }
}

function reversedRanges(size: Exclude<SizeSpec, number>): string[] {
  if (size.distribution !== 'weighted') return [];
  return Object.keys(size.weights).filter((range) => {
    const [low, high] = range.split('-').map(Number);
    return low !== undefined && high !== undefined && low > high;
  });
}

/** Without a report a record the brokers' end offsets say what arrived: nothing else may move them. */
function countingProblems({ topic, load, consumers, producer, disruptions }: CellWorkload): Problem[] {
  if (load.timing !== 'counts' || load.producers === 0) return [];
  const refuse = (reason: string): Problem => wrongValue(['load', 'timing'], `${reason}; use timing: each`);
  const problems: Problem[] = [];
  if (producer['transactional.id'] !== undefined) {
    problems.push(
      refuse('counts takes what arrived from end offsets, and each transaction adds its markers to them'),
    );
  }
  if (topic.existing) {
    problems.push(
      refuse('counts takes what arrived from end offsets, and in an existing topic others may write, too'),
    );
  }
  if (disruptions.length > 0 && consumers.groups === 0) {
    problems.push(refuse('with counts and no consumers a recovery from disruptions cannot be seen'));
  }
  return problems;
}

/** A schema is a file with its id, or a subject of a registry. */
function originProblems({ schema, schemaId, registry, subject, version }: SchemaPayload): Problem[] {
  const at = (key: string, message: string): Problem => wrongValue(['records', 'payload', key], message);
  if (registry !== undefined) {
    const both = schema !== undefined ? 'schema' : schemaId !== undefined ? 'schemaId' : null;
    if (both !== null) return [at(both, 'the registry says it: remove it, or records.payload.registry')];
    if (/^https?:\/\/[^/]*@/.test(registry)) {
      return [at('registry', 'a password does not belong into a workload: use KSWEEP_SCHEMA_REGISTRY_AUTH')];
    }
    return subject === undefined
      ? [at('registry', 'needs records.payload.subject, such as orders-value')]
      : [];
  }
  const stray = subject !== undefined ? 'subject' : version !== undefined ? 'version' : null;
  if (stray !== null) return [at(stray, 'belongs to records.payload.registry')];
  if (schema !== undefined && schemaId !== undefined) return [];
  const missing = schema === undefined ? 'schema' : 'schemaId';
  return [wrongValue(['records', 'payload'], `needs ${missing}, or registry and subject`)];
}

/** What a schema decides already, and what would break its records. */
function serializedProblems({ records: { payload, size, stamp } }: CellWorkload): Problem[] {
  if (!isOfSchema(payload)) return [];
  const problems: Problem[] = originProblems(payload);
  if (size !== undefined) {
    problems.push(wrongValue(['records', 'size'], 'the sizes follow from the schema: remove records.size'));
  }
  if (stamp === 'payload') {
    const message = `would go over the first ${STAMP_BYTES} bytes, the schema id among them: use records.stamp: header`;
    problems.push(wrongValue(['records', 'stamp'], message));
  }
  return problems;
}

/** The stamp has 16 bits for a producer's index, some of which are kept. */
const MAX_PRODUCERS = 65_000;
const MAX_CONSUMERS = 65_000;

/** What the schema cannot say: settings that are each fine and together mean nothing. */
export function semanticProblems(workload: CellWorkload): Problem[] {
  const { topic, records, load, consumers, producer } = workload;
  const problems: Problem[] = topicConfigProblems(topic);
  if (topic.existing && topic.name === undefined) {
    problems.push(wrongValue(['topic', 'existing'], 'an existing topic has to be named: add topic.name'));
  }
  if (load.producers === 0 && consumers.groups === 0) {
    problems.push(
      wrongValue(['load', 'producers'], 'neither producers nor consumer groups: nothing would run'),
    );
  }
  if (load.producers === 0 && !topic.existing && consumers.backlog === 0) {
    problems.push(
      wrongValue(
        ['load', 'producers'],
        'a consume-only run needs consumers.backlog, or topic.existing with records in it',
      ),
    );
  }
  if (consumers.groups === 0 && consumers.backlog > 0) {
    problems.push(wrongValue(['consumers', 'backlog'], 'a backlog needs a consumer group to read it'));
  }
  problems.push(...countingProblems(workload));
  if (records.stamp === 'none' && (consumers.groups > 0 || consumers.backlog > 0)) {
    problems.push(
      wrongValue(
        ['records', 'stamp'],
        'without a stamp a consumer can tell neither loss nor latency: set consumers.groups to 0, or use records.stamp: header',
      ),
    );
  }
  if (
    records.size !== undefined &&
    records.stamp === 'payload' &&
    smallestBytes(records.size) < STAMP_BYTES
  ) {
    problems.push(
      wrongValue(
        ['records', 'size'],
        `too small for the ${STAMP_BYTES}-byte stamp that ties a record to its run; use records.stamp: header`,
      ),
    );
  }
  if (
    records.size !== undefined &&
    typeof records.size === 'object' &&
    records.size.distribution === 'uniform' &&
    records.size.min > records.size.max
  ) {
    problems.push(wrongValue(['records', 'size'], 'min is above max'));
  }
  if (
    records.size !== undefined &&
    typeof records.size === 'object' &&
    records.size.distribution === 'lognormal' &&
    records.size.median >= records.size.p99
  ) {
    problems.push(wrongValue(['records', 'size'], 'p99 has to be above the median'));
  }
  if (records.size !== undefined && typeof records.size === 'object') {
    for (const range of reversedRanges(records.size)) {
      problems.push(wrongValue(['records', 'size', 'weights', range], 'starts above its end'));
    }
  }
  const limit = largestRequestBytes(producer);
  const largest = records.size === undefined ? null : largestBytes(records.size);
  if ((load.producers > 0 || consumers.backlog > 0) && largest !== null && largest >= limit) {
    problems.push(
      wrongValue(
        ['records', 'size'],
        `no record of ${largest} bytes fits into producer.max.request.size (${limit}); raise it, and topic.configs.max.message.bytes`,
      ),
    );
  }
  if (records.payload.source === 'sample' && records.keys !== 'none') {
    problems.push(
      wrongValue(['records', 'keys'], 'the records of a sample keep their own keys: remove records.keys'),
    );
  }
  if (Object.hasOwn(records.headers, STAMP_HEADER)) {
    problems.push({
      path: ['records', 'headers', STAMP_HEADER],
      at: 'key',
      message: 'is the name of the header that ties a record to its run; choose another one',
    });
  }
  problems.push(...serializedProblems(workload));
  problems.push(...shapeProblems(workload), ...shareProblems(workload), ...lateProblems(workload));
  problems.push(...crossProblems(workload));
  problems.push(...searchProblems(workload));
  if (load.duration < 1_000)
    problems.push(wrongValue(['load', 'duration'], 'has to be 1 s or more: figures are taken each second'));
  if (load.producers > MAX_PRODUCERS)
    problems.push(wrongValue(['load', 'producers'], `at most ${MAX_PRODUCERS}`));
  const members = consumers.groups * consumers.perGroup;
  if (members > MAX_CONSUMERS) {
    const message = `consumers.groups × consumers.perGroup are ${members} processes; at most ${MAX_CONSUMERS}`;
    problems.push(wrongValue(['consumers', consumers.perGroup > 1 ? 'perGroup' : 'groups'], message));
  }
  for (const [index, disruption] of workload.disruptions.entries()) {
    if (disruption.at >= load.duration) {
      problems.push({
        path: ['disruptions', index, 'at'],
        at: 'value',
        message: 'lies beyond the measured window (load.duration)',
      });
    }
  }
  return problems;
}
