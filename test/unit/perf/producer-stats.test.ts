import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { ProducerStats } from '../../../bench/perf/producer-stats.ts';
import { suite } from '../../support/suite.ts';

/** A clock that the test moves, and what is printed. */
function stats(options: { steady?: boolean; intervalMs?: number } = {}) {
  const lines: string[] = [];
  const clock = { ms: 1_000_000 };
  const one = new ProducerStats({
    intervalMs: options.intervalMs ?? 5_000,
    steady: options.steady ?? false,
    nowMs: () => clock.ms,
    print: (line) => lines.push(line),
  });
  return { one, lines, clock };
}

const test = suite('perf/producer-stats');

test('the total is the tool’s line, to the letter', () => {
  const { one, lines, clock } = stats();
  for (let i = 1; i <= 1000; i++) one.record(i, 1024, clock.ms);
  clock.ms += 2_000;
  one.printTotal();
  assert.equal(lines, [
    '1000 records sent, 500.000000 records/sec (0.49 MB/sec), 500.50 ms avg latency, 1000.00 ms max latency, 501 ms 50th, 951 ms 95th, 991 ms 99th, 1000 ms 99.9th.',
  ]);
});

test('a window is printed when it has lasted its interval, and the next begins', () => {
  const { one, lines, clock } = stats({ intervalMs: 500 });
  one.record(3, 100, clock.ms + 499);
  assert.equal(lines, []);
  clock.ms += 500;
  one.record(4, 100, clock.ms);
  assert.equal(lines, [
    '2 records sent, 4.0 records/sec (0.00 MB/sec), 3.5 ms avg latency, 4.0 ms max latency.',
  ]);
  clock.ms += 500;
  one.record(7, 2 ** 20, clock.ms);
  assert.is(
    lines[1],
    '1 records sent, 2.0 records/sec (2.00 MB/sec), 7.0 ms avg latency, 7.0 ms max latency.',
  );
});

test('the steady state announces itself once, and its total says what it is', () => {
  const { one, lines, clock } = stats({ steady: true, intervalMs: 100 });
  for (let i = 0; i < 3; i++) {
    clock.ms += 100;
    one.record(1, 1, clock.ms);
  }
  one.printTotal();
  assert.equal(
    lines.map((line) => line.split(',')[0]),
    ['In steady state.', '1 records sent', '1 records sent', '1 records sent', '3 steady state records sent'],
  );
});

test('suppressed, it prints no window, and its total all the same', () => {
  const { one, lines, clock } = stats({ intervalMs: 100 });
  one.suppressPrinting();
  clock.ms += 1000;
  one.record(1, 1, clock.ms);
  assert.equal(lines, []);
  one.printTotal();
  assert.match(lines[0] ?? '', '1 records sent, 1.000000 records/sec');
});

test('with no record acknowledged it prints what the tool prints', () => {
  const { one, lines, clock } = stats();
  clock.ms += 1000;
  one.printTotal();
  assert.equal(lines, [
    '0 records sent, 0.000000 records/sec (0.00 MB/sec), NaN ms avg latency, 0.00 ms max latency, 0 ms 50th, 0 ms 95th, 0 ms 99th, 0 ms 99.9th.',
  ]);
});

test('percentiles are the tool’s: the value at place ⌊p·n⌋ of all in order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5_000), { minLength: 1, maxLength: 400 }), (latencies) => {
      const { one, lines, clock } = stats();
      for (const latency of latencies) one.record(latency, 1, clock.ms);
      clock.ms += 1;
      one.printTotal();
      const sorted = latencies.toSorted((a, b) => a - b);
      const [p50, p95, p99, p999] = [0.5, 0.95, 0.99, 0.999].map(
        (p) => sorted[Math.floor(p * sorted.length)],
      );
      assert.ok(lines[0]?.endsWith(`${p50} ms 50th, ${p95} ms 95th, ${p99} ms 99th, ${p999} ms 99.9th.`));
    }),
    { numRuns: 200, seed: 18 },
  );
});

test.run();
