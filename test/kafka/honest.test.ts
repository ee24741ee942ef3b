import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { batchDriver } from '../../bench/client/batch/driver.ts';
import { translateProducer } from '../../bench/client/properties/translate.ts';
import { createClock } from '../../bench/common/clock.ts';
import { createProducer } from '../../bench/load/produce.ts';
import type { IntervalSnapshot } from '../../bench/load/protocol.ts';
import { prepareRecorder } from '../../bench/load/recorder.ts';
import { readHlog } from '../../bench/results/hlog.ts';
import { readWithJava } from '../support/hdr-java.ts';
import { KafkaBench } from '../support/kafka-run.ts';
import { longestUs } from '../support/longest.ts';
import { producerAssignment } from '../support/producer-assignment.ts';
import { recordSource } from '../support/record-source.ts';
import { suite } from '../support/suite.ts';
import { until } from '../support/until.ts';

const test = suite('honest latency', { timeoutMs: 120_000 });
const bench = new KafkaBench();
test.before(() => bench.start());
test.after(() => bench.stop());

const STALL_SEC = 2;
const WINDOW_SEC = 8;
const RATE = 1_000;
const BUSY_US = 300_000;

let dir = '';

test('a broker that stands still for 2 s shows in the due→ack histogram in proportion', async () => {
  const { results, dir: runDir } = await bench.run({
    name: 'stall',
    topic: { partitions: 2 },
    records: { size: 200 },
    load: { rate: RATE, warmup: '2s', duration: `${WINDOW_SEC}s` },
    consumers: { groups: 0 },
    disruptions: [{ at: '3s', action: 'pause-broker', for: `${STALL_SEC}s` }],
  });
  const [result] = results;
  assert.ok(result);
  dir = join(runDir, 'cells', result.cellId, '0');
  const { 'due-to-ack': ack, 'sent-to-ack': service, 'due-to-sent': delay } = result.latencyUs;
  assert.ok(ack !== null && service !== null && delay !== null);
  // Open loop: each record that fell due is in the histogram, the stalled ones as well.
  assert.is(ack.count, RATE * WINDOW_SEC);
  const histogram = readHlog(join(dir, 'due-to-ack.hlog')).merged;
  // Records due during the stall waited for what was left of it: uniform between 0 and 2 s.
  const shareAbove = (us: number): number => {
    let low = 0;
    let high = 100;
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (histogram.getValueAtPercentile(middle) > us) high = middle;
      else low = middle;
    }
    return 1 - low / 100;
  };
  const expected = STALL_SEC / WINDOW_SEC;
  const above = shareAbove(200_000);
  assert.ok(
    above > 0.7 * expected && above < 1.6 * expected,
    `${above} of the samples above 200 ms, expected about ${expected * 0.9}`,
  );
  const upperHalf = shareAbove(1_000_000);
  assert.ok(
    upperHalf > 0.3 * expected && upperHalf < 0.9 * expected,
    `${upperHalf} above 1 s, expected about ${expected / 2}`,
  );
  assert.ok(ack.maxUs > 1_800_000, `max ${ack.maxUs} µs`);
  // The client's queue took the records in meanwhile: it hid nothing, and the schedule delay says so.
  assert.ok(
    (delay.percentilesUs.p99 ?? 0) < (ack.percentilesUs.p99 ?? 0) / 4,
    `schedule delay p99 ${delay.percentilesUs.p99} µs`,
  );
  assert.equal(
    result.disruptions.map(({ action }) => action),
    ['pause-broker 0 for 2 s'],
  );
  assert.ok((result.disruptions[0]?.recoverySec ?? 99) >= 1);
});

