import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import {
  filePayloads,
  monotonicPayloads,
  type Payloads,
  randomPayloads,
  readPayloadFile,
  splitPayloads,
} from '../../../bench/perf/payloads.ts';
import { suite } from '../../support/suite.ts';

/** The payloads of these sequences, in one batch. */
function texts(payloads: Payloads, sequences: readonly number[]): string[] {
  const [offsets, lengths] = [new Uint32Array(sequences.length), new Int32Array(sequences.length)];
  for (const [row, sequence] of sequences.entries()) payloads.place(sequence, row, offsets, lengths);
  return sequences.map((_, row) => {
    const from = offsets[row] as number;
    return Buffer.from(payloads.pool.subarray(from, from + (lengths[row] as number))).toString('utf8');
  });
}

const test = suite('perf/payloads');

test('random ones are letters of the size asked for, and differ', () => {
  const found = texts(
    randomPayloads(50, 500),
    Array.from({ length: 500 }, (_, i) => i),
  );
  for (const text of found) assert.match(text, /^[A-Z]{50}$/);
  assert.is(new Set(found).size, 500);
});

test('monotonic ones are the records’ numbers, side by side in a batch', () => {
  assert.equal(texts(monotonicPayloads(4), [0, 9, 10, 2 ** 53 - 1]), ['0', '9', '10', '9007199254740991']);
});

test('a file’s are drawn from all of it, bytes of UTF-8', () => {
  const found = new Set(
    texts(
      filePayloads(['é', 'two', '']),
      Array.from({ length: 200 }, (_, i) => i),
    ),
  );
  assert.equal([...found].sort(), ['', 'two', 'é']);
});

test('the delimiter splits as Java’s String.split', () => {
  assert.equal(splitPayloads('a\nb\n\n', '\\n'), ['a', 'b']);
  assert.equal(splitPayloads('a,,b', ','), ['a', '', 'b']);
  assert.equal(splitPayloads(',a', ','), ['', 'a']);
  assert.equal(splitPayloads('a1b22c', '\\d+'), ['a', 'b', 'c']);
  assert.equal(splitPayloads('a(x)b', '(\\()|\\)'), ['a', 'x', 'b'], 'groups are no payloads');
  assert.equal(splitPayloads('abc', ''), ['a', 'b', 'c']);
  assert.equal(splitPayloads('whole', ';'), ['whole']);
  assert.equal(splitPayloads(';;', ';'), []);
  assert.throws(
    () => splitPayloads('a', '('),
    (error: Error) => /--payload-delimiter/.test(error.message),
  );
});

test('reading a file says what the tool says; an empty or missing one is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ksweep-payloads-'));
  try {
    const file = join(folder, 'payloads.txt');
    writeFileSync(file, 'one\ntwo\n');
    const lines: string[] = [];
    readPayloadFile(file, '\\n', (line) => lines.push(line));
    assert.equal(lines, [`Reading payloads from: ${file}`, 'Number of records read: 2']);
    writeFileSync(file, '');
    const refused = (path: string, why: RegExp) =>
      assert.throws(
        () => readPayloadFile(path, '\\n', () => {}),
        (error: Error) => why.test(error.message),
      );
    refused(file, /no payload in it/);
    refused(join(folder, 'gone'), /cannot be read/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
