import type { LocalCluster } from '../../infra/local/cluster.ts';
import type { RepeatResult } from '../results/result.ts';
import { mean } from '../stats/describe.ts';
import { line } from './print.ts';
import { smallRun } from './small-run.ts';

const LOAD_SEC = 3;
const REPEATS = 6;
const TARGET_SEC = 1.2;
/** Phases of which nothing but what exceeds the load's own time is overhead. */
const LOAD_PHASES = ['warmup', 'measure'];

/** One repeat, from the end of the one before it to its own, ms. */
interface Timed {
  readonly ms: number;
  readonly phasesMs: RepeatResult['phasesMs'];
}

/** Runs a small cell some times; the first repeat starts the agents, and is not counted. */
async function repeats(cluster: LocalCluster, resultsDir: string): Promise<Timed[]> {
  const input = {
    name: 'overhead',
    load: { rate: 2_000, warmup: 1, duration: LOAD_SEC - 1, producers: 2 },
    consumers: { perGroup: 2 },
    repeats: REPEATS + 1,
  };
  const finished: { at: number; result: RepeatResult }[] = [];
  await smallRun(cluster, resultsDir, input, {
    onResult: (result) => finished.push({ at: performance.now(), result }),
  });
  return finished.slice(1).map(({ at, result }, i) => ({
    ms: at - (finished[i]?.at ?? at),
    phasesMs: result.phasesMs,
  }));
}

/** What a phase's time, or a part of it, is called beside the figure. Pure. */
export function breakdown(timed: readonly Timed[]): readonly (readonly [name: string, ms: number])[] {
  const names = [...new Set(timed.flatMap(({ phasesMs }) => Object.keys(phasesMs)))];
  const meanOf = (name: string): number => mean(timed.map(({ phasesMs }) => phasesMs[name] ?? 0));
  const isLoad = (name: string): boolean => LOAD_PHASES.includes(name);
  const isPart = (name: string): boolean => name.includes('.');
  const loadMs = names.filter(isLoad).reduce((sum, name) => sum + meanOf(name), 0) - LOAD_SEC * 1000;
  const phases = names.filter((name) => !isLoad(name));
  const phasesMs = phases.filter((name) => !isPart(name)).reduce((sum, name) => sum + meanOf(name), 0);
  const allMs = mean(timed.map(({ ms }) => ms)) - LOAD_SEC * 1000;
  return [
    ...phases
      .toSorted((a, b) => orderOf(phases, a) - orderOf(phases, b))
      .map((name) => [isPart(name) ? `  of it ${name.split('.')[1]}` : name, meanOf(name)] as const),
    ['start and edges of the window', loadMs],
    ['judging, writing, next topic', allMs - phasesMs - loadMs],
  ];
}

/** A part follows its phase. */
const orderOf = (phases: readonly string[], name: string): number => {
  const [phase = '', part] = name.split('.');
  return phases.indexOf(phase) * 100 + (part === undefined ? 0 : 1 + phases.indexOf(name));
};

/** Prints the seconds of a run that are not measurement, a repeat, and where they go. */
export async function overhead(cluster: LocalCluster, resultsDir: string): Promise<void> {
  const timed = await repeats(cluster, resultsDir);
  const sec = mean(timed.map(({ ms }) => ms)) / 1000 - LOAD_SEC;
  line('time that is not measurement, a cell', `${sec.toFixed(2)} s`, {
    text: `< ${TARGET_SEC} s`,
    met: sec < TARGET_SEC,
  });
  for (const [name, ms] of breakdown(timed)) line(`  ${name}`, `${ms.toFixed(0)} ms`);
}
