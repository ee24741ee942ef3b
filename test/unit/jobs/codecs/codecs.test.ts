import * as assert from 'uvu/assert';
import { KsweepError } from '../../../../bench/common/errors.ts';
import { createRandom } from '../../../../bench/common/random.ts';
import {
  CODECS,
  type CodecConfig,
  configOf,
  configText,
  parseCodecs,
  producerSettings,
} from '../../../../bench/jobs/codecs/codecs.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('codecs with levels');

function refusal(text: string): KsweepError {
  try {
    parseCodecs(text);
  } catch (error) {
    if (error instanceof KsweepError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

test('a list of codecs is read in its order, a level being optional', () => {
  assert.equal(parseCodecs('none, gzip,lz4:4,zstd:12'), [
    { codec: 'none', level: null },
    { codec: 'gzip', level: null },
    { codec: 'lz4', level: 4 },
    { codec: 'zstd', level: 12 },
  ]);
});

test('what Kafka or the client does not know is refused, with what was likely meant', () => {
  assert.is(refusal('zst:3').hint, 'did you mean zstd?');
  assert.match(refusal('brotli').message, /"brotli".*expected none, gzip, snappy, lz4, zstd/);
  assert.match(refusal('zstd:13').message, /zstd from 1 to 12 \(librdkafka refuses more/);
  for (const text of ['gzip:0', 'gzip:10', 'gzip:', 'gzip:six', 'lz4:13', 'gzip:1:2']) {
    assert.match(refusal(text).message, /expected a level of/, text);
  }
  assert.match(refusal('snappy:3').message, /snappy has no levels/);
  assert.match(refusal('none:1').message, /none has no levels/);
  assert.match(refusal('lz4,zstd:3,lz4').message, /"lz4": is named twice/);
  assert.is(refusal('').code, 'usage');
});

test('a configuration survives its way through producer settings', () => {
  const random = createRandom(7);
  for (let i = 0; i < 200; i++) {
    const codec = CODECS[random.int(CODECS.length)] ?? 'none';
    const levelled = codec === 'gzip' || codec === 'lz4' || codec === 'zstd';
    const config: CodecConfig = {
      codec,
      level: levelled && random.next() < 0.7 ? 1 + random.int(9) : null,
      batchSizeBytes: 1 + random.int(2 ** 20),
      lingerMs: random.int(1000),
    };
    assert.equal(configOf(producerSettings(config)), config);
  }
});

test('labels say what varies and leave out what all share', () => {
  const config: CodecConfig = { codec: 'zstd', level: 3, batchSizeBytes: 131_072, lingerMs: 5 };
  assert.is(configText(config, { batchSize: true, linger: true }), 'zstd:3, batch 128 KiB, linger 5 ms');
  assert.is(configText(config, { batchSize: false, linger: true }), 'zstd:3, linger 5 ms');
  assert.is(
    configText({ ...config, batchSizeBytes: 1000 }, { batchSize: true, linger: false }),
    'zstd:3, batch 1000 B',
  );
});

test.run();
