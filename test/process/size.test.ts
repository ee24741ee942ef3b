import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { cliFile, packageRoot } from '../../bench/common/package-root.ts';
import {
  partitionsDemandSchema,
  reverseDemandSchema,
  simpleDemandSchema,
} from '../../reports/sizing/input/demand.ts';
import { granularDemandSchema } from '../../reports/sizing/input/granular.ts';
import { QUESTIONS_OF } from '../../reports/sizing/input/questions.ts';
import type { SizingReport } from '../../reports/sizing/report.ts';
import { writeRunFolder } from '../support/run-folder.ts';
import { suite } from '../support/suite.ts';

/** The commands as a user starts them. */
const test = suite('ksweep size and catalog');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-size-'));
test.after(() => rmSync(folder, { recursive: true }));

const CLI = cliFile();
function ksweep(...words: string[]) {
  const env = { ...process.env, XDG_DATA_HOME: folder, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

test('every question of a mode is an option, and every key of its demand file a question', () => {
  const schemas = {
    partitions: partitionsDemandSchema,
    simple: simpleDemandSchema,
    reverse: reverseDemandSchema,
    granular: granularDemandSchema,
  };
  for (const [mode, schema] of Object.entries(schemas)) {
    const tiers = ['producers', 'processors', 'consumers'];
    const keys = Object.keys(schema.shape).filter((key) => !tiers.includes(key));
    assert.equal([...QUESTIONS_OF[mode as keyof typeof schemas]].sort(), keys.sort(), mode);
  }
});

test('partitions: text on stdout, and JSON, Markdown and HTML files', () => {
  const [markdown, html] = [join(folder, 'a.md'), join(folder, 'a.html')];
  const words = ['--average', '12MB/s', '--per-partition', '10MB/s', '--markdown', markdown, '--html', html];
  const { status, stdout, stderr } = ksweep('size', 'partitions', ...words);
  assert.is(status, 0, stderr);
  assert.match(stdout, /^Recommendation\n {2}Partitions +3 /);
  assert.match(readFileSync(markdown, 'utf8'), /^# Partition sizing/);
  assert.match(readFileSync(html, 'utf8'), /^<!doctype html>/);
});

test('options go before the demand file', () => {
  const file = join(folder, 'demand.yaml');
  writeFileSync(file, 'average: 12MB/s\nperPartition: 10MB/s\nzones: 1\nkeyed: true\n');
  const recommended = (...words: string[]) =>
    JSON.parse(ksweep('size', 'partitions', '--demand', file, '--json', ...words).stdout);
  assert.is(recommended().partitions.recommended, 3);
  assert.is(recommended('--average', '50MB/s').partitions.recommended, 13);
  const keyed = (report: { assumptions: { name: string; value: string }[] }) =>
    report.assumptions.find((one) => one.name.startsWith('Keys'))?.value;
  assert.is(keyed(recommended()), 'yes');
  assert.is(keyed(recommended('--no-keyed')), 'no');
});

test('bad input exits 1 with the field, its place and what was expected, and prints no answer', () => {
  const file = join(folder, 'bad.yaml');
  writeFileSync(file, 'averge: 50MB/s\npeak: 50Mb/s\n');
  const { status, stdout, stderr } = ksweep('size', 'partitions', '--demand', file, '--retention', '7');
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.ok(stderr.includes(`${file}:1:1: averge: unknown key "averge"; did you mean average?`), stderr);
  assert.ok(
    stderr.includes(`${file}:2:7: peak: "50Mb/s" is not a rate; write 6.25MB/s if bits were meant`),
    stderr,
  );
  assert.ok(stderr.includes('retention: 7 has no unit'), stderr);
  assert.not.match(stderr, new RegExp(`${file}[^\\n]*retention`));
});

test('an infeasible demand is explained on stdout and exits 3', () => {
  const { status, stdout, stderr } = ksweep(
    'size',
    'simple',
    '--average',
    '1GB/s',
    '--max-brokers',
    '3',
    '--json',
  );
  assert.is(status, 3);
  assert.is(JSON.parse(stdout).feasible, false);
  assert.match(stderr, /the demand cannot be met as stated\n.*may be/);
});

test('the other modes answer, and follow the examples of the documentation', () => {
  const examples = join(packageRoot(), 'docs/examples/sizing');
  const granular = ksweep('size', 'granular', '--demand', join(examples, 'eventsizer.yaml'));
  assert.is(granular.status, 0, granular.stderr);
  assert.match(granular.stdout, /processor +enriched +1000 \[1667\] +4000 \[5000\]/);
  for (const [mode, file] of [
    ['granular', 'shop.yaml'],
    ['partitions', 'topic.yaml'],
  ] as const) {
    const { status, stderr } = ksweep('size', mode, '--demand', join(examples, file));
    assert.is(status, 0, stderr);
  }
  const reverse = ksweep('size', 'reverse', '--brokers', '6', '--instance', 'i3en.xlarge');
  assert.match(reverse.stdout, /Binds first +disk space/);
  assert.match(reverse.stdout, /Longest retention +7 d/);
  const simple = ksweep('size', 'simple', '--average', '1MB/s');
  for (const { stdout } of [granular, reverse, simple]) {
    assert.ok(stdout.trimEnd().split('\n').length <= 40, stdout);
  }
  const full = [
    ksweep('size', 'granular', '--demand', join(examples, 'eventsizer.yaml'), '--full'),
    ksweep('size', 'reverse', '--brokers', '6', '--instance', 'i3en.xlarge', '--full'),
    ksweep('size', 'simple', '--average', '1MB/s', '--full'),
  ];
  for (const { stdout } of full) {
    assert.match(stdout, /Region of the prices +us-east-1 +assumption +default: us-east-1/);
  }
});

test('a file that cannot be written is an error of its option, and nothing is printed', () => {
  for (const option of ['html', 'markdown']) {
    for (const [file, why] of [
      ['/nonexistent/x', /its folder does not exist/],
      [folder, /it is a folder/],
    ] as const) {
      const { status, stdout, stderr } = ksweep('size', 'simple', '--average', '1MB/s', `--${option}`, file);
      assert.is(status, 1);
      assert.is(stdout, '');
      assert.match(stderr, why);
      assert.match(stderr, new RegExp(`--${option} `));
      assert.not.match(stderr, / at .*\.js/);
    }
  }
});

test('partitions --brokers: one number of brokers, or two with names', () => {
  const words = ['--average', '12MB/s', '--per-partition', '10MB/s', '--brokers', '16', '--json'];
  const report: SizingReport = JSON.parse(ksweep('size', 'partitions', ...words).stdout);
  assert.is(report.brokers?.recommended, 16);
  assert.is(report.brokers?.needed, 3);
  const named = report.answers
    .filter((one) => /^Brokers that/.test(one.name))
    .map((one) => [one.name, one.value]);
  assert.equal(named, [
    ['Brokers that there are', 16],
    ['Brokers that the demand needs', 3],
  ]);
  assert.match(report.cost?.lines[0]?.item ?? '', /^16 × m6i\.large/);
  const { recommended, interval } = report.partitions ?? {};
  assert.ok((interval?.low ?? 0) <= (recommended ?? 0) && (recommended ?? 0) <= (interval?.high ?? 0));
});

test('simple --brokers: what those that there are carry, and refused where they do not', () => {
  const sized = (...words: string[]) =>
    ksweep('size', 'simple', '--average', '30MB/s', '--retention', '1d', ...words);
  const enough: SizingReport = JSON.parse(sized('--brokers', '7', '--json').stdout);
  assert.is(enough.brokers?.recommended, 7);
  assert.match(enough.cost?.lines[0]?.item ?? '', /^7 × /);
  const few = sized('--brokers', '3');
  assert.is(few.status, 3);
  assert.match(few.stdout, /brokers 3 → \d+ +\d+ brokers/);
});

test('Raptis and Passarella: lr, u and Hmax as answered give BroMin (200, 4) and BroMax (1000, 20)', () => {
  const file = join(folder, 'raptis.yaml');
  writeFileSync(
    file,
    `average: 100MB/s
peak: 100MB/s
utilizationAverage: 1
utilizationPeak: 1
perPartition: 10MB/s
perConsumer: 20MB/s
groups: [{ name: g, consumers: 200, spares: 0 }]
replicationFactor: 4
minInsyncReplicas: 2
latencyLimit: 200ms
unavailabilityLimit: 2s
replicationLatency: 1ms
electionTime: 5ms
maxReplicas: 30000
maxBrokers: 20
retention: 1h
instance: m6i.8xlarge
`,
  );
  const report: SizingReport = JSON.parse(ksweep('size', 'partitions', '--demand', file, '--json').stdout);
  const figures = report.steps.flatMap((step) => step.figures);
  const value = (name: string) => figures.find((one) => one.name === name)?.value;
  assert.is(value('BroMin'), '4 brokers, at most 200 partitions');
  assert.is(value('BroMax'), '20 brokers, at most 1000 partitions');
});

test('what runs today grows with the traffic, for a keyed topic', () => {
  const sized = (groups: string, ...words: string[]): SizingReport => {
    const file = join(folder, 'growing.yaml');
    writeFileSync(file, `average: 1MB/s\ngrowth: 2\nretention: 1d\ngroups: ${groups}\n`);
    return JSON.parse(ksweep('size', 'partitions', '--demand', file, '--json', ...words).stdout);
  };
  const twelve = sized('[{ name: billing, consumers: 12 }]');
  assert.is(twelve.groups[0]?.consumers, 24);
  // 24 and a spare, rounded up to a multiple of three zones.
  assert.is(twelve.partitions?.recommended, 27);
  const growth = twelve.sensitivities.find((one) => one.input === 'growth');
  assert.is(growth?.flips, true);
  assert.match(growth?.effect ?? '', /partitions 27 → 15.*consumers 25 → 13/);
  assert.is(sized('[{ name: g, consumers: 6 }]').groups[0]?.consumers, 12);
  assert.is(sized('[{ name: g, consumers: 6 }]', '--no-keyed').groups[0]?.consumers, 6);
});

test('catalog: list and show', () => {
  const list = ksweep('catalog', 'list', '--family', 't2');
  assert.is(list.status, 0, list.stderr);
  assert.match(list.stdout, /t2\.medium │ 2 at 20 %.*not documented/);
  assert.match(ksweep('catalog', 'show', 'm5.large').stdout, /0\.75 Gb\/s each way, burst 10 Gb\/s/);
});

test('partitions --run: from a run folder to a recommendation that its curve carries', async () => {
  const axes = { partitions: [1, 2, 4, 8, 16, 32], rate: ['max'] };
  const run = await writeRunFolder(join(folder, 'swept'), { axes, blocks: 6 });
  const demand = join(folder, 'measured.yaml');
  writeFileSync(
    demand,
    'peak: 26MB/s\nretention: 1d\nzones: 1\ngroups: [{ name: billing, consumers: 40 }]\n',
  );
  const words = ['size', 'partitions', '--run', run, '--demand', demand];
  const { status, stdout, stderr } = ksweep(...words, '--json');
  assert.is(status, 0, stderr);
  const report: SizingReport = JSON.parse(stdout);
  assert.match(report.basis, /^measured: run synthetic-run, 36 repeats at 1, 2, 4, 8, 16, 32 partitions$/);
  const { curve, partitions, groups } = report;
  assert.equal(
    curve?.points.map((point) => [point.partitions, point.repeats.length]),
    [1, 2, 4, 8, 16, 32].map((n) => [n, 6]),
  );
  // 26 MB/s ÷ 0.8 is more than one partition carries.
  const low = (n: number | null | undefined) => curve?.points.find((one) => one.partitions === n)?.low ?? 0;
  assert.ok(low(1) < 32.5e6 && low(partitions?.recommended) >= 32.5e6, stdout);
  assert.ok(curve?.model !== null && curve?.model.residuals.length === 6);
  const { recommended } = partitions ?? {};
  assert.is(groups[0]?.idle, 41 - (recommended ?? 0));
  assert.ok(report.advice.some((note) => note.code === 'idle-consumers'));
  const codes = report.warnings.map((note) => note.code);
  assert.not(codes.includes('few-repeats'));
  const text = ksweep(...words, '--full').stdout;
  assert.match(text, /Partitions +2 .*curve measured \(safe end of the 95 % interval of 6 repeats\)/);
  assert.match(text, /billing +1 +1 +40 +39 +reading/);

  const twice = ksweep(...words, '--run', run);
  assert.is(twice.status, 1);
  assert.match(twice.stderr, /synthetic-run was named twice/);
});

test('partitions --run: a sweep over more than partitions has to be narrowed', async () => {
  const axes = { partitions: [1, 2], 'compression.type': ['lz4', 'zstd'], rate: ['max'] };
  const run = await writeRunFolder(join(folder, 'mixed'), { axes, blocks: 2 });
  const words = ['size', 'partitions', '--run', run, '--peak', '20MB/s', '--retention', '1d'];
  const mixed = ksweep(...words);
  assert.is(mixed.status, 1);
  assert.match(mixed.stderr, /it sweeps compression\.type as well \(.*--where compression\.type=/s);
  const narrowed = ksweep(...words, '--where', 'compression.type=zstd');
  assert.is(narrowed.status, 0, narrowed.stderr);
  assert.match(narrowed.stdout, /fewer than 6 valid repeats.*1 \(range of 2 repeats, 50 %\)/);
});

test.run();
