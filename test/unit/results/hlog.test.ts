import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'hdr-histogram-js';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { createRandom } from '../../../bench/common/random.ts';
import { addEncoded } from '../../../bench/results/encoded-histogram.ts';
import { decode, encode, maxUs, newHistogram } from '../../../bench/results/histogram.ts';
import { formatHlog, percentileCurve, processHlogFile, readHlog } from '../../../bench/results/hlog.ts';
import { suite } from '../../support/suite.ts';

const test = suite('hlog');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-hlog-'));
test.after(() => rmSync(folder, { recursive: true }));

const START_MS = 1_767_600_000_500;

function writeLog(name: string, perSecond: readonly (readonly number[])[]): string {
  const intervals = perSecond.map((values, atSec) => {
    const histogram = newHistogram();
    for (const value of values) histogram.recordValue(value);
    return { atSec, lengthSec: 1, maxUs: maxUs(histogram), encoded: encode(histogram) };
  });
  const path = join(folder, name);
  writeFileSync(path, formatHlog('due-to-ack', START_MS, intervals));
  return path;
}

test('what was written is read back: values, order and times', () => {
  const { merged, intervals } = readHlog(writeLog('a.hlog', [[100, 200], [], [3_000_000]]));
  assert.is(merged.totalCount, 3);
  assert.is(merged.getValueAtPercentile(0), 100);
  assert.ok(Math.abs(merged.getValueAtPercentile(100) - 3_000_000) <= 3_000);
  assert.equal(
    intervals.map(({ startMs, encoded }) => [startMs, decode(encoded).totalCount]),
    [
      [START_MS, 2],
      [START_MS + 1000, 0],
      [START_MS + 2000, 1],
    ],
  );
});

test('the header is the one of format 1.3, with start and base time', () => {
  const lines = formatHlog('end-to-end', START_MS, []).split('\n');
  assert.is(lines[1], '#[Histogram log format version 1.3]');
  assert.match(lines[2] ?? '', /^#\[StartTime: 1767600000\.500 \(seconds since epoch\), 2026-01-05T/);
  assert.match(lines[3] ?? '', /^#\[BaseTime: 1767600000\.500 /);
  assert.match(lines[4] ?? '', /^"StartTimestamp","Interval_Length"/);
});

test('the curve rises, passes the usual percentiles and ends at the maximum', () => {
  const random = createRandom(5);
  const values = Array.from({ length: 10_000 }, () => Math.floor(1_000 / (1.001 - random.next())));
  const { count, curve } = processHlogFile(writeLog('curve.hlog', [values]));
  const whole = newHistogram();
  for (const value of values) whole.recordValue(value);
  assert.is(count, 10_000);
  for (let i = 1; i < curve.length; i++) {
    assert.ok((curve[i]?.valueUs ?? 0) >= (curve[i - 1]?.valueUs ?? 0));
    assert.ok((curve[i]?.nines ?? 0) > (curve[i - 1]?.nines ?? 0));
  }
  const p99 = curve.find(({ nines }) => Math.abs(nines - 100) < 1e-9);
  assert.is(p99?.valueUs, whole.getValueAtPercentile(99));
  assert.equal(curve.at(-1), { percentile: 100, nines: 10_000, valueUs: maxUs(whole) });
});

test('adding an encoded histogram is adding the histogram, whatever its range and resolution', () => {
  const random = createRandom(6);
  for (const span of [5, 12, 17, 22, 30]) {
    for (const digits of [2, 3] as const) {
      const source = build({ autoResize: true, numberOfSignificantValueDigits: digits, bitBucketSize: 64 });
      for (let i = 0; i < 3000; i++) {
        source.recordValueWithCount(Math.floor(Math.exp(random.next() * span)), 1 + random.int(2) * 1e9);
      }
      source.recordValue(0);
      const slow = newHistogram();
      const quick = newHistogram();
      for (const target of [slow, quick]) target.recordValue(777);
      slow.add(decode(encode(source)));
      addEncoded(quick, encode(source));
      assert.is(quick.totalCount, slow.totalCount);
      assert.is(quick.maxValue, slow.maxValue);
      assert.is(quick.minNonZeroValue, slow.minNonZeroValue);
      assert.is(encode(quick), encode(slow));
    }
  }
  const target = newHistogram();
  addEncoded(target, encode(newHistogram()));
  assert.equal([target.totalCount, target.maxValue], [0, 0]);
  assert.throws(() => addEncoded(target, 'HISTFAAAAB14'));
  assert.throws(() => addEncoded(target, ''));
});

test("another tool's log: tags, no base time, Windows line ends", () => {
  const histogram = newHistogram();
  histogram.recordValue(5);
  const line = `1.500,1.000,0.005,${encode(histogram)}`;
  const path = join(folder, 'other.hlog');
  writeFileSync(path, `#[StartTime: 1700000000.000 (seconds since epoch)]\r\nTag=A,${line}\r\n${line}\r\n`);
  const { merged, intervals } = readHlog(path);
  assert.is(merged.totalCount, 2);
  assert.is(intervals[0]?.startMs, 1_700_000_001_500);
});

test('an empty histogram has no curve', () => {
  assert.equal(percentileCurve(newHistogram()), []);
});

test('a missing file and a damaged line are named', () => {
  const damaged = join(folder, 'damaged.hlog');
  writeFileSync(damaged, '0.000,1.000,0.1,HISTnonsense\n');
  for (const path of [join(folder, 'none.hlog'), damaged]) {
    try {
      processHlogFile(path);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, KsweepError);
      assert.is((error as KsweepError).code, 'run-folder-invalid');
      assert.match((error as KsweepError).message, path);
    }
  }
});

test.run();
