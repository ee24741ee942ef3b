import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { Intervals } from '../../../bench/load/intervals.ts';
import type { IntervalSnapshot } from '../../../bench/load/protocol.ts';
import { DUE_TO_ACK, DUE_TO_SENT, prepareRecorder, Recorder } from '../../../bench/load/recorder.ts';
import { decode } from '../../../bench/results/histogram.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a producer’s seconds, told a step a turn');
test.before(() => prepareRecorder());

/** Records in each due second, by latency, summed over snapshots. */
function told(snapshots: readonly IntervalSnapshot[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { latencies } of snapshots) {
    for (const { second, histograms, negative } of latencies) {
      for (const [name, text] of Object.entries(histograms)) {
        const histogram = decode(text);
        counts[`${second} ${name}`] = (counts[`${second} ${name}`] ?? 0) + histogram.totalCount;
        histogram.destroy();
      }
      for (const [name, count] of Object.entries(negative)) {
        counts[`${second} below 0 ${name}`] = (counts[`${second} below 0 ${name}`] ?? 0) + count;
      }
    }
  }
  return counts;
}

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      latency: fc.constantFrom(DUE_TO_ACK, DUE_TO_SENT),
      ago: fc.nat(3),
      us: fc.integer({ min: -2, max: 5_000_000 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant('proceed' as const) },
  { weight: 1, arbitrary: fc.constant('end' as const) },
);

test('whatever is recorded between two steps is told once, and the counters of a second stay its own', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const recorder = new Recorder(() => 0);
      const snapshots: IntervalSnapshot[] = [];
      const intervals = new Intervals(recorder, (snapshot) => snapshots.push(snapshot));
      const recorded: Record<string, number> = {};
      const sent: number[] = [0];
      for (const one of actions) {
        if (one === 'end') intervals.end(sent.push(0) - 2);
        else if (one === 'proceed') intervals.proceed();
        else {
          const second = Math.max(0, sent.length - 1 - one.ago);
          recorder.record(one.latency, second, one.us);
          recorder.counters.sent++;
          sent[sent.length - 1] = (sent.at(-1) ?? 0) + 1;
          const name = one.latency === DUE_TO_ACK ? 'due-to-ack' : 'due-to-sent';
          const key = one.us < 0 ? `${second} below 0 ${name}` : `${second} ${name}`;
          recorded[key] = (recorded[key] ?? 0) + 1;
        }
      }
      intervals.end(sent.length - 1);
      intervals.flush();
      assert.not.ok(intervals.pending);
      recorder.close();
      assert.equal(told(snapshots), recorded);
      assert.equal(
        snapshots.map((snapshot) => [snapshot.second, snapshot.sent]),
        sent.map((count, second) => [second, count]),
      );
    }),
    { numRuns: 60 },
  );
});

test('a step encodes one histogram at most', () => {
  const recorder = new Recorder(() => 0);
  const snapshots: IntervalSnapshot[] = [];
  const intervals = new Intervals(recorder, (snapshot) => snapshots.push(snapshot));
  for (const second of [0, 1, 2])
    for (const latency of [DUE_TO_ACK, DUE_TO_SENT]) recorder.record(latency, second, 5);
  intervals.end(2);
  let steps = 0;
  while (intervals.pending) {
    intervals.proceed();
    steps++;
  }
  assert.is(steps, 6);
  assert.is(snapshots.length, 1);
  recorder.close();
});

test.run();
