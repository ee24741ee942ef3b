import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { runProgram } from '../../../bench/cli/program.ts';
import { cliFile, packageRoot } from '../../../bench/common/package-root.ts';
import { AwsProxy, type Intervention, refusal } from '../../support/aws-proxy.ts';
import { Moto } from '../../support/moto.ts';
import { suite } from '../../support/suite.ts';

const test = suite('ksweep infra against moto', { timeoutMs: 240_000 });
const folder = mkdtempSync(join(tmpdir(), 'ksweep-infra-'));
const at = (name: string): string => join(folder, name);
const PATH = process.env['PATH'] ?? '';
const CLI = cliFile();
const moto = new Moto();
let proxy: AwsProxy;
let endpoint = '';

/** A key as `ssh-keygen -t ed25519` writes it: a length before each of its two parts (RFC 8709). */
function openSshPublicKey(): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const part = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const parts = [Buffer.from('ssh-ed25519'), Buffer.from(x, 'base64url')].map(part);
  return `ssh-ed25519 ${Buffer.concat(parts).toString('base64')}`;
}

/** ssh and ansible-playbook that only note what they were asked: no host answers behind moto. */
function fakeTools(): void {
  mkdirSync(at('bin'));
  writeFileSync(
    at('id.pub'),
    `${openSshPublicKey()} test
`,
  );
  const scripts = {
    ssh: `#!/bin/sh
echo "$@" >>'${at('ssh.log')}'
case "$*" in *ssh-keygen*) echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG9mIHRoZSBhbnNpYmxlIGhvc3Q= peter-ansible01.foo.bar' ;; esac
cat >/dev/null
`,
    'ansible-playbook': `#!/bin/sh\necho "$@" >>'${at('ansible.log')}'\n`,
  };
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(at('bin'), name), text);
    chmodSync(join(at('bin'), name), 0o755);
  }
}

function noted(name: string): string {
  const file = at(`${name}.log`);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  rmSync(file, { force: true });
  return text;
}

/** A shipped spec with the test's key. */
function specFrom(shipped: string, change: (text: string) => string = (text) => text): string {
  const text = readFileSync(join(packageRoot(), 'infra', 'clusters', shipped), 'utf8');
  const file = at(`${Math.random().toString(36).slice(2)}-${shipped}`);
  writeFileSync(file, change(text).replace(/^domain:/m, `ssh: { publicKey: ${at('id.pub')} }\ndomain:`));
  return file;
}

interface Told {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const environment = (): Record<string, string> => ({
  PATH: `${at('bin')}:${PATH}`,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret-but-never-printed',
  AWS_ENDPOINT_URL: endpoint,
  KSWEEP_EC2_STATE: at('state'),
  NODE_NO_WARNINGS: '1',
});

/** One command line in this process: the SDK takes longer to load than any of them to run. */
async function infra(...words: string[]): Promise<Told> {
  Object.assign(process.env, environment());
  const told = { stdout: '', stderr: '' };
  const own = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = ((text: string) => {
      told[name] += text;
      return true;
    }) as typeof process.stdout.write;
  }
  process.exitCode = 0;
  try {
    await runProgram(['infra', ...words]);
  } finally {
    Object.assign(process.stdout, { write: own.stdout });
    Object.assign(process.stderr, { write: own.stderr });
  }
  const status = Number(process.exitCode);
  process.exitCode = 0;
  return { status, ...told };
}

/** Runs it, and holds it to its status. */
async function ends(status: number, ...words: string[]): Promise<Told> {
  const told = await infra(...words);
  assert.is(told.status, status, `${words.join(' ')}: ${told.stderr}${told.stdout}`);
  return told;
}

async function json<T>(...words: string[]): Promise<T> {
  const told = await infra(...words, '--json');
  assert.is(told.status, 0, told.stderr);
  return JSON.parse(told.stdout) as T;
}

interface Status {
  readonly state: string;
  readonly hosts: readonly { name: string; state: string; instanceId: string; publicIp: string }[];
}

