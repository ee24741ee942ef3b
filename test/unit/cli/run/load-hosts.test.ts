import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { RunFlags } from '../../../../bench/cli/run/flags.ts';
import {
  loadHostsOf,
  otherHosts,
  placementLines,
  plannedLoadHosts,
} from '../../../../bench/cli/run/load-hosts.ts';
import type { KsweepError } from '../../../../bench/common/errors.ts';
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
  externalListener = true,
): void {
  const { spec } = shippedSpec('kraft-m7g.yaml');
  const whole = inventory('kraft-m7g.yaml', 'm7g.large', externalListener);
  writeInventory(spec, { ...whole, hosts: whole.hosts.filter(keep).map((host) => ({ ...host, privateIp })) });
}

async function hostsOf(flags: Partial<RunFlags>, set: string[] = []) {
  const loaded = loadWorkload(join(packageRoot(), 'workloads', 'quickstart.yaml'), { set });
  const said: string[] = [];
  const chosen = await loadHostsOf({ set: [], results: '', ...flags } as RunFlags, loaded, (line) =>
    said.push(line),
  );
  const { hosts } = chosen;
  return {
    names: hosts.map(({ name }) => name),
    said: said.join('\n'),
    hosts,
    chosen,
    cells: loaded.plan.cells,
  };
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

async function refused(trying: Promise<unknown>, why: RegExp): Promise<void> {
  await trying.then(
    () => assert.unreachable('it was not refused'),
    (error: KsweepError) => {
      assert.is(error.code, 'usage');
      assert.match(`${error.message}; ${error.hint}`, why);
    },
  );
}

test('a cluster without load hosts is refused, unless it is to be loaded from here', async () => {
  provision(ELSEWHERE, ({ role }) => role !== 'load');
  await refused(
    hostsOf({ cluster }),
    /--cluster kraft-m7g has no load hosts; add a role load .*--load-hosts local/,
  );
  assert.equal((await hostsOf({ cluster, loadHosts: 'local' })).names, []);
  provision(ELSEWHERE);
  rmSync(join(state, 'kraft-m7g', 'inventory.yml'));
  await refused(hostsOf({ cluster }), /inventory\.yml is not there; .*infra inventory/);
});

test('brokers that this host cannot reach are told before a run, wherever the load comes from', async () => {
  provision(ELSEWHERE, () => true, false);
  for (const loadHosts of [undefined, 'local', 'ssh:other']) {
    const flags = loadHosts === undefined ? { cluster } : { cluster, loadHosts };
    await refused(hostsOf(flags), /listens only to its own hosts.*set kafka\.externalListener/);
  }
});

test('a name that is no cluster here is refused', async () => {
  await refused(hostsOf({ cluster: 'nowhere' }), /no provisioned cluster is named "nowhere"/);
});

test('a command that needs other hosts takes those that are named, or the cluster’s own', async () => {
  provision(ELSEWHERE, () => true, false);
  const names = async (flags: Parameters<typeof otherHosts>[0]) =>
    (await otherHosts(flags, 'not here')).map(({ name }) => name);
  assert.equal(await names({ cluster }), OWN);
  assert.equal(await names({ cluster, loadHosts: 'ssh:mine' }), ['mine']);
  await refused(otherHosts({}, ''), /no host is named; give --load-hosts .*--cluster NAME/);
  await refused(otherHosts({ loadHosts: 'local' }, 'not here'), /no other host than this one; not here/);
  provision('127.0.0.1');
  await refused(otherHosts({ cluster }, 'not here'), /--cluster kraft-m7g: that is no other host/);
});

test('who runs where is told host by host, also where it is this one', async () => {
  provision(ELSEWHERE);
  const { chosen, cells } = await hostsOf({ cluster }, ['consumers=1', 'load.producers=2']);
  const planned = plannedLoadHosts(chosen, cells);
  assert.equal(
    planned.map(({ host, kind, rack }) => [host, kind, rack]),
    OWN.map((name) => [name, 'ssh', 'unknown']),
  );
  const sum = (of: 'producers' | 'consumers') =>
    planned.reduce((total, { generators }) => total + (generators[0]?.[of] ?? 0), 0);
  assert.equal([sum('producers'), sum('consumers')], [2, 1]);
  assert.equal(
    planned[0]?.generators[0]?.cells,
    cells.map(({ id }) => id),
  );
  assert.is(placementLines(chosen, cells).length, 1 + OWN.length);
  const local = await hostsOf({}, ['load.producers=2']);
  assert.equal(
    plannedLoadHosts(local.chosen, local.cells).map(({ kind, rack, generators }) => [
      kind,
      rack,
      generators[0]?.producers,
    ]),
    [['local', null, 2]],
  );
  assert.equal(placementLines(local.chosen, local.cells), []);
});

test.run();
