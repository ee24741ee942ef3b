import * as assert from 'uvu/assert';
import { KsweepError } from '../../../../bench/common/errors.ts';
import {
  type CodecsFlags,
  codecsRequestSchema,
  maxMessageBytes,
  requestOf,
} from '../../../../bench/jobs/codecs/request.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('options of a codec comparison');

/** What commander gives for `--payload csv-rows --rate 1MB/s`, but for what is changed. */
const flags = (changes: Partial<CodecsFlags> = {}): CodecsFlags => ({
  payload: 'csv-rows',
  payloadRecords: '50000',
  rate: '1MB/s',
  payloadFormat: 'lines',
  priority: 'cost',
  seed: '1',
  skip: [],
  set: [],
  retention: '7d',
  replicas: '3',
  groups: '1',
  zones: '3',
  region: 'us-east-1',
  instance: 'm6i.large',
  ...changes,
});

function refusal(changes: Partial<CodecsFlags>): string {
  try {
    requestOf(flags(changes));
  } catch (error) {
    if (error instanceof KsweepError && error.code === 'usage') return `${error.message} ${error.hint ?? ''}`;
    throw error;
  }
  throw new Error(`${JSON.stringify(changes)} was accepted`);
}

test('defaults make a whole request, and --quick a shorter one', () => {
  const full = requestOf(flags());
  assert.equal(codecsRequestSchema.parse(JSON.parse(JSON.stringify(full))), full, 'it survives its file');
  assert.is(full.codecs.length, 8);
  assert.equal(full.batchSizesBytes, [16_384, 131_072]);
  const quick = requestOf(flags({ quick: true }));
  assert.ok(quick.repeats < full.repeats && quick.durationMs < full.durationMs);
  assert.is(requestOf(flags({ quick: true, repeats: '9' })).repeats, 9, 'what is asked for goes before');
});

test('sizes, durations and rates are read with their units', () => {
  const { batchSizesBytes, lingersMs, price, durationMs } = requestOf(
    flags({ batchSize: '100,64KiB', lingerMs: '0,20', duration: '1m', volume: '50MB/s', retention: '12h' }),
  );
  assert.equal(batchSizesBytes, [100, 65_536]);
  assert.equal(lingersMs, [0, 20]);
  assert.is(durationMs, 60_000);
  assert.is(price.volumeBytesPerSec, 50e6);
  assert.is(price.retentionSec, 43_200);
});

const REFUSED: readonly (readonly [Partial<CodecsFlags>, RegExp])[] = [
  [{ payloadFile: 'ours.ndjson' }, /either --payload-file, or --payload/],
  [{ rate: 'fast' }, /--rate fast: expected records/],
  [{ codecs: 'zstdd' }, /did you mean zstd\?/],
  [{ codecs: 'snappy:2' }, /snappy has no levels/],
  [{ priority: 'byte' }, /did you mean bytes\?/],
  [{ payloadFormat: 'line' }, /did you mean lines\?/],
  [{ batchSize: '16384,big' }, /--batch-size big: expected sizes/],
  [{ batchSize: '0' }, /--batch-size 0/],
  [{ lingerMs: '5,5' }, /5 is named twice/],
  [{ lingerMs: '-1' }, /--linger-ms -1: expected a whole number/],
  [{ repeats: '0' }, /--repeats 0: expected a whole number of at least 1/],
  [{ duration: '0.5s' }, /--duration 0\.5s: expected a duration of at least 1 s/],
  [{ topicCompression: 'producer' }, /--topic-compression producer: expected gzip/],
  [{ skip: ['finalists'] }, /--skip finalists: expected stamp, recompression/],
  [{ set: ['linger.ms=3'] }, /decides on producer\.linger\.ms itself/],
  [{ set: ['compression.level=3'] }, /decides on producer\.compression\.level itself/],
  [{ set: ['groups=0'] }, /decides on consumers\.groups itself/],
  [{ set: ['topic={partitions: 3}'] }, /not a setting of a workload/],
  [{ volume: '5k/s' }, /--volume 5k\/s: expected bytes/],
  [{ retention: '7' }, /--retention 7: expected a duration with its unit/],
  [{ seed: '4294967296' }, /at most 4294967295/],
];

test('what is wrong is named with its option and what was expected', () => {
  for (const [changes, expected] of REFUSED) assert.match(refusal(changes), expected);
  const { rate: _rate, ...without } = flags();
  assert.throws(() => requestOf(without), /--rate is missing/);
});

test('the size that gets through is the smaller of what client and topic allow', () => {
  assert.is(maxMessageBytes(requestOf(flags())), 1_048_576);
  const raised = ['producer.max.request.size=5000000', 'topic.configs.max.message.bytes=4000000'];
  assert.is(maxMessageBytes(requestOf(flags({ set: raised }))), 4_000_000);
});

test.run();
