import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import type { SampleRecord } from '../../../../bench/corpus/sample/sample-file.ts';
import { anonymize } from '../../../../bench/jobs/sample/anonymize.ts';
import { Substitution } from '../../../../bench/jobs/sample/substitution.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('an anonymized sample');

const SECRET = Uint32Array.of(1, 2, 3, 4);
const even = new Float64Array(256).fill(1);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.string({ maxLength: 60 }).map((text) => Buffer.from(text)),
);
const recordOf = (value: Buffer | null, key: Buffer | null = null): SampleRecord => ({
  timestampMs: 5,
  partition: 1,
  key,
  value,
  headers: [{ name: Buffer.from('trace'), value: Buffer.from('abc-123') }],
});

test('no byte stays where it was, lengths stay, and different bytes stay different', () => {
  const substitution = new Substitution(SECRET, even);
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const [x, y] = [substitution.apply(a), substitution.apply(b)];
      assert.is(x.length, a.length);
      assert.ok(
        x.every((byte, i) => byte !== a[i]),
        'a byte stayed',
      );
      assert.is(x.equals(y), Buffer.from(a).equals(b));
    }),
    { numRuns: 500, seed: 18 },
  );
});

test('every byte there is gets another one, whatever the frequencies', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 1000 }), { minLength: 256, maxLength: 256 }),
      fc.nat(),
      (counts, seed) => {
        const substitution = new Substitution(Uint32Array.of(seed, 2, seed, 4), Float64Array.from(counts));
        const replaced = Array.from({ length: 256 }, (_, byte) => substitution.apply(Uint8Array.of(byte))[0]);
        assert.is(new Set(replaced).size, 256);
        assert.ok(replaced.every((byte, i) => byte !== i));
      },
    ),
    { numRuns: 20, seed: 19 },
  );
});

test('keeps which keys are equal, tombstones, headers, times and partitions', () => {
  const records = [
    recordOf(Buffer.from('one'), Buffer.from('k1')),
    recordOf(null, Buffer.from('k2')),
    recordOf(Buffer.from('one'), Buffer.from('k1')),
    recordOf(Buffer.from(''), null),
  ];
  const { records: after, keptBytes } = anonymize(records, SECRET);
  assert.is(keptBytes, 0);
  const [first, second, third, fourth] = after as [SampleRecord, SampleRecord, SampleRecord, SampleRecord];
  assert.equal(first.key, third.key);
  assert.not.equal(first.key, second.key);
  assert.equal(first.value, third.value);
  assert.equal([second.value, fourth.key, fourth.value?.length], [null, null, 0]);
  assert.equal([first.timestampMs, first.partition], [5, 1]);
  assert.equal([first.headers[0]?.name.length, first.headers[0]?.value?.length], [5, 7]);
  assert.not.match(first.headers[0]?.name.toString() ?? '', /trace/);
});

test('the same secret replaces in the same way, another one does not', () => {
  const records = [recordOf(Buffer.from('{"customer":"Meier","city":"Ulm"}'))];
  const values = [SECRET, SECRET, Uint32Array.of(9, 9, 9, 9)].map(
    (secret) => anonymize(records, secret).records[0]?.value,
  );
  assert.equal(values[0], values[1]);
  assert.not.equal(values[0], values[2]);
});

/** Ratio of records in batches of 16 KiB. */
function ratio(records: readonly SampleRecord[]): number {
  const all = Buffer.concat(records.map(({ value }) => value ?? Buffer.alloc(0)));
  let compressed = 0;
  for (let at = 0; at < all.length; at += 16_384)
    compressed += gzipSync(all.subarray(at, at + 16_384)).length;
  return all.length / compressed;
}

test('real payloads compress as before, within a tenth', () => {
  for (const name of ['json-events.ndjson', 'log-lines.txt', 'csv-rows.csv']) {
    const lines = readFileSync(join(packageRoot(), 'workloads', 'payloads', name), 'utf8').split('\n');
    const records = lines.slice(0, 600).map((line) => recordOf(Buffer.from(line)));
    const { records: after, keptBytes } = anonymize(records, SECRET);
    assert.is(keptBytes, 0);
    const change = ratio(after) / ratio(records);
    assert.ok(change > 0.9 && change < 1.1, `${name}: ${change}`);
  }
});

test.run();
