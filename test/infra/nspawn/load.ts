import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../bench/package-root.ts';
import { waitUntil } from '../../../bench/run/deadline.ts';
import type { Hosts } from './hosts.ts';

const BEGIN_LIMIT_MS = 90_000;

interface LoadResult {
  readonly due: number;
  readonly acknowledged: number;
  readonly lost: number;
  /** Whether the load outlasted what happened meanwhile. */
  readonly stillRunning: boolean;
}

/**
 * ksweep's own load with acks=all for some seconds, and what happens to it meanwhile.
 *
 * @param arrives whether records of the load are in the cluster
 */
export async function loadDuring(
  hosts: Hosts,
  bootstrapServers: string,
  seconds: number,
  arrives: () => Promise<boolean>,
  happening: () => Promise<void>,
): Promise<LoadResult> {
  const workload = join(hosts.folder, 'rolling.json');
  const results = join(hosts.folder, 'results');
  // JSON is YAML. Three replicas of which two have to have a record before it is acknowledged.
  const settings = {
    name: 'rolling',
    topic: { partitions: 6, replicationFactor: 3, configs: { 'min.insync.replicas': 2 } },
    records: { size: 200, corpus: '1MiB' },
    load: { rate: 200, warmup: '2s', duration: `${seconds}s`, drainLimit: '60s' },
    consumers: { groups: 1 },
    producer: { acks: 'all' },
    repeats: 1,
  };
  writeFileSync(workload, JSON.stringify(settings));
  const cli = join(packageRoot(), 'dist', 'bench', 'cli.js');
  const load = hosts.spawn(
    process.execPath,
    cli,
    'run',
    workload,
    '--bootstrap-server',
    bootstrapServers,
    '--results',
    results,
  );
  const ended = once(load, 'exit');
  let said = '';
  for (const stream of [load.stdout, load.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  try {
    const deadline = Date.now() + BEGIN_LIMIT_MS;
    while (!(await arrives())) {
      if (load.exitCode !== null || Date.now() > deadline)
        throw new Error(`no record of ksweep arrives: ${said.slice(-3000)}`);
    }
    await happening();
    const stillRunning = resultFiles(results).length === 0 && load.exitCode === null;
    const limitMs = (seconds + 120) * 1000;
    const finished = await waitUntil(
      () => resultFiles(results).length > 0 || load.exitCode !== null,
      limitMs,
      100,
    );
    const [file] = resultFiles(results);
    if (!finished || file === undefined) throw new Error(`ksweep has no result: ${said.slice(-3000)}`);
    const { counts } = JSON.parse(readFileSync(file, 'utf8'));
    return { due: counts.due, acknowledged: counts.acknowledged, lost: counts.lost, stillRunning };
  } finally {
    // A repeat that latency made invalid would be tried again: only the first one is asked for.
    if (load.exitCode === null) load.kill('SIGINT');
    await ended;
  }
}

function resultFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('result.json'))
    .map((name) => join(folder, name));
}
