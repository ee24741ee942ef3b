// Makes this checkout ready to run: system packages, npm packages, compiled code, the ksweep command.
// Plain JavaScript without dependencies, because it runs before there are any.
//
//   node infra/setup.mjs                   does what is missing; under 1 s when nothing is
//   node infra/setup.mjs --check           only reports it
//   node infra/setup.mjs --without-kafka   without Java and Maven, which only a Kafka on this machine needs
//
// Exit status: 0 ready, 1 wrong usage, 2 something is missing or failed.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ADDON, addonLoads, prebuiltState } from './setup/addon.mjs';
import { MIN_JAVA } from './setup/java.mjs';
import { LockError, takeLock } from './setup/lock.mjs';
import { thisMachine } from './setup/machine.mjs';
import {
  buildNative,
  missingForNative,
  nativeIsFresh,
  nativeLacks,
  nodeFolder,
  rememberTry,
  triedBefore,
} from './setup/native.mjs';
import { MIN_NODE, missingForBuild, missingForKafka, nodeMajor } from './setup/requirements.mjs';
import { buildIsFresh, packagesInstalled, sourcesKey, stampBuild, stampPackages } from './setup/stamps.mjs';
import { APT_JAVA, firstCandidate, installCommand, packageManager, packagesFor } from './setup/system.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const machine = thisMachine();

class SetupError extends Error {}

function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    ...options,
    env: { ...process.env, ...options.env },
  });
  if (error) throw new SetupError(`${command}: ${error.message}`);
  return status === 0;
}

/** Installs the missing system packages, or says how to and ends. */
function provide(missing) {
  if (missing.length === 0) return;
  if (missing.includes('java') && machine.javaHome !== undefined) {
    throw new SetupError(
      `JAVA_HOME=${machine.javaHome} holds no Java ${MIN_JAVA} or newer: set it to one that does, or unset it`,
    );
  }
  const { osRelease, root: isRoot, platform } = machine;
  const manager = packageManager(platform, osRelease);
  const install = manager === 'apt' && isRoot && machine.hasCommand('apt-get');
  if (install) {
    say(`installing with apt: ${missing.join(', ')}`);
    if (!run('apt-get', ['update', '-qq'])) throw new SetupError('apt-get update failed');
  }
  let aptJava;
  if (manager === 'apt' && missing.includes('java')) {
    const { stdout } = spawnSync('apt-cache', ['policy', ...APT_JAVA], { encoding: 'utf8' });
    aptJava = firstCandidate(APT_JAVA, stdout ?? '');
  }
  const packages = packagesFor(manager, missing, { osRelease, aptJava });
  if (!install) {
    const command = installCommand(manager, packages, { root: isRoot });
    throw new SetupError(
      command === undefined
        ? `missing: ${missing.join(', ')}; install them with this system's package manager, then run this again`
        : `missing: ${missing.join(', ')}; run this, then try again:\n\n  ${command}\n${afterwards(manager, missing)}`,
    );
  }
  const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  if (!run('apt-get', args, { env: { DEBIAN_FRONTEND: 'noninteractive' } })) {
    throw new SetupError(`apt-get could not install ${packages.join(' ')}`);
  }
}

/** Homebrew's Java is not on the PATH: ksweep looks for it, other programs need to be told. */
function afterwards(manager, missing) {
  if (manager !== 'brew' || !missing.includes('java')) return '';
  const [java] = packagesFor(manager, ['java']);
  const home = `"$(brew --prefix ${java})/libexec/openjdk.jdk/Contents/Home"`;
  return `\nksweep finds this Java where Homebrew puts it; for other programs add:\n\n  export JAVA_HOME=${home}\n`;
}

