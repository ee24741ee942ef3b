import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../bench/common/package-root.ts';
import { Checkout, JAVA_17 } from '../support/checkout.ts';
import { suite } from '../support/suite.ts';

const test = suite('npm start');
let checkout: Checkout;
test.before(() => {
  checkout = new Checkout();
  checkout.installPackages();
});
test.after(() => checkout.remove());

const OTHER_CLUSTER = ['run', 'own.yaml', '--bootstrap-server', 'localhost:9092'];

test('neither Java nor Maven is asked for where no Kafka is started', () => {
  const env = checkout.machine('container', {}, 'ID=alpine\n');
  for (const args of [OTHER_CLUSTER, ['--help'], ['run', '--local', '--help'], ['cluster', 'status']]) {
    const { status, stdout, stderr } = checkout.run('start', env, args);
    assert.is(status, 0, stderr);
    assert.equal(JSON.parse(stdout), args);
  }
  for (const args of [[], ['run', 'own.yaml', '--local'], ['cluster', 'up']]) {
    const { status, stdout, stderr } = checkout.run('start', env, args);
    assert.equal([status, stdout], [2, ''], args.join(' '));
    assert.match(stderr, 'missing: java, maven');
  }
});

test('without arguments: the quickstart on a local Kafka, also with KAFKA_HOME and no Maven', () => {
  const env = checkout.machine('kafka-home', { java: JAVA_17 }, 'ID=alpine\n');
  const { status, stdout, stderr } = checkout.run('start', { ...env, KAFKA_HOME: '/opt/kafka' });
  assert.is(status, 0, stderr);
  assert.equal(JSON.parse(stdout), ['run', join(checkout.dir, 'workloads', 'quickstart.yaml'), '--local']);
});

test('ends with the exit status of ksweep', () => {
  const env = checkout.machine('status', {}, 'ID=alpine\n');
  assert.is(checkout.run('start', { ...env, EXIT_WITH: '4' }, OTHER_CLUSTER).status, 4);
});

test('passes a signal on once, and waits for the end that ksweep chooses', async () => {
  const env = checkout.machine('signals', {}, 'ID=alpine\n');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const child = spawn(process.execPath, [join(checkout.dir, 'infra', 'start.mjs'), 'wait'], {
      env: { ...env, EXIT_WITH: '3' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (lines.length === 1) child.kill(signal);
    }
    if (child.exitCode === null) await once(child, 'exit');
    assert.equal([...lines, child.exitCode], ['["wait"]', signal, 3]);
  }
});

test('by npm itself, and afterwards the command in node_modules', () => {
  const npm = spawnSync('npm', ['start', '--silent', '--', '--help'], {
    cwd: checkout.dir,
    encoding: 'utf8',
  });
  assert.is(npm.status, 0, npm.stderr);
  assert.equal(JSON.parse(npm.stdout), ['--help']);
  const bin = spawnSync(join(checkout.dir, 'node_modules', '.bin', 'ksweep'), ['size'], { encoding: 'utf8' });
  assert.is(bin.status, 0, bin.stderr);
  assert.equal(JSON.parse(bin.stdout), ['size']);
});

test('the package names its command, and the one install script that npm shall run', () => {
  const root = packageRoot();
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
    bin: Record<string, string>;
    allowScripts: Record<string, boolean>;
  };
  const real = spawnSync(process.execPath, [join(root, about.bin['ksweep'] ?? ''), '--version'], {
    encoding: 'utf8',
  });
  assert.is(real.stdout.trim(), about.version);
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { hasInstallScript?: boolean; optional?: boolean }>;
  };
  const withScript = Object.entries(lock.packages)
    // The package itself is '': npm runs its scripts without being asked.
    .filter(
      ([path, { hasInstallScript, optional }]) =>
        path !== '' && hasInstallScript === true && optional !== true,
    )
    .map(([path]) => path.replace('node_modules/', ''));
  assert.equal(about.allowScripts, Object.fromEntries(withScript.map((name) => [name, true])));
});

test.run();
