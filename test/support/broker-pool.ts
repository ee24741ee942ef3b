import { writeFileSync } from 'node:fs';
import { startLocalCluster } from '../../infra/local/cluster.ts';

/**
 * Brokers that stay for all test files of a group: a broker that has compiled its code answers with a fraction of the
 * processor time of one that is started for each file. They end with this process, whose input `infra/test.mjs` closes.
 *
 * Usage: node broker-pool.js FILE COUNT
 */
const [file = '', count = '1'] = process.argv.slice(2);
const started = Array.from({ length: Number(count) }, () => startLocalCluster({ brokers: 1 }));
const clusters = (await Promise.allSettled(started)).flatMap((one) =>
  one.status === 'fulfilled' ? [one.value] : [],
);
writeFileSync(file, JSON.stringify(clusters.map(({ stateFile }) => stateFile)));
console.log('ready');
for await (const _ of process.stdin) {
  // Nothing is said: what counts is the end.
}
await Promise.all(clusters.map((cluster) => cluster.stop()));
