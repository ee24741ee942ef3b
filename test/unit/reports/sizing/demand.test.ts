import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { buildProblem } from '../../../../reports/sizing/build.ts';
import type { Figure } from '../../../../reports/sizing/figure.ts';
import { checkInput, mergeInputs, readInputFile } from '../../../../reports/sizing/input/check.ts';
import { partitionsDemandSchema, simpleDemandSchema } from '../../../../reports/sizing/input/demand.ts';
import { problemOf, shippedCatalog } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('sizing demands');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-demand-'));
test.after(() => rmSync(folder, { recursive: true }));

const written = (name: string, text: string) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    const { code, message, details } = error as { code: string; message: string; details: string[] };
    assert.is(code, 'sizing-input');
    return [message, ...details].join('\n');
  }
  return 'accepted';
}
const refused = (answers: Record<string, unknown>) =>
  refusal(() => checkInput(partitionsDemandSchema, answers));

test('contradictions name the answer to change', () => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ average: '5MB/s', peak: '1MB/s' }, /peak: is below the average/],
    [{ average: '5MB/s', peak: '1k/s' }, /peak: is in another unit than average/],
    [{ average: '5MB/s', peak: '9MB/s', peakFactor: 2 }, /peakFactor: contradicts peak/],
    [
      { phase: 'no-loss', replicationFactor: 2 },
      /replicationFactor: 2 contradicts phase no-loss, which needs 3/,
    ],
    [
      { replicationFactor: 2, minInsyncReplicas: 3 },
      /minInsyncReplicas: 3 of 2 replicas can never be in sync/,
    ],
    [{ minInsyncReplicas: 4 }, /minInsyncReplicas: 4 of 3 replicas/],
    [{ replicationFactor: 7 }, /replicationFactor: 7 replicas: expected 1 to 6/],
    [{ replicationFactor: 1, failures: 1 }, /failures: .*replicationFactor is 1: every copy may be lost/],
    [{ replicationFactor: 3, failures: 3 }, /failures: .*replicationFactor is 3: every copy may be lost/],
    [{ failures: 2 }, /failures: .*minInsyncReplicas 2 \(default: replicationFactor − 1\) leaves room for 1/],
    [{ minInsyncReplicas: 3, failures: 1 }, /failures: .*minInsyncReplicas 3 leaves room for 0/],
    [{ zones: 2, failures: 'zone' }, /failures: a zone holds 2 of 3 replicas.*leaves room for 1/],
    [{ brokers: 6, maxBrokers: 3 }, /maxBrokers: contradicts brokers/],
    [{ utilizationPeak: 0 }, /utilizationPeak: 0 allows no traffic/],
    [{ recordSize: 0 }, /recordSize: expected at least 1 byte/],
    [{ recordSize: '1GB' }, /recordSize: 1000000000 bytes per record; expected bytes/],
    [{ compression: '100%' }, /compression: saves everything/],
  ];
  for (const [answers, expected] of cases) assert.match(refused(answers), expected, JSON.stringify(answers));
});

test('failures that leave a replica in sync are accepted', () => {
  for (const answers of [
    { failures: 1 },
    { failures: 2, minInsyncReplicas: 1 },
    { failures: 2, replicationFactor: 4, minInsyncReplicas: 2 },
    { failures: 'zone', zones: 3 },
    { failures: 0, replicationFactor: 1 },
  ]) {
    assert.is(refused(answers), 'accepted', JSON.stringify(answers));
  }
});

test('negative, unknown and ill-typed answers name the field', () => {
  assert.match(refused({ average: '-5MB/s' }), /average: -5MB\/s is negative/);
  assert.match(refused({ retention: '-7d' }), /retention: -7d is negative/);
  assert.match(refused({ spares: -1 }), /spares: "-1" is not a count; expected a whole number of at least 0/);
  assert.match(refused({ platfrom: 'msk' }), /platfrom: unknown key "platfrom"; did you mean platform\?/);
  assert.match(refused({ platform: 'azure' }), /platform: .*self-managed/);
  assert.match(
    refused({ groups: [{ name: 'g', handlr: '5ms' }] }),
    /groups\[0\]\.handlr: unknown key "handlr"; did you mean handler\?/,
  );
  assert.match(refused({ failures: 'all' }), /failures/);
});

