import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { suite } from '../../support/suite.ts';

interface SetupModules {
  packageManager(platform: string, osRelease: string): string;
  packagesFor(
    manager: string,
    missing: string[],
    options: { osRelease?: string; aptJava?: string },
  ): string[];
  firstCandidate(wanted: string[], policy: string): string | undefined;
  installCommand(manager: string, packages: string[], options: { root: boolean }): string | undefined;
  javaMajor(text: string): number | undefined;
  nodeMajor(version: string): number;
  findJava(look: object): string | undefined;
  javaCommand(look: object): string;
  startsKafka(args: string[]): boolean;
  missingForBuild(machine: object): string[];
  missingForKafka(machine: object): string[];
  prebuiltUrl(about: object): string;
  prebuiltState(root: string, env: object, request: unknown): Promise<string>;
  sameVersions(wanted: object, installed: object): boolean;
  removeStale(compiled: string[], sources: string[]): string[];
  failedFiles(files: string[], names: string[]): string[];
  forSources(text: string): string;
  selectTests(compiled: string[], filters: string[]): { name: string; files: string[] }[];
}

/** Set-up is plain JavaScript that is not compiled, so it is loaded from the package's own folder. */
async function load(): Promise<SetupModules> {
  const names = ['system', 'requirements', 'java', 'needs', 'addon', 'stamps', 'test-files', 'c-peer'];
  const modules: object[] = await Promise.all(
    names.map((name) => import(pathToFileURL(join(packageRoot(), 'infra', 'setup', `${name}.mjs`)).href)),
  );
  return Object.assign({}, ...modules) as SetupModules;
}

const test = suite('set-up');
const setup = await load();

test('knows the package manager of each system', () => {
  const cases: [string, string, string][] = [
    ['linux', 'ID=debian\n', 'apt'],
    ['linux', 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'apt'],
    ['linux', 'ID="amzn"\nID_LIKE="fedora"\n', 'dnf'],
    ['linux', 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'dnf'],
    ['linux', 'ID=alpine\n', 'none'],
    ['linux', '', 'none'],
    ['darwin', '', 'brew'],
    ['win32', '', 'none'],
  ];
  for (const [platform, osRelease, expected] of cases) {
    assert.is(setup.packageManager(platform, osRelease), expected);
  }
});

test('asks the archives that apt knows for sources, in either style of its files', () => {
  const oneLine =
    '# ours\ndeb [arch=amd64] https://a.example/debian stable main\n#deb https://b.example x y\n';
  assert.is(setup.forSources(oneLine), 'deb-src [arch=amd64] https://a.example/debian stable main');
  const deb822 = 'Types: deb\nURIs: https://a.example/debian\nSuites: stable\nSigned-By: /k.gpg\n';
  assert.is(setup.forSources(deb822), deb822.replace('deb\n', 'deb-src\n'));
});

test('prints the exact command for each system', () => {
  const missing = ['g++', 'libcurl', 'java', 'maven'];
  const command = (manager: string, root: boolean, osRelease = '') =>
    setup.installCommand(manager, setup.packagesFor(manager, missing, { osRelease }), { root });
  assert.is(
    command('apt', false),
    'sudo apt-get update && sudo apt-get install -y --no-install-recommends g++ libcurl4-openssl-dev openjdk-17-jre-headless maven',
  );
  assert.is(command('dnf', true), 'dnf install -y gcc-c++ libcurl-devel java-17-openjdk-headless maven');
  assert.match(command('dnf', false, 'ID=amzn') ?? '', 'java-17-amazon-corretto-headless');
  assert.is(command('brew', false), 'brew install gcc curl openjdk@17 maven');
  assert.is(command('none', false), undefined);
});

test('takes the first Java that the release has', () => {
  const policy =
    'openjdk-17-jre-headless:\n  Candidate: (none)\nopenjdk-21-jre-headless:\n  Candidate: 21.0.1\n';
  const wanted = ['openjdk-17-jre-headless', 'openjdk-21-jre-headless'];
  assert.is(setup.firstCandidate(wanted, policy), 'openjdk-21-jre-headless');
  assert.is(setup.firstCandidate(wanted, ''), undefined);
});

test('reads versions of Java and Node', () => {
  assert.is(setup.javaMajor('openjdk version "17.0.15" 2025-04-15'), 17);
  assert.is(setup.javaMajor('java version "1.8.0_402"'), 8);
  assert.is(setup.javaMajor('openjdk version "21" 2023-09-19'), 21);
  assert.is(setup.javaMajor('command not found'), undefined);
  assert.is(setup.nodeMajor('v18.20.1'), 18);
});

test('takes the Java of JAVA_HOME, else of the PATH, else the one that Homebrew keeps out of the PATH', () => {
  const brew = { '/opt/homebrew/opt': ['openjdk@11', 'openjdk@17', 'openssl@3'] };
  const versions = {
    java: 8,
    '/opt/homebrew/opt/openjdk@11/bin/java': 11,
    '/opt/homebrew/opt/openjdk@17/bin/java': 17,
  };
  const machine = (env: object, java: object = {}, folders: Record<string, string[]> = brew) => {
    const known: Record<string, number> = { ...versions, ...java };
    return {
      env,
      list: (folder: string) => folders[folder] ?? [],
      version: (command: string) =>
        known[command] === undefined ? '' : `openjdk version "${known[command]}.0.1"`,
    };
  };
  const cases: [object, string | undefined, string][] = [
    [machine({}), '/opt/homebrew/opt/openjdk@17/bin/java', '/opt/homebrew/opt/openjdk@17/bin/java'],
    [machine({}, { java: 21 }), 'java', 'java'],
    [machine({ JAVA_HOME: '/jdk' }, { '/jdk/bin/java': 25 }), '/jdk/bin/java', '/jdk/bin/java'],
    [machine({ JAVA_HOME: '/jdk' }, { '/jdk/bin/java': 11 }), undefined, '/jdk/bin/java'],
    [machine({}, {}, {}), undefined, 'java'],
  ];
  for (const [look, found, started] of cases) {
    assert.is(setup.findJava(look), found);
    assert.is(setup.javaCommand(look), started);
  }
});

