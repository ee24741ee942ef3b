import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../bench/package-root.ts';
import { suite } from '../support/suite.ts';

const test = suite('node infra/setup.mjs');
let folder: string;
let checkout: string;

test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
  checkout = join(folder, 'checkout');
  mkdirSync(join(checkout, 'infra'), { recursive: true });
  cpSync(join(packageRoot(), 'infra', 'setup'), join(checkout, 'infra', 'setup'), { recursive: true });
  cpSync(join(packageRoot(), 'infra', 'setup.mjs'), join(checkout, 'infra', 'setup.mjs'));
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json']) {
    cpSync(join(packageRoot(), file), join(checkout, file));
  }
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** A machine whose only commands are these shell scripts. */
function machine(name: string, commands: Record<string, string>, osRelease: string) {
  const bin = join(folder, name);
  mkdirSync(bin);
  for (const [command, script] of Object.entries(commands)) {
    writeFileSync(join(bin, command), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const release = join(folder, `${name}-release`);
  writeFileSync(release, osRelease);
  return { PATH: bin, KSWEEP_OS_RELEASE: release };
}

function setup(env: Record<string, string>, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [join(checkout, 'infra', 'setup.mjs'), ...args], {
    encoding: 'utf8',
    env,
    timeout: 30_000,
  });
}

test('without Java on Amazon Linux: the exact command and exit 2', () => {
  const { status, stderr } = setup(machine('amazon', {}, 'ID="amzn"\nID_LIKE="fedora"\n'));
  assert.is(status, 2, stderr);
  assert.match(stderr, 'missing: java, maven');
  assert.match(stderr, /dnf install -y java-17-amazon-corretto-headless maven/);
});

test('on a system with no known package manager: names what is missing and exits 2', () => {
  const { status, stderr } = setup(machine('alpine', {}, 'ID=alpine\n'));
  assert.is(status, 2, stderr);
  assert.match(stderr, 'missing: java, maven; install them');
});

test('an old Java is missing Java; KAFKA_HOME makes Maven needless', () => {
  const shims = { java: 'echo \'openjdk version "11.0.2"\' >&2' };
  const { status, stderr } = setup({
    ...machine('old-java', shims, 'ID=fedora\n'),
    KAFKA_HOME: '/opt/kafka',
  });
  assert.is(status, 2, stderr);
  assert.match(stderr, /missing: java; run this/);
});

test('--check reports and changes nothing', () => {
  const shims = { java: 'echo \'openjdk version "17.0.1"\' >&2', mvn: '' };
  const { status, stderr } = setup(machine('fresh', shims, 'ID=debian\n'), '--check');
  assert.is(status, 2, stderr);
  assert.match(stderr, 'missing: npm packages, compiled code');
  assert.not.ok(existsSync(join(checkout, 'node_modules')));
});

test('an unknown argument is refused', () => {
  const { status, stderr } = setup(machine('wrong', {}, 'ID=debian\n'), '--chek');
  assert.is(status, 1, stderr);
  assert.match(stderr, 'unknown argument: --chek');
});

test('killed in the middle of npm ci: the next run installs again and does not wait for the dead one', async () => {
  const started = join(folder, 'npm-started');
  const shims = {
    java: 'echo \'openjdk version "17.0.1"\' >&2',
    mvn: '',
    // Leaves half of node_modules behind, and stays until it is killed; sleep is not on this machine's PATH.
    npm: `/bin/mkdir -p ${checkout}/node_modules/piscina; echo $$ > ${started}; read forever < ${folder}/fifo`,
  };
  assert.is(spawnSync('mkfifo', [join(folder, 'fifo')]).status, 0);
  const env = { ...machine('killed', shims, 'ID=debian\n'), https_proxy: 'http://127.0.0.1:9' };
  const first = spawn(process.execPath, [join(checkout, 'infra', 'setup.mjs')], {
    env,
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(first, 'exit');
  while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.type(first.pid, 'number');
  process.kill(-(first.pid ?? 0), 'SIGKILL');
  await ended;
  assert.ok(existsSync(join(checkout, 'node_modules', 'piscina')));

  writeFileSync(join(env.PATH, 'npm'), '#!/bin/sh\necho npm "$@" >&2; exit 1\n', { mode: 0o755 });
  const { status, stderr } = setup(env);
  assert.is(status, 2, stderr);
  assert.match(stderr, 'npm ci --no-audit');
  assert.not.match(stderr, 'waiting for another set-up');
  rmSync(join(checkout, 'node_modules'), { recursive: true });
});

test('packages that npm installed to the end are trusted without npm', () => {
  const node = join(packageRoot(), 'node_modules');
  symlinkSync(node, join(checkout, 'node_modules'));
  const shims = {
    java: 'echo \'openjdk version "17.0.1"\' >&2',
    mvn: '',
    npm: 'echo npm was called >&2; exit 1',
  };
  const { stderr } = setup(machine('complete', shims, 'ID=debian\n'), '--check');
  assert.match(stderr, 'missing: compiled code');
  assert.not.match(stderr, 'npm');
});

test.run();