test('a known demand with nothing known of the cluster asks for what is missing', () => {
  assert.match(
    refusal(() => problemOf({ average: '5MB/s' })),
    /perPartition: what one partition carries is not known/,
  );
  assert.is(problemOf({ average: '5k/s', handler: '5ms' }).capacity.basis, 'unknown');
  assert.is(problemOf({}).demand.known, false);
});

test('a peak alone gives the average by the peak factor, and the other way round', () => {
  const peak = problemOf({ peak: '30MB/s', peakFactor: 3, perPartition: '9MB/s' }).demand;
  assert.is(peak.averageBytesPerSec, 10e6);
  const average = problemOf({ average: '10MB/s', perPartition: '9MB/s' }).demand;
  assert.is(average.peakBytesPerSec, 20e6);
});

test('records per second become bytes by the record size', () => {
  assert.is(
    problemOf({ average: '5k/s', recordSize: '2kB', perPartition: '9MB/s' }).demand.averageBytesPerSec,
    10e6,
  );
});

test('simple sizing cannot do without traffic', () => {
  assert.match(
    refusal(() => checkInput(simpleDemandSchema, {})),
    /average: is missing; expected the traffic of the whole cluster/,
  );
});

test('a problem in a file has its line and column, one on the command line the name of its answer', () => {
  const file = readInputFile(written('a.yaml', 'average: 5MB/s\nretention: 7\ngrowth: 2\n'));
  const values = mergeInputs(file, { growth: '0.5', peak: undefined });
  assert.is(values['average'], '5MB/s');
  const text = refusal(() =>
    checkInput(partitionsDemandSchema, values, { file, optionNames: new Set(['growth']) }),
  );
  assert.match(text, /a\.yaml:2:12: retention: 7 has no unit/);
  assert.match(text, /\ngrowth: 0\.5 would shrink the demand/);
});

test('files that are no demand are refused', () => {
  assert.match(
    refusal(() => readInputFile(join(folder, 'none.yaml'))),
    /ENOENT/,
  );
  assert.match(
    refusal(() => readInputFile(written('list.yaml', '- a\n'))),
    /expected answers by name/,
  );
  assert.match(
    refusal(() => readInputFile(written('torn.yaml', 'a: [1\n'))),
    /torn\.yaml:\d+:\d+/,
  );
  assert.match(
    refusal(() => readInputFile(written('twice.yaml', 'a: 1\na: 2\n'))),
    /twice\.yaml:2:1/,
  );
});

test('the defaults of platform, prices and disks are stated like all others', () => {
  const sourcesOf = (answers: Record<string, unknown>) => {
    const assumptions: Figure[] = [];
    const demand = checkInput(partitionsDemandSchema, { perPartition: '10MB/s', ...answers });
    buildProblem(demand, shippedCatalog, null, new Set(Object.keys(answers)), assumptions);
    return Object.fromEntries(assumptions.map((one) => [one.name, [one.value, one.source]]));
  };
  const defaults = sourcesOf({});
  assert.equal(defaults['Region of the prices'], ['us-east-1', 'default: us-east-1']);
  assert.equal(defaults['Platform'], ['self-managed', 'default: self-managed']);
  assert.equal(defaults['Volumes of a broker']?.[0], 'gp3');
  assert.equal(defaults['Consumers fetch from the nearest replica'], ['no', 'default: no']);
  assert.equal(defaults['Partition replicas there already'], [0, 'default: an empty cluster']);
  const own = sourcesOf({ region: 'eu-central-1', existingReplicas: 12, instance: 'i3en.large' });
  assert.equal(own['Region of the prices'], ['eu-central-1', 'your answer']);
  assert.equal(own['Partition replicas there already'], [12, 'your answer']);
  assert.equal(own['Volumes of a broker']?.[0], 'local');
});

test.run();
