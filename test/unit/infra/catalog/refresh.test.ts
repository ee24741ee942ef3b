import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeInstanceTypesCommand, EC2Client, type InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import * as assert from 'uvu/assert';
import { findInstance, loadCatalog } from '../../../../infra/catalog/catalog.ts';
import { familiesOf, readInstanceTypes, writeInstances } from '../../../../infra/catalog/refresh.ts';
import { shippedCatalog } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('catalogue refresh');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-refresh-'));
test.after(() => rmSync(folder, { recursive: true }));

const REQUEST = { region: 'us-east-1', types: ['m6i.*'], today: '2026-11-01' };

function typeInfo(type: string, changes: InstanceTypeInfo = {}): InstanceTypeInfo {
  return {
    InstanceType: type as never,
    VCpuInfo: { DefaultVCpus: 2 },
    MemoryInfo: { SizeInMiB: 8192 },
    ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
    BurstablePerformanceSupported: false,
    EbsInfo: {
      EbsOptimizedInfo: {
        BaselineThroughputInMBps: 81.25,
        MaximumThroughputInMBps: 1250,
        BaselineIops: 3600,
        MaximumIops: 40_000,
      },
    },
    NetworkInfo: {
      NetworkCards: [{ NetworkCardIndex: 0, BaselineBandwidthInGbps: 0.781, PeakBandwidthInGbps: 12.5 }],
    },
    ...changes,
  };
}

function answering(...pages: { types: InstanceTypeInfo[]; next?: string }[]) {
  const client = new EC2Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const mock = mockClient(client);
  let chain = mock.on(DescribeInstanceTypesCommand);
  for (const { types, next } of pages) {
    chain = chain.resolvesOnce({ InstanceTypes: types, ...(next === undefined ? {} : { NextToken: next }) });
  }
  return { client, mock };
}

test('reads every page, and asks for the types that were named', async () => {
  const { client, mock } = answering(
    { types: [typeInfo('m6i.xlarge')], next: 'more' },
    { types: [typeInfo('m6i.large')] },
  );
  const { file } = await readInstanceTypes(client, REQUEST, shippedCatalog);
  assert.equal(
    file.types.map((type) => type.type),
    ['m6i.large', 'm6i.xlarge'],
  );
  assert.is(file.asOf, '2026-11-01');
  const calls = mock.commandCalls(DescribeInstanceTypesCommand).map((call) => call.args[0].input);
  assert.equal(
    calls.map((input) => input.NextToken),
    [undefined, 'more'],
  );
  assert.equal(calls[0]?.Filters, [{ Name: 'instance-type', Values: ['m6i.*'] }]);
});

test('a type is read with its baselines and bursts, cards added up, storage and architecture', async () => {
  const NetworkInfo = {
    NetworkCards: [
      { NetworkCardIndex: 0, BaselineBandwidthInGbps: 50, PeakBandwidthInGbps: 50 },
      { NetworkCardIndex: 1, BaselineBandwidthInGbps: 50, PeakBandwidthInGbps: 50 },
    ],
  };
  const big = typeInfo('i9g.32xlarge', {
    NetworkInfo,
    InstanceStorageInfo: { TotalSizeInGB: 30_000 },
    ProcessorInfo: { SupportedArchitectures: ['arm64'] },
  });
  const { client } = answering({ types: [big] });
  const [type] = (await readInstanceTypes(client, REQUEST, shippedCatalog)).file.types;
  assert.equal(type?.network, { baselineGbps: 100, burstGbps: 100 });
  assert.equal(type?.ebs, { baselineMBps: 81.25, burstMBps: 1250, baselineIops: 3600, burstIops: 40_000 });
  assert.is(type?.localNvmeGB, 30_000);
  assert.is(type?.arch, 'arm64');
});

test('what AWS leaves out is taken from the documentation, or left unknown and named', async () => {
  const bare = { NetworkInfo: { NetworkCards: [{ NetworkCardIndex: 0 }] } };
  const { client } = answering({
    types: [typeInfo('m6i.large', bare), typeInfo('m99.large', { ...bare, EbsInfo: {} })],
  });
  const { file, withoutNetworkBaseline } = await readInstanceTypes(client, REQUEST, shippedCatalog);
  assert.is(file.types.find((type) => type.type === 'm6i.large')?.network.baselineGbps, 0.781);
  assert.is(file.types.find((type) => type.type === 'm99.large')?.ebs, null);
  assert.equal(withoutNetworkBaseline, ['m99.large']);
});

test('a burstable type keeps its CPU baseline, and one whose baseline is not known is left out', async () => {
  const burstable = { BurstablePerformanceSupported: true };
  const { client } = answering({
    types: [typeInfo('t3.medium', burstable), typeInfo('t9.medium', burstable)],
  });
  const { file } = await readInstanceTypes(client, REQUEST, shippedCatalog);
  assert.equal(
    file.types.map((type) => [type.type, type.cpuBaselineShare]),
    [['t3.medium', 0.2]],
  );
});

const refusal = async (client: EC2Client) => {
  try {
    await readInstanceTypes(client, REQUEST, shippedCatalog);
  } catch (error) {
    return error as { code: string; message: string; hint: string };
  }
  throw new Error('nothing was thrown');
};

test('a refusal of AWS says what it needs', async () => {
  const { client, mock } = answering();
  mock
    .on(DescribeInstanceTypesCommand)
    .rejects(Object.assign(new Error('not allowed'), { name: 'UnauthorizedOperation' }));
  const { code, message, hint } = await refusal(client);
  assert.is(code, 'aws-failed');
  assert.match(message, /DescribeInstanceTypes in us-east-1: UnauthorizedOperation: not allowed/);
  assert.match(hint, /ec2:DescribeInstanceTypes/);
});

test('no matching type is the user’s mistake', async () => {
  const { client } = answering({ types: [] });
  assert.is((await refusal(client)).code, 'sizing-input');
});

test('what was read is written whole, and every later command reads it', async () => {
  const { client } = answering({ types: [typeInfo('m6i.large', { MemoryInfo: { SizeInMiB: 9216 } })] });
  const { file } = await readInstanceTypes(client, REQUEST, shippedCatalog);
  const path = join(folder, 'ksweep', 'ec2-instances.json');
  writeInstances(path, file);
  assert.equal(readdirSync(join(folder, 'ksweep')), ['ec2-instances.json']);
  const catalog = loadCatalog({ env: { XDG_DATA_HOME: folder } });
  assert.is(findInstance(catalog, 'm6i.large').memoryGiB, 9);
  assert.is(findInstance(catalog, 'm6i.large').source, 'DescribeInstanceTypes, us-east-1');
});

test('by default every family of the catalogue is asked for', () => {
  assert.equal(familiesOf(shippedCatalog).sort(), [
    'i3en.*',
    'i4i.*',
    'm5.*',
    'm6i.*',
    'm7g.*',
    'r6i.*',
    't2.*',
    't3.*',
  ]);
});

test.run();
