import * as assert from 'uvu/assert';
import { formatNumber } from '../../../../bench/common/format-number.ts';
import { createRandom } from '../../../../bench/common/random.ts';
import { formatBytes, formatBytesPerSec, formatDuration } from '../../../../reports/sizing/format.ts';
import {
  INFINITE_RETENTION_SEC,
  type Read,
  readCapacity,
  readCount,
  readDurationSec,
  readMultiplier,
  readNetwork,
  readRate,
  readRetentionSec,
  readShare,
  readSize,
  readThroughput,
} from '../../../../reports/sizing/input/quantity.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('sizing quantities');

const value = <T>(read: Read<T>): T => {
  if (!read.ok) throw new Error(read.message);
  return read.value;
};
const message = (read: Read<unknown>): string =>
  read.ok ? `accepted ${JSON.stringify(read.value)}` : read.message;

test('rates: bytes and records per second', () => {
  assert.equal(value(readRate('50MB/s')), { kind: 'bytes', perSec: 50e6 });
  assert.equal(value(readRate('50 MiB/s')), { kind: 'bytes', perSec: 50 * 2 ** 20 });
  assert.equal(value(readRate('20k/s')), { kind: 'records', perSec: 20_000 });
  assert.equal(value(readRate('0MB/s')), { kind: 'bytes', perSec: 0 });
  assert.equal(value(readRate('0/s')), { kind: 'records', perSec: 0 });
});

test('rates: what is ambiguous is refused with what was likely meant', () => {
  const cases: [string | number, RegExp][] = [
    [50, /no unit; write 50MB\/s for megabytes or 50\/s for records/],
    ['50', /no unit/],
    ['50M', /no unit/],
    ['50Mb/s', /write 6\.25MB\/s if bits were meant, 50MB\/s if bytes/],
    ['50mb/s', /write 6\.25MB\/s if bits were meant, 50MB\/s if bytes/],
    ['50Mbps', /6\.25MB\/s if bits/],
    ['50MBps', /write 50MB\/s/],
    ['1gib/s', /write 0\.125GiB\/s if bits were meant, 1GiB\/s if bytes/],
    ['-5MB/s', /negative/],
    [-5, /negative/],
    ['fast', /expected bytes or records per second/],
  ];
  for (const [text, expected] of cases) assert.match(message(readRate(text)), expected, String(text));
});

test('a throughput is in bytes, above 0', () => {
  assert.is(value(readThroughput('25MB/s')), 25e6);
  assert.match(message(readThroughput('25k/s')), /counts records; expected bytes per second/);
  assert.match(message(readThroughput('0MB/s')), /carries nothing/);
});

test('sizes', () => {
  assert.is(value(readSize(1000)), 1000);
  assert.is(value(readSize('1KiB')), 1024);
  assert.match(message(readSize('1Mb')), /write 0\.125MB if bits were meant, 1MB if bytes/);
  assert.match(message(readSize(-1)), /negative; expected bytes/);
});

test('memory and disks need a unit: a bare number is never that many bytes', () => {
  assert.is(value(readCapacity('32GiB')), 32 * 2 ** 30);
  assert.is(value(readCapacity('4 TB')), 4e12);
  assert.match(message(readCapacity(32)), /^32 has no unit; write 32GB or 32GiB; expected bytes with their/);
  assert.match(message(readCapacity('32')), /has no unit/);
  assert.match(message(readCapacity('0GB')), /holds nothing/);
  assert.match(message(readCapacity('4Tb')), /write 0\.5TB if bits were meant, 4TB if bytes/);
  assert.match(message(readCapacity(-1)), /negative; expected bytes with their unit/);
});

test('networks are in bits, and say so', () => {
  assert.is(value(readNetwork('10Gb/s')), 1.25e9);
  assert.is(value(readNetwork('750Mb/s')), 93.75e6);
  assert.is(value(readNetwork('40GbE')), 5e9);
  assert.match(
    message(readNetwork('10GB/s')),
    /write 80Gb\/s for that many bytes, 10Gb\/s if bits were meant/,
  );
  assert.match(message(readNetwork(10)), /no unit; write 10Gb\/s/);
});

test('durations need a unit', () => {
  assert.is(value(readDurationSec('5ms')), 0.005);
  assert.is(value(readDurationSec('7d')), 604_800);
  assert.is(value(readDurationSec(0)), 0);
  assert.match(message(readDurationSec(7)), /no unit; expected a duration/);
  assert.match(message(readDurationSec('-1s')), /negative/);
});

test('infinite retention is ten years', () => {
  assert.is(INFINITE_RETENTION_SEC, 315_360_000);
  for (const written of [-1, '-1', 'infinite'])
    assert.is(value(readRetentionSec(written)), INFINITE_RETENTION_SEC);
  assert.match(message(readRetentionSec(-2)), /negative/);
});

test('shares, multipliers and counts', () => {
  assert.is(value(readShare('60%')), 0.6);
  assert.is(value(readShare(0.6)), 0.6);
  assert.match(message(readShare(60)), /above 1; write 60%/);
  assert.match(message(readShare('-0.1')), /negative/);
  for (const blank of ['', '  ']) assert.match(message(readShare(blank)), /"" is not a share; expected/);
  assert.is(value(readMultiplier('+50%')), 1.5);
  assert.is(value(readMultiplier('1.5x')), 1.5);
  assert.match(message(readMultiplier(0.5)), /would shrink the demand/);
  assert.is(value(readCount('3', 1)), 3);
  assert.match(message(readCount('2.5', 1)), /whole number of at least 1/);
  assert.match(message(readCount('', 0)), /whole number/);
  assert.match(message(readCount(-1, 0)), /whole number of at least 0/);
});

/** Equal but for the last bits of a binary product. */
function assertClose(actual: number, expected: number, relative = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= expected * relative, `${actual} is not ${expected}`);
}

test('units round-trip: what is printed is read back as the same figure', () => {
  const random = createRandom(11);
  for (let i = 0; i < 500; i++) {
    // Four digits are what the printer keeps.
    const digits = 1000 + random.int(9000);
    const bytes = digits * 10 ** random.int(10);
    assertClose(value(readSize(formatBytes(bytes).replace('\u202f', ''))), bytes);
    const rate = value(readRate(formatBytesPerSec(bytes).replace('\u202f', '')));
    assert.is(rate.kind, 'bytes');
    assertClose(rate.perSec, bytes);
    const seconds = (1 + random.int(99)) * ([0.001, 1, 3600, 86_400][random.int(4)] ?? 1);
    const read = value(readDurationSec(formatDuration(seconds)));
    assert.ok(
      Math.abs(read - seconds) <= seconds * 1e-3,
      `${seconds} → ${formatDuration(seconds)} → ${read}`,
    );
  }
});

test('numbers are grouped and rounded to four digits', () => {
  assert.is(formatNumber(1234567.8), '1\u202f234\u202f568');
  assert.is(formatNumber(0.123456), '0.1235');
  assert.is(formatNumber(9999), '9999');
  assert.is(formatNumber(-12), '−12');
  assert.is(formatNumber(Number.POSITIVE_INFINITY), '∞');
});

test.run();
