// The batch client's addon: where its librdkafka is, what its build lacks, and the build itself. Also a command, which
// builds it where that can be done and says why where not:
//
//   node infra/setup/native.mjs            exit status 0 built or there already, 2 not
//   node infra/setup/native.mjs --if-can   the same, but never fails: what an installed package runs
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ADDON } from './addon.mjs';
import { thisMachine } from './machine.mjs';
import { missingForBuild, missingTools } from './requirements.mjs';
import { readStamp, writeStamp } from './stamps.mjs';

const SOURCES = join('bench', 'client', 'batch', 'native');
const BUILT = join('dist', 'native');
const FILE = 'ksweep-batch.node';
const STAMP = '.ksweep-native.json';
const TRIED = '.ksweep-native-tried.json';

/** The folder of a package as this package finds it: beside it or above it, as npm has put it. */
function packageFolder(root, name) {
  const from = createRequire(join(root, 'package.json'));
  for (const folder of from.resolve.paths(name) ?? []) {
    if (existsSync(join(folder, name, 'package.json'))) return join(folder, name);
  }
  return undefined;
}

/** A hash of the sources, of the Node they are built for and of the library they are linked with. */
function nativeKey(root, library) {
  const hash = createHash('sha256').update(
    `${process.platform} ${process.arch} ${process.versions.modules}\n`,
  );
  for (const name of readdirSync(join(root, SOURCES)).sort()) {
    const file = join(root, SOURCES, name);
    if (statSync(file).isFile()) hash.update(name).update(readFileSync(file));
  }
  const { size, mtimeMs } = statSync(library);
  return hash.update(`${library} ${size} ${mtimeMs}`).digest('hex');
}

/**
 * The librdkafka of the Kafka client's package: the shared object that its build left, or the static one; where it was
 * installed prebuilt there are only the sources, which are then built here.
 */
function findLibrary(root, client) {
  const places = [
    {
      folder: join(client, 'build', 'deps'),
      headers: join(client, 'build', 'deps', 'include', 'librdkafka'),
    },
    {
      folder: join(root, BUILT, 'librdkafka'),
      headers: join(root, BUILT, 'librdkafka', 'include', 'librdkafka'),
    },
  ];
  for (const { folder, headers } of places) {
    for (const name of ['librdkafka.so.1', 'librdkafka.1.dylib', 'librdkafka-static.a']) {
      if (existsSync(join(folder, name)) && existsSync(join(headers, 'rdkafka.h'))) {
        return { library: join(folder, name), folder, headers };
      }
    }
  }
  return undefined;
}

/** The librdkafka that both clients use, with its sources; undefined where none is built. */
export function librdkafkaOf(root) {
  const client = packageFolder(root, ADDON);
  const found = client && findLibrary(root, client);
  return found && { ...found, sources: join(client, 'deps', 'librdkafka') };
}

/** Whether the addon of these sources is built for this Node and this librdkafka. */
export function nativeIsFresh(root) {
  const client = packageFolder(root, ADDON);
  const found = client && findLibrary(root, client);
  if (!found || ![join(BUILT, FILE), SOURCES].every((path) => existsSync(join(root, path)))) return false;
  return readStamp(join(root, BUILT, STAMP))?.key === nativeKey(root, found.library);
}

/** The folder that holds include/node of the Node that runs; npm's own setting wins. */
export function nodeFolder(env = process.env, execPath = process.execPath, exists = existsSync) {
  const candidates = [env.npm_config_nodedir, dirname(dirname(execPath)), '/usr', '/usr/local'].filter(
    Boolean,
  );
  return candidates.find((folder) => exists(join(folder, 'include', 'node', 'node_api.h')));
}

