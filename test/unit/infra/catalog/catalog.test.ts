import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import {
  findInstance,
  findPrices,
  loadCatalog,
  overridePrices,
  readPriceOverrides,
  userCatalogFile,
} from '../../../../infra/catalog/catalog.ts';
import { shippedCatalog } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('hardware catalogue');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-catalog-'));
test.after(() => rmSync(folder, { recursive: true }));

const written = (name: string, content: unknown) => {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const errorOf = (run: () => unknown): { code: string; message: string; details: string[]; hint?: string } => {
  try {
    run();
  } catch (error) {
    return error as ReturnType<typeof errorOf>;
  }
  throw new Error('nothing was thrown');
};

test('the families that are promised are there, each with a price in us-east-1', () => {
  const families = new Set([...shippedCatalog.instances.keys()].map((type) => type.split('.')[0]));
  for (const family of ['t2', 't3', 'm5', 'm6i', 'm7g', 'r6i', 'i3en', 'i4i'])
    assert.ok(families.has(family), family);
  const { instancesPerHour } = findPrices(shippedCatalog, 'us-east-1');
  for (const type of shippedCatalog.instances.keys()) assert.ok((instancesPerHour[type] ?? 0) > 0, type);
});

test('figures agree with those that the AWS documentation prints', () => {
  const network = (type: string) => findInstance(shippedCatalog, type).network;
  const ebs = (type: string) => findInstance(shippedCatalog, type).ebs;
  assert.equal(network('t3.medium'), { baselineGbps: 0.256, burstGbps: 5 });
  assert.equal(network('m5.4xlarge'), { baselineGbps: 5, burstGbps: 10 });
  assert.equal(network('m6i.xlarge'), { baselineGbps: 1.562, burstGbps: 12.5 });
  assert.equal(network('m7g.2xlarge'), { baselineGbps: 3.75, burstGbps: 15 });
  assert.is(ebs('m5.large')?.baselineMBps, 81.25);
  assert.is(ebs('m7g.large')?.baselineMBps, 78.75);
  assert.is(ebs('t3.large')?.burstMBps, 347.5);
  assert.is(findInstance(shippedCatalog, 'i3en.xlarge').localNvmeGB, 2500);
  assert.equal(network('t2.medium'), { baselineGbps: null, burstGbps: null });
});

test('a baseline is never above its burst, and bigger types are never slower', () => {
  const order = [
    'small',
    'medium',
    'large',
    'xlarge',
    '2xlarge',
    '3xlarge',
    '4xlarge',
    '6xlarge',
    '8xlarge',
    '12xlarge',
    '16xlarge',
  ];
  const types = [...shippedCatalog.instances.values()];
  for (const { type, network, ebs } of types) {
    if (network.baselineGbps !== null) assert.ok(network.baselineGbps <= (network.burstGbps ?? 0), type);
    if (ebs !== null) assert.ok(ebs.baselineMBps <= ebs.burstMBps && ebs.baselineIops <= ebs.burstIops, type);
  }
  for (const a of types) {
    for (const b of types) {
      const [family = '', size = ''] = a.type.split('.');
      const [other = '', bigger = ''] = b.type.split('.');
      if (family !== other || order.indexOf(size) >= order.indexOf(bigger)) continue;
      assert.ok(a.vcpus <= b.vcpus && a.memoryGiB < b.memoryGiB, `${a.type} ${b.type}`);
      assert.ok((a.network.baselineGbps ?? 0) <= (b.network.baselineGbps ?? 0), `${a.type} ${b.type}`);
    }
  }
});

test('MSK limits: 300 for t3.small, 1000, 2000 and 4000 for the others', () => {
  const limit = (type: string) => shippedCatalog.mskLimits.get(type);
  assert.equal([limit('t3.small')?.recommended, limit('t3.small')?.maximum], [300, 300]);
  assert.equal([limit('m5.xlarge')?.recommended, limit('m5.xlarge')?.maximum], [1000, 1500]);
  assert.equal([limit('m7g.2xlarge')?.recommended, limit('m7g.2xlarge')?.maximum], [2000, 3000]);
  assert.equal([limit('m5.8xlarge')?.recommended, limit('m5.8xlarge')?.maximum], [4000, 6000]);
});

test('refreshed figures take the place of the shipped ones, and the others stay', () => {
  const file = written('refreshed.json', {
    schemaVersion: 1,
    asOf: '2026-10-01',
    source: 'DescribeInstanceTypes, eu-central-1',
    types: [{ ...instance(), type: 'm5.large', network: { baselineGbps: 0.8, burstGbps: 10 } }],
  });
  const catalog = loadCatalog({ userFile: file });
  assert.is(findInstance(catalog, 'm5.large').network.baselineGbps, 0.8);
  assert.is(findInstance(catalog, 'm5.large').asOf, '2026-10-01');
  assert.is(findInstance(catalog, 'm5.xlarge').network.baselineGbps, 1.25);
  assert.is(catalog.refreshedFrom, file);
});

const instance = () => ({
  type: 'x.large',
  arch: 'x86_64',
  vcpus: 2,
  memoryGiB: 8,
  network: { baselineGbps: 1, burstGbps: 2 },
  ebs: null,
  localNvmeGB: null,
  cpuBaselineShare: null,
});

test('a damaged file of the user’s is refused, naming what is wrong', () => {
  const bad = written('bad.json', {
    schemaVersion: 1,
    asOf: 'yesterday',
    source: 's',
    types: [{ ...instance(), vcpus: -2 }],
  });
  const { code, details } = errorOf(() => loadCatalog({ userFile: bad }));
  assert.is(code, 'sizing-input');
  assert.match(details.join('\n'), /asOf: expected a date such as/);
  assert.match(details.join('\n'), /types\.0\.vcpus/);
  assert.match(
    errorOf(() => loadCatalog({ userFile: join(folder, 'none.json') })).message,
    /no such catalogue file/,
  );
  assert.match(
    errorOf(() => loadCatalog({ userFile: written('torn.json', '{') })).message,
    /cannot be read|not a valid/,
  );
});

test('an unknown type or region names what there is', () => {
  assert.match(
    errorOf(() => findInstance(shippedCatalog, 'm6i.lareg')).hint ?? '',
    /did you mean m6i\.large\?/,
  );
  assert.match(errorOf(() => findInstance(shippedCatalog, 'zzzzzzzzzzzz')).hint ?? '', /ksweep catalog list/);
  assert.match(errorOf(() => findPrices(shippedCatalog, 'mars-1')).hint ?? '', /us-east-1, eu-central-1/);
});

test('prices of the user’s replace only what they name', () => {
  const file = written(
    'prices.yaml',
    'asOf: 2026-05-01\nsource: our contract\ninstancesPerHour: { m5.large: 0.05 }\ngp3: { perGBMonth: 0.06 }\n',
  );
  const prices = overridePrices(findPrices(shippedCatalog, 'us-east-1'), readPriceOverrides(file));
  assert.is(prices.instancesPerHour['m5.large'], 0.05);
  assert.is(prices.instancesPerHour['m5.xlarge'], 0.192);
  assert.is(prices.gp3.perGBMonth, 0.06);
  assert.is(prices.gp3.perExtraIopsMonth, 0.005);
  assert.match(prices.source.instances, /^our contract \(as of 2026-05-01\), else AWS/);
  assert.is(prices.asOf, '2026-05-01');
  const unknown = written('typo.yaml', 'asOf: 2026-05-01\ninstancePerHour: {}\n');
  assert.match(errorOf(() => readPriceOverrides(unknown)).details.join(), /instancePerHour/);
});

test('the user’s file lies under XDG_DATA_HOME', () => {
  assert.is(userCatalogFile({ XDG_DATA_HOME: '/data' }), '/data/ksweep/ec2-instances.json');
  assert.match(userCatalogFile({}), /\.local\/share\/ksweep\/ec2-instances\.json$/);
});

test.run();
