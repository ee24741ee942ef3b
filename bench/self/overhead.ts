import type { LocalCluster } from '../../infra/local/cluster.ts';
import { localUnderTest } from '../run/cluster/local-under-test.ts';
import { runWorkload } from '../run/run.ts';
import { mean } from '../stats/describe.ts';
import { resolveWorkload } from '../workload/load.ts';

/** Seconds of a run that are not measurement, a repeat: set-up, drain, tear-down, merging and writing. */
export async function overheadSec(cluster: LocalCluster, resultsDir: string): Promise<number> {
  const input = {
    name: 'overhead',
    load: { rate: 2_000, warmup: 1, duration: 2, producers: 2 },
    consumers: { perGroup: 2 },
    repeats: 4,
  };
  const { workload, plan } = resolveWorkload(input, '.', (problems) => {
    throw new Error(JSON.stringify(problems));
  });
  const finishedAt: number[] = [];
  await runWorkload({
    workload,
    plan,
    source: { file: null, sha256: '', set: [], baseDir: '.' },
    cluster: localUnderTest(cluster),
    target: { resultsDir },
    command: 'npm run bench:self',
    onResult: () => finishedAt.push(performance.now()),
  });
  const repeatsSec = finishedAt.slice(1).map((at, i) => (at - (finishedAt[i] ?? at)) / 1000);
  return mean(repeatsSec) - 3;
}