/** node-gyp comes with npm. */
function nodeGyp(env = process.env) {
  const inside = join('npm', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const candidates = [
    env.npm_config_node_gyp,
    join(dirname(dirname(process.execPath)), 'lib', 'node_modules', inside),
    join('/usr/share/nodejs/node-gyp/bin/node-gyp.js'),
  ];
  const found = candidates.find((file) => file && existsSync(file));
  if (found) return found;
  const { stdout } = spawnSync('npm', ['root', '-g'], { encoding: 'utf8' });
  const file = join((stdout ?? '').trim(), inside);
  return existsSync(file) ? file : undefined;
}

function run(command, args, options) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (status === 0) return;
  const said = `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-15).join('\n');
  throw new Error(`${command} ${args[0]} failed${error ? `: ${error.message}` : ''}\n${said}`);
}

/** Builds the package's librdkafka sources against the system's libraries, as its own dynamic build does. */
function buildLibrary(root, client, say) {
  const sources = join(client, 'deps', 'librdkafka');
  if (!existsSync(join(sources, 'configure'))) throw new Error(`${sources} holds no sources of librdkafka`);
  const target = join(root, BUILT, 'librdkafka');
  const work = join(root, BUILT, 'librdkafka-sources');
  say('building librdkafka for the batch client (about 60 s on 2 cores)');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(root, BUILT), { recursive: true });
  // A copy: the package's folder is npm's.
  run('cp', ['-R', sources, work]);
  run('./configure', [`--prefix=${target}`, `--libdir=${target}`], { cwd: work });
  run('make', ['-j2', 'libs'], { cwd: work });
  run('make', ['install-subdirs'], { cwd: work });
  rmSync(work, { recursive: true, force: true });
}

/** System packages that the build lacks: with a librdkafka that is built already, only the addon itself is compiled. */
export function missingForNative(root, machine = thisMachine()) {
  const client = packageFolder(root, ADDON);
  const built = client !== undefined && findLibrary(root, client) !== undefined;
  return built ? missingTools(machine) : missingForBuild(machine);
}

/** Why the addon cannot be built here, with the way to get it; undefined where it can. */
export function nativeLacks(root, machine = thisMachine()) {
  const again = `then run: node ${join(root, 'infra', 'setup', 'native.mjs')}`;
  const missing = missingForNative(root, machine);
  if (missing.length > 0) return `its build lacks ${missing.join(', ')}: install them, ${again}`;
  if (nodeFolder() === undefined) {
    return `its build lacks Node's headers (include/node beside ${process.execPath}): use a Node from nodejs.org or install libnode-dev, ${again}`;
  }
  if (nodeGyp() === undefined) return `its build lacks node-gyp, which comes with npm: install npm, ${again}`;
  if ([ADDON, 'node-addon-api'].some((name) => packageFolder(root, name) === undefined)) {
    return `its packages are not installed: npm install, ${again}`;
  }
  if (!existsSync(join(root, SOURCES))) return `its sources are not in ${join(root, SOURCES)}`;
  return undefined;
}

/** Whether set-up has tried and told the same before: it stays quiet, and under a second, until something changes. */
export function triedBefore(root, machine) {
  return readStamp(join(root, BUILT, TRIED))?.attempt === attemptOf(root, machine);
}

export function rememberTry(root, machine) {
  mkdirSync(join(root, BUILT), { recursive: true });
  writeStamp(join(root, BUILT, TRIED), { attempt: attemptOf(root, machine) });
}

function attemptOf(root, machine) {
  const found = findLibrary(root, packageFolder(root, ADDON) ?? root);
  return nativeLacks(root, machine) ?? nativeKey(root, found?.library ?? join(root, 'package.json'));
}

/**
 * Builds the addon where it is not fresh. Nothing is downloaded: Node's headers are those of the Node that runs.
 * @returns {string | undefined} why it cannot be had
 */
export function buildNative(root, say, machine = thisMachine()) {
  if (nativeIsFresh(root)) return undefined;
  const lacking = nativeLacks(root, machine);
  if (lacking !== undefined) return lacking;
  const client = packageFolder(root, ADDON);
  try {
    if (findLibrary(root, client) === undefined) buildLibrary(root, client, say);
    say('building the batch client (about 10 s)');
    compileAddon(root, FILE);
    run(process.execPath, ['-e', `require(${JSON.stringify(join(root, BUILT, FILE))})`], {});
    writeStamp(join(root, BUILT, STAMP), { key: nativeKey(root, findLibrary(root, client).library) });
    return undefined;
  } catch (error) {
    return `its build failed: ${error.message}`;
  }
}

/** Builds the addon into dist/native/`file`, with these flags added; returns its path. What it needs has to be there. */
export function compileAddon(root, file, flags = '') {
  const found = findLibrary(root, packageFolder(root, ADDON));
  if (found === undefined) throw new Error('the build of librdkafka left no library');
  const built = join(root, BUILT);
  // $$ is make's $. Relative, so that a folder that is moved or copied as a whole still finds it.
  const rpath = `$$ORIGIN/${relative(built, found.folder)}`;
  const args = [
    nodeGyp(),
    'rebuild',
    `--nodedir=${nodeFolder()}`,
    '--',
    `-Drdkafka_include=${found.headers}`,
    `-Drdkafka_library=${found.library}`,
    `-Drdkafka_rpath=${rpath}`,
    `-Dnode_addon_api=${packageFolder(root, 'node-addon-api')}`,
  ];
  const env = { ...process.env, npm_config_nodedir: nodeFolder(), CXXFLAGS: flags, LDFLAGS: flags };
  run(process.execPath, args, { cwd: join(root, SOURCES), env });
  mkdirSync(built, { recursive: true });
  const part = join(built, `${file}.${process.pid}.part`);
  copyFileSync(join(root, SOURCES, 'build', 'Release', FILE), part);
  // Renamed over: a process that has the old one loaded keeps it.
  renameSync(part, join(built, file));
  return join(built, file);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const say = (line) => process.stderr.write(`ksweep: ${line}\n`);
  const why = buildNative(root, say);
  if (why !== undefined) say(`the batch client is not available, --client confluent is used instead: ${why}`);
  process.exitCode = why === undefined || process.argv.includes('--if-can') ? 0 : 2;
}
