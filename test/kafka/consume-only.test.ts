import * as assert from 'uvu/assert';
import type { RepeatResult } from '../../bench/results/result.ts';
import type { WorkloadInput } from '../../bench/workload/schema.ts';
import { KafkaBench } from '../support/kafka-run.ts';
import { suite } from '../support/suite.ts';

const test = suite('consumers that find their data, or do not keep up', { timeoutMs: 120_000 });
const bench = new KafkaBench();
const NAME = 'shared-orders';

/** The last attempt of a run's one repeat. */
async function last(input: WorkloadInput): Promise<RepeatResult> {
  const { results } = await bench.run(input);
  const result = results.at(-1);
  assert.ok(result !== undefined);
  assert.is.not(result?.outcome, 'failed', JSON.stringify(result?.reasons));
  return result as RepeatResult;
}

const codes = ({ reasons }: RepeatResult): string[] => reasons.map(({ code }) => code);

test.before(async () => {
  await bench.start();
  const topic = { name: NAME, partitions: 3, replicationFactor: 1, configs: {} };
  await bench.admin((observer) => observer.ask({ kind: 'create-topic', topic, timeoutMs: 10_000 }));
});
test.after(() => bench.stop());

const existing = { topic: { name: NAME, existing: true }, consumers: { groups: 1 } } as const;

test('an empty topic gives no figure, and no valid repeat', async () => {
  const load = { producers: 0, warmup: '1s', duration: '2s' } as const;
  const result = await last({ name: 'consume-empty', ...existing, load });
  assert.is(result.outcome, 'invalid');
  assert.equal(codes(result), ['nothing-read']);
});

test('what a topic holds is measured, although the warm-up would have read it all', async () => {
  await last({ name: 'fill', ...existing, load: { rate: 10_000, warmup: '1s', duration: '2s' } });
  const load = { producers: 0, warmup: '10s', duration: '20s' } as const;
  const result = await last({ name: 'consume-part', ...existing, load });
  assert.ok(result.counts.received > 20_000, `${result.counts.received} received`);
  assert.ok(result.rate.receivedPerSec > 1_000, `${result.rate.receivedPerSec}/s`);
  assert.ok(
    result.notes.some(({ code }) => code === 'warm-up-cut'),
    JSON.stringify(result.notes),
  );
  const { warmup = 0, measure = 0 } = result.phasesMs;
  assert.ok(warmup + measure < 10_000, `${warmup} + ${measure} ms: the window ends with its data`);
  assert.not.ok(codes(result).includes('nothing-read'));
});

test('so is a backlog that is gone in no time', async () => {
  const load = { producers: 0, warmup: '5s', duration: '15s' } as const;
  const result = await last({
    name: 'backlog',
    topic: { partitions: 3 },
    records: { size: 200 },
    load,
    consumers: { groups: 1, backlog: 20_000 },
  });
  assert.is(result.counts.received, 20_000);
  assert.ok(result.rate.receivedPerSec > 1_000, `${result.rate.receivedPerSec}/s`);
  assert.not.ok(codes(result).includes('nothing-read'));
});

test('a slow handler is a finding with figures, not a failure', async () => {
  const result = await last({
    name: 'slow',
    topic: { partitions: 2 },
    load: { rate: 50, warmup: '1s', duration: '4s', drainLimit: '1s' },
    consumers: { handler: '100ms' },
  });
  assert.is(result.outcome, 'invalid');
  assert.ok(codes(result).includes('drain-incomplete'), JSON.stringify(result.reasons));
  assert.ok(result.counts.acknowledged > 200);
  assert.ok((result.lag?.maxRecords ?? 0) > 20, JSON.stringify(result.lag));
});

test('a member that its group put out is told with max.poll.interval.ms', async () => {
  const result = await last({
    name: 'max-poll',
    topic: { partitions: 2 },
    load: { producers: 0, warmup: '1s', duration: '9s', drainLimit: '1s' },
    // The first poll that finds its 500 records takes 20 s to handle.
    consumers: { groups: 1, handler: '40ms', backlog: 2_000 },
    consumer: { 'max.poll.interval.ms': 6000, 'session.timeout.ms': 6000, 'heartbeat.interval.ms': 1000 },
  });
  const reason = result.reasons.find(({ code }) => code === 'poll-interval-exceeded');
  assert.match(reason?.message ?? JSON.stringify(result.reasons), 'max.poll.interval.ms (6000)');
  assert.is(result.counts.lost, null, 'what was not read is not lost');
});

