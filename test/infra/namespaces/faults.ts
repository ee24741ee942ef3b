import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { delay, waitUntil } from '../../../bench/common/deadline.ts';
import { cliFile } from '../../../bench/common/package-root.ts';
import { createRandom, type Random } from '../../../bench/common/random.ts';
import { readHlog } from '../../../bench/results/hlog.ts';
import { type LoadedRun, loadRun } from '../../../bench/results/load-run.ts';
import { isRunning, pidsInEnvironment } from '../../support/processes.ts';
import type { SshHosts } from './ssh-hosts.ts';

export const FAULTS = ['agent', 'ssh', 'coordinator', 'hole', 'frozen', 'disk'] as const;
export type Fault = (typeof FAULTS)[number];

export const FAULT_NAMES: Readonly<Record<Fault, string>> = {
  agent: 'kill -9 of an agent',
  ssh: 'kill -9 of ssh',
  coordinator: 'kill -9 of the coordinator',
  hole: 'network cut without a word',
  frozen: 'host frozen by SIGSTOP',
  disk: 'disk of a host full',
};

/** From when the host's agent is there: from its hello until the last cell is over. */
const MOMENT_MS = 8_000;
const RUN_LIMIT_MS = 90_000;
/** Agents end by themselves within 5 s; the rest is for a loaded machine to notice it. */
const SELF_END_LIMIT_MS = 6_000;
const GONE_LIMIT_MS = 15_000;

/** What became of one run and one fault. */
export interface MomentOutcome {
  readonly fault: Fault;
  readonly host: string;
  readonly atMs: number;
  /** False where the run was over before, or had nothing there yet that could have failed. */
  readonly struck: boolean;
  readonly finished: number;
  readonly failed: number;
  /** From the fault until no agent was left that it had cut off, ms; null where none was. */
  readonly selfEndMs: number | null;
  /** What is wrong; nothing may be. */
  readonly problems: readonly string[];
}

const WORKLOAD = {
  name: 'faults',
  topic: { partitions: 3 },
  records: { size: 200, corpus: '1MiB' },
  load: { rate: 300, producers: 3, warmup: '500ms', duration: '1500ms', drainLimit: '5s' },
  consumers: { groups: 1, perGroup: 3 },
  sweep: { axes: { 'linger.ms': [0, 5] } },
  repeats: 1,
};

/** Runs against one cluster, each with a fault at a moment of it. */
export class Faults {
  readonly #hosts: SshHosts;
  readonly #bootstrapServers: string;
  readonly #topics: () => Promise<string[]>;
  readonly #random: Random;

  /** @param topics of the cluster that are not Kafka's own */
  constructor(hosts: SshHosts, bootstrapServers: string, topics: () => Promise<string[]>, seed: number) {
    this.#hosts = hosts;
    this.#bootstrapServers = bootstrapServers;
    this.#topics = topics;
    this.#random = createRandom(seed);
  }

  async moment(fault: Fault): Promise<MomentOutcome> {
    const host = this.#random.int(this.#hosts.names.length);
    const atMs = Math.round(this.#random.next() * MOMENT_MS);
    const run = new FaultRun(this.#hosts, this.#bootstrapServers);
    const problems: string[] = [];
    try {
      await run.when(() => this.#hosts.agents(host).length > 0, RUN_LIMIT_MS);
      await run.when(() => false, atMs);
      const { struck, selfEndMs } = await this.#strike(fault, host, run, problems);
      if (!(await run.ended(RUN_LIMIT_MS))) problems.push(`the run goes on after ${RUN_LIMIT_MS / 1000} s`);
      await this.#nothingLeft(run, problems);
      const counted = await run.readable(problems);
      return {
        fault,
        host: this.#hosts.names[host] as string,
        atMs,
        struck,
        selfEndMs,
        ...counted,
        problems,
      };
    } finally {
      this.#hosts.emptyScratch(host);
      run.remove();
    }
  }

  async #strike(
    fault: Fault,
    host: number,
    run: FaultRun,
    problems: string[],
  ): Promise<{ readonly struck: boolean; readonly selfEndMs: number | null }> {
    const hosts = this.#hosts;
    const agents = hosts.agents(host);
    const selfEnd = async (pids: readonly number[]): Promise<number | null> => {
      if (pids.length === 0) return null;
      const beganAt = performance.now();
      const gone = await waitUntil(() => !pids.some(isRunning), SELF_END_LIMIT_MS, 20);
      if (!gone) problems.push(`agents are there ${SELF_END_LIMIT_MS / 1000} s after they were cut off`);
      return performance.now() - beganAt;
    };
    const kill = (pids: readonly number[]): void => {
      for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    };
    switch (fault) {
      case 'agent':
        kill(agents);
        return { struck: agents.length > 0, selfEndMs: null };
      case 'ssh': {
        const carriers = run.carriersOf(hosts.network.addressOf(host));
        kill(carriers);
        return { struck: carriers.length > 0, selfEndMs: await selfEnd(agents) };
      }
      case 'coordinator': {
        const all = hosts.names.flatMap((_, index) => hosts.agents(index));
        const running = !(await run.ended(0));
        run.kill();
        return { struck: running, selfEndMs: await selfEnd(all) };
      }
      case 'hole':
        hosts.network.cut(host);
        try {
          return { struck: agents.length > 0, selfEndMs: await selfEnd(agents) };
        } finally {
          hosts.network.mend(host);
        }
      case 'frozen': {
        const frozen = hosts.pids(host);
        for (const pid of frozen) process.kill(pid, 'SIGSTOP');
        await run.ended(SELF_END_LIMIT_MS);
        for (const pid of frozen) if (isRunning(pid)) process.kill(pid, 'SIGCONT');
        return { struck: agents.length > 0, selfEndMs: await selfEnd(agents.filter(isRunning)) };
      }
      case 'disk':
        hosts.fillScratch(host);
        return { struck: true, selfEndMs: null };
    }
  }

  async #nothingLeft(run: FaultRun, problems: string[]): Promise<void> {
    const none = async (what: string, left: () => readonly unknown[] | Promise<readonly unknown[]>) => {
      const deadline = performance.now() + GONE_LIMIT_MS;
      let found = await left();
      while (found.length > 0 && performance.now() < deadline) {
        await delay(100);
        found = await left();
      }
      if (found.length > 0) problems.push(`${what}: ${found.join(', ')}`);
    };
    await none('processes on hosts', () => this.#hosts.names.flatMap((_, index) => this.#hosts.pids(index)));
    await none('processes here', () => run.processes);
    await none('scratch here', () => run.scratch);
    await none('scratch on hosts', () =>
      this.#hosts.leftInScratch.filter((file) => !file.endsWith(': full')),
    );
    await none('topics', this.#topics);
  }
}

/** One `ksweep run` as a process of its own, all of whose children carry a mark in their environment. */
class FaultRun {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ksweep-fault-'));
  readonly #mark = `FAULT_RUN=${this.#folder}`;
  readonly #child: ChildProcess;
  #over = false;
  #said = '';

  constructor(hosts: SshHosts, bootstrapServers: string) {
    const file = join(this.#folder, 'faults.json');
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(WORKLOAD));
    mkdirSync(this.#temporary);
    const main = cliFile();
    const where = ['--bootstrap-server', bootstrapServers, '--load-hosts', hosts.where];
    this.#child = spawn(process.execPath, [main, 'run', file, ...where, '--results', this.#results], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TMPDIR: this.#temporary, FAULT_RUN: this.#folder },
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = `${this.#said}${text}`.slice(-4_000);
    });
    this.#child.once('exit', () => {
      this.#over = true;
    });
  }

