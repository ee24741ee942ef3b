import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Checkout, JAVA_17 } from '../support/checkout.ts';
import { suite } from '../support/suite.ts';

const test = suite('node infra/setup.mjs');
let checkout: Checkout;
test.before(() => {
  checkout = new Checkout();
});
test.after(() => checkout.remove());

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

test('without Java on Amazon Linux: the exact command and exit 2', () => {
  const { status, stderr } = checkout.run(
    'setup',
    checkout.machine('amazon', {}, 'ID="amzn"\nID_LIKE="fedora"\n'),
  );
  assert.is(status, 2, stderr);
  assert.match(stderr, 'missing: java, maven');
  assert.match(stderr, /dnf install -y java-17-amazon-corretto-headless maven/);
});

test('without Java on Debian, and not root: the exact command with the Java of that release, and exit 2', () => {
  const policy =
    'printf "openjdk-17-jre-headless:\\n  Candidate: (none)\\nopenjdk-21-jre-headless:\\n  Candidate: 21.0.1\\n"';
  const env = checkout.machine('debian', { 'apt-cache': policy, 'apt-get': 'exit 1' }, 'ID=debian\n');
  const { status, stderr } = checkout.run('setup', env, [], isRoot ? NOBODY : undefined);
  assert.is(status, 2, stderr);
  assert.match(
    stderr,
    'sudo apt-get update && sudo apt-get install -y --no-install-recommends openjdk-21-jre-headless maven\n',
  );
});

test('on macOS: the exact command, where its Java will be found, and exit 2', () => {
  const env = {
    ...checkout.machine('macos', {}, ''),
    NODE_OPTIONS: `--import=data:text/javascript,Object.defineProperty(process,'platform',{value:'darwin'})`,
  };
  const { status, stderr } = checkout.run('setup', env);
  assert.is(status, 2, stderr);
  assert.match(stderr, '\n  brew install openjdk@17 maven\n');
  assert.match(stderr, 'export JAVA_HOME="$(brew --prefix openjdk@17)/libexec/openjdk.jdk/Contents/Home"');
});

test('on a system with no known package manager: names what is missing and exits 2', () => {
  const { status, stderr } = checkout.run('setup', checkout.machine('alpine', {}, 'ID=alpine\n'));
  assert.is(status, 2, stderr);
  assert.match(stderr, 'missing: java, maven; install them');
});

test('an old Java is missing Java; KAFKA_HOME makes Maven needless', () => {
  const shims = { java: 'echo \'openjdk version "11.0.2"\' >&2' };
  const { status, stderr } = checkout.run('setup', {
    ...checkout.machine('old-java', shims, 'ID=fedora\n'),
    KAFKA_HOME: '/opt/kafka',
  });
  assert.is(status, 2, stderr);
  assert.match(stderr, /missing: java; run this/);
});

test('a JAVA_HOME without a new Java is named: installing another one would not help', () => {
  const env = checkout.machine('java-home', { java: JAVA_17, mvn: '' }, 'ID=debian\n');
  const { status, stderr } = checkout.run('setup', { ...env, JAVA_HOME: '/opt/java-8' });
  assert.is(status, 2, stderr);
  assert.match(stderr, 'JAVA_HOME=/opt/java-8 holds no Java 17 or newer');
});

test('--check reports and changes nothing', () => {
  const env = checkout.machine('fresh', { java: JAVA_17, mvn: '' }, 'ID=debian\n');
  const { status, stderr } = checkout.run('setup', env, ['--check']);
  assert.is(status, 2, stderr);
  assert.match(stderr, 'missing: npm packages, compiled code');
  assert.not.ok(existsSync(join(checkout.dir, 'node_modules')));
});

test('an unknown argument is refused', () => {
  const env = checkout.machine('wrong', {}, 'ID=debian\n');
  const { status, stderr } = checkout.run('setup', env, ['--chek']);
  assert.is(status, 1, stderr);
  assert.match(stderr, 'unknown argument: --chek');
});

test('killed in the middle of npm ci: the next run installs again and does not wait for the dead one', async () => {
  const started = join(checkout.folder, 'npm-started');
  const fifo = join(checkout.folder, 'fifo');
  const shims = {
    java: JAVA_17,
    mvn: '',
    // Leaves half of node_modules behind, and stays until it is killed; sleep is not on this machine's PATH.
    npm: `/bin/mkdir -p ${checkout.dir}/node_modules/piscina; echo $$ > ${started}; read forever < ${fifo}`,
  };
  assert.is(spawnSync('mkfifo', [fifo]).status, 0);
  const env = { ...checkout.machine('killed', shims, 'ID=debian\n'), https_proxy: 'http://127.0.0.1:9' };
  const first = spawn(process.execPath, [join(checkout.dir, 'infra', 'setup.mjs')], {
    env,
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(first, 'exit');
  while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.type(first.pid, 'number');
  process.kill(-(first.pid ?? 0), 'SIGKILL');
  await ended;
  assert.ok(existsSync(join(checkout.dir, 'node_modules', 'piscina')));

  writeFileSync(join(env.PATH, 'npm'), '#!/bin/sh\necho npm "$@" >&2; exit 1\n', { mode: 0o755 });
  const { status, stderr } = checkout.run('setup', env);
  assert.is(status, 2, stderr);
  assert.match(stderr, 'npm ci --no-audit');
  assert.not.match(stderr, 'waiting for another set-up');
  rmSync(join(checkout.dir, 'node_modules'), { recursive: true });
});

test('complete packages are trusted; root on Debian gets what is missing by apt; then nothing is left to do', () => {
  checkout.installPackages();
  const calls = join(checkout.folder, 'calls');
  const bin = join(checkout.folder, 'apt');
  const policy = 'printf "openjdk-17-jre-headless:\\n  Candidate: 17.0.1\\n"';
  const install = [
    `echo apt-get "$@" >> ${calls}`,
    'case "$1" in install)',
    `  printf '#!/bin/sh\\necho openjdk version \\\\"17.0.1\\\\" >&2\\n' > ${bin}/java`,
    `  printf '#!/bin/sh\\n' > ${bin}/mvn`,
    `  /bin/chmod +x ${bin}/java ${bin}/mvn;;`,
    'esac',
  ].join('\n');
  const shims = { 'apt-cache': policy, npm: `echo npm "$@" >> ${calls}` };
  const env = checkout.machine(
    'apt',
    isRoot ? { ...shims, 'apt-get': install } : { ...shims, java: JAVA_17, mvn: '' },
    'ID=debian\n',
  );

  const first = checkout.run('setup', env);
  assert.is(first.status, 0, first.stderr);
  assert.match(first.stderr, 'setup: compiling');
  const done = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [];
  const install17 = 'apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless maven';
  // The batch client's compiler as well; these shims bring none, which is told once.
  const update = 'apt-get update -qq';
  const tools = 'apt-get install -y -qq --no-install-recommends g++ make python3';
  assert.equal(done, isRoot ? [update, install17, update, tools] : []);
  assert.match(first.stderr, 'the batch client is not available');

  const again = checkout.run('setup', env);
  assert.equal([again.status, again.stderr], [0, '']);
  const check = checkout.run('setup', env, ['--check']);
  assert.is(check.status, 0);
  assert.match(check.stderr, /^setup: without the batch client: its build lacks .*\nsetup: ready\n$/);
  assert.equal(existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [], done);
});

test.run();
