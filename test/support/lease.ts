import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { attachLocalCluster, type LocalCluster } from '../../infra/local/cluster.ts';

/** State files of running brokers that test files use one after the other; see broker-pool.ts. ksweep itself refuses KSWEEP_ names that it does not know. */
function pool(): string[] {
  const file = process.env['TEST_BROKERS'];
  return file === undefined ? [] : (JSON.parse(readFileSync(file, 'utf8')) as string[]);
}

/** A broker of the pool for one test file alone; null where none is free. */
export function leaseBroker(): LocalCluster | null {
  for (const stateFile of pool()) {
    try {
      mkdirSync(`${stateFile}.leased`);
    } catch {
      continue;
    }
    const cluster = attachLocalCluster(stateFile);
    // One that has died stays leased.
    if (cluster?.brokers.every(({ alive }) => alive) === true) return cluster;
  }
  return null;
}

/** Lets the next test file have a broker. */
export function releaseBroker({ stateFile, brokers }: LocalCluster): void {
  if (brokers.every(({ alive }) => alive)) rmSync(`${stateFile}.leased`, { recursive: true });
}
