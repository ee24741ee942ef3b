import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { RunFlags } from '../../../../bench/cli/run/flags.ts';
import { loadHostsOf } from '../../../../bench/cli/run/load-hosts.ts';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { loadWorkload } from '../../../../bench/workload/load.ts';
import { type Inventory, writeInventory } from '../../../../infra/ec2/inventory.ts';
import { inventory, shippedSpec } from '../../../support/ec2-spec.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('where a run is loaded from');

const state = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
const before = process.env['KSWEEP_EC2_STATE'];
test.before(() => {
  process.env['KSWEEP_EC2_STATE'] = state;
});
test.after(() => {
  if (before === undefined) delete process.env['KSWEEP_EC2_STATE'];
  else process.env['KSWEEP_EC2_STATE'] = before;
  rmSync(state, { recursive: true });
});

/** The shipped cluster, with all hosts at one private address. */
function provision(
  privateIp: string,
  keep: (host: Inventory['hosts'][number]) => boolean = () => true,
): void {
  const { spec } = shippedSpec('kraft-m7g.yaml');
  const whole = inventory('kraft-m7g.yaml', 'm7g.large', true);
  writeInventory(spec, { ...whole, hosts: whole.hosts.filter(keep).map((host) => ({ ...host, privateIp })) });
}

async function hostsOf(flags: Partial<RunFlags>, set: string[] = []) {
  const loaded = loadWorkload(join(packageRoot(), 'workloads', 'quickstart.yaml'), { set });
  const said: string[] = [];
  const hosts = await loadHostsOf({ set: [], results: '', ...flags }, loaded, (line) => said.push(line));
  return { names: hosts.map(({ name }) => name), said: said.join('\n'), hosts };
}

const ELSEWHERE = '203.0.113.7';
const OWN = ['load01.bench.internal', 'load02.bench.internal'];
const cluster = 'kraft-m7g';

test('a provisioned cluster is loaded from its own load hosts, as its inventory reaches them', async () => {
  provision(ELSEWHERE);
  const { names, said, hosts } = await hostsOf({ cluster });
  assert.equal(names, OWN);
  assert.match(said, /^load from kraft-m7g's own load hosts, by private addresses \(--load-hosts local/);
  const words = hosts[0]?.shell?.join(' ') ?? '';
  assert.match(words, /^ssh .*HostKeyAlias=load01\.bench\.internal -- \S+@192\.0\.2\.\d+$/);
});

test('unless the command or the workload says otherwise', async () => {
  provision(ELSEWHERE);
  assert.equal((await hostsOf({ cluster, loadHosts: 'local' })).names, []);
  assert.equal((await hostsOf({ cluster, loadHosts: 'ssh:other' })).names, ['other']);
  assert.equal((await hostsOf({ cluster }, ['load.hosts=ssh:mine'])).names, ['mine']);
  assert.equal((await hostsOf({ cluster }, ['load.hosts=local'])).names, []);
  assert.equal((await hostsOf({})).names, []);
});

test('one of its own hosts loads it itself', async () => {
  provision('127.0.0.1');
  const { names, said } = await hostsOf({ cluster });
  assert.equal(names, []);
  assert.is(said, "load from this host, which is one of kraft-m7g's");
});

test('a cluster without load hosts is loaded from here, which is said', async () => {
  provision(ELSEWHERE, ({ role }) => role !== 'load');
  const { names, said } = await hostsOf({ cluster });
  assert.equal(names, []);
  assert.match(said, /kraft-m7g has no load hosts/);
});

test('a name that is no cluster here is refused', async () => {
  await hostsOf({ cluster: 'nowhere' }).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /no provisioned cluster is named "nowhere"/),
  );
});

test.run();