test.before(async () => {
  fakeTools();
  await moto.start();
  proxy = new AwsProxy(moto.url);
  endpoint = await proxy.listen();
});
test.after(async () => {
  await proxy?.close();
  await moto.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the notes’ cluster: plan, up, off, on, down', async () => {
  const spec = specFrom('notes.yaml');
  const plan = await json<{ hosts: { name: string }[]; price: { perHour: number; stoppedPerDay: number } }>(
    'plan',
    '--spec',
    spec,
  );
  assert.equal(
    plan.hosts.map(({ name }) => name),
    [
      ...['peter-zk01.foo.bar', 'peter-zk02.foo.bar', 'peter-zk03.foo.bar'],
      ...['peter-kafka01.foo.bar', 'peter-kafka02.foo.bar', 'peter-kafka03.foo.bar'],
      'peter-ansible01.foo.bar',
    ],
  );
  assert.ok(plan.price.perHour > 6 * 0.0464 && plan.price.perHour < 0.5, `${plan.price.perHour}`);
  assert.ok(plan.price.stoppedPerDay > 0 && plan.price.stoppedPerDay < plan.price.perHour * 24);

  assert.is((await infra('up', '--spec', spec)).status, 1, 'a machine has to say --yes');
  await ends(2, 'status', '--spec', spec);
  const up = await infra('up', '--spec', spec, '--yes');
  assert.is(up.status, 0, up.stderr);
  assert.not.match(up.stdout + up.stderr, /not-a-secret/);
  assert.match(noted('ansible'), /site\.yml\n.*smoke\.yml\n$/);
  const first = await json<Status>('status', '--spec', spec);
  assert.is(first.state, 'up');
  assert.is(first.hosts.length, 7);

  const runs = proxy.actions.filter((action) => action === 'RunInstances').length;
  await ends(0, 'up', '--spec', spec, '--yes', '--no-configure');
  // The dry run of the plan is the only one that the second time needs.
  assert.is(proxy.actions.filter((action) => action === 'RunInstances').length, runs + 1);

  await ends(0, 'stop', '--spec', spec, '--yes');
  assert.match(noted('ansible'), /stop\.yml\n$/);
  assert.match((await infra('status', '--spec', spec)).stdout, /^peter: off/);
  const again = await infra('up', '--spec', spec, '--yes');
  assert.is(again.status, 2);
  assert.match(again.stderr, /switched off[\s\S]*infra start/);

  noted('ssh');
  const started = await infra('start', '--spec', spec, '--yes');
  assert.is(started.status, 0, started.stderr);
  assert.match(noted('ansible'), /start\.yml\n$/);
  assert.match(noted('ssh'), /expires-at/);
  const on = await json<Status>('status', '--spec', spec);
  const inventory = parse(readFileSync(join(at('state'), 'peter', 'inventory.yml'), 'utf8')) as {
    all: {
      children: Record<string, { hosts: Record<string, { ansible_host: string; kafka_node_id?: number }> }>;
    };
  };
  assert.equal(Object.keys(inventory.all.children['zookeeper']?.hosts ?? {}).length, 3);
  const broker = inventory.all.children['kafka']?.hosts['peter-kafka02.foo.bar'];
  assert.is(broker?.kafka_node_id, 2);
  assert.is(broker?.ansible_host, on.hosts.find(({ name }) => name === 'peter-kafka02.foo.bar')?.publicIp);

  const configured = await infra('configure', '--spec', spec, '--from-ansible-host');
  assert.is(configured.status, 0, configured.stderr);
  const asked = noted('ssh');
  assert.is(noted('ansible'), '', 'nothing was played from here');
  assert.match(asked, /venv\/bin\/ansible-playbook -i \.\.\/\.\.\/inventory\.yml site\.yml/);
  assert.is([...asked.matchAll(/authorized_keys \|\| echo/g)].length, 7);

  const would = await json<{ wouldRemove: string[] }>('down', '--spec', spec, '--dry-run');
  assert.is(would.wouldRemove.length, 9, would.wouldRemove.join('\n'));
  const down = await infra('down', '--spec', spec, '--yes');
  assert.is(down.status, 0, down.stderr);
  assert.match(down.stdout, /nothing is left/);
  assert.equal((await json<{ wouldRemove: string[] }>('down', '--spec', spec, '--dry-run')).wouldRemove, []);
  assert.ok(!existsSync(join(at('state'), 'peter', 'cluster.json')));
  assert.match(readdirSync(join(at('state'), 'peter')).join(), /^journal-[0-9a-f]{8}\.ndjson$/);
});

test('spot: persistent requests, cancelled before their instances end', async () => {
  const spec = specFrom('spot-nightly.yaml');
  let market = new Map<string, string>();
  proxy.intervene = async (action, parameters) => {
    if (action === 'RunInstances' && parameters.get('DryRun') !== 'true') market = new Map(parameters);
    return undefined;
  };
  await ends(0, 'up', '--spec', spec, '--yes', '--no-configure');
  proxy.intervene = async () => undefined;
  assert.is(market.get('InstanceMarketOptions.SpotOptions.SpotInstanceType'), 'persistent');
  assert.is(market.get('InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior'), 'stop');
  assert.ok(Date.parse(market.get('InstanceMarketOptions.SpotOptions.ValidUntil') ?? '') > Date.now());
  proxy.actions.length = 0;
  const down = await infra('down', '--spec', spec, '--yes');
  assert.is(down.status, 0, down.stderr);
  assert.ok(
    proxy.actions.indexOf('DescribeSpotInstanceRequests') < proxy.actions.indexOf('TerminateInstances'),
    proxy.actions.join(),
  );
});

