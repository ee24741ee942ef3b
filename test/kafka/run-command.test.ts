import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { delay, waitUntil } from '../../bench/common/deadline.ts';
import { cliFile } from '../../bench/common/package-root.ts';
import { RunFolder } from '../../bench/results/folder.ts';
import { workloadSchema } from '../../bench/workload/schema.ts';
import { KafkaBench } from '../support/kafka-run.ts';
import { parseOpenMetrics } from '../support/openmetrics.ts';
import { suite } from '../support/suite.ts';
import { syntheticManifest } from '../support/synthetic-result.ts';

const test = suite('ksweep run on a real broker', { timeoutMs: 90_000 });
const bench = new KafkaBench();
const folder = mkdtempSync(join(tmpdir(), 'ksweep-against-'));
test.before(() => bench.start());
test.after(async () => {
  await bench.stop();
  rmSync(folder, { recursive: true, force: true });
});

const CLI = cliFile();
const BLOCKS = 2;

const INPUT = {
  name: 'same',
  topic: { partitions: 1 },
  load: { rate: 1000, warmup: '1s', duration: '1s' },
  consumers: { groups: 0 },
};

/** The folder of an earlier run of it, as far as `--against` reads one. */
async function earlierRun(): Promise<string> {
  const { dir } = await RunFolder.create(folder, 'earlier', new Date());
  const manifest = syntheticManifest({
    name: 'same',
    cells: [],
    axes: {},
    blocks: 1,
    seed: 1,
    thresholds: [],
  });
  writeFileSync(
    join(dir, 'manifest.json'),
    JSON.stringify({ ...manifest, workload: workloadSchema.parse(INPUT) }),
  );
  return dir;
}

/** Scrapes until the run's end; every text that was served. */
async function scrape(url: string, running: () => boolean): Promise<string[]> {
  const texts: string[] = [];
  while (running()) {
    const text = await fetch(url).then(
      (response) => response.text(),
      () => null,
    );
    if (text !== null && text !== texts.at(-1)) texts.push(text);
    await delay(100);
  }
  return texts;
}

test('a run against itself is scraped while it goes on, and ends with verdicts that compare reads again', async () => {
  const file = join(folder, 'same.yaml');
  writeFileSync(file, JSON.stringify({ ...INPUT, repeats: BLOCKS }));
  const results = join(folder, 'results');
  const { bootstrapServers } = bench.cluster;
  const child = spawn(
    process.execPath,
    [
      CLI,
      'run',
      file,
      '--against',
      await earlierRun(),
      '--bootstrap-server',
      bootstrapServers,
      '--results',
      results,
      '--json',
      '--metrics-listen',
      '0',
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const closed = once(child, 'close');
  const url = (): string | undefined => /metrics at (http:\S+)/.exec(stderr)?.[1];
  await waitUntil(() => url() !== undefined || child.exitCode !== null, 30_000);
  const scraped = await scrape(url() ?? '', () => child.exitCode === null);
  await closed;
  // Two blocks confirm only what lies many times their spread apart; a spoiled repeat on a busy machine may end with 3.
  assert.ok(child.exitCode === 0 || child.exitCode === 3, `${child.exitCode}: ${stderr}`);
  assert.match(stderr, /both sides are the same/);
  assert.match(stderr, /2 blocks show large differences alone/);
  const { dir, comparison } = JSON.parse(stdout);
  assert.ok(comparison.rows.length + comparison.leftOut.length > 0);
  assertScraped(scraped);
  for (const row of comparison.rows) {
    assert.equal([row.base, row.candidate, row.paired], ['base', 'candidate', true]);
    assert.ok(['equivalent', 'inconclusive'].includes(row.comparison.verdict), row.comparison.verdict);
  }
  const manifest = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'));
  assert.equal(manifest.against.pairs, [{ base: '000-base', candidate: '001-candidate' }]);
  assert.is(manifest.against.runId, 'synthetic-run');
  for (const cell of readdirSync(join(dir, 'cells'))) {
    for (let block = 0; block < BLOCKS; block++)
      assert.ok(existsSync(join(dir, 'cells', cell, String(block))));
  }
  const again = spawnSync(process.execPath, [CLI, 'compare', dir, '--json'], { encoding: 'utf8' });
  assert.is(again.status, 0, again.stderr);
  assert.equal(JSON.parse(again.stdout), comparison);
  const resumed = spawnSync(
    process.execPath,
    [CLI, 'run', '--resume', dir, '--bootstrap-server', bootstrapServers, '--json'],
    { encoding: 'utf8', cwd: folder },
  );
  assert.equal(
    JSON.parse(resumed.stdout).comparison,
    comparison,
    'a finished run is judged again, not run again',
  );
});

function assertScraped(texts: readonly string[]): void {
  const samples = texts.map(parseOpenMetrics);
  const at = (name: string, labels: Record<string, string> = {}) =>
    samples.flatMap((all) =>
      all.filter(
        (one) =>
          one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
      ),
    );
  assert.ok(texts.length > 4, `${texts.length} texts`);
  const offered = at('ksweep_run_offered_records_per_second').map(({ value }) => value);
  assert.ok(
    offered.some((value) => value > 900 && value < 1_100),
    offered.join(),
  );
  assert.ok(at('ksweep_run_achieved_records_per_second').some(({ value }) => value > 500));
  assert.ok(
    at('ksweep_run_latency_seconds', { latency: 'due-to-ack', quantile: '0.99' }).some(
      ({ value }) => value > 0,
    ),
  );
  assert.ok(
    at('ksweep_run_latency_seconds', { latency: 'due-to-sent' }).length > 0,
    'the generator tells on itself',
  );
  const cells = new Set(at('ksweep_run_offered_records_per_second').map(({ labels }) => labels['cell']));
  assert.equal([...cells].sort(), ['base', 'candidate']);
  assert.ok(at('ksweep_run_phase', { ksweep_run_phase: 'measure' }).some(({ value }) => value === 1));
  const sent = at('ksweep_run_acknowledged_records_total').map(({ value }) => value);
  assert.equal(
    sent,
    sent.toSorted((a, b) => a - b),
    'a counter never falls',
  );
}

test('a bad address and a port in use are refused before anything starts', async () => {
  const file = join(folder, 'same.yaml');
  const results = join(folder, 'unlistened');
  const run = (address: string) =>
    spawnSync(
      process.execPath,
      [CLI, 'run', file, '--local', '--results', results, '--metrics-listen', address],
      {
        encoding: 'utf8',
        cwd: folder,
      },
    );
  const bad = run('localhost');
  assert.equal([bad.status, /expected a port, or host:port/.test(bad.stderr)], [1, true], bad.stderr);
  const taken = new URL(`http://${bench.cluster.bootstrapServers}`).port;
  const used = run(taken);
  assert.equal([used.status, /the port is in use/.test(used.stderr)], [1, true], used.stderr);
  assert.not(existsSync(results));
});

test('what cannot be interleaved is refused before a run folder exists', async () => {
  const file = join(folder, 'other.yaml');
  writeFileSync(file, JSON.stringify({ name: 'other', records: { size: 200 } }));
  const results = join(folder, 'none');
  const { status, stderr } = spawnSync(
    process.execPath,
    [CLI, 'run', file, '--against', await earlierRun(), '--local', '--results', results],
    { encoding: 'utf8', cwd: folder },
  );
  assert.is(status, 1);
  assert.match(stderr, /would not do the same work/);
  assert.match(stderr, /records\.size: not set against 200/);
  assert.not(existsSync(results));
});

test.run();
