import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { cliFile, packageRoot } from '../../bench/common/package-root.ts';
import type { SizingReport } from '../../reports/sizing/report.ts';
import { writeCurveFolder } from '../support/curve-folder.ts';
import { assertFitsSchema } from '../support/sizing-schema.ts';
import { suite } from '../support/suite.ts';

/** `ksweep size … --run`, with the JSON of each mode against the shipped schema; and `--prices`, `--catalog`. */
const test = suite('ksweep size from a run, and with own figures');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-size-run-'));
test.after(() => rmSync(folder, { recursive: true }));
let run = '';
test.before(async () => {
  run = await writeCurveFolder(folder, [
    [1, 10e6],
    [2, 19e6],
    [4, 35e6],
    [8, 60e6],
  ]);
});

const CLI = cliFile();
function ksweep(...words: string[]) {
  const env = { ...process.env, XDG_DATA_HOME: folder, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], { encoding: 'utf8', env });
  return { status, stdout, stderr };
}
function answer(expected: number, ...words: string[]): SizingReport {
  const { status, stdout, stderr } = ksweep('size', ...words, '--json');
  assert.is(status, expected, stderr);
  const report = JSON.parse(stdout) as SizingReport;
  assertFitsSchema(report);
  return report;
}
const written = (name: string, content: string) => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};
const figure = (report: SizingReport, name: string) =>
  report.assumptions.find((one) => one.name === name) ?? { kind: '', value: null };

test('simple: record size, compression and CPU are those of the run', () => {
  const report = answer(0, 'simple', '--average', '20MB/s', '--run', run);
  assert.match(report.basis, /^measured: run run-1, 20 repeats at 1, 2, 4, 8 partitions/);
  assert.is(figure(report, 'Bytes after compression').kind, 'measured');
  assert.is(figure(report, 'Bytes after compression').value, 0.4);
  assert.ok(report.brokers?.needs.some((need) => need.resource === 'CPU' && need.limitKind === 'assumption'));
  const own = answer(0, 'simple', '--average', '20MB/s', '--run', run, '--compression', '50%');
  assert.is(figure(own, 'Bytes after compression').value, 0.5);
});

test('reverse: measured CPU is one of the resources', () => {
  const words = ['reverse', '--brokers', '6', '--instance', 'm5.large'];
  const cpu = (report: SizingReport) => report.allowances.find((one) => one.resource === 'CPU');
  // The run's brokers are of no known type, so their CPU is only taken to hold for these.
  assert.is(cpu(answer(0, ...words, '--run', run))?.limitKind, 'assumption');
  assert.is(cpu(answer(0, ...words)), undefined);
});

const pipeline = (perSec: string) =>
  written(
    `pipeline-${perSec}.yaml`,
    `producers:
  - { name: a, average: ${perSec}/s, messageSize: 1000 }
consumers:
  - { name: c, processingTime: benchmarked, sources: [a] }
`,
  );

test('granular: partitions are read off the curve, benchmarked events off the consumers', () => {
  const report = answer(0, 'granular', '--demand', pipeline('30k'), '--run', run);
  const [topic] = report.topics;
  assert.is(topic?.partitions.average, 4);
  assert.is(topic?.partitionsWithHeadroom.average, 8);
  // One consumer read up to 60 MB/s, so 30 of them need one, and with 60 % of headroom still one.
  const [, consumer] = report.tiers;
  assert.is(consumer?.instances?.average, 1);
  const compression = report.assumptions.find((one) => one.name.startsWith('Saved by compression'));
  assert.is(compression?.kind, 'measured');
  assert.is(compression?.value, 0.6);
  assert.ok(report.assumptions.some((one) => one.name === 'Replication factor of a'));
});

test('granular: X(1) is never multiplied out beyond the sweep', () => {
  const demand = pipeline('300k');
  const report = answer(3, 'granular', '--demand', demand, '--run', run);
  assert.is(report.topics[0]?.partitionsWithHeadroom.average, null);
  assert.is(report.infeasible[0]?.constraint, 'throughput');
  assert.match(ksweep('size', 'granular', '--demand', demand, '--run', run).stdout, /beyond the sweep/);
});

test('a figure for what was measured contradicts the run, in granular as in partitions', () => {
  for (const words of [
    ['granular', '--demand', pipeline('30k')],
    ['partitions', '--average', '20MB/s'],
  ]) {
    const { status, stdout, stderr } = ksweep('size', ...words, '--run', run, '--per-partition', '5MB/s');
    assert.is(status, 1);
    assert.is(stdout, '');
    assert.match(stderr, /perPartition: contradicts --run, which measured it/);
  }
});