test('a share group has more members than partitions, and every record is settled once', async () => {
  const result = await last({
    name: 'share',
    topic: { partitions: 1 },
    records: { size: 200 },
    load: { rate: 500, warmup: '1s', duration: '4s' },
    consumers: { type: 'share', perGroup: 3, handler: '1ms', release: 0.1, reject: 0.02 },
    consumer: { 'max.poll.records': 10 },
  });
  const { share, ...counts } = result.counts;
  assert.equal([counts.lost, counts.duplicated, counts.outOfOrder, counts.foreign], [0, 0, 0, 0]);
  assert.ok(share !== undefined && share.released > 0 && share.rejected > 0, JSON.stringify(share));
  // Each that was given back came once more, unless its last delivery was over.
  assert.is(share?.redelivered, (share?.released ?? 0) - (share?.exhausted ?? 0));
  assert.is(counts.received, counts.acknowledged + (share?.redelivered ?? 0));
  assert.ok(result.drain.complete, result.drain.missing.join());
  const working = result.consumers.filter(({ received }) => received > 0);
  assert.is(working.length, 3, JSON.stringify(result.consumers));
});

test('a guard keeps a run from a cluster where a group is behind, and stops one under way', async () => {
  const offsets = [0, 0, 0];
  const commit = { kind: 'commit-offsets', group: 'payments', topic: NAME, offsets } as const;
  await bench.admin((observer) => observer.ask({ ...commit, timeoutMs: 10_000 }));
  const load = { rate: 200, warmup: '1s', duration: '20s' } as const;
  const told = (guard: WorkloadInput['guard']): Promise<string> =>
    bench.run({ name: 'guarded', topic: { partitions: 1 }, load, guard }).then(
      () => 'it ran',
      (error: Error) => error.message,
    );
  assert.match(await told({ lag: { payments: 1_000 } }), /before the run: group payments is \d{5,} records/);
  assert.match(
    await told({ underReplicated: 0, roundTrip: 0, for: '1s' }),
    /for 1 s: brokers took .* ms on average/,
  );
  await bench.admin((observer) =>
    observer.ask({ kind: 'delete-groups', names: ['payments'], timeoutMs: 10_000 }),
  );
});

test('a topic that the brokers refuse is told before the run, and adapted where that is asked for', async () => {
  const input = {
    name: 'refused',
    topic: { partitions: 1, replicationFactor: 3, configs: { 'remote.storage.enable': true } },
    load: { rate: 200, warmup: '1s', duration: '2s' },
  } as const;
  const told = await bench.run(input).then(
    () => 'it ran',
    (error: Error) => error.message,
  );
  assert.match(told, /wants 3 replicas; the cluster has 1 brokers/);
  const { results } = await bench.run(input, { adapt: true });
  const note = results.at(-1)?.notes.find(({ code }) => code === 'topic-adapted')?.message ?? '';
  assert.match(note, /replication factor 1 instead of 3, without remote\.storage\.enable=true/);
  assert.is(results.at(-1)?.counts.lost, 0);
});

test('a group that begins late reads the topic from its beginning, and leaves the others’ figures alone', async () => {
  const result = await last({
    name: 'cold',
    topic: { partitions: 2 },
    records: { size: 200 },
    load: { rate: 2_000, warmup: '1s', duration: '7s' },
    consumers: { groups: 2, late: { after: '3s' } },
  });
  const { counts, lateGroups = [], latencyUs, lag } = result;
  assert.equal([counts.lost, counts.received], [0, counts.acknowledged * 2]);
  assert.is(lateGroups.length, 1);
  assert.ok((lateGroups[0]?.behindRecords ?? 0) > 4_000, JSON.stringify(lateGroups));
  // Of the tail's group alone: the late one's records would be counted again.
  assert.ok((latencyUs['end-to-end']?.count ?? 0) <= counts.acknowledged);
  assert.ok((lag?.maxRecords ?? Number.POSITIVE_INFINITY) < (lateGroups[0]?.behindRecords ?? 0));
});

test.run();
