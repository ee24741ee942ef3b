import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { cliFile } from '../../bench/common/package-root.ts';
import { suite } from '../support/suite.ts';

/** The command against an EC2 on loopback that knows one instance type, or refuses. */
const test = suite('ksweep catalog refresh');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-catalog-refresh-'));

const TYPE = `<item>
  <instanceType>m6i.large</instanceType>
  <burstablePerformanceSupported>false</burstablePerformanceSupported>
  <vCpuInfo><defaultVCpus>2</defaultVCpus></vCpuInfo>
  <memoryInfo><sizeInMiB>8192</sizeInMiB></memoryInfo>
  <processorInfo><supportedArchitectures><item>x86_64</item></supportedArchitectures></processorInfo>
  <ebsInfo><ebsOptimizedInfo>
    <baselineThroughputInMBps>90.5</baselineThroughputInMBps><maximumThroughputInMBps>1250.0</maximumThroughputInMBps>
    <baselineIops>3600</baselineIops><maximumIops>40000</maximumIops>
  </ebsOptimizedInfo></ebsInfo>
  <networkInfo><networkCards><item>
    <networkCardIndex>0</networkCardIndex>
    <baselineBandwidthInGbps>0.9</baselineBandwidthInGbps><peakBandwidthInGbps>12.5</peakBandwidthInGbps>
  </item></networkCards></networkInfo>
</item>`;
const FOUND = `<DescribeInstanceTypesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><instanceTypeSet>${TYPE}</instanceTypeSet></DescribeInstanceTypesResponse>`;
const REFUSED =
  '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized</Message></Error></Errors><RequestID>r</RequestID></Response>';

let server: Server;
let refuses = false;
const asked: URLSearchParams[] = [];
test.before(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push(new URLSearchParams(body));
      response.writeHead(refuses ? 403 : 200, { 'content-type': 'text/xml' });
      response.end(refuses ? REFUSED : FOUND);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
test.after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function ksweep(...words: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, [cliFile(), ...words], {
    env: {
      ...process.env,
      XDG_DATA_HOME: folder,
      NO_COLOR: '1',
      AWS_ENDPOINT_URL_EC2: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_MAX_ATTEMPTS: '1',
      NO_PROXY: '127.0.0.1',
    },
  });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    out.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    out.stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, ...out })));
}

test('what was read is written, and every later command uses it', async () => {
  const { status, stdout, stderr } = await ksweep('catalog', 'refresh', '--region', 'us-east-1');
  assert.is(status, 0, stderr);
  const file = join(folder, 'ksweep', 'ec2-instances.json');
  assert.match(stdout, /^1 instance types as of \d{4}-\d{2}-\d{2} written to /);
  assert.ok(stdout.includes(file), stdout);
  assert.is(asked[0]?.get('Action'), 'DescribeInstanceTypes');
  assert.ok([...(asked[0]?.values() ?? [])].includes('m6i.*'));
  const shown = await ksweep('catalog', 'show', 'm6i.large');
  assert.match(shown.stdout, /DescribeInstanceTypes, us-east-1/);
  assert.match(shown.stdout, /0\.9 Gb\/s each way, burst 12\.5/);
  assert.match((await ksweep('catalog', 'list', '--family', 'm6i')).stdout, /Refreshed figures: /);
});

test('types and the place of the file can be chosen', async () => {
  const output = join(folder, 'mine', 'types.json');
  const words = ['--region', 'eu-central-1', '--type', 'm6i.large', '--output', output];
  const { status, stderr } = await ksweep('catalog', 'refresh', ...words);
  assert.is(status, 0, stderr);
  assert.ok([...(asked.at(-1)?.values() ?? [])].includes('m6i.large'));
  const [type] = JSON.parse(readFileSync(output, 'utf8')).types;
  assert.is(type.ebs.baselineMBps, 90.5);
});

test('where AWS refuses, nothing is written and the permission is named', async () => {
  refuses = true;
  const output = join(folder, 'none.json');
  const { status, stderr } = await ksweep(
    ...['catalog', 'refresh', '--region', 'us-east-1', '--output', output],
  );
  assert.is(status, 2);
  assert.match(stderr, /UnauthorizedOperation/);
  assert.match(stderr, /ec2:DescribeInstanceTypes/);
  assert.not.ok(existsSync(output));
});

test.run();
