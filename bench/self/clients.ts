import { execFile } from 'node:child_process';
import { isDeepStrictEqual, promisify } from 'node:util';
import type { LocalCluster } from '../../infra/local/cluster.ts';
import { CLIENT_NAMES } from '../client/choose.ts';
import { cliFile } from '../common/package-root.ts';
import type { RepeatResult } from '../results/result.ts';
import type { RunSummary } from '../run/run.ts';
import { line } from './print.ts';
import { ROUNDS } from './rounds.ts';
import { smallRun } from './small-run.ts';

const METRIC = 'due-to-ack.p50';
/** Six repeats a side are the fewest that have a 95 % interval. */
const WORKLOAD = {
  name: 'clients',
  records: { size: 200 },
  load: { rate: 5_000, warmup: 2, duration: 6, producers: 2 },
  consumers: { perGroup: 2 },
  repeats: Math.max(6, ROUNDS),
} as const;

const run = promisify(execFile);

/** By ksweep's own compare, as a user would call it; its exit status says what it found, and is no failure here. */
async function compared(dirs: readonly string[], ...flags: readonly string[]): Promise<string> {
  const main = cliFile();
  const options = ['--metric', METRIC, '--allow', '--assume-no-offset', ...flags];
  return await run(process.execPath, [main, 'compare', ...dirs, ...options]).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => {
      if (error.stdout === undefined || error.stdout === '') throw error;
      return error.stdout;
    },
  );
}

/** The counts of every repeat, where all are the same. Pure. */
export function commonCounts(
  results: readonly Pick<RepeatResult, 'counts'>[],
): RepeatResult['counts'] | undefined {
  const [first, ...others] = results.map(({ counts }) => counts);
  return others.every((counts) => isDeepStrictEqual(counts, first)) ? first : undefined;
}

/** One workload by both clients on one broker: the same counts, and the same latency within the noise of repeats. */
export async function clients(cluster: LocalCluster, resultsDir: string): Promise<void> {
  const runs: RunSummary[] = [];
  for (const client of CLIENT_NAMES) runs.push(await smallRun(cluster, resultsDir, WORKLOAD, { client }));
  const common = commonCounts(runs.flatMap(({ results }) => results));
  const told =
    common === undefined ? 'they differ' : `${common.acknowledged} sent, ${common.received} received`;
  line(`counts of ${CLIENT_NAMES.join(' and ')}, each repeat`, told, {
    text: 'the same',
    met: common !== undefined && common.lost === 0 && common.duplicated === 0,
  });
  const dirs = runs.map(({ dir }) => dir);
  process.stdout.write(await compared(dirs));
  const { rows } = JSON.parse(await compared(dirs, '--json')) as {
    rows: { comparison: { verdict: string; effect: number } }[];
  };
  const found = rows[0]?.comparison;
  line(
    'due→ack p50, confluent : batch, by `ksweep compare`',
    found === undefined ? 'no valid repeats' : `${found.effect.toFixed(3)} ×, ${found.verdict}`,
    {
      text: 'within the noise of repeats',
      met: found !== undefined && ['equivalent', 'inconclusive'].includes(found.verdict),
    },
  );
}
