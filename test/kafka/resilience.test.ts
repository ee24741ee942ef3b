import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { waitUntil } from '../../bench/common/deadline.ts';
import { KsweepError } from '../../bench/common/errors.ts';
import { cliFile } from '../../bench/common/package-root.ts';
import { KafkaBench, scratchFolders } from '../support/kafka-run.ts';
import { agentsOf, isRunning } from '../support/processes.ts';
import { suite } from '../support/suite.ts';

const test = suite('resilience', { timeoutMs: 150_000 });
const bench = new KafkaBench();
test.before(() => bench.start());
test.after(() => bench.stop());

const short = {
  topic: { partitions: 2 },
  records: { size: 200, corpus: '1MiB' },
  load: { rate: 300, warmup: '1s', duration: '2s', drainLimit: '3s' },
};

interface Cli {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly stderr: () => string;
  readonly exit: Promise<number | null>;
}

function ksweep(...words: string[]): Cli {
  const child = spawn(process.execPath, [cliFile(), ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)));
  return { child, pid: child.pid ?? 0, stderr: () => text, exit };
}

function workloadFile(name: string, extra: object): string {
  const file = join(bench.resultsDir, `${name}.json`);
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ name, ...short, consumers: { groups: 1 }, ...extra }));
  return file;
}

const runDirOf = (name: string): string => {
  const found = readdirSync(bench.resultsDir).find((entry) => entry.endsWith(`-${name}`));
  assert.ok(found, `no run folder of ${name}`);
  return join(bench.resultsDir, found);
};

const runArguments = (file: string): string[] => [
  'run',
  file,
  '--bootstrap-server',
  bench.cluster.bootstrapServers,
  '--results',
  bench.resultsDir,
];

async function nothingLeft(pids: readonly number[], scratchBefore: readonly string[]): Promise<void> {
  const gone = await waitUntil(() => pids.every((pid) => !isRunning(pid)), 15_000, 50);
  assert.ok(gone, `still running: ${pids.filter(isRunning).join(', ')}`);
  assert.equal(await bench.topics(), []);
  const left = scratchFolders().filter((name) => !scratchBefore.includes(name));
  assert.equal(left, []);
}

test('kill -9 of the agent: its repeat fails with the cause, the others go on, nothing stays', async () => {
  const scratch = scratchFolders();
  let victims: number[] = [];
  const { results, status } = await bench.run(
    { name: 'killed-load', ...short, consumers: { groups: 1 }, repeats: 2 },
    {
      onProgress({ phase }) {
        if (phase !== 'measure' || victims.length > 0) return;
        victims = agentsOf(process.pid);
        // The first is the observer's, the second has the producer and the consumer.
        process.kill(victims[1] as number, 'SIGKILL');
      },
    },
  );
  assert.is(victims.length, 2);
  assert.equal(
    results.map(({ outcome }) => outcome === 'failed'),
    [true, false],
  );
  assert.match(
    results[0]?.reasons[0]?.message ?? '',
    /measure: producer-0 ended: its agent was killed by SIGKILL/,
  );
  assert.is(status, 2);
  await nothingLeft(victims, scratch);
});

test('kill -9 of the coordinator: agents, topic and scratch folder go, and --resume finishes the plan', async () => {
  const scratch = scratchFolders();
  const file = workloadFile('killed-coordinator', { repeats: 3 });
  const run = ksweep(...runArguments(file));
  const measured = await waitUntil(
    () => /block 0: \d+\/s/.test(run.stderr()) && agentsOf(run.pid).length === 2,
    60_000,
    50,
  );
  assert.ok(measured, run.stderr());
  const children = agentsOf(run.pid);
  run.child.kill('SIGKILL');
  await run.exit;
  await nothingLeft([run.pid, ...children], scratch);

  const dir = runDirOf('killed-coordinator');
  const cell = join(dir, 'cells', '000-baseline');
  const finished = readFileSync(join(cell, '0', 'result.json'), 'utf8');
  const resumed = ksweep('run', '--resume', dir, '--bootstrap-server', bench.cluster.bootstrapServers);
  const status = await resumed.exit;
  assert.ok(status === 0 || status === 3, `exit ${status}: ${resumed.stderr()}`);
  for (const block of ['0', '1', '2'])
    assert.ok(existsSync(join(cell, block, 'result.json')), `block ${block}`);
  assert.is(readFileSync(join(cell, '0', 'result.json'), 'utf8'), finished);
  assert.ok(existsSync(join(dir, 'report.html')));
});

test('the first Ctrl-C keeps what was measured, a second one quits at once with 130; neither leaves anything', async () => {
  const scratch = scratchFolders();
  const graceful = ksweep(...runArguments(workloadFile('interrupted', { repeats: 9 })));
  assert.ok(await waitUntil(() => /block 0: \d+\/s/.test(graceful.stderr()), 60_000, 50), graceful.stderr());
  graceful.child.kill('SIGINT');
  assert.is(await graceful.exit, 3, graceful.stderr());
  assert.ok(existsSync(join(runDirOf('interrupted'), 'report.html')));
  await nothingLeft([graceful.pid], scratch);

  const hasty = ksweep(...runArguments(workloadFile('quit', { load: { ...short.load, duration: '60s' } })));
  assert.ok(await waitUntil(() => agentsOf(hasty.pid).length === 2, 60_000, 50), hasty.stderr());
  const children = agentsOf(hasty.pid);
  hasty.child.kill('SIGINT');
  assert.ok(await waitUntil(() => hasty.stderr().includes('stopping'), 10_000, 20));
  hasty.child.kill('SIGINT');
  assert.is(await hasty.exit, 130, hasty.stderr());
  await nothingLeft([hasty.pid, ...children], scratch);
});

test('kill -9 of the broker: the cell fails with the cause, the run ends with 2, and resumes when it is back', async () => {
  const scratch = scratchFolders();
  const input = { name: 'killed-broker', ...short, consumers: { groups: 1 }, repeats: 2 };
  let killed = false;
  let first: unknown;
  const startedAt = performance.now();
  try {
    await bench.run(input, {
      onProgress({ phase }) {
        if (phase !== 'measure' || killed) return;
        killed = true;
        bench.cluster.signalBroker(0, 'SIGKILL');
      },
    });
  } catch (error) {
    first = error;
  }
  assert.instance(first, KsweepError);
  assert.is((first as KsweepError).code, 'broker-unreachable');
  assert.is((first as KsweepError).exitStatus, 2);
  assert.ok(performance.now() - startedAt < 60_000);
  const dir = runDirOf('killed-broker');
  const result = JSON.parse(readFileSync(join(dir, 'cells', '000-baseline', '0', 'result.json'), 'utf8'));
  assert.is(result.outcome, 'failed');
  assert.match(result.reasons[0].message, /broker 1 has died/);

  await bench.cluster.restartBroker(0);
  const { results } = await bench.run(input, { target: { resumeDir: dir } });
  assert.equal(
    results.map(({ outcome }) => outcome === 'failed'),
    [false, false],
  );
  await nothingLeft([], scratch);
});

test.run();
