import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLIENT_NAMES, type ClientName } from '../client/choose.ts';
import { delay } from '../common/deadline.ts';
import { cliFile } from '../common/package-root.ts';
import { median } from '../stats/describe.ts';
import { line, range } from './print.ts';
import { ROUNDS } from './rounds.ts';

const TARGET = 0.5;
const LOOK_MS = 500;
const MOST_ROUNDS = 3;
const GENERATORS = 8;
const WORKLOAD = {
  name: 'memory',
  topic: { partitions: GENERATORS },
  records: { size: 200 },
  load: { rate: 8_000, warmup: 2, duration: 6, producers: GENERATORS },
  consumers: { perGroup: GENERATORS },
};

/** Fields of /proc/PID/stat behind the name, which may hold spaces and brackets: state, parent … */
const parentOf = (stat: string): number => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);

/** A process and all that it has started, directly or not. Pure. */
export function family(root: number, parents: ReadonlyMap<number, number>): number[] {
  const found = [root];
  for (const one of found) for (const [pid, parent] of parents) if (parent === one) found.push(pid);
  return found;
}

/** Processes by their parents; empty where there is no /proc. */
function parentsNow(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      parents.set(Number(name), parentOf(readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch {
      // It has just ended.
    }
  }
  return parents;
}

/** A page that n processes share counts for 1/n of each; bytes. 0 for one that has just ended. */
function proportionalBytes(pid: number): number {
  try {
    const kB = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kB ?? 0) * 1024;
  } catch {
    return 0;
  }
}

interface Seen {
  readonly bytes: number;
  readonly processes: number;
}

/** Looks at a run from its start to its end; what it took at most. */
async function mostOf(child: ChildProcess): Promise<Seen> {
  let most: Seen = { bytes: 0, processes: 0 };
  const ended = once(child, 'exit');
  while (child.exitCode === null && child.signalCode === null) {
    const pids = family(child.pid as number, parentsNow());
    const bytes = pids.reduce((sum, pid) => sum + proportionalBytes(pid), 0);
    if (bytes > most.bytes) most = { bytes, processes: pids.length };
    await Promise.race([ended, delay(LOOK_MS)]);
  }
  return most;
}

async function memoryOf(client: ClientName, bootstrapServers: string, scratch: string): Promise<Seen> {
  const file = join(scratch, 'memory.yaml');
  await writeFile(file, JSON.stringify(WORKLOAD));
  const options = { 'bootstrap-server': bootstrapServers, client, results: scratch, calm: '0s' };
  const args = ['run', file, ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])];
  const main = cliFile();
  return await mostOf(spawn(process.execPath, [main, ...args], { stdio: 'ignore' }));
}

/** What all processes of a run with eight producers and eight consumers take, by client: one agent against one a generator. */
export async function memory(bootstrapServers: string, scratch: string): Promise<void> {
  if (process.platform !== 'linux') {
    line('memory of a run', 'not measured: there is no /proc here');
    return;
  }
  const seen: Record<ClientName, Seen[]> = { batch: [], confluent: [] };
  for (let index = 0; index < Math.min(ROUNDS, MOST_ROUNDS); index++) {
    for (const client of CLIENT_NAMES) seen[client].push(await memoryOf(client, bootstrapServers, scratch));
  }
  const ratios = seen.batch.map(({ bytes }, i) => bytes / (seen.confluent[i]?.bytes ?? Number.NaN));
  const told = (client: ClientName): string => {
    const [one] = seen[client];
    return `${Math.round(median(seen[client].map(({ bytes }) => bytes)) / 1e6)} MB in ${one?.processes}`;
  };
  line(
    `memory of a run, ${GENERATORS} + ${GENERATORS}: one agent : one a generator`,
    `${median(ratios).toFixed(2)} × [${range(ratios)}]`,
    { text: `≤ ${TARGET.toFixed(2)} ×`, met: median(ratios) <= TARGET },
  );
  line('  at most, in so many processes', `${told('batch')} : ${told('confluent')}`);
}
