import type { LocalCluster } from '../../infra/local/cluster.ts';
import { localUnderTest } from '../run/cluster/local-under-test.ts';
import { type RunSummary, runWorkload } from '../run/run.ts';
import type { RunOptions } from '../run/run-options.ts';
import { resolveWorkload } from '../workload/load.ts';

/** Runs a workload, given as its YAML would hold it, on the broker of bench:self. */
export async function smallRun(
  cluster: LocalCluster,
  resultsDir: string,
  input: Record<string, unknown>,
  options: Partial<RunOptions> = {},
): Promise<RunSummary> {
  const { workload, plan } = resolveWorkload(input, '.', (problems) => {
    throw new Error(JSON.stringify(problems));
  });
  return await runWorkload({
    workload,
    plan,
    source: { file: null, sha256: '', set: [], baseDir: '.' },
    cluster: localUnderTest(cluster),
    target: { resultsDir },
    command: 'npm run bench:self',
    retry: false,
    ...options,
  });
}
