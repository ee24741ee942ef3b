import * as assert from 'uvu/assert';
import { FakeCluster } from '../../../bench/client/fake.ts';
import { VirtualClock } from '../../../bench/client/virtual-clock.ts';
import type { Clock } from '../../../bench/common/clock.ts';
import { createRandom } from '../../../bench/common/random.ts';
import { createProducer } from '../../../bench/load/produce.ts';
import type { FromLoad, IntervalSnapshot } from '../../../bench/load/protocol.ts';
import { prepareRecorder } from '../../../bench/load/recorder.ts';
import type { LatencyName } from '../../../bench/results/latency.ts';
import { longestUs } from '../../support/longest.ts';
import { producerAssignment } from '../../support/producer-assignment.ts';
import { recordSource } from '../../support/record-source.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a generator’s thread that is kept busy');

test.before(prepareRecorder);

const BUSY_US = 300_000;

/** A clock whose turns come no sooner than at the end of a busy stretch, as those of a thread that is kept busy. */
function withBusyStretch(clock: VirtualClock, fromUs: () => number): Clock {
  return {
    nowUs: () => clock.nowUs(),
    sleep: (ms, next) => clock.sleep(ms, next),
    wait(us, next) {
      const wakeUs = clock.nowUs() + us;
      const [from, to] = [fromUs(), fromUs() + BUSY_US];
      clock.wait(wakeUs >= from && wakeUs < to ? to - clock.nowUs() : us, next);
    },
  };
}

test('acknowledgements that came meanwhile are timed as they came; what could not be sent was late', async () => {
  const clock = new VirtualClock();
  const cluster = { capacityPerSec: 100_000, noise: 0, serviceUs: 5_000, partitions: 1 };
  const driver = new FakeCluster(clock, cluster, createRandom(1));
  const snapshots: IntervalSnapshot[] = [];
  let ended = false;
  let startUs = 0;
  const role = createProducer(
    producerAssignment({ rate: { steps: [{ fromUs: 0, perSec: 1_000 }], arrivals: 'constant' } }),
    recordSource(1, 64),
    {
      driver,
      clock: withBusyStretch(clock, () => startUs + 500_000),
      connectTimeoutMs: 1_000,
      emit(message: FromLoad) {
        if (message.type === 'interval') snapshots.push(message.snapshot);
        ended ||= message.type === 'done';
      },
    },
  );
  await role.prepare();
  startUs = clock.nowUs();
  role.start(startUs, startUs + 1e6);
  await clock.runUntil(() => ended);
  driver.stop();
  await role.close();

  const longest = (name: LatencyName): number => longestUs(snapshots, name);
  // The cluster serves in slices of 10 ms and answers 5 ms later: nothing of the 300 ms is in the service time.
  assert.ok(longest('sent-to-ack') < 20_000, `sent→ack ${longest('sent-to-ack')} µs`);
  assert.ok(longest('due-to-sent') > BUSY_US - 20_000, `due→sent ${longest('due-to-sent')} µs`);
  const noticed = Math.max(...snapshots.map(({ noticeDelayMaxUs }) => noticeDelayMaxUs ?? 0));
  assert.ok(noticed > BUSY_US - 20_000, `noticed ${noticed} µs late`);
  // From when it was due: late by what it was sent late, and by nothing for the reading.
  assert.ok(longest('due-to-ack') < BUSY_US + 20_000, `due→ack ${longest('due-to-ack')} µs`);
});

test.run();