test('with a small client queue the same stall moves into the schedule delay, and due→ack still shows it', async () => {
  const { results } = await bench.run({
    name: 'stall-small-queue',
    topic: { partitions: 2 },
    records: { size: 200 },
    load: { rate: RATE, warmup: '2s', duration: `${WINDOW_SEC}s` },
    consumers: { groups: 0 },
    producer: { 'queue.buffering.max.messages': 100 },
    disruptions: [{ at: '3s', action: 'pause-broker', for: `${STALL_SEC}s` }],
  });
  const [result] = results;
  assert.ok(result);
  const { 'due-to-ack': ack, 'sent-to-ack': service, 'due-to-sent': delay } = result.latencyUs;
  assert.is(ack?.count, RATE * WINDOW_SEC);
  assert.ok((ack?.percentilesUs.p90 ?? 0) > 500_000, `due→ack p90 ${ack?.percentilesUs.p90} µs`);
  assert.ok((delay?.percentilesUs.p90 ?? 0) > 500_000, `due→sent p90 ${delay?.percentilesUs.p90} µs`);
  // A tool that times from the actual send would have reported this instead: coordinated omission.
  assert.ok(
    (service?.percentilesUs.p90 ?? 1e9) < (ack?.percentilesUs.p90 ?? 0) / 3,
    `sent→ack p90 ${service?.percentilesUs.p90} µs`,
  );
  assert.ok(result.counts.queueFull > 0 && result.generator.queueFullMs > 1_000);
});

test('a generator’s thread that is kept busy for 300 ms sends late, and times what is acknowledged meanwhile as it comes', async () => {
  const topic = { name: 'busy', partitions: 1, replicationFactor: 1, configs: {} };
  await bench.admin((observer) => observer.ask({ kind: 'create-topic', topic, timeoutMs: 10_000 }));
  await prepareRecorder();
  const clock = createClock();
  const snapshots: IntervalSnapshot[] = [];
  let ended = false;
  const { client } = translateProducer({ 'linger.ms': 20 });
  const role = createProducer(
    producerAssignment({
      topic: topic.name,
      client: { ...client, 'bootstrap.servers': bench.cluster.bootstrapServers },
      rate: { steps: [{ fromUs: 0, perSec: RATE }], arrivals: 'constant' },
    }),
    recordSource(1, 200),
    {
      driver: batchDriver(),
      clock,
      connectTimeoutMs: 20_000,
      emit(message) {
        if (message.type === 'interval') snapshots.push(message.snapshot);
        ended ||= message.type === 'done';
      },
    },
  );
  await role.prepare();
  const startUs = clock.nowUs();
  role.start(startUs, startUs + 1.5e6);
  await until('the load is under way', () => clock.nowUs() > startUs + 700_000);
  const busyUntilUs = clock.nowUs() + BUSY_US;
  while (clock.nowUs() < busyUntilUs);
  await until('it has ended', () => ended);
  await role.close();
  const noticedUs = Math.max(...snapshots.map(({ noticeDelayMaxUs }) => noticeDelayMaxUs ?? 0));
  const [sentUs, serviceUs] = [longestUs(snapshots, 'due-to-sent'), longestUs(snapshots, 'sent-to-ack')];
  assert.ok(sentUs > 0.9 * BUSY_US, `due→sent ${sentUs} µs`);
  // What was in flight, 20 ms of it in the client's queue, was read when the thread came back.
  assert.ok(noticedUs > 0.5 * BUSY_US, `noticed ${noticedUs} µs late`);
  assert.ok(serviceUs < BUSY_US, `sent→ack ${serviceUs} µs`);
});

test('HdrHistogram’s own Java tool reads the same percentiles from the same file', async () => {
  const java = await readWithJava(join(dir, 'due-to-ack.hlog'));

  const histogram = readHlog(join(dir, 'due-to-ack.hlog')).merged;
  assert.is(java.totalCount, histogram.totalCount);
  assert.ok(java.points.length > 20);
  for (const { percentile, value } of java.points) {
    // The tool prints the percentile rounded, so its value is that of a neighbour at most.
    const values = [percentile - 1e-9, percentile, percentile + 1e-9].map((p) =>
      histogram.getValueAtPercentile(Math.min(100, p * 100)),
    );
    assert.ok(
      values.some((candidate) => Math.abs(candidate - value) <= 0.001 * value + 1),
      `${percentile}: ${value} against ${values}`,
    );
  }
});

test.run();
