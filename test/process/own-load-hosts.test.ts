import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { dryRunSchema } from '../../bench/results/dry-run.ts';
import { writeInventory } from '../../infra/ec2/inventory.ts';
import { ksweep } from '../support/cli.ts';
import { inventory, shippedSpec } from '../support/ec2-spec.ts';
import { suite } from '../support/suite.ts';

const test = suite('the load hosts of --cluster NAME', { timeoutMs: 120_000 });
const state = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
const env = { ...process.env, KSWEEP_EC2_STATE: state };
const workload = join(state, 'workload.yaml');

/** The shipped cluster; its brokers' outer listener is a closed port of this machine. */
function provision(withLoadHosts: boolean): void {
  const whole = inventory('kraft-m7g.yaml', 'm7g.large', true);
  process.env['KSWEEP_EC2_STATE'] = state;
  writeInventory(shippedSpec('kraft-m7g.yaml').spec, {
    ...whole,
    hosts: whole.hosts
      .filter(({ role }) => withLoadHosts || role !== 'load')
      .map((host) => ({ ...host, publicIp: '127.0.0.1' })),
  });
}

test.before(() => {
  writeFileSync(workload, 'name: x\nload: {rate: 100, producers: 2}\nconsumers: {groups: 1}\n');
});
test.after(() => {
  delete process.env['KSWEEP_EC2_STATE'];
  rmSync(state, { recursive: true });
});

const CLUSTER = ['--cluster', 'kraft-m7g'];
const measuring = (): string[][] => [
  ['run', workload, '--results', state],
  ['codecs', '--payload', 'json-events', '--rate', '1MB/s', '--results', state],
  ['nightly', '--workload', workload, '--history', join(state, 'history')],
  ['size', 'verify', '--results', state],
];

test('every command that measures or looks at hosts refuses a cluster that has none, with the reason', async () => {
  provision(false);
  const refuse = async (words: readonly string[]): Promise<void> => {
    const { code, stderr } = await ksweep([...words, ...CLUSTER], env);
    assert.is(code, 1, `${words.join(' ')}: ${stderr}`);
    assert.match(stderr, /--cluster kraft-m7g has no load hosts[\s\S]*add a role load to its spec/, words[0]);
  };
  await Promise.all([...measuring(), ['agents', 'check'], ['agents', 'prepare']].map(refuse));
});

test('every command that measures takes the cluster’s own, and says so', async () => {
  provision(true);
  const take = async (words: readonly string[]): Promise<void> => {
    const { code, stderr } = await ksweep([...words, ...CLUSTER], env);
    assert.is(code, 2, `${words.join(' ')}: ${stderr}`);
    assert.match(stderr, /load from kraft-m7g's own load hosts, by private addresses/, words[0]);
  };
  await Promise.all(measuring().map(take));
});

test('a dry run tells machines who runs where, host by host', async () => {
  provision(true);
  const { code, stdout, stderr } = await ksweep(['run', workload, ...CLUSTER, '--dry-run', '--json'], env);
  assert.is(code, 0, stderr);
  const { loadHosts, cells } = dryRunSchema.parse(JSON.parse(stdout));
  assert.equal(
    loadHosts.map(({ host, kind }) => [host, kind]),
    [
      ['load01.bench.internal', 'ssh'],
      ['load02.bench.internal', 'ssh'],
    ],
  );
  const all = loadHosts.flatMap(({ generators }) => generators);
  assert.is(all.length, 2);
  for (const one of all)
    assert.equal(
      one.cells,
      cells.map(({ id }) => id),
    );
  assert.equal(
    [all.reduce((sum, one) => sum + one.producers, 0), all.reduce((sum, one) => sum + one.consumers, 0)],
    [2, 1],
  );
});

test.run();
