import { join, relative, resolve } from 'node:path';
import { packageRoot } from '../../common/package-root.ts';
import { dim, StatusLine } from '../../common/terminal.ts';
import { type ChosenCluster, type ClusterFlags, chooseCluster } from '../../run/cluster/choose-cluster.ts';
import { describeProgress } from '../../run/measure/progress.ts';
import { runWorkload } from '../../run/run.ts';
import { loadWorkload } from '../../workload/load.ts';
import { onInterrupt } from '../interrupt.ts';
import { type LoadHostFlags, loadHostsOf, namesOf } from '../run/load-hosts.ts';
import { printVerify, sizeVerify, type VerifyOptions, verifyStatus } from './verify.ts';

/** `ksweep size verify`: the whole way on one cluster, from the sweep to the verdict. */
export async function verifyOnCluster(
  file: string | undefined,
  options: VerifyOptions & ClusterFlags & LoadHostFlags & { readonly results: string },
): Promise<void> {
  const workloadFile = file ?? join(packageRoot(), 'workloads/size-and-verify.yaml');
  const swept = loadWorkload(workloadFile, { set: options.set });
  const status = new StatusLine();
  const say = (line: string): void => status.print(dim(line));
  const interrupt = onInterrupt(() => say('stopping after Ctrl-C; what was measured is kept'));
  let chosen: ChosenCluster | undefined;
  try {
    const loadHosts = await loadHostsOf(options, swept, say);
    chosen = await chooseCluster(options, swept.workload, say, interrupt.signal, namesOf(loadHosts));
    const { underTest } = chosen;
    const outcome = await sizeVerify(workloadFile, options, (loaded) =>
      runWorkload({
        ...loaded,
        cluster: underTest,
        loadHosts: loadHosts.hosts,
        target: { resultsDir: resolve(options.results) },
        command:
          `ksweep run ${loaded.file} ${loaded.source.set.map((set) => `--set '${set}'`).join(' ')}`.trim(),
        signal: interrupt.signal,
        onLine: say,
        onProgress(progress) {
          const { step, standing } = describeProgress(progress);
          status.progress(step, standing);
        },
      }),
    );
    status.clear();
    const runs = outcome.runs.map((dir) => relative(process.cwd(), dir));
    printVerify({ ...outcome, runs }, options.json === true);
    process.exitCode = verifyStatus(outcome);
  } finally {
    status.clear();
    interrupt.dispose();
    await chosen?.stop();
  }
}
