import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../../bench/common/errors.ts';
import { parseListenAddress } from '../../../../bench/common/listen.ts';
import type { IntervalSnapshot } from '../../../../bench/load/protocol.ts';
import { encode, newHistogram } from '../../../../bench/results/histogram.ts';
import { METRICS_FLAG, serveMetrics } from '../../../../bench/run/live/listen.ts';
import { LiveMetrics } from '../../../../bench/run/live/live-metrics.ts';
import type { Progress } from '../../../../bench/run/measure/progress.ts';
import { parseOpenMetrics } from '../../../support/openmetrics.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('metrics of a run under way');

function progress(change: Partial<Progress> = {}): Progress {
  const cell = { cell: 'linger.ms=5 "quoted"', cellId: '001-5', block: 2, attempt: 0 };
  return { runId: 'r', finished: 3, total: 8, phase: 'measure', leftMs: 90_000, ...cell, ...change };
}

function snapshot(second: number, change: Partial<IntervalSnapshot> = {}): IntervalSnapshot {
  const counts = { due: 0, sent: 0, acked: 0, ackedBytes: 0, failed: 0, received: 0, receivedBytes: 0 };
  const own = { queueFull: 0, queueFullMs: 0, latencies: [], cpuUs: 0, eventLoopDelayP99Us: 0 };
  return { second, ...counts, ...own, eventLoopDelayMaxUs: 0, ...change };
}

/** A histogram of 1,000 samples: 990 of `us` and ten of a hundred times that. */
function latencies(second: number, us: number): IntervalSnapshot['latencies'] {
  const histogram = newHistogram();
  for (let i = 0; i < 1000; i++) histogram.recordValue(i < 985 ? us : us * 100);
  return [{ second, negative: {}, histograms: { 'due-to-ack': encode(histogram) } }];
}

const valuesOf = (live: LiveMetrics, name: string): number[] =>
  parseOpenMetrics(live.text())
    .filter((sample) => sample.name === name)
    .map(({ value }) => value);

test('figures of the last second are summed over processes and labelled with the cell', () => {
  const live = new LiveMetrics('nightly');
  live.onProgress(progress());
  for (const [name, second, due, acked] of [
    ['producer-0', 4, 500, 480],
    ['producer-0', 5, 500, 500],
    ['producer-1', 5, 500, 450],
  ] as const) {
    live.onSnapshot(
      name,
      snapshot(second, { due, sent: due - 10, acked, failed: 1, latencies: latencies(second, 1000) }),
    );
  }
  assert.equal(valuesOf(live, 'ksweep_run_offered_records_per_second'), [1000]);
  assert.equal(valuesOf(live, 'ksweep_run_achieved_records_per_second'), [950]);
  assert.equal(valuesOf(live, 'ksweep_run_generator_unsent_records'), [30]);
  assert.equal(valuesOf(live, 'ksweep_run_acknowledged_records_total'), [1430]);
  assert.equal(valuesOf(live, 'ksweep_run_failed_records_total'), [3]);
  const samples = parseOpenMetrics(live.text());
  const quantile = (q: string) =>
    samples.find(({ name, labels }) => name === 'ksweep_run_latency_seconds' && labels['quantile'] === q);
  assert.ok(Math.abs((quantile('0.5')?.value ?? 0) - 0.001) < 1e-5);
  assert.ok(Math.abs((quantile('0.99')?.value ?? 0) - 0.1) < 1e-3);
  assert.is(quantile('0.999'), undefined, 'too few samples for it');
  const { labels } = samples.find(({ name }) => name === 'ksweep_run_offered_records_per_second') ?? {};
  assert.equal(labels, { workload: 'nightly', cell: 'linger.ms=5 "quoted"', cell_id: '001-5', block: '2' });
});

