import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { parseLoadHosts } from '../../../bench/load/agent/load-hosts.ts';
import { loadRun } from '../../../bench/results/load-run.ts';
import type { RepeatResult } from '../../../bench/results/result.ts';
import type { RunSummary } from '../../../bench/run/run.ts';
import type { RunOptions } from '../../../bench/run/run-options.ts';
import { resolveWorkload } from '../../../bench/workload/load.ts';
import type { WorkloadInput } from '../../../bench/workload/schema.ts';
import { compareRuns } from '../../../reports/compare/compare.ts';
import { comparisonTable } from '../../../reports/compare/text.ts';
import { KafkaBench } from '../../support/kafka-run.ts';
import { isLeftOut } from '../../support/left-out.ts';
import { suite } from '../../support/suite.ts';
import { until } from '../../support/until.ts';
import { SshHosts, whyNoHosts } from './ssh-hosts.ts';

const test = suite('three load hosts by ssh, three brokers', { timeoutMs: 600_000 });

/** Probes have to be of 20 s, which a plan is held to when it is made; here they only have to be made. */
const SEARCH = { load: { rate: { search: { start: 300, maxProbes: 3 } }, duration: '20s' } };

/** What makes each shipped workload short; the first cell of its plan is run. */
const SHORT: Readonly<Record<string, Record<string, unknown>>> = {
  'backlog-drain': { consumers: { groups: 1, backlog: 20_000 }, load: { producers: 0, warmup: '0s' } },
  'rebalance-and-failover': {
    load: { duration: '10s' },
    disruptions: [
      { at: '1s', action: 'stop-consumer', target: 2 },
      { at: '3s', action: 'kill-broker', target: 1, for: '3s' },
    ],
  },
  'cold-reads': { sweep: { axes: { readers: [{ groups: 2, 'consumers.late': { after: '1s' } }] } } },
  'consumer-rate': SEARCH,
  'sustainable-rate': SEARCH,
};

const PROBE_MS = 3_000;
/** Of a window: what is killed in one has to be back by its end. */
const LONGEST_MS = 10_000;
/** Records a second that three brokers and their clients on two cores are no trouble for. */
const CALM_RATE = 300;

const folder = join(packageRoot(), 'workloads');
const NAMES = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));

function shortened(name: string): Record<string, unknown> {
  const input = parse(readFileSync(join(folder, `${name}.yaml`), 'utf8')) as Record<string, unknown>;
  const { load = {}, ...more } = SHORT[name] ?? {};
  const own = input['load'] as Record<string, unknown>;
  // The next test finds another topic of that name.
  const topic = { ...(input['topic'] as object), name: 'shipped' };
  return {
    ...input,
    ...more,
    topic,
    load: { ...own, warmup: '1s', duration: '2s', ...(load as object) },
  };
}

/** A run of one cell, as often as is said. */
async function runOne(
  name: string,
  repeats: number,
  options: Partial<RunOptions> = {},
  rate?: number,
): Promise<RunSummary> {
  const short = shortened(name);
  const load = { ...(short['load'] as object), ...(rate === undefined ? {} : { rate }) };
  const input = { ...short, load, ...(repeats > 1 ? { repeats } : {}) };
  const { plan } = resolveWorkload(input, folder, (problems) => {
    throw new Error(`${name}: ${JSON.stringify(problems)}`);
  });
  const [cell] = plan.cells;
  assert.ok(cell !== undefined);
  const { workload } = cell;
  const probes = typeof workload.load.rate === 'object' && 'search' in workload.load.rate;
  const duration = Math.min(workload.load.duration, probes ? PROBE_MS : LONGEST_MS);
  const cells = [{ ...cell, workload: { ...workload, load: { ...workload.load, duration } } }];
  const planned = plan.repeats.filter(({ cellId }) => cellId === cell.id).slice(0, repeats);
  const one = { ...plan, cells, repeats: planned };
  return await bench.run(input as unknown as WorkloadInput, { plan: one, ...options });
}

const bench = new KafkaBench();
const hosts = new SshHosts(3);

