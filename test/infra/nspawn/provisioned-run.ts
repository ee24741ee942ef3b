import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, manifestSchema } from '../../../bench/results/manifest.ts';
import type { RepeatResult } from '../../../bench/results/result.ts';
import type { Aws, Told } from './aws.ts';
import type { Hosts } from './hosts.ts';
import { resultsIn } from './load.ts';

/** A run that is told the cluster's name, and nothing else of where it is or who loads it. */
export async function runOnCluster(
  aws: Aws,
  hosts: Hosts,
): Promise<{ readonly run: Told; readonly manifest: Manifest; readonly results: readonly RepeatResult[] }> {
  const workload = join(hosts.folder, 'provisioned.json');
  const results = join(hosts.folder, 'provisioned');
  const settings = {
    name: 'provisioned',
    topic: { partitions: 6, replicationFactor: 3 },
    records: { size: 200, corpus: '1MiB' },
    load: { rate: 400, producers: 2, warmup: '2s', duration: '6s', drainLimit: '60s' },
    consumers: { groups: 1, perGroup: 2 },
    producer: { acks: 'all' },
    repeats: 1,
  };
  // JSON is YAML.
  writeFileSync(workload, JSON.stringify(settings));
  const run = await aws.ksweep('run', workload, '--cluster', 'kraft-m7g', '--results', results);
  const [folder] = readdirSync(results);
  if (folder === undefined) throw new Error(`there is no run folder: ${run.stderr}`);
  const manifest = manifestSchema.parse(
    JSON.parse(readFileSync(join(results, folder, 'manifest.json'), 'utf8')),
  );
  return { run, manifest, results: resultsIn(results) };
}

/** Gathers who has connections to these ports of a host, by address, until it is stopped. */
export function lookAtPeers(
  hosts: Hosts,
  name: string,
  peers: ReadonlyMap<number, Set<string>>,
): { stop(): void; readonly ended: Promise<void> } {
  let going = true;
  const look = async (): Promise<void> => {
    while (going) {
      const lines = (await hosts.ssh(name, 'ss -Htn state established')).trim().split('\n');
      for (const line of lines) {
        const [, , local = '', peer = ''] = line.trim().split(/\s+/);
        peers
          .get(Number(local.split(':').at(-1)))
          ?.add(peer.replace(/:\d+$/, '').replace(/^\[::ffff:|\]$/g, ''));
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  return {
    stop: () => {
      going = false;
    },
    ended: look(),
  };
}
