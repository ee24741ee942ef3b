import * as assert from 'uvu/assert';
import type { HostSecond } from '../../../../bench/host/second.ts';
import type { IntervalSnapshot } from '../../../../bench/load/protocol.ts';
import { encode, newHistogram } from '../../../../bench/results/histogram.ts';
import { LiveMetrics } from '../../../../bench/run/live/live-metrics.ts';
import { LiveView } from '../../../../bench/run/live/live-view.ts';
import type { Progress } from '../../../../bench/run/measure/progress.ts';
import { snapshotOf } from '../../../support/idle-snapshot.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('what a terminal shows of a run under way');

function progress(change: Partial<Progress> = {}): Progress {
  const cell = { cell: 'linger.ms=5', cellId: '001-5', block: 2, attempt: 0 };
  return { runId: 'r', finished: 2, total: 8, phase: 'measure', leftMs: 90_000, ...cell, ...change };
}

function latencies(us: number, samples = 500): IntervalSnapshot['latencies'] {
  const histogram = newHistogram();
  for (let i = 0; i < samples; i++) histogram.recordValue(us);
  return [{ second: 1, negative: {}, histograms: { 'due-to-ack': encode(histogram) } }];
}

function shown(view: LiveView, live: LiveMetrics, now: Progress): string {
  return view.lines(now, live.lastSecond()).join('\n');
}

function feed(view: LiveView, live: LiveMetrics, name: string, figures: Partial<IntervalSnapshot>): void {
  const snapshot = snapshotOf(1, figures);
  live.onSnapshot(name, snapshot);
  view.onSnapshot(snapshot);
}

function begun(change: Partial<Progress> = {}): { view: LiveView; live: LiveMetrics; now: Progress } {
  const now = progress(change);
  const [view, live] = [new LiveView(), new LiveMetrics('w')];
  live.onProgress(now);
  view.onProgress(now);
  return { view, live, now };
}

const host = (change: Partial<HostSecond>): HostSecond =>
  ({ idleShare: 0.5, stolenShare: 0, throttledPeriodShare: null, ...change }) as HostSecond;

test('plan, rates, latency so far, generators and host each have a line', () => {
  const { view, live, now } = begun();
  feed(view, live, 'producer-0', {
    due: 600,
    sent: 600,
    acked: 590,
    cpuUs: 400_000,
    latencies: latencies(1_000),
  });
  feed(view, live, 'producer-1', {
    due: 400,
    sent: 400,
    acked: 400,
    cpuUs: 100_000,
    latencies: latencies(1_000),
  });
  feed(view, live, 'consumer-0-0', { received: 980, positions: { 0: 90 } });
  live.onOffsets({ atSec: 1, high: [100] });
  view.onHost(host({ idleShare: 0.39 }));
  const text = shown(view, live, now);
  assert.match(text, '2 of 8 repeats done, 1 min 30 s left');
  assert.match(text, '█████░');
  assert.match(text, 'achieved 990/s of 1000/s offered · received 980/s · lag 10 records');
  assert.match(text, /due→ack p50 1(\.0\d*)? ms, p99 1/);
  assert.match(text, 'busiest 40 % of a core');
  assert.match(text, 'CPU 61 % in use · 0 % stolen');
  assert.not.match(text, '!');
});

test('what limits the load is marked', () => {
  const { view, live, now } = begun();
  feed(view, live, 'producer-0', { due: 9, cpuUs: 970_000, eventLoopDelayP99Us: 80_000, queueFullMs: 300 });
  view.onHost(host({ stolenShare: 0.04, throttledPeriodShare: 0.2 }));
  const text = shown(view, live, now);
  for (const one of [
    '! busiest 97 %',
    '! event loop late by 80 ms',
    'queue full for 300 ms',
    '! 4 % stolen',
  ]) {
    assert.ok(text.includes(one), `${one} in ${text}`);
  }
  assert.match(text, '! CPU limit met in 20 % of periods');
});

test('latency counts in the measured window only, and begins anew with each repeat and probe', () => {
  const { view, live, now } = begun({ phase: 'warmup' });
  const record = (us: number): void => feed(view, live, 'producer-0', { due: 1, latencies: latencies(us) });
  record(900_000);
  assert.not.match(shown(view, live, now), 'latency so far');
  view.onProgress(progress());
  record(1_000);
  assert.match(shown(view, live, now), /p50 1(\.0\d*)? ms/);
  // A search measures again in the same cell, block and attempt.
  view.onProgress(progress({ phase: 'warmup' }));
  view.onProgress(progress());
  record(5_000);
  assert.match(shown(view, live, now), /p50 5(\.0\d*)? ms/);
  view.onProgress(progress({ block: 3 }));
  assert.not.match(shown(view, live, now), 'latency so far');
});

test('before anything runs there is the plan alone', () => {
  const { view, live, now } = begun({ phase: 'setup', finished: 0 });
  assert.equal(view.lines(now, live.lastSecond()).length, 1);
});

test.run();