test('knows which command lines start a Kafka of their own', () => {
  for (const line of ['', 'run a.yaml --local', 'cluster up --brokers 3', 'size verify --local']) {
    assert.ok(setup.startsKafka(line.split(' ').filter(Boolean)), line);
  }
  for (const line of [
    '--help',
    'run --help --local',
    'run a.yaml --bootstrap-server b:9092',
    'cluster down',
  ]) {
    assert.not.ok(setup.startsKafka(line.split(' ')), line);
  }
});

test('names what is missing, and only that', () => {
  const full = { hasCommand: () => true, hasHeader: () => true };
  assert.equal(setup.missingForBuild(full), []);
  assert.equal(setup.missingForBuild({ ...full, hasHeader: (header: string) => header !== 'zstd.h' }), [
    'zstd',
  ]);
  const bare = setup.missingForBuild({ hasCommand: () => false, hasHeader: () => false });
  assert.equal(bare, ['g++', 'make', 'python3', 'libcurl', 'openssl', 'sasl', 'zlib', 'zstd', 'lz4']);

  const none = { hasCommand: () => false, hasJava: () => false, kafkaHome: undefined };
  assert.equal(setup.missingForKafka(none), ['java', 'maven']);
  assert.equal(setup.missingForKafka({ ...none, kafkaHome: '/opt/kafka' }), ['java']);
});

test('asks for the prebuilt addon by the name that the client gives it', async () => {
  const about = { version: '1.2.3', abi: '115', platform: 'linux', arch: 'x64', glibc: '2.36' };
  assert.match(
    setup.prebuiltUrl(about),
    /v1\.2\.3\/confluent-kafka-javascript-v1\.2\.3-node-v115-linux-glibc-x64\.tar\.gz$/,
  );
  assert.match(setup.prebuiltUrl({ ...about, glibc: undefined }), 'linux-musl-x64');
  const root = packageRoot();
  const refuse = () => Promise.reject(new Error('no route'));
  assert.is(await setup.prebuiltState(root, {}, refuse), 'unreachable');
  assert.is(await setup.prebuiltState(root, {}, () => Promise.resolve({ ok: true })), 'available');
  assert.is(await setup.prebuiltState(root, {}, () => Promise.resolve({ ok: false })), 'unreachable');
  assert.is(await setup.prebuiltState(root, { https_proxy: 'http://p' }, refuse), 'unknown');
});

test('trusts installed packages only in the versions of the lock file', () => {
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', optional: true },
  };
  assert.ok(setup.sameVersions(wanted, { 'node_modules/a': { version: '1.0.0' } }));
  assert.not.ok(setup.sameVersions(wanted, { 'node_modules/a': { version: '1.0.1' } }));
  assert.not.ok(setup.sameVersions(wanted, {}));
  assert.not.ok(
    setup.sameVersions(wanted, {
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0' },
    }),
  );
});

test('the lock file names every optional package of every platform, or npm ci refuses it', () => {
  const lock = JSON.parse(readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const absent = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        lock.packages[`node_modules/${name}`] === undefined &&
        lock.packages[`${path}/node_modules/${name}`] === undefined,
    ),
  );
  assert.equal(absent, []);
});

test('runs every test but the one that boots systems, and finds compiled tests without a source', () => {
  const compiled = [
    'test/unit/a.test.js',
    'test/unit/a.test.js.map',
    'test/kafka/b.test.js',
    'test/infra/nspawn.test.js',
    'test/infra/c.test.js',
    'test/support/suite.js',
  ];
  const files = (filters: string[]) => setup.selectTests(compiled, filters).flatMap((group) => group.files);
  assert.equal(files([]), ['test/unit/a.test.js', 'test/infra/c.test.js', 'test/kafka/b.test.js']);
  assert.equal(files(['b.test']), ['test/kafka/b.test.js']);
  const groups = setup.selectTests(['test/kafka/b.test.js', 'test/kafka/honest.test.js'], []);
  assert.equal(
    groups.filter((group) => group.files.length > 0).map((group) => group.name),
    ['kafka', 'kafka, alone'],
  );
  const stale = setup.removeStale(compiled, [
    'test/unit/a.test.ts',
    'test/infra/nspawn.test.ts',
    'test/infra/c.test.ts',
  ]);
  assert.equal(stale, ['test/kafka/b.test.js', 'test/support/suite.js']);
});

test('files that failed are found by the runner’s names, and all count where one is of none', () => {
  const files = ['test/kafka/a.test.js', 'test/kafka/b.test.js'];
  assert.equal(setup.failedFiles(files, ['/x/dist/test/kafka/b.test.js']), ['test/kafka/b.test.js']);
  assert.equal(setup.failedFiles(files, []), []);
  assert.equal(setup.failedFiles(files, ['the runner']), files);
});

test('Kafka’s longest files are begun first', () => {
  const compiled = ['test/kafka/advertised.test.js', 'test/kafka/run/plan.test.js'];
  const [, , kafka] = setup.selectTests(compiled, []);
  assert.equal(kafka?.files, compiled.toReversed());
});

test.run();