async function installPackages() {
  const prebuilt = await prebuiltState(root);
  const env = { CKJS_LINKING: 'dynamic' };
  // node-gyp would fetch the headers of the Node that runs, which are on this machine already.
  const headers = nodeFolder();
  if (headers !== undefined) env.npm_config_nodedir = headers;
  if (prebuilt === 'unreachable') {
    provide(missingForBuild(machine));
    env.npm_config_build_from_source = ADDON;
    say('npm ci, with the Kafka client built from source (about 80 s on 2 cores)');
  } else {
    say('npm ci, with the prebuilt Kafka client');
  }
  const done = run('npm', ['ci', '--no-audit', '--no-fund'], { env });
  if (done && addonLoads(root)) return stampPackages(root);
  if (prebuilt === 'unreachable')
    throw new SetupError(done ? 'the built Kafka client does not load' : 'npm ci failed');

  say('the prebuilt Kafka client does not work here; building it from source (about 80 s on 2 cores)');
  provide(missingForBuild(machine));
  env.npm_config_build_from_source = ADDON;
  const again = done ? ['rebuild', ADDON] : ['ci', '--no-audit', '--no-fund'];
  if (!run('npm', again, { env }) || !addonLoads(root)) throw new SetupError(`npm ${again[0]} failed`);
  stampPackages(root);
}

function compile(key) {
  say('compiling');
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!run(process.execPath, [compiler, '-p', '.'])) throw new SetupError('the sources do not compile');
  stampBuild(root, key);
}

/** The batch client, where it can be had; everything else works without it. */
function provideNative() {
  const { root: isRoot, platform, osRelease } = machine;
  const missing = missingForNative(root, machine);
  if (missing.length > 0 && isRoot && packageManager(platform, osRelease) === 'apt') {
    try {
      provide(missing);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(error.message);
    }
  }
  const lacking = buildNative(root, say, machine);
  if (lacking === undefined) return;
  say(`the batch client is not available, --client confluent is used instead: ${lacking}`);
  rememberTry(root, machine);
}

/** npm links the bins of dependencies only; this makes `npx ksweep` work in the checkout too. */
function linkCommand() {
  const target = join('..', '..', 'dist', 'bench', 'cli', 'main.js');
  const link = join(root, 'node_modules', '.bin', 'ksweep');
  const cli = join(root, 'dist', 'bench', 'cli', 'main.js');
  if (!existsSync(cli)) throw new SetupError('the build made no dist/bench/cli/main.js');
  chmodSync(cli, 0o755);
  const found = lstatSync(link, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && readlinkSync(link) === target) return;
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(target, link);
}

/** Everything that is not as it should be, without changing anything. */
function report(withKafka) {
  const installed = packagesInstalled(root) && addonLoads(root);
  const fresh = buildIsFresh(root, sourcesKey(root));
  const cannot = installed ? nativeLacks(root, machine) : undefined;
  if (cannot !== undefined && !nativeIsFresh(root)) say(`without the batch client: ${cannot}`);
  const lacking = [
    ...(withKafka ? missingForKafka(machine) : []),
    ...(installed ? [] : ['npm packages']),
    ...(fresh ? [] : ['compiled code']),
    ...(nativeIsFresh(root) || cannot !== undefined ? [] : ['the batch client']),
  ];
  say(lacking.length === 0 ? 'ready' : `missing: ${lacking.join(', ')}`);
  return lacking.length === 0 ? 0 : 2;
}

async function main(args) {
  if (nodeMajor(process.version) < MIN_NODE) {
    throw new SetupError(
      `Node.js ${MIN_NODE} or newer is needed; this is ${process.version}. See https://nodejs.org`,
    );
  }
  const unknown = args.filter((arg) => arg !== '--check' && arg !== '--without-kafka');
  if (unknown.length > 0) {
    say(`unknown argument: ${unknown.join(' ')}; expected --check, --without-kafka or nothing`);
    return 1;
  }
  const withKafka = !args.includes('--without-kafka');
  if (args.includes('--check')) return report(withKafka);

  const giveBack = await takeLock(join(root, '.ksweep-setup.lock'), (owner) =>
    say(`waiting for another set-up (process ${owner})`),
  );
  try {
    if (withKafka) provide(missingForKafka(machine));
    if (!(packagesInstalled(root) && addonLoads(root))) await installPackages();
    const key = sourcesKey(root);
    if (!buildIsFresh(root, key)) compile(key);
    if (!nativeIsFresh(root) && !triedBefore(root, machine)) provideNative();
    linkCommand();
    return 0;
  } finally {
    giveBack();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError || error instanceof LockError)) throw error;
  say(error.message);
  process.exitCode = 2;
}
