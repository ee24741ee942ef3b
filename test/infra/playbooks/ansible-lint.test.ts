import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { pythonTools } from '../../../infra/python.ts';
import { suite } from '../../support/suite.ts';

const run = promisify(execFile);
const test = suite('the playbooks', { timeoutMs: 170_000 });
const ansible = join(packageRoot(), 'infra', 'ansible');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-ansible-'));
let bin = '';

test.before(async () => {
  bin = await pythonTools(join(ansible, 'requirements-lint.txt'));
  writeFileSync(
    join(folder, 'check.yml'),
    `
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.import_role: { name: common, tasks_from: check }
`,
  );
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

async function tool(name: string, ...words: string[]): Promise<{ status: number; output: string }> {
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    ANSIBLE_ROLES_PATH: join(ansible, 'roles'),
    ANSIBLE_NOCOLOR: '1',
    NO_COLOR: '1',
  };
  return run(join(bin, name), words, { cwd: ansible, env, maxBuffer: 16 * 1024 * 1024 }).then(
    ({ stdout, stderr }) => ({ status: 0, output: stdout + stderr }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({
      status: error.code ?? -1,
      output: `${error.stdout ?? ''}${error.stderr ?? ''}`,
    }),
  );
}

const playbooks = readdirSync(ansible).filter((name) => name.endsWith('.yml') && name !== 'requirements.yml');

test('hold what they have to', () => {
  const expected = ['kafka', 'load', 'rolling-restart', 'site', 'smoke', 'start', 'stop', 'zookeeper'];
  assert.equal(
    playbooks.sort(),
    expected.map((name) => `${name}.yml`),
  );
});

test('pass ansible-lint’s strictest profile, and its syntax check of every playbook', async () => {
  const { status, output } = await tool('ansible-lint', '--offline', '--strict');
  assert.is(status, 0, output);
});

test('parse with the example inventory', async () => {
  const inventory = join('inventories', 'example.yml');
  const { status, output } = await tool('ansible-playbook', '--syntax-check', '-i', inventory, ...playbooks);
  assert.is(status, 0, output);
});

/** Hosts that are never reached: only what the operator's side checks is run. */
function inventory(vars: object, groups: Record<string, Record<string, object>>): string {
  const children = Object.fromEntries(Object.entries(groups).map(([name, hosts]) => [name, { hosts }]));
  const file = join(folder, 'inventory.yml');
  writeFileSync(file, JSON.stringify({ all: { vars: { ansible_connection: 'local', ...vars }, children } }));
  return file;
}

const check = (vars: object, groups: Record<string, Record<string, object>>): ReturnType<typeof tool> =>
  tool('ansible-playbook', '-i', inventory(vars, groups), join(folder, 'check.yml'));
const brokers = (count: number, id = (number: number): number => number): Record<string, object> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`kafka0${index + 1}`, { kafka_node_id: id(index + 1) }]),
  );
const servers = (count: number): Record<string, object> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`zk0${index + 1}`, { zookeeper_myid: index + 1 }]),
  );

type Case = readonly [string, object, Record<string, Record<string, object>>, RegExp];
// Few: each is a process of a second or two. The hosts' own tests run what is accepted.
const refused: readonly Case[] = [
  ['an even number of controllers', {}, { kafka: brokers(4), controllers: brokers(2) }, /2 controllers/],
  ['two brokers of one id', {}, { kafka: brokers(3, () => 7) }, /of its own, got \[7, 7, 7\]/],
  [
    'an even ensemble',
    { kafka_mode: 'zookeeper' },
    { kafka: brokers(3), zookeeper: servers(4) },
    /4 ZooKeeper/,
  ],
  [
    'Kafka 4 on ZooKeeper',
    { kafka_mode: 'zookeeper', kafka_version: '4.3.0' },
    { kafka: brokers(3), zookeeper: servers(3) },
    /ZooKeeper needs Kafka 3\.9/,
  ],
  [
    'an archive without its checksum',
    { kafka_archive_file: 'kafka.tgz' },
    { kafka: brokers(1) },
    /kafka_source=file/,
  ],
];

for (const [name, vars, groups, why] of refused) {
  test(`refuse ${name}, and say why`, async () => {
    const { status, output } = await check(vars, groups);
    assert.is.not(status, 0, output);
    assert.match(output.replaceAll(/\s+/g, ' '), why);
  });
}

test('accept a controller that is no broker', async () => {
  const groups = { kafka: brokers(3), controllers: { controller01: { kafka_node_id: 100 } } };
  const { status, output } = await check({}, groups);
  assert.is(status, 0, output);
});