  get #temporary(): string {
    return join(this.#folder, 'tmp');
  }

  get #results(): string {
    return join(this.#folder, 'results');
  }

  /** Waits for something, no longer than the run goes on or `limitMs`. */
  async when(condition: () => boolean, limitMs: number): Promise<void> {
    await waitUntil(() => this.#over || condition(), limitMs, 10);
  }

  ended(limitMs: number): Promise<boolean> {
    return waitUntil(() => this.#over, limitMs, 20);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Whatever the run has started and is there. */
  get processes(): number[] {
    return pidsInEnvironment(this.#mark).map(({ pid }) => pid);
  }

  carriersOf(address: string): number[] {
    return pidsInEnvironment(this.#mark)
      .filter(({ command }) => command.startsWith('ssh ') && command.includes(address))
      .map(({ pid }) => pid);
  }

  get scratch(): string[] {
    return readdirSync(this.#temporary).filter((name) => name.startsWith('ksweep-'));
  }

  /** Reads what was measured as a report would. */
  async readable(problems: string[]): Promise<{ readonly finished: number; readonly failed: number }> {
    const [name] = existsSync(this.#results) ? readdirSync(this.#results) : [];
    // Killed, or a host gone, before there was a run.
    if (name === undefined) return { finished: 0, failed: 0 };
    try {
      const run = await loadRun(join(this.#results, name));
      problems.push(...run.problems.filter((problem) => !/not run|unfinished/.test(problem)));
      for (const repeat of run.repeats) await readWhole(run, repeat, problems);
      const failed = run.repeats.filter(({ outcome }) => outcome === 'failed').length;
      return { finished: run.repeats.length - failed, failed };
    } catch (error) {
      problems.push(`the run folder: ${(error as Error).message}; it said ${this.#said}`);
      return { finished: 0, failed: 0 };
    }
  }

  remove(): void {
    if (!this.#over) this.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function readWhole(
  run: LoadedRun,
  repeat: LoadedRun['repeats'][number],
  problems: string[],
): Promise<void> {
  if (repeat.outcome === 'failed') return;
  if ((await run.series(repeat)).length === 0) problems.push(`${repeat.cellId}: no series`);
  const path = run.hlogPath(repeat, 'due-to-ack');
  const timed = repeat.latencyUs['due-to-ack']?.count ?? 0;
  const logged = path === null ? 0 : readHlog(path).merged.totalCount;
  if (logged !== timed) problems.push(`${repeat.cellId}: ${logged} of ${timed} latencies are in the log`);
}

/** One line a moment. */
export function describe({
  fault,
  host,
  atMs,
  struck,
  finished,
  failed,
  selfEndMs,
  problems,
}: MomentOutcome): string {
  const self = selfEndMs === null ? '' : `, cut-off agents gone after ${(selfEndMs / 1000).toFixed(2)} s`;
  const wrong = problems.length === 0 ? '' : `: ${problems.join('; ')}`;
  return `${problems.length === 0 ? 'ok  ' : 'MISS'}  ${FAULT_NAMES[fault].padEnd(28)} ${host} at ${(atMs / 1000).toFixed(1).padStart(4)} s${struck ? '' : ' (nothing was there)'}: ${finished} finished, ${failed} failed${self}${wrong}`;
}
