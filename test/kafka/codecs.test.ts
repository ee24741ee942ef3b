import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { CodecConfig } from '../../bench/jobs/codecs/codecs.ts';
import { readPayload } from '../../bench/jobs/codecs/payload.ts';
import { recompressionPhase } from '../../bench/jobs/codecs/phases.ts';
import { compareRecompression } from '../../bench/jobs/codecs/report/recompression.ts';
import type { CodecsReport } from '../../bench/jobs/codecs/report/report.ts';
import { loadRun } from '../../bench/results/load-run.ts';
import { localUnderTest } from '../../bench/run/cluster/local-under-test.ts';
import { runWorkload } from '../../bench/run/run.ts';
import { summarizeCells } from '../../reports/run/cell-summary.ts';
import { ksweep } from '../support/cli.ts';
import { requestWith } from '../support/codecs.ts';
import { KafkaBench } from '../support/kafka-run.ts';
import { suite } from '../support/suite.ts';

const test = suite('ksweep codecs against a real broker', { timeoutMs: 420_000 });
const bench = new KafkaBench();
test.before(() => bench.start());
test.after(() => bench.stop());

type Printed = CodecsReport & { readonly dir: string };

/** As a user runs it; the exit status and what it printed as JSON. */
async function codecs(
  words: readonly string[],
): Promise<{ status: number | null; stderr: string; report: Printed }> {
  const cluster = ['--bootstrap-server', bench.cluster.bootstrapServers];
  const { code, stdout, stderr } = await ksweep(['codecs', ...words, ...cluster, '--json'], {
    ...process.env,
    XDG_STATE_HOME: bench.resultsDir,
  });
  try {
    return { status: code, stderr, report: JSON.parse(stdout) };
  } catch {
    throw new Error(`no JSON on stdout: ${stdout}\n${stderr}`);
  }
}

test('compares, recommends and prices, tells the stamp and the recompression, and goes on from its folder', async () => {
  // Batches that batch.size ends, and not how late a busy machine is: their bytes are then the same in every repeat.
  const asked =
    '--payload json-events --rate 300/s --codecs none,zstd:3 --batch-size 8192 --linger-ms 200 --priority bytes ' +
    '--repeats 2 --finalist-repeats 2 --warmup 1s --duration 2s --skip recompression --set topic.partitions=1';
  const measure = () => codecs([...asked.split(' '), '--results', bench.resultsDir]);
  let { status, stderr, report } = await measure();
  // A machine that is too busy for 300 records per second leaves no valid repeat, which is not what is tested here.
  for (let again = 0; again < 3 && report.finalists.some(({ valid }) => valid === 0); again++) {
    ({ status, stderr, report } = await measure());
  }
  assert.is(status, 0, stderr);

  const wire = (label: string): number =>
    report.finalists.find((cell) => cell.label === label)?.figures['wirePerRecord']?.median ?? Number.NaN;
  assert.ok(
    wire('zstd:3') < 0.85 * wire('none'),
    JSON.stringify(report.finalists.map(({ label, reasons }) => [label, wire(label), reasons])),
  );

  assert.is(report.recommended?.label, 'zstd:3');
  assert.match(report.recommended?.properties ?? '', /compression\.type=zstd compression\.zstd\.level=3/);
  // Bytes that hardly vary are told apart by two repeats of each, and by one of them nothing is.
  const told = report.finalists.every(({ valid }) => valid === 2);
  assert.is(report.recommendation?.shown, told, JSON.stringify(report.finalists.map(({ valid }) => valid)));
  for (const { figures, label, valid } of report.screen.filter((cell) => cell.valid > 0)) {
    assert.ok((figures['cpu.producerUsPerMB']?.median ?? 0) > 0, `${label}: ${valid}`);
    assert.ok((figures['due-to-ack.p50']?.median ?? 0) > 0, label);
  }

  assert.is(report.stamp.length, 2);
  for (const { label, addedWireBytes, ratioChange, batchesAlike } of report.stamp) {
    assert.is(batchesAlike, true, label);
    // 6 + 24 bytes and their framing, of which a codec can only save a part.
    assert.ok(addedWireBytes > 2 && addedWireBytes < 60, `${label}: ${addedWireBytes}`);
    assert.ok(ratioChange < 1, label);
  }
  const [cheapest, dearest] = [...report.prices].sort(
    (a, b) => (a.price.perMonth ?? 0) - (b.price.perMonth ?? 0),
  );
  assert.equal([cheapest?.label, dearest?.label], ['zstd:3', 'none']);

  const files = ['codecs.json', 'codecs.md', 'codecs.html'].map((name) => join(report.dir, name));
  assert.ok(files.every(existsSync));
  const page = readFileSync(files[2] ?? '', 'utf8').replaceAll(/<script>.*?<\/script>/gs, '');
  assert.not.match(page, /<script|undefined|NaN/);
  for (const folder of Object.values(report.folders)) {
    assert.ok(existsSync(join(report.dir, folder, 'report.html')), folder);
  }
  assert.equal(Object.keys(report.folders), ['screen', 'finalists', 'stamp']);
  assert.equal(await bench.topics(), []);

  const measured = readdirSync(report.dir).filter((name) => statSync(join(report.dir, name)).isDirectory());
  const again = await codecs(['--resume', report.dir]);
  assert.is(again.status, 0, again.stderr);
  assert.is(again.report.recommended?.label, 'zstd:3');
  assert.equal(again.report.screen, report.screen, 'what was measured is not measured again');
  assert.equal(
    readdirSync(report.dir).filter((name) => statSync(join(report.dir, name)).isDirectory()),
    measured,
  );
});

test('the brokers unpack what a topic with another codec gets', async () => {
  const payload = await readPayload(
    { payload: 'json-events', payloadFile: null, format: 'lines' },
    1_048_576,
  );
  const request = requestWith({
    rate: '180/s',
    durationMs: 2000,
    finalistRepeats: 1,
    topicCompression: 'uncompressed',
  });
  const zstd: CodecConfig = { codec: 'zstd', level: 3, batchSizeBytes: 131_072, lingerMs: 5 };
  const phase = recompressionPhase(request, payload, zstd);
  // The open tap is left to longer runs.
  const atRate = new Set(
    phase.plan.cells.filter(({ workload }) => workload.load.rate !== 'max').map(({ id }) => id),
  );
  const repeats = phase.plan.repeats.filter(({ cellId }) => atRate.has(cellId));
  const { dir } = await runWorkload({
    ...phase,
    plan: { ...phase.plan, repeats: repeats.map((repeat, position) => ({ ...repeat, position })) },
    cluster: localUnderTest(bench.cluster),
    target: { resultsDir: bench.resultsDir },
    command: 'test',
  });
  const run = await loadRun(dir);
  // How late a busy machine sent them changes no record's bytes.
  const measured = run.repeats.map((repeat) =>
    repeat.outcome === 'failed' ? repeat : { ...repeat, outcome: 'valid' as const },
  );
  const { rows } = compareRecompression(summarizeCells({ ...run, repeats: measured }), 'uncompressed');
  const disk = rows.find(({ metricKey }) => metricKey === 'diskPerRecord');
  assert.ok(disk !== undefined && disk.keptMedian < payload.meanBytes, JSON.stringify(rows));
  assert.ok(disk.recompressedMedian > payload.meanBytes, JSON.stringify(disk));
});

test.run();