/** What the role makes of a data folder, on this machine and on a file of its own in place of /etc/fstab. */
async function mounted(
  vars: Record<string, unknown>,
  earlier = '',
): Promise<{ status: number; output: string; fstab: string }> {
  const fstab = join(folder, 'fstab');
  const root = 'UUID=aaaa-root / ext4 defaults 0 1\n';
  writeFileSync(fstab, root + earlier);
  // The very task that writes, told of another file: nothing else of it is changed.
  const task = readFileSync(join(ansible, 'roles/kafka/tasks/fstab.yml'), 'utf8')
    .replaceAll('/etc/fstab', fstab)
    .replace('notify: Reload systemd', '')
    .replace(/path: "\{\{ kafka_volume_path \}\}"/, `path: "${folder}/mnt{{ kafka_volume_path }}"`);
  writeFileSync(join(folder, 'fstab-task.yml'), task);
  writeFileSync(
    join(folder, 'data-dir.yml'),
    `
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.include_role: { name: kafka, tasks_from: data-dir, public: true }
    - ansible.builtin.include_tasks: fstab-task.yml
      vars: { kafka_volume_uuid: { stdout: bbbb-data } }
    - ansible.builtin.debug: { msg: "data at {{ kafka_data_path }}" }
`,
  );
  const words = [
    '-i',
    'localhost,',
    '-c',
    'local',
    join(folder, 'data-dir.yml'),
    '-e',
    JSON.stringify({ ...vars, ansible_python_interpreter: join(bin, 'python') }),
  ];
  const { status, output } = await tool('ansible-playbook', ...words);
  const text = readFileSync(fstab, 'utf8');
  assert.ok(text.startsWith(root), `the root line was touched: ${text}`);
  return { status, output, fstab: text.slice(root.length) };
}

test('a volume is mounted on the data folder, and never on the root or on a folder of the system', async () => {
  const device = { kafka_data_device: '/dev/xvdf' };
  const good: [Record<string, unknown>, string, string][] = [
    [{ kafka_data_dir: '/data' }, '/data', '/data'],
    [{ kafka_data_dir: '/kafka' }, '/kafka', '/kafka'],
    [{ kafka_data_dir: '/data/' }, '/data', '/data'],
    [{ kafka_data_dir: '/var/lib/kafka' }, '/var/lib/kafka', '/var/lib/kafka'],
    [{}, '/var/lib/kafka/data', '/var/lib/kafka'],
    [{ kafka_data_dir: '/data//kafka/./logs/.' }, '/data/kafka/logs', '/data/kafka/logs'],
  ];
  for (const [vars, data, mount] of good) {
    const { status, output, fstab } = await mounted({ ...device, ...vars });
    assert.is(status, 0, output);
    assert.match(output, `data at ${data}`);
    assert.is(fstab, `UUID=bbbb-data ${mount} xfs noatime,nofail 0 2\n`);
  }
  const bad: [Record<string, unknown>, RegExp][] = [
    [{ kafka_data_dir: '/' }, /kafka_data_dir=\/:/],
    [{ kafka_data_dir: '/usr' }, /kafka_data_dir=\/usr:/],
    [{ kafka_data_dir: 'data' }, /kafka_data_dir=data:/],
    [{ kafka_data_dir: '/data/../etc' }, /kafka_data_dir=/],
    [{ kafka_data_dir: '/etc/kafka' }, /kafka_data_dir=\/etc\/kafka:/],
    [{ kafka_data_dir: '/usr//bin' }, /kafka_data_dir=\/usr\/\/bin:/],
    [{ kafka_data_dir: '/./run/kafka' }, /kafka_data_dir=/],
    [{ kafka_data_dir: '/tmp/kafka' }, /kafka_data_dir=/],
    [{ kafka_data_dir: '/data/kafka', kafka_volume_dir: '/' }, /kafka_volume_dir=\/:/],
    [{ kafka_data_dir: '/data/kafka', kafka_volume_dir: '/other' }, /kafka_volume_dir=\/other:/],
    [{ kafka_broker_configs: { 'log.dirs': '/elsewhere' } }, /kafka_broker_configs sets log\.dirs/],
  ];
  for (const [vars, message] of bad) {
    const { status, output, fstab } = await mounted({ ...device, ...vars });
    assert.is.not(status, 0);
    assert.match(output, message);
    assert.is(fstab, '');
  }
});

test('a volume stays where an earlier release mounted it, and is not mounted a second time', async () => {
  const vars = { kafka_data_device: '/dev/xvdf', kafka_data_dir: '/data/kafka' };
  const options = 'xfs noatime,nofail 0 2';
  const kept = await mounted(vars, `UUID=bbbb-data /data ${options}\n`);
  assert.is(kept.status, 0, kept.output);
  assert.is(kept.fstab, `UUID=bbbb-data /data ${options}\n`);
  const elsewhere = await mounted(vars, `UUID=bbbb-data /srv/old ${options}\n`);
  assert.is.not(elsewhere.status, 0);
  assert.match(elsewhere.output, /is mounted on \/srv\/old already/);
  assert.is(elsewhere.fstab, `UUID=bbbb-data /srv/old ${options}\n`);
});

test.run();