test('killed between RunInstances and the journal’s next line: the next up has as many as it should', async () => {
  const spec = specFrom('kraft-m7g.yaml');
  for (const hidden of [false, true]) {
    let victim: ChildProcess | undefined;
    let launches = 0;
    proxy.intervene = async (action, parameters, pass) => {
      if (action !== 'RunInstances' || parameters.get('DryRun') === 'true' || ++launches !== 3)
        return undefined;
      const answer = await pass();
      victim?.kill('SIGKILL');
      return answer;
    };
    victim = spawn(process.execPath, [CLI, 'infra', 'up', '--spec', spec, '--yes', '--no-configure'], {
      env: { ...process.env, ...environment() },
      stdio: 'ignore',
    });
    const signal = await new Promise((resolve) => victim?.once('exit', (_code, by) => resolve(by)));
    assert.is(signal, 'SIGKILL');
    const journal = readFileSync(join(at('state'), 'kraft-m7g', 'journal.ndjson'), 'utf8')
      .trim()
      .split('\n');
    assert.match(journal.at(-1) ?? '', /"event":"launching","host":"kafka03/);

    // What has just been made is not always shown at once: then the token has to do.
    proxy.intervene = async (action, parameters) =>
      hidden && action === 'DescribeInstances' && /cluster-id/.test(parameters.toString())
        ? {
            status: 200,
            body: Buffer.from(
              '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><reservationSet/></DescribeInstancesResponse>',
            ),
          }
        : undefined;
    const up = await infra('up', '--spec', spec, '--yes', '--no-configure');
    assert.is(up.status, 0, up.stderr);
    proxy.intervene = async () => undefined;
    const would = await json<{ wouldRemove: string[] }>('down', '--spec', spec, '--dry-run');
    const instances = would.wouldRemove.filter((line) => line.startsWith('instance'));
    assert.is(instances.length, 5, would.wouldRemove.join('\n'));
    await ends(0, 'down', '--spec', spec, '--yes');
  }
});

test('no capacity: the whole role takes the next type, and what it had got is ended', async () => {
  const spec = specFrom('kraft-m7g.yaml', (text) =>
    text.replace('instanceType: m7g.large', 'instanceType: m7g.large\n    fallbackTypes: [m7g.xlarge]'),
  );
  proxy.intervene = async (action, parameters) =>
    action === 'RunInstances' &&
    parameters.get('DryRun') !== 'true' &&
    parameters.get('InstanceType') === 'm7g.large' &&
    /us-east-1c/.test(parameters.get('Placement.AvailabilityZone') ?? '')
      ? refusal(400, 'InsufficientInstanceCapacity')
      : undefined;
  const up = await infra('up', '--spec', spec, '--yes', '--no-configure', '--json');
  proxy.intervene = async () => undefined;
  assert.is(up.status, 0, up.stderr);
  assert.match(up.stderr, /InsufficientInstanceCapacity for m7g\.large in us-east-1c; trying m7g\.xlarge/);
  const { hosts } = JSON.parse(up.stdout) as { hosts: { role: string; instanceType: string }[] };
  assert.equal(
    hosts.map(({ instanceType }) => instanceType),
    new Array(5).fill('m7g.xlarge'),
  );
  assert.is((await json<Status>('status', '--spec', spec)).hosts.length, 5);
  await ends(0, 'down', '--spec', spec, '--yes');
});

test('sweep finds what expired, from any machine, and removes it when told to', async () => {
  const spec = specFrom('kraft-m7g.yaml');
  await ends(0, 'up', '--spec', spec, '--yes', '--no-configure');
  const region = ['--region', 'us-east-1'];
  await ends(0, 'sweep', ...region);
  // The tag of a cluster whose time is over, as any AWS tool would show it.
  const short = specFrom('kraft-m7g.yaml', (text) =>
    text.replace('name: kraft-m7g', 'name: lost').replace('ttl: 8h', 'ttl: 10ms'),
  );
  await ends(0, 'up', '--spec', short, '--yes', '--no-configure');
  rmSync(at('state'), { recursive: true });
  const found = await infra('sweep', ...region, '--json');
  assert.is(found.status, 2);
  const { orphans } = JSON.parse(found.stdout) as {
    orphans: { cluster: string; reason: string; resources: string[] }[];
  };
  assert.equal(
    orphans.map(({ cluster, reason }) => [cluster, reason]),
    [['lost', 'expired']],
  );
  assert.ok((orphans[0]?.resources.length ?? 0) >= 7, orphans[0]?.resources.join());
  await ends(0, 'sweep', ...region, '--yes');
  await ends(0, 'sweep', ...region);
  // Without its journal, the other one is adopted by its tags.
  const launches = (): number => proxy.actions.filter((action) => action === 'RunInstances').length;
  const before = launches();
  await ends(0, 'up', '--spec', spec, '--yes', '--no-configure');
  assert.is(launches(), before + 1);
  await ends(0, 'down', '--spec', spec, '--yes');
});

test('what is wrong is said before anything is created', async () => {
  const created: string[] = [];
  const watch: Intervention = async (action, parameters) => {
    const dry = parameters.get('DryRun') === 'true';
    if (/^(Run|Create|Import|Authorize)/.test(action) && !dry) created.push(action);
    return undefined;
  };
  proxy.intervene = watch;
  const good = specFrom('kraft-m7g.yaml');
  const bad = specFrom('kraft-m7g.yaml', (text) => text.replace('count: 3', 'cuont: 3'));
  const told = await infra('up', '--spec', bad, '--yes');
  assert.is(told.status, 1);
  assert.match(told.stderr, /:\d+:\d+: roles\.broker\.cuont: unknown key "cuont"; did you mean count\?/);
  const dear = specFrom('kraft-m7g.yaml', (text) => text.replace('perHour: 1.5', 'perHour: 0.2'));
  const over = await infra('plan', '--spec', dear);
  assert.is(over.status, 1);
  assert.match(over.stdout, /OVER BUDGET/);
  const elsewhere = specFrom('kraft-m7g.yaml', (text) => text.replaceAll('us-east-1', 'us-east-9'));
  const wrong = await infra('plan', '--spec', elsewhere);
  assert.ok(wrong.status === 1 || wrong.status === 2, wrong.stderr);

  for (const [status, code, hint] of [
    [401, 'AuthFailure', /does not accept these credentials/],
    [403, 'UnauthorizedOperation', /docs\/ec2\.md/],
  ] as const) {
    proxy.intervene = async (action, parameters, pass) =>
      action === 'DescribeAvailabilityZones' ? refusal(status, code) : watch(action, parameters, pass);
    const refused = await infra('up', '--spec', good, '--yes');
    assert.is(refused.status, 2);
    assert.match(refused.stderr, hint);
  }
  proxy.intervene = async (action, parameters, pass) =>
    action === 'RunInstances' && parameters.get('DryRun') === 'true'
      ? refusal(403, 'UnauthorizedOperation')
      : watch(action, parameters, pass);
  const forbidden = await infra('up', '--spec', good, '--yes');
  assert.is(forbidden.status, 2);
  assert.match(forbidden.stderr, /permission to launch/);
  proxy.intervene = async () => undefined;
  assert.equal(created, []);
  await ends(2, 'status', '--spec', good);
});

test('configured from its Ansible host, load hosts get ksweep from here; one that cannot have it is named', async () => {
  const spec = specFrom('kraft-m7g.yaml', (text) =>
    text.replace(/^roles:$/m, 'roles:\n  ansible: { hosts: control, count: 1, instanceType: t3.small }'),
  );
  await ends(0, 'up', '--spec', spec, '--yes', '--no-configure');
  noted('ssh');
  // The ssh of these tests answers nothing, so no host has a Node.js.
  const { stderr } = await ends(2, 'configure', '--spec', spec, '--from-ansible-host');
  assert.match(stderr, /ksweep is not on all load hosts of kraft-m7g/);
  for (const name of ['load01', 'load02']) {
    assert.match(stderr, new RegExp(`load host ${name}\\.bench\\.internal has no Node\\.js`));
  }
  assert.match(stderr, /ksweep agents prepare --cluster kraft-m7g/);
  assert.match(
    noted('ssh'),
    /ansible-playbook -i \S+ smoke\.yml[\s\S]*HostKeyAlias=load01\.bench\.internal -- /,
  );
  await ends(0, 'down', '--spec', spec, '--yes');
});

test('throttling is waited out', async () => {
  let refusals = 0;
  proxy.intervene = async (action) =>
    action === 'DescribeInstances' && refusals++ < 2 ? refusal(503, 'RequestLimitExceeded') : undefined;
  const told = await infra('status', '--spec', specFrom('kraft-m7g.yaml'));
  proxy.intervene = async () => undefined;
  assert.is(told.status, 2);
  assert.match(told.stdout, /kraft-m7g: none/);
  assert.ok(refusals > 2);
});

test.run();