test('lag is the ends less the highest positions of each group, and unknown until all are known', () => {
  const live = new LiveMetrics('lag');
  live.onProgress(progress());
  live.onOffsets({ atSec: 1, high: [100, 200] });
  live.onSnapshot('consumer-0-0', snapshot(0, { received: 90, positions: { 0: 90 } }));
  assert.equal(valuesOf(live, 'ksweep_run_lag_records'), []);
  live.onSnapshot('consumer-0-1', snapshot(0, { received: 50, positions: { 1: 150 } }));
  assert.equal(valuesOf(live, 'ksweep_run_lag_records'), [60]);
  live.onSnapshot('consumer-1-0', snapshot(0, { positions: { 0: 100, 1: 100 } }));
  assert.equal(valuesOf(live, 'ksweep_run_lag_records'), [160]);
  // A partition that changed hands: its position does not fall back.
  live.onSnapshot('consumer-0-1', snapshot(1, { positions: { 0: 10, 1: 200 } }));
  live.onOffsets({ atSec: 2, high: null });
  assert.equal(valuesOf(live, 'ksweep_run_lag_records'), [110]);
});

test('a new repeat starts from nothing, but counters go on', () => {
  const live = new LiveMetrics('next');
  assert.equal(valuesOf(live, 'ksweep_run_repeats_finished'), [0]);
  live.onProgress(progress());
  live.onSnapshot('producer-0', snapshot(9, { due: 10, sent: 5, acked: 10 }));
  live.onProgress(progress({ block: 3, phase: 'setup' }));
  assert.equal(valuesOf(live, 'ksweep_run_offered_records_per_second'), []);
  assert.equal(valuesOf(live, 'ksweep_run_due_records_total'), [10]);
  live.onSnapshot('producer-0', snapshot(0, { due: 7, sent: 7 }));
  assert.equal(valuesOf(live, 'ksweep_run_offered_records_per_second'), [7]);
  assert.equal(valuesOf(live, 'ksweep_run_generator_unsent_records'), [0]);
  assert.is(valuesOf(live, 'ksweep_run_phase').filter((value) => value === 1).length, 1);
});

test('a process that has ended is no longer counted', () => {
  const live = new LiveMetrics('gone');
  live.onProgress(progress());
  live.onSnapshot('consumer-0-0', snapshot(3, { received: 40 }));
  for (let second = 3; second < 8; second++)
    live.onSnapshot('consumer-0-1', snapshot(second, { received: 60 }));
  assert.equal(valuesOf(live, 'ksweep_run_received_records_per_second'), [60]);
});

test('addresses: a port alone is loopback, anything else is named, and nonsense is refused', () => {
  assert.equal(parseListenAddress('9464', METRICS_FLAG), { host: '127.0.0.1', port: 9464 });
  assert.equal(parseListenAddress('0.0.0.0:80', METRICS_FLAG), { host: '0.0.0.0', port: 80 });
  assert.equal(parseListenAddress('[::1]:9464', METRICS_FLAG), { host: '::1', port: 9464 });
  assert.equal(parseListenAddress('bench-1:0', METRICS_FLAG), { host: 'bench-1', port: 0 });
  for (const text of ['', ':9464', 'host', 'host:', 'host:70000', 'http://a:1', '::1:9464', '1.5']) {
    assert.throws(
      () => parseListenAddress(text, METRICS_FLAG),
      (error: unknown) => error instanceof KsweepError && error.code === 'usage',
      text,
    );
  }
});

test('the server answers at /metrics alone, refuses a port in use, and lets go of it at the end', async () => {
  let asked = 0;
  const server = await serveMetrics({ host: '127.0.0.1', port: 0 }, () => `text ${++asked}`);
  const answer = await fetch(server.url);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/openmetrics-text; version=1\.0\.0/);
  assert.is(await answer.text(), 'text 1');
  assert.is((await fetch(server.url.replace('/metrics', '/'))).status, 404);
  assert.is((await fetch(server.url, { method: 'POST' })).status, 405);
  const port = Number(new URL(server.url).port);
  try {
    await serveMetrics({ host: '127.0.0.1', port }, () => '');
    assert.unreachable();
  } catch (error) {
    assert.is((error as KsweepError).code, 'listen-failed');
    assert.match((error as KsweepError).message, /the port is in use/);
  }
  await server.close();
  const again = createServer();
  await new Promise<void>((done) => again.listen(port, '127.0.0.1', done));
  assert.is((again.address() as AddressInfo).port, port);
  await new Promise((done) => again.close(done));
});

test.run();
