import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { exportOmb } from '../../../bench/omb/export.ts';
import { readHlog } from '../../../bench/results/hlog.ts';
import { loadRun } from '../../../bench/results/load-run.ts';
import { writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';

/** The fields of OMB's class TestResult, by their kind. */
const FIELDS = {
  string: ['workload', 'driver'],
  number: ['messageSize', 'topics', 'partitions', 'producersPerTopic', 'consumersPerTopic'],
  list: ['publishRate', 'publishErrorRate', 'consumeRate', 'backlog'],
};
const PARTS = ['Avg', '50pct', '75pct', '95pct', '99pct', '999pct', '9999pct', 'Max'];
const KINDS = ['publishLatency', 'publishDelayLatency', 'endToEndLatency'];
const aggregated = (kind: string): string => `aggregated${kind[0]?.toUpperCase()}${kind.slice(1)}`;

const root = mkdtempSync(join(tmpdir(), 'ksweep-omb-export-'));
const read = (file: string | null): Record<string, unknown> => JSON.parse(readFileSync(file ?? '', 'utf8'));

const test = suite('omb/export');

test.after(() => rmSync(root, { recursive: true }));

test('a cell is a file with exactly the fields of TestResult, of their kinds', async () => {
  const dir = await writeRunFolder(root, {
    axes: { 'linger.ms': [0, 5] },
    blocks: 2,
    measuredSec: 25,
    name: 'all',
  });
  const cells = await exportOmb(dir, join(dir, 'omb'));
  assert.is(cells.length, 2);
  for (const { file, notes } of cells) {
    assert.equal(notes, []);
    const result = read(file);
    const expected = [
      ...Object.values(FIELDS).flat(),
      ...KINDS.flatMap((kind) => [
        ...PARTS.flatMap((part) => [`${kind}${part}`, `${aggregated(kind)}${part}`]),
        `${aggregated(kind)}Quantiles`,
      ]),
    ];
    assert.equal(Object.keys(result).sort(), expected.sort());
    for (const name of FIELDS.string) assert.type(result[name], 'string');
    for (const name of FIELDS.number) assert.type(result[name], 'number');
    const lists = [...FIELDS.list, ...KINDS.flatMap((kind) => PARTS.map((part) => `${kind}${part}`))];
    for (const name of lists) {
      const list = result[name] as number[];
      // Two repeats of 25 s: three periods of ten seconds each, the last one short.
      assert.is(list.length, 6, name);
      assert.ok(list.every(Number.isFinite), name);
    }
    for (const kind of KINDS) {
      for (const part of PARTS) assert.ok(Number.isFinite(result[`${aggregated(kind)}${part}`]));
    }
  }
});

test('latencies are in ms, publish delays in µs, from the buckets of all valid repeats', async () => {
  const dir = await writeRunFolder(root, {
    axes: { 'linger.ms': [5] },
    blocks: 3,
    measuredSec: 20,
    name: 'units',
  });
  const [cell] = await exportOmb(dir, join(dir, 'omb'));
  const result = read(cell?.file ?? null);
  const run = await loadRun(dir);
  for (const [kind, name, unit] of [
    ['publishLatency', 'sent-to-ack', 1000],
    ['publishDelayLatency', 'due-to-sent', 1],
    ['endToEndLatency', 'end-to-end', 1000],
  ] as const) {
    const logs = run.repeats.map((one) => readHlog(run.hlogPath(one, name) ?? '').merged);
    const [first, ...others] = logs;
    if (first === undefined) throw new Error('no log');
    for (const other of others) first.add(other);
    assert.is(result[`${aggregated(kind)}99pct`], first.getValueAtPercentile(99) / unit, kind);
    assert.is(result[`${aggregated(kind)}Avg`], first.mean / unit, kind);
    const quantiles = result[`${aggregated(kind)}Quantiles`] as Record<string, number>;
    assert.is(quantiles['100'], first.getValueAtPercentile(100) / unit);
    const sorted = Object.entries(quantiles).sort(([a], [b]) => Number(a) - Number(b));
    assert.ok(
      sorted.every(([, value], i) => i === 0 || value >= (sorted[i - 1]?.[1] ?? 0)),
      'rising',
    );
  }
  const mean = run.repeats.reduce((sum, { rate }) => sum + rate.achievedPerSec, 0) / run.repeats.length;
  const rates = result['publishRate'] as number[];
  const published = rates.reduce((sum, one) => sum + one, 0) / rates.length;
  assert.ok(Math.abs(published - mean) < 0.05 * mean, `${published} of ${mean}`);
});

test('the swept setting is in the cell’s shape, and its driver names it', async () => {
  const dir = await writeRunFolder(root, { axes: { partitions: [3, 12] }, blocks: 1, name: 'swept' });
  const cells = await exportOmb(dir, join(root, 'elsewhere'));
  assert.equal(
    cells.map(({ file }) => [read(file)['partitions'], read(file)['driver']]),
    [
      [3, 'Kafka partitions=3'],
      [12, 'Kafka partitions=12'],
    ],
  );
  assert.ok(cells.every(({ file }) => file?.startsWith(join(root, 'elsewhere'))));
});

test('a cell without a valid repeat is named and not written; what was not measured is said', async () => {
  const dir = await writeRunFolder(root, {
    axes: { 'linger.ms': [0, 5] },
    blocks: 2,
    invalidCells: [1],
    latencies: ['sent-to-ack'],
    name: 'invalid',
  });
  const [valid, invalid] = await exportOmb(dir, join(dir, 'omb'));
  assert.is(invalid?.file, null);
  assert.match(invalid?.notes[0] ?? '', 'repeats is valid');
  assert.match(valid?.notes[0] ?? '', 'end-to-end was not measured');
  assert.ok((read(valid?.file ?? null)['endToEndLatency95pct'] as number[]).every((one) => one === 0));
});

test.run();
