import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { ksweep } from '../support/cli.ts';
import { suite } from '../support/suite.ts';

const test = suite('doctor');

test('it examines this machine and says what it looked at', async () => {
  const { stdout, code: status } = await ksweep(['doctor', '--for', 'workloads/quickstart.yaml', '--json']);
  assert.ok(status === 0 || status === 3, `status ${status}`);
  const [machine] = JSON.parse(stdout) as {
    findings: { check: string; state: string; remedy: string | null }[];
  }[];
  const findings = machine?.findings ?? [];
  assert.ok(findings.some(({ check }) => check === 'stolen processor time'));
  for (const { state, remedy } of findings) {
    assert.is(remedy === null, state === 'good' || state === 'unknown');
  }
  assert.is(status, findings.some(({ state }) => state === 'bad') ? 3 : 0);
});

test('a cluster that is not there is an error of the infrastructure', async () => {
  const { stderr, code: status } = await ksweep(['doctor', '--bootstrap-server', '127.0.0.1:1']);
  assert.is(status, 2);
  assert.match(stderr, /127\.0\.0\.1:1/);
});

test('a properties file alone names a cluster too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
  try {
    const file = join(folder, 'client.properties');
    writeFileSync(file, 'bootstrap.servers=127.0.0.1:1\n');
    const { stderr, code: status } = await ksweep(['doctor', '--command-config', file]);
    assert.is(status, 2);
    assert.match(stderr, /127\.0\.0\.1:1/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a variable of ours that nobody knows is refused, with the nearest that there is', async () => {
  const env = { ...process.env, KSWEEP_METRIC_TOKEN: 'x' };
  const { stderr, code: status } = await ksweep(['doctor'], env);
  assert.is(status, 1);
  assert.match(stderr, /KSWEEP_METRIC_TOKEN/);
  assert.match(stderr, /KSWEEP_METRICS_TOKEN/);
});

test.run();
