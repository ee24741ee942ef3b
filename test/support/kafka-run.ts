import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseClient } from '../../bench/client/choose.ts';
import { Agents } from '../../bench/load/agent/agents.ts';
import type { LoadGenerator } from '../../bench/load/agent/load-generator.ts';
import { localUnderTest } from '../../bench/run/cluster/local-under-test.ts';
import { type RunSummary, runWorkload } from '../../bench/run/run.ts';
import type { RunOptions } from '../../bench/run/run-options.ts';
import { resolveWorkload } from '../../bench/workload/load.ts';
import type { WorkloadInput } from '../../bench/workload/schema.ts';
import { type LocalCluster, startLocalCluster } from '../../infra/local/cluster.ts';
import { leaseBroker, releaseBroker } from './lease.ts';

// A temporary folder of this file's own: what other runs on this machine leave or remove is none of its business.
const ownTemporary = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
process.env['TMPDIR'] = ownTemporary;

/** A real broker for one test file, and runs against it. One without settings of its own is taken from the pool. */
export class KafkaBench {
  readonly resultsDir = mkdtempSync(join(tmpdir(), 'ksweep-test-results-'));
  #cluster: LocalCluster | undefined;
  #leased = false;
  /** What the run that is under way has been doing, for a test that ends before it. */
  #journal: string[] = [];

  get cluster(): LocalCluster {
    if (this.#cluster === undefined) throw new Error('the broker has not been started');
    return this.#cluster;
  }

  /** @param listenOn an address of this machine that load hosts reach; absent: the loopback */
  async start(
    brokers = 1,
    brokerConfigs: Readonly<Record<string, string>> = {},
    listenOn?: string,
  ): Promise<void> {
    const plain = brokers === 1 && Object.keys(brokerConfigs).length === 0 && listenOn === undefined;
    const leased = plain ? leaseBroker() : null;
    this.#leased = leased !== null;
    this.#cluster =
      leased ??
      (await startLocalCluster({
        brokers,
        brokerConfigs,
        ...(listenOn === undefined ? {} : { listenOn }),
      }));
  }

  async stop(): Promise<void> {
    if (this.#journal.length > 0) process.stdout.write(`a run had not ended:\n${this.#journal.join('\n')}\n`);
    if (this.#leased) await this.#giveBack();
    else await this.#cluster?.stop();
    rmSync(ownTemporary, { recursive: true, force: true });
  }

  async #giveBack(): Promise<void> {
    const names = await this.topics();
    if (names.length > 0) {
      await this.admin((observer) => observer.ask({ kind: 'delete-topics', names, timeoutMs: 10_000 }));
    }
    releaseBroker(this.cluster);
  }

  /** Runs a workload given as the YAML would hold it. */
  async run(input: WorkloadInput, options: Partial<RunOptions> = {}): Promise<RunSummary> {
    const { workload, plan } = resolveWorkload(input as Record<string, unknown>, '.', (problems) => {
      throw new Error(problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
    });
    const startedAt = performance.now();
    const note = (text: string): void => {
      this.#journal.push(`  ${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${text}`);
    };
    return await runWorkload({
      onProgress: ({ cell, block, attempt, phase }) => note(`${cell} · ${block} · ${attempt}: ${phase}`),
      onResult: ({ outcome, reasons }) => note(`${outcome} ${JSON.stringify(reasons)}`),
      workload,
      plan,
      source: { file: null, sha256: 'test', set: [], baseDir: '.' },
      cluster: localUnderTest(this.cluster),
      target: { resultsDir: this.resultsDir },
      command: 'test',
      // A busy machine makes repeats invalid that these tests count records of: once is enough.
      retry: false,
      ...options,
    }).finally(() => {
      this.#journal = [];
    });
  }

  /** Talks to the broker by an agent of its own. */
  async admin<T>(use: (observer: LoadGenerator) => Promise<T>): Promise<T> {
    const client = { 'bootstrap.servers': this.cluster.bootstrapServers };
    const agents = new Agents();
    const driver = chooseClient().name;
    const observer = agents.begin({ role: 'observer', name: 'test', driver, client, scratchDir: null });
    observer.assign();
    try {
      return await use(observer);
    } finally {
      await observer.exit();
      await agents.exit();
    }
  }

  /** Topics that are not Kafka's own. */
  topics(): Promise<string[]> {
    return this.admin(async (observer) => {
      const { names } = await observer.ask({ kind: 'list-topics', timeoutMs: 10_000 });
      return names.filter((name) => !name.startsWith('__'));
    });
  }
}

/** Scratch folders of runs that lie in the temporary folder now. */
export function scratchFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^ksweep-[A-Za-z0-9]{6}$/.test(name));
}
