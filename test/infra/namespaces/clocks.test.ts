import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../bench/common/package-root.ts';
import type { LoadHost } from '../../../bench/load/agent/load-hosts.ts';
import type { RepeatResult } from '../../../bench/results/result.ts';
import { median } from '../../../bench/stats/describe.ts';
import { KafkaBench } from '../../support/kafka-run.ts';
import { isLeftOut } from '../../support/left-out.ts';
import { suite } from '../../support/suite.ts';
import { clockAhead, noTimeNamespace } from '../../support/time-namespace.ts';

const test = suite('clocks of load hosts', { timeoutMs: 400_000 });

const dist = join(packageRoot(), 'dist');
const AGENT = [process.execPath, join(dist, 'bench', 'cli', 'main.js'), 'agent', '--stdio'];
const BEHIND_SEC = 3_000;
const AHEAD_SEC = 86_400;
const DELAY_MS = 2;
const ROUNDS = 3;

/** No clock may stand before its kernel's start. */
function behindSec(): number {
  const uptimeSec = Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]));
  return -Math.min(BEHIND_SEC, uptimeSec - 10);
}

const host = (name: string, ...before: string[]): LoadHost => ({
  name,
  command: [...before, ...AGENT],
  rack: null,
});
const shifted = (name: string, sec: number): LoadHost => host(name, ...clockAhead(sec));

/** One producer on one host, one consumer on another: every record crosses. */
const workload = {
  name: 'clocks',
  topic: { partitions: 1 },
  records: { size: 200, corpus: '1MiB' },
  load: {
    rate: 300,
    warmup: '1s',
    duration: '3s',
    placement: { pinned: { producers: ['from'], consumers: ['to'] } },
  },
  consumers: { groups: 1 },
};

interface Way {
  readonly hosts: readonly LoadHost[];
  /** What each host's clock is off by, µs. */
  readonly offUs: Readonly<Record<string, number>>;
  readonly p50sUs: number[];
  readonly errorsUs: number[];
}

const way = (from: LoadHost, to: LoadHost, offUs: Way['offUs']): Way => ({
  hosts: [from, to],
  offUs,
  p50sUs: [],
  errorsUs: [],
});

const ms = (us: number): string => `${(us / 1000).toFixed(2)} ms`;

/** The estimate of each clock is right within the bound that is told with it. */
function assertEstimates({ loadHosts, reasons }: RepeatResult, { offUs }: Way): void {
  assert.not.ok(
    reasons.some(({ code }) => code === 'clocks-contradict'),
    JSON.stringify(reasons),
  );
  assert.is(loadHosts?.hosts.length, 2);
  for (const { name, clockOffsetUs, clockErrorUs } of loadHosts?.hosts ?? []) {
    const missUs = clockOffsetUs - (offUs[name] ?? 0);
    assert.ok(Math.abs(missUs) <= clockErrorUs, `${name}: off by ${missUs}, said ± ${clockErrorUs} µs`);
  }
}

const bench = new KafkaBench();

async function once(one: Way): Promise<void> {
  const { results } = await bench.run(workload, { loadHosts: one.hosts });
  const [result] = results;
  assert.ok(result !== undefined && result.outcome !== 'failed', JSON.stringify(result?.reasons));
  assertEstimates(result, one);
  assert.is(result.counts.lost, 0);
  // No record stays on one host here, so the figure is of all of them whatever the error is.
  assert.is(result.loadHosts?.sameHostShare, 0);
  one.p50sUs.push(result.latencyUs['end-to-end']?.percentilesUs.p50 ?? Number.NaN);
  one.errorsUs.push(result.loadHosts?.endToEndErrorUs ?? Number.NaN);
}

/** As far as the same way lies apart by itself, and 1 ms. */
function assertAgrees(name: string, own: Way, other: Way, boundUs: number): void {
  const apart = (one: Way): number => Math.max(...one.p50sUs) - Math.min(...one.p50sUs);
  const noiseUs = Math.max(apart(own), apart(other));
  const differenceUs = median(other.p50sUs) - median(own.p50sUs);
  console.log(
    `${name}: end to end p50 ${other.p50sUs.map(ms).join(', ')} (± ${ms(Math.max(...other.errorsUs))}), on one clock ${own.p50sUs.map(ms).join(', ')}: ${ms(differenceUs)} apart`,
  );
  assert.ok(
    Math.abs(differenceUs) <= Math.max(boundUs, noiseUs),
    `${differenceUs} µs apart, noise ${noiseUs} µs`,
  );
}

if (!isLeftOut(test, noTimeNamespace())) {
  test.before(() => bench.start());
  test.after(() => bench.stop());

  test('a day ahead, an hour behind, 2 ms in one direction: within the bound, and end to end as on one clock', async () => {
    const behind = behindSec();
    const own = way(host('from'), host('to'), {});
    const far = way(shifted('from', behind), shifted('to', AHEAD_SEC), {
      from: behind * 1e6,
      to: AHEAD_SEC * 1e6,
    });
    const proxy = [process.execPath, join(dist, 'test', 'support', 'delayed-channel.js'), String(DELAY_MS)];
    const slow = way(host('from', ...proxy), host('to'), {});
    for (let round = 0; round < ROUNDS; round++) {
      for (const one of [own, far, slow]) await once(one);
    }
    console.log(`clocks ${behind} s and +${AHEAD_SEC} s off`);
    assertAgrees('two clocks', own, far, 1_000);
    // Half of what one direction takes longer is what the estimate is off by, and the bound says so.
    assert.ok(
      slow.errorsUs.every((errorUs) => errorUs >= (DELAY_MS * 1000) / 2),
      String(slow.errorsUs),
    );
    assertAgrees('2 ms in one direction', own, slow, Math.max(...slow.errorsUs));
  });
}

test.run();
