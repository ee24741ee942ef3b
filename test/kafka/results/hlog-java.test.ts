import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import type { IntervalSnapshot } from '../../../bench/load/protocol.ts';
import { encode, initRecorderHistograms, newRecorderHistogram } from '../../../bench/results/histogram.ts';
import { readHlog } from '../../../bench/results/hlog.ts';
import { mergeRepeat } from '../../../bench/run/judge/merge.ts';
import { readWithJava } from '../../support/hdr-java.ts';
import { snapshotOf } from '../../support/idle-snapshot.ts';
import { suite } from '../../support/suite.ts';

const test = suite('hlog-java', { timeoutMs: 120_000 });
const folder = mkdtempSync(join(tmpdir(), 'ksweep-hlog-java-'));
test.before(initRecorderHistograms);
test.after(() => rmSync(folder, { recursive: true }));

/** One process's seconds; the third is silent, the last holds values past an hour. */
function snapshots(seed: number): IntervalSnapshot[] {
  const random = createRandom(seed);
  return [0, 1, 2, 3, 4].map((second) => {
    const histogram = newRecorderHistogram();
    const count = second === 2 ? 0 : 5_000;
    for (let i = 0; i < count; i++) {
      histogram.recordValue(Math.floor(Math.exp(4 + random.next() * (second === 4 ? 18.5 : 7))));
    }
    const encoded = encode(histogram);
    histogram.destroy();
    const latencies = count === 0 ? [] : [{ second, negative: {}, histograms: { 'due-to-ack': encoded } }];
    return snapshotOf(second, { due: count, sent: count, acked: count, latencies });
  });
}

test("HdrHistogram's own tool reads the same percentiles, counts and maximum", async () => {
  const { hlog, latencyUs } = mergeRepeat({
    processes: [snapshots(1), snapshots(2)],
    startEpochMs: 1_767_600_000_000,
    warmupSec: 1,
    endSec: 5,
    seekSteadyState: false,
    openTap: false,
    clocks: null,
  });
  const path = join(folder, 'due-to-ack.hlog');
  writeFileSync(path, hlog['due-to-ack'] ?? '');
  const java = await readWithJava(path);
  const { merged } = readHlog(path);

  assert.is(java.totalCount, 30_000);
  assert.is(java.totalCount, latencyUs['due-to-ack']?.count);
  assert.is(java.points.at(-1)?.value, latencyUs['due-to-ack']?.maxUs);
  assert.ok(java.points.length > 50);
  for (const { percentile, value } of java.points) {
    assert.is(merged.getValueAtPercentile(100 * percentile), value, `p${100 * percentile}`);
  }
});

test.run();
