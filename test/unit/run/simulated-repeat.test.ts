import * as assert from 'uvu/assert';
import { simulateRepeat } from '../../support/simulated-repeat.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a repeat against a simulated cluster');
const cluster = { capacityPerSec: 1000, noise: 0, serviceUs: 3_000, partitions: 3 };

test('below capacity it is valid, complete, and the latency is the service time', async () => {
  const result = await simulateRepeat(cluster, { ratePerSec: 500, warmupSec: 1, measureSec: 10, seed: 1 });
  assert.equal([result.outcome, result.reasons], ['valid', []]);
  const { counts, rate } = result;
  assert.equal(
    [counts.due, counts.acknowledged, counts.received, counts.lost, counts.duplicated],
    [5500, 5500, 5500, 0, 0],
  );
  assert.is(rate.offeredPerSec, 500);
  assert.ok((rate.achievedOverOffered ?? 0) > 0.99);
  const p50 = result.latencyUs['due-to-ack']?.percentilesUs.p50 ?? 0;
  // Served at the next slice of 10 ms, acknowledged 3 ms later.
  assert.ok(p50 >= 3_000 && p50 <= 13_500, `p50 ${p50} µs`);
  assert.is(result.latencyUs['due-to-ack']?.count, 5000);
  assert.ok((result.latencyUs['due-to-sent']?.percentilesUs.p99 ?? 1e9) < 500);
});

test('above capacity the shortfall and the growing delay are seen, and the repeat is invalid', async () => {
  const result = await simulateRepeat(cluster, { ratePerSec: 1200, warmupSec: 1, measureSec: 10, seed: 1 });
  assert.is(result.outcome, 'invalid');
  assert.ok(
    result.reasons.some(({ code }) => code === 'not-sustained'),
    JSON.stringify(result.reasons),
  );
  const ratio = result.rate.achievedOverOffered ?? 0;
  assert.ok(Math.abs(ratio - 1000 / 1200) < 0.01, `${ratio}`);
  // Timed from when they were due, the last records waited for 11 s × 200/s ÷ 1000/s.
  const max = result.latencyUs['due-to-ack']?.maxUs ?? 0;
  assert.ok(max > 1_900_000 && max < 2_500_000, `max ${max} µs`);
  assert.is(result.generator.wasLimit, false);
});

test('bursts at the edges of the window do not decide whether a load was sustained', async () => {
  // A burst a second, each just before a second ends; what is acknowledged then falls into the next one.
  const bursts = { size: 200, every: '990ms', base: 100 };
  const options = { ratePerSec: { bursts }, warmupSec: 1, measureSec: 10, seed: 1 };
  const { rate, counts, outcome, reasons, window } = await simulateRepeat(cluster, options);
  assert.equal([outcome, reasons, rate.kind, window.steady], ['valid', [], 'shape', null]);
  // 100 a second for 11 s, and the bursts at 0, 0.99 … 10.89 s.
  assert.equal([counts.due, counts.acknowledged, counts.lost], [1100 + 12 * 200, 3500, 0]);
  assert.ok((rate.achievedOverOffered ?? 0) >= 0.99, String(rate.achievedOverOffered));
});

test('a ramp past the capacity is not sustained, one below it is', async () => {
  const options = { warmupSec: 1, measureSec: 10, seed: 1 };
  const below = await simulateRepeat(cluster, { ...options, ratePerSec: { ramp: { from: 100, to: 900 } } });
  assert.equal([below.outcome, below.counts.due, below.rate.offeredPerSec], ['valid', 5_100, 500]);
  const past = await simulateRepeat(cluster, { ...options, ratePerSec: { ramp: { from: 800, to: 1600 } } });
  assert.ok(
    past.reasons.some(({ code }) => code === 'not-sustained'),
    JSON.stringify(past.reasons),
  );
});

test('what a killed consumer had received is not known: loss is not checked, which is not 0', async () => {
  const options = { ratePerSec: 500, warmupSec: 0, measureSec: 10, seed: 1, killedConsumer: true };
  const { counts, notes } = await simulateRepeat(cluster, options);
  assert.equal([counts.lost, counts.duplicated], [null, null]);
  assert.equal(
    notes.map(({ code }) => code),
    ['loss-unchecked'],
  );
});

test('a window too short to judge stays valid, claims no steady state, and says so in one note', async () => {
  const result = await simulateRepeat(cluster, { ratePerSec: 500, warmupSec: 1, measureSec: 3, seed: 1 });
  assert.equal([result.outcome, result.window.steady], ['valid', null]);
  const message = '3 s are too short to show a steady state (10 s) or growing lag (8 s)';
  assert.equal(result.notes, [{ code: 'too-short-to-tell', message }]);
  const middling = await simulateRepeat(cluster, { ratePerSec: 500, warmupSec: 1, measureSec: 9, seed: 1 });
  assert.equal(
    middling.notes.map(({ message }) => message),
    ['9 s are too short to show a steady state (10 s)'],
  );
  const enough = await simulateRepeat(cluster, { ratePerSec: 500, warmupSec: 1, measureSec: 10, seed: 1 });
  assert.equal([enough.window.steady, enough.notes], [true, []]);
});

test('the same seed gives the same figures', async () => {
  const noisy = { ...cluster, noise: 0.2 };
  const run = () => simulateRepeat(noisy, { ratePerSec: 800, warmupSec: 1, measureSec: 4, seed: 42 });
  const [a, b] = [await run(), await run()];
  assert.equal(a.latencyUs, b.latencyUs);
  assert.equal(a.rate, b.rate);
});

test.run();
