import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '../../../bench/common/deadline.ts';
import { cliFile } from '../../../bench/common/package-root.ts';
import type { RepeatResult } from '../../../bench/results/result.ts';
import type { Hosts } from './hosts.ts';

/** Of all repeats, those that a second attempt replaced included. */
interface LoadResult {
  readonly repeats: number;
  readonly due: number;
  readonly acknowledged: number;
  readonly lost: number;
  /** Why a repeat could not be measured at all. */
  readonly failures: readonly string[];
}

const BEGIN_LIMIT_MS = 90_000;
const REPEAT_LIMIT_MS = 120_000;

/**
 * ksweep's own load with acks=all, repeat after repeat, until what happens meanwhile is over and one more repeat after
 * it: how long that takes depends on the machine.
 *
 * @param topic exists already: while a broker restarts none with three replicas can be made
 * @param arrives whether records of the load are in the cluster
 */
export async function loadDuring(
  hosts: Hosts,
  bootstrapServers: string,
  topic: string,
  arrives: () => Promise<boolean>,
  happening: () => Promise<void>,
): Promise<LoadResult> {
  const workload = join(hosts.folder, 'rolling.json');
  const results = join(hosts.folder, 'results');
  // JSON is YAML.
  const settings = {
    name: 'rolling',
    topic: { name: topic, existing: true },
    records: { size: 200, corpus: '1MiB' },
    load: { rate: 200, warmup: '2s', duration: '18s', drainLimit: '60s' },
    consumers: { groups: 1 },
    producer: { acks: 'all' },
    repeats: 100,
  };
  writeFileSync(workload, JSON.stringify(settings));
  const cli = cliFile();
  const words = [cli, 'run', workload, '--bootstrap-server', bootstrapServers, '--results', results];
  const load = hosts.spawn(process.execPath, ...words);
  const ended = once(load, 'exit');
  let said = '';
  for (const stream of [load.stdout, load.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const seen = new Map<string, RepeatResult>();
  const collect = (): number => {
    for (const result of resultsIn(results)) seen.set(`${result.block} ${result.attempt}`, result);
    return seen.size;
  };
  const collecting = setInterval(collect, 200);
  try {
    const deadline = Date.now() + BEGIN_LIMIT_MS;
    while (!(await arrives())) {
      if (load.exitCode !== null || Date.now() > deadline)
        throw new Error(`no record of ksweep arrives: ${said.slice(-3000)}`);
    }
    await happening();
    // The repeat that goes on now began before the end, so the one after it has to be waited for.
    const before = collect();
    const finished = await waitUntil(
      () => collect() >= before + 2 || load.exitCode !== null,
      REPEAT_LIMIT_MS,
      100,
    );
    if (!finished || load.exitCode !== null) throw new Error(`ksweep ended early: ${said.slice(-3000)}`);
  } finally {
    clearInterval(collecting);
    if (load.exitCode === null) load.kill('SIGINT');
    await ended;
  }
  const all = [...seen.values()];
  const total = (of: (result: RepeatResult) => number): number =>
    all.reduce((sum, result) => sum + of(result), 0);
  return {
    repeats: all.length,
    due: total(({ counts }) => counts.due),
    acknowledged: total(({ counts }) => counts.acknowledged),
    // Loss that was not checked is not 0.
    lost: total(({ counts }) => counts.lost ?? Number.NaN),
    failures: all.flatMap(({ outcome, reasons }) =>
      outcome === 'failed' ? reasons.map(({ message }) => message) : [],
    ),
  };
}

/** Of every repeat whose result lies below a folder. */
export function resultsIn(folder: string): RepeatResult[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('result.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as RepeatResult);
}