test('a volume or a size that cannot be is refused by its name', () => {
  const { status, stderr } = ksweep(
    ...['size', 'simple', '--average', '20MB/s', '--memory', '32', '--disk-size', '4', '--compression', ''],
  );
  assert.is(status, 1);
  assert.match(stderr, /memory: 32 has no unit; write 32GB or 32GiB/);
  assert.match(stderr, /diskSize: 4 has no unit/);
  assert.match(stderr, /compression: "" is not a share/);
  const local = ['--instance', 'm5.large', '--volume', 'local'];
  assert.match(
    ksweep('size', 'simple', '--average', '20MB/s', ...local).stderr,
    /volume: m5\.large has no local/,
  );
});

test('granular: volumes on the command line, mirrored or not, and what of them is used and bought', () => {
  const words = ['granular', '--demand', pipeline('1k'), '--run', run, '--instance', 'm6i.xlarge'];
  const volumes = ['--volumes', '4', '--volume-size', '1TB', '--volume-throughput', '250MB/s'];
  const limit = (report: SizingReport, name: string) =>
    report.limits.find((one) => one.name.startsWith(name))?.value;
  const bought = (report: SizingReport, item: string) =>
    report.cost?.lines.find((line) => line.item === item)?.quantity;
  const plain = answer(0, ...words, ...volumes);
  assert.is(limit(plain, 'Disk of a broker'), 4e12);
  assert.is(limit(plain, 'Disk throughput'), 156.25e6);
  const mirrored = answer(0, ...words, ...volumes, '--raid10');
  assert.is(limit(mirrored, 'Disk of a broker'), 2e12);
  assert.is(limit(mirrored, 'Disk throughput'), 156.25e6 / 2);
  // Three brokers with four volumes of 932 GiB and 239 MiB/s each, of which 125 are included.
  assert.is(bought(mirrored, 'gp3 storage'), 12 * 932);
  assert.is(bought(mirrored, 'gp3 extra throughput'), 12 * 114);
});

test('--prices: own prices reach the lines and the totals, and MSK has a total only with them', () => {
  const prices = written(
    'prices.yaml',
    `asOf: 2026-05-01
source: our contract
instancesPerHour: { m5.large: 0.05 }
msk: { brokersPerHour: { m5.large: 0.2 }, storagePerGBMonth: 0.1 }
`,
  );
  const words = ['simple', '--average', '1MB/s', '--retention', '1h', '--instance', 'm5.large'];
  const own = answer(0, ...words, '--prices', prices);
  assert.is(own.cost?.lines[0]?.perMonth, 3 * 730 * 0.05);
  assert.match(own.cost?.lines[0]?.source ?? '', /^our contract \(as of 2026-05-01\)/);
  assert.is(own.cost?.asOf, '2026-05-01');
  assert.is(answer(0, ...words).cost?.lines[0]?.perMonth, 3 * 730 * 0.096);

  const msk = [...words, '--platform', 'msk'];
  assert.is(answer(0, ...msk).cost?.perMonth, null);
  const priced = answer(0, ...msk, '--prices', prices);
  assert.is(priced.cost?.lines[0]?.perMonth, 3 * 730 * 0.2);
  assert.ok((priced.cost?.perMonth ?? 0) > 438);
  assert.not.ok(priced.warnings.some((note) => note.code === 'no-msk-prices'));

  const typo = written('typo.yaml', 'asOf: 2026-05-01\ninstancePerHour: {}\n');
  const { status, stderr } = ksweep('size', ...words, '--prices', typo);
  assert.is(status, 1);
  assert.match(stderr, /instancePerHour/);
});

test('--catalog: own instance figures are sized with, and listed', () => {
  const shipped = JSON.parse(readFileSync(join(packageRoot(), 'infra/catalog/ec2-instances.json'), 'utf8'));
  const large = shipped.types.find((one: { type: string }) => one.type === 'm5.large');
  const slow = { ...large, network: { baselineGbps: 0.08, burstGbps: 10 } };
  const file = written(
    'own.json',
    JSON.stringify({ schemaVersion: 1, asOf: '2026-10-01', source: 'our lab', types: [slow] }),
  );
  const words = ['simple', '--average', '5MB/s', '--retention', '1h', '--instance', 'm5.large'];
  const own = answer(0, ...words, '--catalog', file);
  assert.is(own.limits.find((one) => one.name.startsWith('Network'))?.value, 10e6);
  assert.ok((own.brokers?.recommended ?? 0) > (answer(0, ...words).brokers?.recommended ?? 0));
  assert.match(ksweep('catalog', 'show', 'm5.large', '--catalog', file).stdout, /our lab, as of 2026-10-01/);
  const listed = ksweep('catalog', 'list', '--family', 'm5', '--catalog', file, '--json');
  assert.is(JSON.parse(listed.stdout)[0].network.baselineGbps, 0.08);
  const none = ksweep('size', ...words, '--catalog', join(folder, 'none.json'));
  assert.is(none.status, 1);
  assert.match(none.stderr, /no such catalogue file/);
});

test.run();
