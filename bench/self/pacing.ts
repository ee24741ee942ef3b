import { decode, newHistogram } from '../results/histogram.ts';
import { median } from '../stats/describe.ts';
import { type Bench, pacedSnapshots, withTopic } from './harness.ts';
import { line, range } from './print.ts';
import { ROUNDS, round } from './rounds.ts';

const SECONDS = 10;
/** The first seconds warm up the code and the connections. */
const FROM_SEC = 2;
/** Rates, and how much of a core a producer may take for each: it waits, it does not spin. */
const RATES = [
  [1_000, 10],
  [10_000, 20],
  [100_000, 50],
] as const;

async function paced(bench: Bench, ratePerSec: number) {
  const snapshots = await withTopic(bench, (topic) => pacedSnapshots(bench, topic, ratePerSec, SECONDS));
  const delay = newHistogram();
  for (const { second, histograms } of snapshots.flatMap(({ latencies }) => latencies)) {
    const encoded = histograms['due-to-sent'];
    if (second >= FROM_SEC && encoded !== undefined) delay.add(decode(encoded));
  }
  const counted = snapshots.filter(({ second }) => second >= FROM_SEC && second < SECONDS);
  const sum = (key: 'due' | 'acked' | 'cpuUs'): number =>
    counted.reduce((total, snapshot) => total + snapshot[key], 0);
  // A second of 1,000 records has 200 batches of reports: its p99 is the second latest of them.
  const noticed = counted.map(({ noticeDelayP99Us }) => (noticeDelayP99Us ?? 0) / 1000);
  return {
    p99Ms: delay.getValueAtPercentile(99) / 1000,
    achieved: sum('acked') / sum('due'),
    cpuPercent: sum('cpuUs') / counted.length / 1e4,
    noticeMs: median(noticed),
    worstNoticeMs: Math.max(...noticed),
  };
}

export async function pacing(bench: Bench): Promise<void> {
  for (const [ratePerSec, cpuLimit] of RATES) {
    const name = `pacing at ${ratePerSec}/s`;
    const rounds: (Awaited<ReturnType<typeof paced>> & { stolen: number | null })[] = [];
    for (let index = 0; index < ROUNDS; index++) {
      const { value, host } = await round(name, index, () => paced(bench, ratePerSec));
      rounds.push({ ...value, stolen: host.stolen });
    }
    const of = (key: 'p99Ms' | 'achieved' | 'cpuPercent' | 'noticeMs' | 'worstNoticeMs'): number[] =>
      rounds.map((one) => one[key]);
    const stolen = rounds.map((one) => one.stolen).filter((share) => share !== null);
    const taken = stolen.length === 0 ? '' : `, ${(median(stolen) * 100).toFixed(1)} % stolen`;
    const p99Ms = median(of('p99Ms'));
    line(`${name}: due→sent p99${taken}`, `${p99Ms.toFixed(2)} ms [${range(of('p99Ms'))}]`, {
      text: '< 1 ms',
      met: p99Ms < 1,
    });
    const share = median(of('achieved'));
    line(`${name}: achieved/offered`, `${share.toFixed(4)} [${range(of('achieved'), 4)}]`, {
      text: '≥ 0.999',
      met: share >= 0.999,
    });
    const cpu = median(of('cpuPercent'));
    line(`${name}: CPU of the producer`, `${cpu.toFixed(0)} % [${range(of('cpuPercent'), 0)}]`, {
      text: `≤ ${cpuLimit} % of a core`,
      met: cpu <= cpuLimit,
    });
    line(
      `${name}: reports noticed late, p99 of a second`,
      `${median(of('noticeMs')).toFixed(2)} ms [${range(of('noticeMs'))}]`,
    );
    line('  in the worst second', `${median(of('worstNoticeMs')).toFixed(2)} ms`);
  }
}