const ms = (us: number | null | undefined): string => (us == null ? '–' : `${(us / 1000).toFixed(2)} ms`);

function tell(name: string, result: RepeatResult): void {
  const { rate, counts, latencyUs, loadHosts, outcome } = result;
  const p50 = (latency: 'due-to-ack' | 'end-to-end') => ms(latencyUs[latency]?.percentilesUs.p50);
  console.log(
    `${name.padEnd(24)} ${outcome.padEnd(7)} ${rate.achievedPerSec.toFixed(0).padStart(7)}/s, lost ${counts.lost}, due→ack p50 ${p50('due-to-ack')}, end to end p50 ${p50('end-to-end')} ± ${ms(loadHosts?.endToEndErrorUs)} (same host: ${((loadHosts?.sameHostShare ?? 0) * 100).toFixed(0)} %)`,
  );
}

if (!isLeftOut(test, whyNoHosts())) {
  test.before(async () => {
    await hosts.up();
    await bench.start(3, {}, hosts.network.address);
  });
  test.after(async () => {
    // First: their scratch lies within the temporary folder that goes with the broker.
    hosts.down();
    await bench.stop();
  });

  const onHosts = (): Partial<RunOptions> => ({
    loadHosts: parseLoadHosts(hosts.where, 'test', '.'),
  });

  test('a cell of every shipped workload: nothing is lost across hosts, and nothing is left on them', async () => {
    for (const name of NAMES) {
      const { results } = await runOne(name, 1, onHosts());
      const [result] = results;
      assert.is(results.length, 1, name);
      assert.ok(
        result !== undefined && result.outcome !== 'failed',
        `${name}: ${JSON.stringify(result?.reasons)}`,
      );
      tell(name, result);
      const { counts, loadHosts, consumers } = result;
      if (consumers.length > 0) assert.is(counts.lost, 0, name);
      assert.is(counts.failed, 0, name);
      assert.ok(counts.received > 0, name);
      const used = loadHosts?.hosts.filter((host) => host.producers + host.consumers > 0) ?? [];
      const generators = used.reduce((sum, host) => sum + host.producers + host.consumers, 0);
      assert.is(used.length, Math.min(3, generators), name);
    }
    await nothingLeft();
  });

  test('six repeats on the hosts and six on this one: no count regressed', async () => {
    const local = await runOne('quickstart', 6, {}, CALM_RATE);
    const remote = await runOne('quickstart', 6, onHosts(), CALM_RATE);
    for (const { results } of [local, remote]) {
      assert.is(results.length, 6);
      for (const { counts, outcome, reasons } of results) {
        assert.is.not(outcome, 'failed', JSON.stringify(reasons));
        const { due, sent, acknowledged, received, lost, duplicated, outOfOrder, foreign, failed } = counts;
        assert.equal([sent, acknowledged, received], [due, due, due]);
        assert.equal([lost, duplicated, outOfOrder, foreign, failed], [0, 0, 0, 0, 0]);
      }
    }
    const [base, candidate] = await Promise.all([loadRun(local.dir), loadRun(remote.dir)]);
    const options = { allow: true, offsets: 'none' } as const;
    const rates = ['achieved/offered', 'achievedPerSec', 'receivedPerSec'];
    const compared = await compareRuns(base, candidate, { ...options, metrics: rates });
    assert.is(compared.rows.length, rates.length, compared.leftOut.join('; '));
    for (const { metric, comparison } of compared.rows) {
      assert.is.not(comparison.verdict, 'regressed', metric.key);
    }
    // Latencies are told, and a test judges nothing by them.
    const latencies = ['due-to-ack.p50', 'due-to-ack.p99', 'end-to-end.p50', 'end-to-end.p99'];
    const told = await compareRuns(base, candidate, { ...options, metrics: [...rates, ...latencies] });
    console.log(comparisonTable(told));
    await nothingLeft();
  });
}

async function nothingLeft(): Promise<void> {
  await until('no process is left on a host', () => hosts.names.every((_, i) => hosts.pids(i).length === 0));
  assert.equal(await bench.topics(), []);
  assert.equal(hosts.leftInScratch, []);
}

test.run();
